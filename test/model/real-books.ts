import {
  disbursementFailed,
  disbursementPaid,
  refundIdOf,
  type SalePaid,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { messagingMigrations, newEvent, newId, Outbox } from '#libs/messaging';
import { inSnapshot } from '../../services/ledger/books/snapshot.repository.ts';
import type { AdjustmentEntry } from '../../services/ledger/decisions/adjustments/adjustment.ts';
import type { Happening as HappeningToMaker } from '../../services/ledger/decisions/maker-events/maker-event.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import type { Fault } from '../../services/ledger/proof/verification/verification.ts';
import { DecisionFeedRepository } from '../../services/ledger/reports/feed/decision-feed.repository.ts';
import { FeedService } from '../../services/ledger/reports/feed/feed.service.ts';
import { JournalFeedRepository } from '../../services/ledger/reports/feed/journal-feed.repository.ts';
import { type TotalKey, TotalRepository } from '../../services/ledger/reports/totals/total.repository.ts';
import { openBooksFor } from '../../services/ledger/sales/sales/event-posting.service.ts';
import type { Agreement } from '../../services/ledger/sharing/agreements/agreement.ts';
import { AgreementsService } from '../../services/ledger/sharing/agreements/agreements.service.ts';
import type { Sale } from '../../services/ledger/sharing/waterfall/sale.ts';
import { createDatabase } from '../kit/database.ts';
import { faultsOf } from '../kit/faults-of-books.ts';
import { ledgerServices } from '../kit/ledger-services.ts';
import { Pristine } from '../kit/pristine.ts';
import type { Kept, Lot, SaleKey } from './reference-books.ts';

const cause = { correlationId: newId() };
const LATER = '2026-03-02T03:00:00.000Z';

/** The ledger's own services over a real PostgreSQL. */
export class RealBooks {
  readonly #database: Database;
  readonly #ledger: ReturnType<typeof ledgerServices>;
  readonly #pristine: Pristine;
  readonly #drop: () => Promise<void>;
  readonly #totals = new TotalRepository();
  readonly #feed: FeedService;
  #refunds = 0;

  private constructor(database: Database, pristine: Pristine, drop: () => Promise<void>) {
    this.#database = database;
    this.#ledger = ledgerServices(database);
    const decisions = new DecisionFeedRepository();
    this.#feed = new FeedService(database, new JournalFeedRepository(), this.#totals, decisions, new Outbox());
    this.#pristine = pristine;
    this.#drop = drop;
  }

  static async open(): Promise<RealBooks> {
    const { url, drop } = await createDatabase();
    const database = await Database.open(url, [...messagingMigrations, ...ledgerMigrations]);
    return new RealBooks(database, await Pristine.of(url), drop);
  }

  async close(): Promise<void> {
    await this.#database.onApplicationShutdown();
    await this.#pristine.close();
    await this.#drop();
  }

  /** Empty books, in which this agreement shares what is sold. */
  async startAgain(agreement: Agreement): Promise<void> {
    await this.#pristine.putBack();
    const agreements = new AgreementsService(this.#database, this.#ledger.agreements);
    const { id, version } = agreement;
    const scope = { level: 'national' as const };
    await agreements.draft({ by: 'p1', scope, effectiveFrom: '2026-01-01T00:00:00Z', definition: agreement });
    await agreements.approve(id, version, 'p2');
  }

  /** By account, without those of zero. */
  async balances(): Promise<Record<string, number>> {
    const rows = await this.#database.query<{ code: string; balance: number }>(
      'SELECT code, balance FROM account WHERE balance <> 0',
    );
    return Object.fromEntries(rows.map(({ code, balance }) => [code, balance]));
  }

  /** Rows that are not what they must be. */
  faults(): Promise<Fault[]> {
    return faultsOf(this.#database);
  }

  /** Tells the feed of the books, and so adds up what was sold. */
  async tell(): Promise<void> {
    while ((await this.#feed.tellJournals()) > 0);
  }

  /** What was added up. */
  totals(by: TotalKey) {
    return inSnapshot(this.#database, async (snapshot) => {
      const asked = { facilities: ['F1', 'F2'] };
      const items = await this.#totals.by(snapshot, by, asked, { order: 'key', limit: 1_000 });
      return { items, all: await this.#totals.all(snapshot, asked) };
    });
  }

  /** What could not be posted, by kind of event and reason. */
  refused() {
    return this.#database.query('SELECT type, reason, data FROM refused_event');
  }

  /** Drafts and approves what a person enters. */
  async adjust(facilityId: string, type: 'adjustment' | 'opening', entries: readonly AdjustmentEntry[]): Promise<void> {
    const { adjustments } = this.#ledger;
    const draft = { by: 'p1', facilityId, type, occurredAt: LATER, reason: 'found', entries: [...entries] };
    const { adjustmentId } = await this.#database.transaction((transaction) =>
      adjustments.draftEntries(transaction, draft),
    );
    await adjustments.approve(adjustmentId, 'p2', cause);
  }

  saleEvent(sale: Sale, placedAt: string) {
    const lines = sale.lines.map((line) => ({
      ...line,
      sku: line.lineRef,
      portions: line.portions.map((each) => ({ ...each })),
    }));
    return newEvent(salePaid, { ...idsOf(sale), orderRef: sale.orderRef, placedAt, lines } as SalePaid, cause);
  }

  refundEvent(key: SaleKey, lineRef: string, amount: number, quantity: number) {
    this.#refunds += 1;
    const refundRef = `R${this.#refunds}`;
    const ids = idsOf(key);
    const refundId = refundIdOf(ids.orderId, lineRef, refundRef);
    return newEvent(saleRefunded, { ...ids, refundId, refundRef, lineRef, amount, quantity, occurredAt: LATER }, cause);
  }

  settlementEvent(key: SaleKey, kept: Kept) {
    return newEvent(saleSettled, { ...idsOf(key), ...kept, settlementId: newId(), settledAt: LATER }, cause);
  }

  async sell(...events: ReturnType<RealBooks['saleEvent']>[]): Promise<void> {
    await this.#database.transaction(async (transaction) =>
      this.#ledger.sales.credit(await openBooksFor(transaction, events), events),
    );
  }

  async refund(...events: ReturnType<RealBooks['refundEvent']>[]): Promise<void> {
    await this.#database.transaction(async (transaction) =>
      this.#ledger.sales.reverse(await openBooksFor(transaction, events), events),
    );
  }

  async settle(...events: ReturnType<RealBooks['settlementEvent']>[]): Promise<void> {
    await this.#database.transaction(async (transaction) =>
      this.#ledger.settlements.settle(await openBooksFor(transaction, events), events),
    );
  }

  /** Proposes and approves to pay everybody: the items that are reserved. */
  async payOut(facilityId: string) {
    const { payouts, payoutRows } = this.#ledger;
    const payoutId = await this.#database.transaction(async (transaction) => {
      const proposal = { facilityId, bank: 'bri', upTo: '2026-12-31', by: 'p1' };
      const proposed = await payouts.propose(transaction, proposal, cause);
      await payouts.review(transaction, proposed, 'p2', []);
      await payouts.approve(transaction, proposed, 'p3', cause);
      return proposed;
    });
    const payout = await payoutRows.find(this.#database, payoutId);
    return (payout?.items ?? []).map(({ itemId, account, amount }) => ({
      payoutId,
      facilityId,
      itemId,
      account,
      amount,
    }));
  }

  async answer(
    { payoutId, facilityId, itemId, amount }: { payoutId: string; facilityId: string; itemId: string; amount: number },
    isPaid: boolean,
  ): Promise<void> {
    const item = { payoutId, facilityId, itemId, amount };
    const event = isPaid
      ? newEvent(disbursementPaid, { ...item, paidAt: LATER }, cause)
      : newEvent(disbursementFailed, { ...item, failedAt: LATER, reason: 'account closed' }, cause);
    await this.#database.transaction(async (transaction) =>
      this.#ledger.payouts.answer(await openBooksFor(transaction, [event]), [event]),
    );
  }

  async impose(makerId: string, beneficiary: string, amount: number): Promise<void> {
    const obligation = { debtor: `maker:${makerId}`, beneficiary, amount };
    const draft = { by: 'p1', facilityId: 'F1', occurredAt: LATER, reason: 'court decision', obligation };
    const { adjustmentId } = await this.#database.transaction((transaction) =>
      this.#ledger.adjustments.draftObligation(transaction, draft),
    );
    await this.#ledger.adjustments.approve(adjustmentId, 'p2', cause);
  }

  async happensTo(makerId: string, facilityId: string, happening: HappeningToMaker): Promise<void> {
    const { makerEvents } = this.#ledger;
    const draft = { by: 'p1', makerId, facilityId, occurredAt: LATER, reason: 'as decided' };
    const { eventId } = await this.#database.transaction((transaction) =>
      makerEvents.draft(transaction, draft, happening),
    );
    await makerEvents.approve(eventId, 'p2', cause);
  }

  async record(facilityId: string, lot: Lot): Promise<void> {
    const { adjustments } = this.#ledger;
    const draft = { by: 'p1', facilityId, occurredAt: LATER, reason: 'found in the workshop’s book', lot };
    const { adjustmentId } = await this.#database.transaction((transaction) =>
      adjustments.draftContributions(transaction, { ...draft, lot: { ...lot, contributions: [...lot.contributions] } }),
    );
    await adjustments.approve(adjustmentId, 'p2', cause);
  }
}

function idsOf({ channel, orderRef, facilityId }: SaleKey) {
  const orderId = `${channel}/${orderRef}`;
  return { orderId, saleId: saleIdOf(orderId, facilityId), channel, facilityId };
}
