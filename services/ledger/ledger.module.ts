import { Module } from '@nestjs/common';
import { AccountRepository } from './accounts/account.repository.ts';
import { AccountsController } from './accounts/accounts.controller.ts';
import { BalanceRepository } from './accounts/balance.repository.ts';
import { KnownOwners } from './accounts/known-owners.service.ts';
import { OwnerRepository } from './accounts/owner.repository.ts';
import { StatementService } from './accounts/statement.service.ts';
import { AccumulatorRepository } from './accumulators/accumulator.repository.ts';
import { MemoryService } from './accumulators/memory.service.ts';
import { ObligationRepository } from './accumulators/obligation.repository.ts';
import { ObligationsController } from './accumulators/obligations.controller.ts';
import { AdjustmentRepository } from './adjustments/adjustment.repository.ts';
import { AdjustmentsController } from './adjustments/adjustments.controller.ts';
import { AdjustmentsService } from './adjustments/adjustments.service.ts';
import { AgreementRepository } from './agreements/agreement.repository.ts';
import { AgreementsController } from './agreements/agreements.controller.ts';
import { AgreementsService } from './agreements/agreements.service.ts';
import { SimulationService } from './agreements/simulation.service.ts';
import { AuditController } from './audit/audit.controller.ts';
import { sealKey } from './audit/seal-key.ts';
import { SEAL_KEY, SealingService, WITNESS } from './audit/sealing.service.ts';
import { CausesService } from './causes/causes.service.ts';
import { DepositRepository } from './deposits/deposit.repository.ts';
import { DepositsController } from './deposits/deposits.controller.ts';
import { DepositsService } from './deposits/deposits.service.ts';
import { EntriesController } from './entries/entries.controller.ts';
import { EntryRepository } from './entries/entry.repository.ts';
import { ExportRepository } from './exports/export.repository.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { ContributionsListener } from './floors/contributions.listener.ts';
import { FloorRepository } from './floors/floor.repository.ts';
import { FloorsService } from './floors/floors.service.ts';
import { ExplanationService } from './journals/explanation.service.ts';
import { JournalRepository } from './journals/journal.repository.ts';
import { JournalsController } from './journals/journals.controller.ts';
import { MakerEventRepository } from './makers/maker-event.repository.ts';
import { MakerEventsController } from './makers/maker-events.controller.ts';
import { MakerEventsService } from './makers/maker-events.service.ts';
import { DisbursementsListener } from './payouts/disbursements.listener.ts';
import { PayoutRepository } from './payouts/payout.repository.ts';
import { PayoutsController } from './payouts/payouts.controller.ts';
import { PayoutsService } from './payouts/payouts.service.ts';
import { CloseCheckService } from './periods/close-check.service.ts';
import { ClosingService } from './periods/closing.service.ts';
import { PeriodRepository } from './periods/period.repository.ts';
import { PeriodsController } from './periods/periods.controller.ts';
import { PeriodsService } from './periods/periods.service.ts';
import { VarianceRepository } from './periods/variance.repository.ts';
import { NeighboursListener } from './reconciliation/neighbours.listener.ts';
import { ReconciliationController } from './reconciliation/reconciliation.controller.ts';
import { WordRepository } from './reconciliation/word.repository.ts';
import { ReleaseTimerService } from './releases/release-timer.service.ts';
import { ReleasesService } from './releases/releases.service.ts';
import { ReportRepository } from './reports/report.repository.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { EventPostingService } from './sales/event-posting.service.ts';
import { RefusedEventRepository } from './sales/refused-event.repository.ts';
import { RefusedEventsController } from './sales/refused-events.controller.ts';
import { SaleRepository } from './sales/sale.repository.ts';
import { SaleLineRepository } from './sales/sale-line.repository.ts';
import { SalesListener } from './sales/sales.listener.ts';
import { SalesService } from './sales/sales.service.ts';
import { SettlementsService } from './settlements/settlements.service.ts';
import { MakerStatementController } from './statements/maker-statement.controller.ts';
import { MakerStatementService } from './statements/maker-statement.service.ts';

/** The books: what every sale is shared into, who is owed what, and why. */
@Module({
  controllers: [
    SalesListener, //           sale-paid -> sale-credited; sale-refunded -> refund-posted; sale-settled
    DisbursementsListener, //   disbursement-paid, -failed: payouts in the books
    NeighboursListener, //      what orders and payments say: to be compared with what is posted
    PayoutsController, //       /v1/payouts: proposed, approved by a second person -> payout-approved
    DepositsController, //      /v1/deposits: PNBP billed and paid to the state
    AccountsController, //      GET /v1/accounts, their balances and statements, /v1/trial-balance
    JournalsController, //      GET /v1/journals, their entries, and why they are what they are
    EntriesController, //       GET /v1/entries: why one line of a statement is there
    AdjustmentsController, //   /v1/adjustments, openings, write-offs: drafted, approved by a second person
    ContributionsListener, //   contributions-recorded: to whom a month's floor is guaranteed
    ObligationsController, //   GET /v1/obligations: what makers have to pay to beneficiaries
    MakerEventsController, //   /v1/maker-events: transfer, release, freeze; drafted, approved by a second person
    PeriodsController, //       /v1/periods: months closed and reopened by two persons
    AgreementsController, //    /v1/agreements: drafted, simulated, approved by a second person
    RefusedEventsController, // GET /v1/refused-events: what could not be posted
    MakerStatementController, // GET /v1/makers/ID/statement, with proofs, as JSON and PDF
    AuditController, //         GET /v1/audit: seals of the days, their keys, whether the books are sound
    ExportsController, //       GET /v1/exports/hledger, /v1/exports/beancount
    ReconciliationController, // GET /v1/reconciliation: one subject of the three-way report, opened
    ReportsController, //       GET /v1/reports: trial balance, premi list, PNBP, ... as JSON, CSV, XLSX, PDF
  ],
  providers: [
    SalesService,
    SettlementsService,
    ReleasesService,
    ReleaseTimerService,
    EventPostingService,
    SaleRepository,
    SaleLineRepository,
    BalanceRepository,
    MemoryService,
    AccumulatorRepository,
    ObligationRepository,
    FloorsService,
    FloorRepository,
    PayoutsService,
    PayoutRepository,
    DepositsService,
    DepositRepository,
    RefusedEventRepository,
    PeriodsService,
    CloseCheckService,
    ClosingService,
    VarianceRepository,
    PeriodRepository,
    MakerEventsService,
    MakerEventRepository,
    AdjustmentsService,
    AdjustmentRepository,
    AgreementRepository,
    AgreementsService,
    SimulationService,
    JournalRepository,
    ExplanationService,
    CausesService,
    EntryRepository,
    AccountRepository,
    OwnerRepository,
    KnownOwners,
    StatementService,
    ExportRepository,
    MakerStatementService,
    ReportRepository,
    WordRepository,
    SealingService,
    { provide: SEAL_KEY, useFactory: () => sealKey(process.env.LEDGER_SEAL_KEY) },
    { provide: WITNESS, useFactory: () => process.env.LEDGER_WITNESS },
  ],
})
export class LedgerModule {}
