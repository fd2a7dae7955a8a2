import {
  channelCharged,
  type DataOf,
  disbursementFailed,
  disbursementPaid,
  type Event,
  orderCancelled,
  orderPaid,
  orderPlaced,
  paymentCaptured,
  paymentRefunded,
  refundRequested,
  settlementConfirmed,
} from '#libs/contracts';
import type { Rupiah } from '#libs/money';

/** What money is about: an order as a whole, a refund, a channel's settlement or charge, an item of a payout. */
export type Subject = 'order' | 'refund' | 'settlement' | 'payout';

/** What a counterparty says of a subject in the end. */
export interface ExternalRecord {
  readonly subject: Subject;
  /** Order id, refund id, settlement id, item id. */
  readonly reference: string;
  readonly counterparty: 'orders' | 'payments';
  /** Orders: placed, sold, cancelled; requested. Payments: captured, returned; refunded; settled; paid, failed. */
  readonly state: string;
  /** Null: not told. Of a settlement what the channel kept; of a payout what the payee has. */
  readonly amount: Rupiah | null;
  /** ISO 8601: the earliest instant told of. */
  readonly since: string;
}

type Told =
  | typeof orderPlaced
  | typeof orderPaid
  | typeof orderCancelled
  | typeof refundRequested
  | typeof paymentCaptured
  | typeof paymentRefunded
  | typeof settlementConfirmed
  | typeof channelCharged
  | typeof disbursementPaid
  | typeof disbursementFailed;

/** By the type of the event. */
const records: Readonly<Record<string, (data: never, time: string) => Omit<ExternalRecord, 'counterparty'>>> = {
  [orderPlaced.type]: ({ orderId, amount, placedAt }: DataOf<typeof orderPlaced>) =>
    of('order', orderId, 'placed', amount, placedAt),
  [orderPaid.type]: ({ orderId }: DataOf<typeof orderPaid>, time) => of('order', orderId, 'sold', null, time),
  [orderCancelled.type]: ({ orderId }: DataOf<typeof orderCancelled>, time) =>
    of('order', orderId, 'cancelled', null, time),
  [refundRequested.type]: ({ refundId, amount }: DataOf<typeof refundRequested>, time) =>
    of('refund', refundId, 'requested', amount, time),
  [paymentCaptured.type]: ({ orderId, amount, capturedAt }: DataOf<typeof paymentCaptured>) =>
    of('order', orderId, 'captured', amount, capturedAt),
  [paymentRefunded.type]: ({ orderId, refundId, amount, refundedAt }: DataOf<typeof paymentRefunded>) =>
    refundId === undefined
      ? of('order', orderId, 'returned', null, refundedAt)
      : of('refund', refundId, 'refunded', amount, refundedAt),
  [settlementConfirmed.type]: ({ settlementId, settledAt, ...kept }: DataOf<typeof settlementConfirmed>) =>
    of('settlement', settlementId, 'settled', kept.fee + kept.shipping + kept.withheldTax, settledAt),
  [channelCharged.type]: ({ chargeId, withheldTax, chargedAt }: DataOf<typeof channelCharged>) =>
    of('settlement', chargeId, 'settled', withheldTax, chargedAt),
  [disbursementPaid.type]: ({ itemId, amount, paidAt }: DataOf<typeof disbursementPaid>) =>
    of('payout', itemId, 'paid', amount, paidAt),
  [disbursementFailed.type]: ({ itemId, failedAt }: DataOf<typeof disbursementFailed>) =>
    of('payout', itemId, 'failed', 0, failedAt),
};

/** What these events say in the end, one record a counterparty and subject. */
export function recordsOf(events: readonly Event<DataOf<Told>>[]): ExternalRecord[] {
  const last = new Map<string, ExternalRecord>();
  for (const { type, data, time } of events) {
    const said = records[type]?.(data as never, time);
    if (!said) throw new RangeError(`${type} says nothing that is compared`);
    const record: ExternalRecord = { ...said, counterparty: type.startsWith('orders.') ? 'orders' : 'payments' };
    const key = JSON.stringify([record.subject, record.reference, record.counterparty]);
    last.set(key, after(last.get(key), record));
  }
  return [...last.values()];
}

/** That an order was placed is news only to who knows nothing of it: an event that was held up may come last. */
function after(before: ExternalRecord | undefined, record: ExternalRecord): ExternalRecord {
  if (!before) return record;
  return {
    ...record,
    state: record.state === 'placed' ? before.state : record.state,
    amount: record.amount ?? before.amount,
    since: Date.parse(before.since) < Date.parse(record.since) ? before.since : record.since,
  };
}

function of(subject: Subject, reference: string, state: string, amount: Rupiah | null, since: string) {
  return { subject, reference, state, amount, since };
}
