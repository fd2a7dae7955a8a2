/** Of which sections each screen is made; the portal's server says from where they come. */
import type {
  Adjustment,
  Agreement,
  Approver,
  Channel,
  ChannelSet,
  Checklist,
  Comparison,
  DeadLetter,
  DeadLetterSummary,
  Decisions,
  Deposit,
  EntryExplanation,
  EntryPage,
  Exceptions,
  Flow,
  Listing,
  ListingComparison,
  Lot,
  LotVersions,
  MakerEvent,
  MakerPositions,
  MakerTotals,
  Movements,
  Obligation,
  Order,
  OrderTimeline,
  OwnerBalances,
  Page,
  Payout,
  PayoutSummary,
  Periods,
  PersonalRead,
  Positions,
  Product,
  RejectedCheckout,
  Report,
  Sales,
  Seal,
  SealKey,
  SettlementException,
  Simulation,
  Standing,
  StoreSet,
  Story,
  TermsVersion,
  Totals,
  TrialBalance,
  Verification,
  Words,
} from './answers.ts';

interface Named {
  /** Of the makers that the other sections speak of, for who may know them. */
  readonly names: Names;
}

export interface FacilitySections extends Named {
  readonly totals: Totals;
  readonly trend: Totals;
  readonly products: Totals;
  readonly makers: MakerTotals;
  readonly positions: Positions;
  readonly sales: Sales;
  readonly titles: Page<Product>;
}

export interface SalesSections {
  readonly sales: Sales;
  readonly channels: readonly Channel[];
  readonly titles: Page<Product>;
}

export interface OrderSections extends Named {
  readonly order: Order;
  readonly flows: { readonly items: readonly Flow[] };
  readonly titles: Page<Product>;
  readonly timeline: OrderTimeline;
}

export interface EntrySections extends Named {
  readonly explanation: EntryExplanation;
}

export interface LedgerSections {
  readonly entries: EntryPage;
}

export interface KioskSections {
  readonly balances: OwnerBalances;
  readonly story: Story;
  readonly titles: Page<Product>;
}

export interface ExceptionsSections {
  readonly exceptions: Exceptions;
  /** What channels have reported and is not in the books; for national persons. */
  readonly settlements: Page<SettlementException>;
}

export interface ExceptionSections {
  readonly reconciliation: Comparison;
}

export interface DecisionsSections {
  readonly decisions: Decisions;
}

export interface PayoutsSections extends Named {
  readonly payouts: Page<PayoutSummary>;
  readonly positions: MakerPositions;
}

export interface PayoutSections extends Named {
  readonly payout: Payout;
}

export interface DepositsSections {
  readonly deposits: Page<Deposit>;
  readonly positions: Positions;
}

export interface PremiSections extends Named {
  readonly list: Report;
  readonly positions: MakerPositions;
}

export interface ReportsSections {
  readonly reports: { readonly items: readonly { readonly name: string; readonly title: Words }[] };
  readonly trialBalance: TrialBalance;
}

export interface ReportSections {
  readonly report: Report;
}

export interface OverviewSections {
  readonly totals: Totals;
  readonly trend: Totals;
  readonly positions: Positions;
}

export interface LotsSections extends Named {
  readonly lots: Page<Lot>;
  /** Whose makers nobody has told. */
  readonly unrecorded: Page<Lot>;
  readonly titles: Page<Product>;
  /** Of which there are few. */
  readonly low: Page<Product>;
}

export interface LotSections extends Named {
  readonly lot: Lot;
  readonly movements: Movements;
  readonly versions: LotVersions;
  readonly titles: Page<Product>;
}

export interface LotCorrectionSections extends Named {
  readonly lot: Lot;
  readonly makers: Page<{ readonly makerId: string; readonly facilityId: string }>;
}

export interface LotEntrySections extends Named {
  readonly titles: Page<Product>;
  readonly makers: Page<{ readonly makerId: string; readonly facilityId: string }>;
  /** Those made last come first. */
  readonly latest: Page<Lot>;
}

export interface Names {
  readonly items: readonly { readonly makerId: string; readonly displayName: string; readonly isChild: boolean }[];
}

export interface MonthsSections {
  readonly periods: Periods;
}

export interface MonthSections {
  readonly checklist: Checklist;
}

export interface AuditSections {
  readonly verifications: Page<Verification>;
  readonly seals: Page<Seal>;
  readonly keys: { readonly items: readonly SealKey[] };
  readonly approvers: Page<Approver>;
  readonly decisions: Decisions;
  readonly readings: Page<PersonalRead>;
  readonly ledgerReadings: Page<PersonalRead>;
}

export interface OperationsSections {
  readonly catalogue: DeadLetterSummary;
  readonly orders: DeadLetterSummary;
  readonly payments: DeadLetterSummary;
  readonly ledger: DeadLetterSummary;
  readonly catalogueLetters: Page<DeadLetter>;
  readonly ordersLetters: Page<DeadLetter>;
  readonly paymentsLetters: Page<DeadLetter>;
  readonly ledgerLetters: Page<DeadLetter>;
}

export interface RejectedSections {
  readonly rejected: Page<RejectedCheckout>;
}

export interface MakersSections extends Named {
  readonly makers: Page<{ readonly makerId: string; readonly facilityId: string }>;
  readonly totals: MakerTotals;
  readonly positions: MakerPositions;
}

export interface MakerSections extends Named {
  readonly standing: Standing;
  readonly balances: OwnerBalances;
  readonly story: Story;
  /** For national persons. */
  readonly obligations: Page<Obligation>;
  readonly events: Page<MakerEvent>;
}

export interface AgreementsSections {
  readonly agreements: Page<Agreement>;
}

export interface AgreementSections {
  readonly agreement: Agreement;
  readonly versions: Page<Agreement>;
}

export interface SimulationSections {
  readonly simulation: Simulation;
}

export interface AdjustmentEntrySections extends Named {
  readonly accounts: Page<{ readonly code: string }>;
  readonly makers: MakerPositions;
}

export interface AdjustmentSections extends Named {
  readonly adjustment: Adjustment;
}

export interface MakerEventSections extends Named {
  readonly event: MakerEvent;
}

export interface OrdersSections {
  readonly orders: Page<Pick<Order, 'orderId' | 'status' | 'reason' | 'detail' | 'placedAt' | 'amount'>>;
}

export interface ChannelsSections {
  readonly channels: readonly Channel[];
}

export interface ChannelSections {
  readonly terms: readonly TermsVersion[];
  readonly sets: readonly ChannelSet[];
  readonly stores: readonly ChannelSet[];
}

export interface StoresSections {
  readonly sets: readonly ChannelSet[];
  readonly set: StoreSet;
}

export interface ListingsSections {
  readonly sets: readonly ChannelSet[];
  readonly rows: Page<Listing>;
  readonly comparison: ListingComparison;
}
