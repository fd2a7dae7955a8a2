import {
  type DataOf,
  type Event,
  type EventDefinition,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  refundPosted,
  saleCredited,
  saleHeld,
  settlementConfirmed,
  stockAwaited,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import { unitsOf } from '../orders/order.ts';
import type { IncomingMessage } from './order-process.ts';

type Answer<Definition> = (data: DataOf<Definition>, event: Event, now: Date) => IncomingMessage | undefined;

const meaningOf = new Map<string, Answer<EventDefinition<never>>>();

function means<Definition extends EventDefinition<never>>({ type }: Definition, answer: Answer<Definition>): void {
  meaningOf.set(type, answer as Answer<EventDefinition<never>>);
}

// Both times are by the catalogue's clock: their difference is how long it holds the goods, whatever that clock says.
means(stockReserved, ({ expiresAt, lines }, { time }, now) => ({
  type: 'stock-reserved',
  facilities: [...new Set(lines.map(({ facilityId }) => facilityId))],
  lines: lines.map(({ lineRef, portions }) => ({ lineRef, units: unitsOf(portions) })),
  expiresAt: new Date(now.getTime() + Date.parse(expiresAt) - Date.parse(time)).toISOString(),
}));
means(stockRejected, ({ reason, lineRef, sku }) => ({
  type: 'stock-rejected',
  reason,
  detail: `line ${lineRef}, sku ${sku}`,
}));
means(stockAwaited, ({ reason, lineRef, sku }) => ({
  type: 'stock-awaited',
  reason,
  detail: `line ${lineRef}, sku ${sku}`,
}));
means(paymentCaptured, () => ({ type: 'payment-captured' }));
means(paymentFailed, ({ reason }) => ({ type: 'payment-failed', detail: reason }));
// Money of a cancelled order goes back whole, without a refund: that order is over for us.
means(paymentRefunded, ({ refundId }) => (refundId === undefined ? undefined : { type: 'payment-refunded', refundId }));
means(saleCredited, ({ facilityId }) => ({ type: 'sale-credited', facilityId }));
means(saleHeld, ({ facilityId }) => ({ type: 'sale-held', facilityId }));
means(refundPosted, ({ refundId }) => ({ type: 'refund-posted', refundId }));
means(settlementConfirmed, ({ settlementId, facilityId, revenue }) => ({
  type: 'settlement-confirmed',
  settlementId,
  ...(facilityId !== undefined && { facilityId }),
  ...(revenue !== undefined && { revenue }),
}));

/**
 * What an answer of another service means to the process of its order; undefined: nothing.
 * @param now by the clock that deadlines are told by
 */
export function messageOf(event: Event, now: Date): IncomingMessage | undefined {
  return meaningOf.get(event.type)?.(event.data as never, event, now);
}
