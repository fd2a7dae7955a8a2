import type { Database, Transaction } from '#libs/database';
import { Outbox } from '#libs/messaging';
import { BalanceRepository } from '../../services/ledger/books/accounts/balance.repository.ts';
import { JournalRepository } from '../../services/ledger/books/journals/journal.repository.ts';
import type { Journal } from '../../services/ledger/books/journals/journal.ts';
import { postJournals } from '../../services/ledger/books/journals/posting.repository.ts';
import { openBooks } from '../../services/ledger/books/open-books.repository.ts';
import { FloorRepository } from '../../services/ledger/closing/floors/floor.repository.ts';
import { FloorsService } from '../../services/ledger/closing/floors/floors.service.ts';
import { CloseCheckService } from '../../services/ledger/closing/periods/close-check.service.ts';
import { ClosingService } from '../../services/ledger/closing/periods/closing.service.ts';
import { ClosingBalanceRepository } from '../../services/ledger/closing/periods/closing-balance.repository.ts';
import { PeriodRepository } from '../../services/ledger/closing/periods/period.repository.ts';
import { PeriodsService } from '../../services/ledger/closing/periods/periods.service.ts';
import { VarianceRepository } from '../../services/ledger/closing/periods/variance.repository.ts';
import { AdjustmentRepository } from '../../services/ledger/decisions/adjustments/adjustment.repository.ts';
import { AdjustmentsService } from '../../services/ledger/decisions/adjustments/adjustments.service.ts';
import { DepositRepository } from '../../services/ledger/decisions/deposits/deposit.repository.ts';
import { DepositsService } from '../../services/ledger/decisions/deposits/deposits.service.ts';
import { MakerEventRepository } from '../../services/ledger/decisions/maker-events/maker-event.repository.ts';
import { MakerEventsService } from '../../services/ledger/decisions/maker-events/maker-events.service.ts';
import { PayoutRepository } from '../../services/ledger/decisions/payouts/payout.repository.ts';
import { PayoutsService } from '../../services/ledger/decisions/payouts/payouts.service.ts';
import { ChargesService } from '../../services/ledger/sales/charges/charges.service.ts';
import { DisputeRepository } from '../../services/ledger/sales/disputes/dispute.repository.ts';
import { DisputesService } from '../../services/ledger/sales/disputes/disputes.service.ts';
import { HeldSalesService } from '../../services/ledger/sales/holds/held-sales.service.ts';
import { HoldRepository } from '../../services/ledger/sales/holds/hold.repository.ts';
import { HoldsService } from '../../services/ledger/sales/holds/holds.service.ts';
import { ReleasesService } from '../../services/ledger/sales/releases/releases.service.ts';
import { EventPostingService } from '../../services/ledger/sales/sales/event-posting.service.ts';
import { RefusedEventRepository } from '../../services/ledger/sales/sales/refused-event.repository.ts';
import { RefusedEventsService } from '../../services/ledger/sales/sales/refused-events.service.ts';
import { SaleRepository } from '../../services/ledger/sales/sales/sale.repository.ts';
import { SaleEventsService } from '../../services/ledger/sales/sales/sale-events.service.ts';
import { SaleLineRepository } from '../../services/ledger/sales/sales/sale-line.repository.ts';
import { SalesService } from '../../services/ledger/sales/sales/sales.service.ts';
import { DifferencesService } from '../../services/ledger/sales/settlements/differences.service.ts';
import { SettlementsService } from '../../services/ledger/sales/settlements/settlements.service.ts';
import { WalletRepository } from '../../services/ledger/sales/withdrawals/wallet.repository.ts';
import { WithdrawalsService } from '../../services/ledger/sales/withdrawals/withdrawals.service.ts';
import { AgreementRepository } from '../../services/ledger/sharing/agreements/agreement.repository.ts';
import { AccumulatorRepository } from '../../services/ledger/sharing/memory/accumulator.repository.ts';
import { MemoryService } from '../../services/ledger/sharing/memory/memory.service.ts';

/** Journals as they are, in books opened for them alone. */
export function post(database: Database, journals: readonly Journal[]) {
  return database.transaction((transaction) => postWithin(transaction, journals));
}

export async function postWithin(transaction: Transaction, journals: readonly Journal[]) {
  const books = await openBooks(
    transaction,
    journals.map(({ facilityId }) => facilityId),
  );
  return postJournals(books, journals);
}

/** What posts to the books, over a database and without a broker: events stay in the outbox. */
export function ledgerServices(database: Database) {
  const balances = new BalanceRepository();
  const journals = new JournalRepository(database, balances);
  const agreements = new AgreementRepository();
  const outbox = new Outbox();
  const saleRows = new SaleRepository();
  const saleLines = new SaleLineRepository();
  const memories = new MemoryService(new AccumulatorRepository(), balances);
  const floors = new FloorRepository();
  const periodRows = new PeriodRepository();
  const payoutRows = new PayoutRepository(database);
  const refusedRows = new RefusedEventRepository(database);
  const posting = new EventPostingService(refusedRows);
  const releases = new ReleasesService(database, saleRows, saleLines, balances);
  const differences = new DifferencesService(releases);
  const holdRows = new HoldRepository();
  const holds = new HoldsService(holdRows, posting, outbox);
  const sales = new SalesService(
    agreements,
    journals,
    saleRows,
    saleLines,
    balances,
    memories,
    posting,
    differences,
    holds,
    outbox,
  );
  const settlements = new SettlementsService(saleRows, releases, journals, posting, holds);
  const disputes = new DisputesService(new DisputeRepository(), saleRows, releases);
  const charges = new ChargesService(posting, holds);
  const events = new SaleEventsService(sales, settlements, disputes, holds, charges);
  const withdrawals = new WithdrawalsService(new WalletRepository(), posting);
  const refusedEvents = new RefusedEventsService(database, refusedRows, events, withdrawals);
  return {
    journals,
    saleLines,
    agreements,
    outbox,
    balances,
    makerEvents: new MakerEventsService(database, new MakerEventRepository(), journals, balances, memories),
    memories,
    floors,
    releases,
    payouts: new PayoutsService(payoutRows, balances, posting, outbox),
    payoutRows,
    periods: new PeriodsService(
      database,
      periodRows,
      new CloseCheckService(database, periodRows),
      new ClosingService(
        journals,
        new VarianceRepository(),
        new FloorsService(floors, agreements, memories),
        memories,
        new ClosingBalanceRepository(),
      ),
    ),
    deposits: new DepositsService(new DepositRepository(database), balances),
    adjustments: new AdjustmentsService(
      database,
      new AdjustmentRepository(),
      journals,
      saleRows,
      saleLines,
      memories,
      differences,
      holds,
      holdRows,
    ),
    sales,
    settlements,
    holds,
    withdrawals,
    events,
    heldSales: new HeldSalesService(database, agreements, holdRows, holds, events, disputes, refusedEvents),
    refusedEvents,
    refusedRows,
  };
}
