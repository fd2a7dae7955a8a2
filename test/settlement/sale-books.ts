import {
  type ChargeBorne,
  chargeBorne,
  chargeCleared,
  refundIdOf,
  type SalePaid,
  type SaleSettled,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
  UNALLOCATED,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import type { Rupiah } from '#libs/money';
import { commonMigrations } from '#libs/service';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { openBooksFor } from '../../services/ledger/sales/sales/event-posting.service.ts';
import { createDatabase } from '../kit/database.ts';
import { faultsOf } from '../kit/faults-of-books.ts';
import { ledgerServices } from '../kit/ledger-services.ts';
import type { Movements, Reported } from './cases.ts';

const cause = { correlationId: newId() };
const CHANNEL = 'shopee';
const SETTLED_AT = '2026-03-06T03:00:00Z';
const REFUNDED_AT = '2026-03-09T03:00:00Z';

const chargeIdOf = (ref: string) => `${CHANNEL}/-~${ref}`;

/** A journal without what differs from one run to the next. */
export interface Posted {
  readonly kind: string;
  readonly reference: string;
  readonly entries: Movements;
}

/** Books over a real PostgreSQL, in which sales of one piece are settled. */
export async function openSaleBooks() {
  const { url, drop } = await createDatabase();
  const database = await Database.open(url, [...commonMigrations, ...ledgerMigrations]);
  const ledger = ledgerServices(database);
  const ids = (orderRef: string) => {
    const orderId = `${CHANNEL}/${orderRef}`;
    return { orderId, saleId: saleIdOf(orderId, 'F1'), facilityId: 'F1', channel: CHANNEL };
  };

  return {
    database,
    saleEvent(
      orderRef: string,
      {
        price,
        fees,
        shipping = 0,
        makerId = 'M1',
      }: { price: Rupiah; fees: Rupiah; shipping?: Rupiah; makerId?: string },
    ) {
      const contributions = [{ makerId, weight: '1' }];
      const portions = [{ lotId: 'L1', quantity: 1, unitCost: 20_000, measure: 'hours' as const, contributions }];
      const line = { lineRef: '1', sku: 'batik', quantity: 1, unitPrice: price, discount: 0, tax: 0, portions };
      const lines = [{ ...line, fees, shipping }];
      const sale: SalePaid = { ...ids(orderRef), orderRef, placedAt: '2026-03-02T03:00:00Z', lines };
      return newEvent(salePaid, sale, cause);
    },
    settlementEvent(orderRef: string, settlementRef: string, reported: Reported & { tolerance?: Rupiah }) {
      const { orderId } = ids(orderRef);
      const settlement: SaleSettled = {
        ...{ ...ids(orderRef), ...reported, settlementId: `${orderId}~${settlementRef}` },
        ...{ bank: 'shopee-wallet', settledAt: SETTLED_AT },
      };
      return newEvent(saleSettled, settlement, cause);
    },
    refundEvent(orderRef: string, refundRef: string, amount: Rupiah, quantity = 1) {
      const { orderId } = ids(orderRef);
      const refund = { refundId: refundIdOf(orderId, '1', refundRef), lineRef: '1', refundRef, quantity, amount };
      return newEvent(saleRefunded, { ...ids(orderRef), ...refund, occurredAt: REFUNDED_AT }, cause);
    },
    async sell(...events: ReturnType<typeof this.saleEvent>[]): Promise<void> {
      await database.transaction(async (tx) => ledger.sales.credit(await openBooksFor(tx, events), events));
    },
    async settle(...events: ReturnType<typeof this.settlementEvent>[]): Promise<void> {
      await database.transaction(async (tx) => ledger.settlements.settle(await openBooksFor(tx, events), events));
    },
    async refund(...events: ReturnType<typeof this.refundEvent>[]): Promise<void> {
      await database.transaction(async (tx) => ledger.sales.reverse(await openBooksFor(tx, events), events));
    },
    /** One person drafts it, another approves it. */
    async accept(orderRef: string, reason: string): Promise<void> {
      const draft = { saleId: ids(orderRef).saleId, facilityId: 'F1', occurredAt: REFUNDED_AT, reason, by: 'p1' };
      const { adjustmentId } = await database.transaction((tx) => ledger.adjustments.draftDifference(tx, draft));
      await ledger.adjustments.approve(adjustmentId, 'p2', cause);
    },
    /** What its channel takes of no order, twice, as it may come; what was held of it is undone before it is told again. */
    async charge(
      ref: string,
      { facilityId, paidOut, cleared }: Pick<ChargeBorne, 'facilityId' | 'paidOut'> & { cleared?: true },
    ): Promise<void> {
      const chargeId = chargeIdOf(ref);
      const charge: ChargeBorne = {
        ...{ chargeId, channel: CHANNEL, called: 'Iklan', facilityId, withheldTax: 0, paidOut },
        ...{ bank: 'shopee-wallet', chargedAt: SETTLED_AT },
      };
      const undone = cleared ? [newEvent(chargeCleared, { chargeId, facilityId: UNALLOCATED }, cause)] : [];
      const borne = [newEvent(chargeBorne, charge, cause), newEvent(chargeBorne, charge, cause)];
      for (const event of [...undone, ...borne]) {
        await database.transaction(async (tx) => ledger.events.post(await openBooksFor(tx, [event]), [event]));
      }
    },
    async isOpen(orderRef: string): Promise<boolean> {
      const [sale] = await database.query<{ open: boolean }>(
        'SELECT open_settlement IS NOT NULL AS open FROM sale WHERE sale_id = $1',
        [ids(orderRef).saleId],
      );
      return sale?.open ?? false;
    },
    /** Where the chain ends now. */
    async end(): Promise<number> {
      const [head] = await database.query<{ number: number }>('SELECT number FROM chain_head');
      return head?.number ?? 0;
    },
    /** All that is posted of a sale after a place in the chain, in its order. */
    async journalsOf(orderRef: string, after = 0): Promise<Posted[]> {
      return database.query<Posted>(
        `SELECT kind, source_reference AS reference,
                (SELECT coalesce(json_object_agg(code, amount), '{}')
                   FROM (SELECT code, sum(amount) AS amount FROM entry JOIN account USING (account_id)
                          WHERE entry.journal_id = journal.journal_id GROUP BY code) AS moved) AS entries
           FROM journal WHERE facility_id = 'F1' AND chain_number > $2 AND source ->> 'saleId' = $1 ORDER BY chain_number`,
        [ids(orderRef).saleId, after],
      );
    },
    journalsOfCharge(ref: string): Promise<Posted[]> {
      return database.query<Posted>(
        `SELECT kind, source_reference AS reference,
                (SELECT json_object_agg(code, amount) FROM entry JOIN account USING (account_id)
                  WHERE entry.journal_id = journal.journal_id) AS entries
           FROM journal WHERE source_reference IN ($1, $1 || '!1') ORDER BY journal_id`,
        [chargeIdOf(ref)],
      );
    },
    refused: () => database.query('SELECT reference, reason FROM refused_event'),
    faults: () => faultsOf(database),
    async close(): Promise<void> {
      await database.onApplicationShutdown();
      await drop();
    },
  };
}
