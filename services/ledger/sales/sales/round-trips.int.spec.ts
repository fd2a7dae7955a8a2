import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type Event,
  refundIdOf,
  type SalePaid,
  type SaleRefunded,
  type SaleSettled,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { openBooks, type Books as TestedBooks } from '../../../../test/kit/books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import type { Books } from '../../books/open-books.repository.ts';
import { openBooksFor } from './event-posting.service.ts';

let books: TestedBooks;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

const cause = { correlationId: newId() };
const idsOf = (orderRef: string) => {
  const orderId = `blanja/${orderRef}`;
  return { orderId, saleId: saleIdOf(orderId, 'F1'), facilityId: 'F1', channel: 'blanja' };
};
const sold = (orderRef: string) => {
  const contributions = [{ makerId: 'M1', weight: '1' }];
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  const costs = { discount: 0, fees: 0, shipping: 0, tax: 0 };
  const lines = [{ lineRef: '1', sku: 'batik', quantity: 1, unitPrice: 10_000, ...costs, portions }];
  const sale: SalePaid = { ...idsOf(orderRef), orderRef, placedAt: '2026-01-05T03:00:00Z', lines };
  return newEvent(salePaid, sale, cause);
};
const refunded = (orderRef: string, refundRef: string) => {
  const refundId = refundIdOf(idsOf(orderRef).orderId, '1', refundRef);
  const of = { ...idsOf(orderRef), refundId, refundRef, lineRef: '1', quantity: 1, amount: 1_000 };
  const refund: SaleRefunded = { ...of, occurredAt: '2026-01-06T03:00:00Z' };
  return newEvent(saleRefunded, refund, cause);
};
const settled = (orderRef: string) => {
  const amounts = { fee: 0, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: '2026-01-07T03:00:00Z' };
  const settlement: SaleSettled = { ...idsOf(orderRef), ...amounts, settlementId: `${orderRef}~S1` };
  return newEvent(saleSettled, settlement, cause);
};

/** How often the database is waited for: statements that leave together are one round trip, with those nobody waits for. */
async function roundTrips<E extends Event<{ facilityId: string }>>(
  events: readonly E[],
  work: (books: Books, events: readonly E[]) => Promise<void>,
): Promise<number> {
  let trips = 0;
  let waiting = 0;
  await books.database.transaction(async (transaction) => {
    const query: Transaction['query'] = async (sql, parameters) => {
      if (waiting === 0) trips += 1;
      waiting += 1;
      try {
        return await transaction.query(sql, parameters);
      } finally {
        waiting -= 1;
      }
    };
    await work(await openBooksFor({ ...transaction, query }, events), events);
  });
  return trips;
}

it('a batch waits for the database a few times, however many sales it has', async () => {
  const { sales, settlements } = ledgerServices(books.database);
  const credit: typeof sales.credit = (opened, events) => sales.credit(opened, events);
  const reverse: typeof sales.reverse = (opened, events) => sales.reverse(opened, events);
  await roundTrips([sold('first')], credit); // opens the chain, which costs another
  for (const size of [1, 20]) {
    const orders = Array.from({ length: size }, (_, index) => `${size}-${index}`);
    expect(await roundTrips(orders.map(sold), credit)).toBe(4); // opens, reads agreements, posts, moves the chain's end
    const refunds = orders.map((order) => refunded(order, 'R1'));
    expect(await roundTrips(refunds, reverse)).toBe(4); // opens, locks sales, posts, moves the end
    expect(await roundTrips(orders.map(settled), (opened, events) => settlements.settle(opened, events))).toBe(6);
    const ofReleased = orders.map((order) => refunded(order, 'R2'));
    expect(await roundTrips(ofReleased, reverse)).toBe(5); // and what is available
  }
});
