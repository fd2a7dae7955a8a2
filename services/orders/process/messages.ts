import {
  type DataOf,
  type Event,
  type EventDefinition,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  refundPosted,
  saleCredited,
  settlementConfirmed,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { IncomingMessage } from './order-process.ts';

type Answer<Definition> = (data: DataOf<Definition>) => IncomingMessage | undefined;

const meaningOf = new Map<string, Answer<EventDefinition<never>>>();

function means<Definition extends EventDefinition<never>>({ type }: Definition, answer: Answer<Definition>): void {
  meaningOf.set(type, answer as Answer<EventDefinition<never>>);
}

means(stockReserved, ({ expiresAt, lines }) => ({
  type: 'stock-reserved',
  facilities: [...new Set(lines.map(({ facilityId }) => facilityId))],
  expiresAt: new Date(expiresAt).toISOString(),
}));
means(stockRejected, ({ reason, lineRef, sku }) => ({
  type: 'stock-rejected',
  reason,
  detail: `line ${lineRef}, sku ${sku}`,
}));
means(paymentCaptured, () => ({ type: 'payment-captured' }));
means(paymentFailed, ({ reason }) => ({ type: 'payment-failed', detail: reason }));
// Money of a cancelled order goes back whole, without a refund: that order is over for us.
means(paymentRefunded, ({ refundId }) => (refundId === undefined ? undefined : { type: 'payment-refunded', refundId }));
means(saleCredited, ({ facilityId }) => ({ type: 'sale-credited', facilityId }));
means(refundPosted, ({ refundId }) => ({ type: 'refund-posted', refundId }));
means(settlementConfirmed, ({ settlementId, facilityId }) => ({
  type: 'settlement-confirmed',
  settlementId,
  ...(facilityId !== undefined && { facilityId }),
}));

/** What an answer of another house means to the process of its order; undefined: nothing. */
export function messageOf(event: Event): IncomingMessage | undefined {
  return meaningOf.get(event.type)?.(event.data as never);
}
