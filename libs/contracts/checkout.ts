import Type, { type Static } from 'typebox';
import { defineEvent, violationsOf } from './event.ts';
import { ChannelId, Instant, LineRef, OrderRef, RefundRef, Rupiah, Sku, Units } from './fields.ts';
import { topics } from './topics.ts';

const CheckoutLine = Type.Object({
  lineRef: LineRef,
  sku: Sku,
  quantity: Units,
  unitPrice: Rupiah,
  discount: Type.Optional(Rupiah),
  tax: Type.Optional(Rupiah),
});

/** Prices include tax; discount, fees and shipping of the whole order are shared over its lines (golden.md, U1). */
export const Checkout = Type.Object({
  channel: ChannelId,
  orderRef: OrderRef,
  placedAt: Instant,
  lines: Type.Array(CheckoutLine, { minItems: 1, maxItems: 2_000 }),
  discount: Type.Optional(Rupiah),
  fees: Type.Optional(Rupiah),
  shipping: Type.Optional(Rupiah),
});
export type Checkout = Static<typeof Checkout>;
export const checkoutViolations = violationsOf(Checkout);

export const RefundRequest = Type.Object({
  channel: ChannelId,
  orderRef: OrderRef,
  lineRef: LineRef,
  refundRef: RefundRef,
  quantity: Units,
  requestedAt: Instant,
});
export type RefundRequest = Static<typeof RefundRequest>;
export const refundRequestViolations = violationsOf(RefundRequest);

/** The least that lets us say which order is meant: with it a faulty event is a visible rejection, not a dead letter. */
const OrderNamed = Type.Object({ channel: ChannelId, orderRef: OrderRef });

export const checkoutCompleted = defineEvent({
  type: 'marketplace.checkout-completed.v1',
  summary: 'A buyer has checked out on a marketplace; an escrow channel has already taken the money.',
  topic: topics.checkout,
  schema: Checkout,
  accepts: OrderNamed,
  key: orderIdOf,
});

export const checkoutRefunded = defineEvent({
  type: 'marketplace.checkout-refunded.v1',
  summary: 'A marketplace gives a buyer money back for units of one line.',
  topic: topics.checkout,
  schema: RefundRequest,
  accepts: OrderNamed,
  key: orderIdOf,
});

/** Our id of an order: the channel's own reference, made unique by the channel. */
export function orderIdOf({ channel, orderRef }: { channel: string; orderRef: string }): string {
  return `${channel}/${orderRef}`;
}
