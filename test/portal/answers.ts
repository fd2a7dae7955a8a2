/**
 * What pages take an answer for is what its service says that it answers: the compiler compares them, in the types' check of
 * `npm test`. Pages cannot import the services' own types, as these are classes with the decorators of servers. Of reports,
 * which are streamed, there is no such class.
 */
import type { ApproversController } from '../../libs/service/approvers.controller.ts';
import type { DeadLettersController } from '../../libs/service/dead-letters.controller.ts';
import type { PersonalReadView } from '../../libs/service/personal-read.dto.ts';
import type { ImportResultView } from '../../services/catalogue/import/import.dto.ts';
import type { LotView } from '../../services/catalogue/lots/lot.dto.ts';
import type { ProductView } from '../../services/catalogue/products/product.dto.ts';
import type { OwnerBalancesView, TrialBalanceView } from '../../services/ledger/books/accounts/account.dto.ts';
import type { ChecklistView, DecisionView, PeriodsPage } from '../../services/ledger/closing/periods/period.dto.ts';
import type { AdjustmentView } from '../../services/ledger/decisions/adjustments/adjustment.dto.ts';
import type { DepositView } from '../../services/ledger/decisions/deposits/deposit.dto.ts';
import type { MakerEventView, StandingView } from '../../services/ledger/decisions/maker-events/maker-event.dto.ts';
import type { Obligation as ObligationView } from '../../services/ledger/decisions/obligations/obligation.dto.ts';
import type { PayoutSummaryView, PayoutView } from '../../services/ledger/decisions/payouts/payout.dto.ts';
import type { EntryExplanationView } from '../../services/ledger/explanations/entries/entry.dto.ts';
import type { FlowPage } from '../../services/ledger/explanations/flows/flow.dto.ts';
import type { LintView } from '../../services/ledger/explanations/lint/lint.dto.ts';
import type { KeyView, SealView } from '../../services/ledger/proof/verification/audit.dto.ts';
import type { VerificationView } from '../../services/ledger/proof/verification/verification.dto.ts';
import type { EntryListView } from '../../services/ledger/reports/entries/entry-list.dto.ts';
import type { ExceptionPage } from '../../services/ledger/reports/exceptions/exception.dto.ts';
import type { InboxPage } from '../../services/ledger/reports/inbox/inbox.dto.ts';
import type { PositionsView } from '../../services/ledger/reports/positions/position.dto.ts';
import type { ComparisonView } from '../../services/ledger/reports/reconciliation/reconciliation.dto.ts';
import type { StoryView } from '../../services/ledger/reports/story/story.dto.ts';
import type { TotalsView } from '../../services/ledger/reports/totals/total.dto.ts';
import type { AgreementView } from '../../services/ledger/sharing/agreements/agreement.dto.ts';
import type { SimulationView } from '../../services/ledger/sharing/simulation/simulation.dto.ts';
import type { ChannelView, TermsView } from '../../services/orders/channels/channel.dto.ts';
import type { RejectedCheckoutView } from '../../services/orders/checkouts/checkout.dto.ts';
import type {
  ComparisonView as ListingComparisonView,
  ListingPage,
} from '../../services/orders/listings/comparison.dto.ts';
import type { ListingSetSummaryView } from '../../services/orders/listings/listing.dto.ts';
import type { StoreSetView } from '../../services/orders/stores/store.dto.ts';
import type { OrderView } from '../../services/orders/views/order.dto.ts';
import type { SalePage } from '../../services/orders/views/sale.dto.ts';
import type { ExceptionView as ReportedExceptionView } from '../../services/payments/exceptions/exception.dto.ts';
import type { SettlementFileView } from '../../services/payments/settlements/files/settlement-file.dto.ts';
import type * as pages from '../../services/portal/web/api/answers.ts';

/** As JSON carries it: an instant is text. */
type Json<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Json<Value[Key]> }
      : Value;

type Listed = { readonly items: readonly { readonly key: string | null }[]; readonly totals: object };

type Present<Of> = { readonly [Key in keyof Of]: NonNullable<Of[Key]> };

/** Of regions alone, which no page asks for, the key may be none. */
type Keyed<View extends Listed> = Omit<View, 'items'> & {
  readonly items: readonly (Omit<View['items'][number], 'key'> & { readonly key: string })[];
};

/** Of makers alone there is nothing about a facility. */
type Whole<View extends Listed> = Omit<View, 'items' | 'totals'> & {
  readonly items: readonly Present<View['items'][number]>[];
  readonly totals: Present<View['totals']>;
};

/** An error of the compiler, where a service does not answer what pages know. */
type Known<Page, View extends Page> = View;

export type Checked = [
  Known<pages.Adjustment, Json<AdjustmentView>>,
  Known<pages.Agreement, Json<AgreementView>>,
  Known<pages.Page<pages.Approver>, Json<Awaited<ReturnType<ApproversController['list']>>>>,
  Known<pages.Channel, Json<ChannelView>>,
  Known<pages.Checklist, Json<ChecklistView>>,
  Known<pages.DeadLetterSummary, Json<Awaited<ReturnType<DeadLettersController['summary']>>>>,
  Known<pages.Page<pages.DeadLetter>, Json<Awaited<ReturnType<DeadLettersController['list']>>>>,
  Known<pages.Comparison, Json<ComparisonView>>,
  Known<pages.Decisions, Json<InboxPage>>,
  Known<pages.Deposit, Json<DepositView>>,
  Known<pages.EntryExplanation, Json<EntryExplanationView>>,
  Known<pages.EntryPage, Json<EntryListView>>,
  Known<pages.Exceptions, Json<ExceptionPage>>,
  Known<{ readonly items: readonly pages.Flow[] }, Json<FlowPage>>,
  Known<pages.ImportResult, Json<ImportResultView>>,
  Known<pages.Lint, Json<LintView>>,
  Known<pages.ListingComparison, Json<ListingComparisonView>>,
  Known<pages.Page<pages.Listing>, Json<ListingPage>>,
  Known<pages.ChannelSet, Json<ListingSetSummaryView>>,
  Known<pages.Lot, Json<LotView>>,
  Known<pages.MakerEvent, Json<MakerEventView>>,
  Known<pages.Obligation, Json<ObligationView>>,
  Known<pages.Order, Json<OrderView>>,
  Known<pages.OwnerBalances, Json<OwnerBalancesView>>,
  Known<pages.Payout, Json<PayoutView>>,
  Known<pages.PayoutSummary, Json<PayoutSummaryView>>,
  Known<pages.PeriodDecision, Json<DecisionView>>,
  Known<pages.Periods, Json<PeriodsPage>>,
  Known<pages.PersonalRead, Json<PersonalReadView>>,
  Known<pages.MakerPositions, Keyed<Json<PositionsView>>>,
  Known<pages.Positions, Whole<Json<PositionsView>>>,
  Known<pages.Product, Json<ProductView>>,
  Known<pages.RejectedCheckout, Json<RejectedCheckoutView>>,
  Known<pages.Sales, Json<SalePage>>,
  Known<pages.Seal, Json<SealView>>,
  Known<pages.SealKey, Json<KeyView>>,
  Known<pages.SettlementException, Json<ReportedExceptionView>>,
  Known<pages.SettlementFile, Json<SettlementFileView>>,
  Known<pages.Simulation, Json<SimulationView>>,
  Known<pages.Standing, Json<StandingView>>,
  Known<pages.StoreSet, Json<StoreSetView>>,
  Known<pages.Story, Json<StoryView>>,
  Known<pages.TermsVersion, Json<TermsView>>,
  Known<pages.MakerTotals, Keyed<Json<TotalsView>>>,
  Known<pages.Totals, Whole<Json<TotalsView>>>,
  Known<pages.TrialBalance, Json<TrialBalanceView>>,
  Known<pages.Verification, Json<VerificationView>>,
];
