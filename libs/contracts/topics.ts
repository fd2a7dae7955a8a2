/** A stream of events with one kind of key. Partitions bound how many instances can share it. */
export interface Topic {
  readonly name: string;
  readonly key: string;
  readonly partitions: number;
  /** null: for ever, so that a reader who comes later reads it from the beginning. */
  readonly retentionDays: number | null;
  /** Written by marketplaces, not by services of ours. */
  readonly outside?: true;
}

/** Enough for the largest facility to lag alone; raising it later moves keys, so drain the topic first. */
const partitions = 4;

/** Longer than any outage that is repaired by redelivery; the inbox remembers event ids for longer than this. */
const retentionDays = 7;

const topic = (name: string, key: string): Topic => ({
  name,
  key,
  partitions,
  retentionDays,
});

export const topics = {
  checkout: { ...topic('checkout.v1', 'channel/orderRef'), outside: true },
  order: topic('orders.order.v1', 'orderId'),
  sale: topic('orders.sale.v1', 'facilityId'),
  lot: topic('catalogue.lot.v1', 'facilityId'),
  facility: { ...topic('catalogue.facility.v1', 'facilityId'), retentionDays: null },
  stock: topic('catalogue.stock.v1', 'orderId'),
  payment: topic('payments.payment.v1', 'orderId'),
  journal: topic('ledger.journal.v1', 'facilityId'),
  payout: topic('ledger.payout.v1', 'facilityId'),
  books: { ...topic('ledger.books.v1', 'facilityId, or * where there is none'), retentionDays: null },
  disbursement: topic('payments.disbursement.v1', 'facilityId'),
} as const satisfies Record<string, Topic>;
