import Type, { type Static } from 'typebox';
import { defineEvent, violationsOf } from './event.ts';
import * as released from './fields.ts';
import { topics } from './topics.ts';
import {
  ChannelId,
  DisputeRef,
  described,
  FeeClass,
  isShallow,
  LineRef,
  Money,
  OrderRef,
  oneOf,
  PastInstant,
  RefundRef,
  Sku,
  StoreRef,
  schemaOf,
  Units,
} from './values/index.ts';

const amount = (description: string) => Type.Optional(schemaOf(described(Money, `whole rupiah (IDR)${description}`)));

const CheckoutLine = Type.Object({
  lineRef: schemaOf(LineRef),
  sku: schemaOf(Sku),
  quantity: schemaOf(Units),
  unitPrice: schemaOf(Money),
  discount: amount(' off the whole line'),
  tax: amount(', included in the price'),
  feeClass: Type.Optional(schemaOf(FeeClass)),
});

export const CHECKOUT_LINES_MAX = 2_000;

/**
 * Prices include tax; discount, fees and shipping of the whole order are shared over its lines (golden.md, U1). Who bears
 * discounts and shipping is among the terms of the channel (docs/CHANNELS.md).
 */
export const Checkout = Type.Object({
  channel: schemaOf(ChannelId),
  orderRef: schemaOf(OrderRef),
  store: Type.Optional(schemaOf(StoreRef)),
  placedAt: schemaOf(PastInstant),
  lines: Type.Array(CheckoutLine, { minItems: 1, maxItems: CHECKOUT_LINES_MAX }),
  discount: amount(' off the whole order; of it counts what the terms of the channel let the seller bear'),
  fees: amount(' that the channel keeps; absent: what its terms say'),
  shipping: amount(' that shipping costs; it counts where the terms of the channel let the seller bear it'),
});
export type Checkout = Static<typeof Checkout>;
export const checkoutViolations = violationsOf(Checkout);

export const RefundRequest = Type.Object({
  channel: schemaOf(ChannelId),
  orderRef: schemaOf(OrderRef),
  lineRef: schemaOf(LineRef),
  refundRef: schemaOf(RefundRef),
  quantity: schemaOf(Units),
  requestedAt: schemaOf(PastInstant),
});
export type RefundRequest = Static<typeof RefundRequest>;
export const refundRequestViolations = violationsOf(RefundRequest);

const line = { channel: schemaOf(ChannelId), orderRef: schemaOf(OrderRef), lineRef: schemaOf(LineRef) };

export const ShippedUnits = Type.Object({
  ...line,
  shipped: schemaOf(described(Units, 'units of the line that have left so far, in all parcels together')),
});
export type ShippedUnits = Static<typeof ShippedUnits>;
export const shippedUnitsViolations = violationsOf(ShippedUnits);

export const DeliveredUnits = Type.Object({
  ...line,
  delivered: schemaOf(
    described(Units, 'units of the line that the buyer has received so far, in all parcels together'),
  ),
});
export type DeliveredUnits = Static<typeof DeliveredUnits>;
export const deliveredUnitsViolations = violationsOf(DeliveredUnits);

const disputed = { ...line, disputeRef: schemaOf(DisputeRef) };

export const DisputedUnits = Type.Object({
  ...disputed,
  quantity: schemaOf(described(Units, 'units of the line that it is about')),
});
export type DisputedUnits = Static<typeof DisputedUnits>;
export const disputedUnitsViolations = violationsOf(DisputedUnits);

export const DISPUTE_OUTCOMES = ['seller', 'buyer'] as const;

export const ClosedDispute = Type.Object({
  ...disputed,
  quantity: schemaOf(
    described(Units, 'units of the line that it was about: of one that the buyer won, those given back'),
  ),
  outcome: schemaOf(oneOf(DISPUTE_OUTCOMES, 'who won it')),
  closedAt: schemaOf(PastInstant),
});
export type ClosedDispute = Static<typeof ClosedDispute>;
export const closedDisputeViolations = violationsOf(ClosedDispute);

/**
 * The least that lets us say which order is meant, and keep what is said of it: with it a faulty event is a visible
 * rejection, not a dead letter.
 */
const OrderNamed = Type.Refine(
  Type.Object({
    channel: released.ChannelId,
    // PostgreSQL would write half a character as another one, and the reference would no longer be what it was.
    orderRef: Type.Refine(
      released.OrderRef,
      (text) => String(text).isWellFormed(),
      () => 'must hold whole characters',
    ),
  }),
  isShallow,
  () => 'must not be nested so deep',
);

export const checkoutCompleted = defineEvent({
  type: 'marketplace.checkout-completed.v1',
  summary: 'A buyer has checked out on a marketplace; an escrow channel has already taken the money.',
  topic: topics.checkout,
  schema: Checkout,
  accepts: OrderNamed,
  key: orderIdOf,
  example: {
    channel: 'blanja',
    orderRef: 'INV-2026-0001',
    placedAt: '2026-01-05T09:30:00+07:00',
    lines: [{ lineRef: '1', sku: 'TAS-KULIT-01', quantity: 2, unitPrice: 475_000, discount: 10_000 }],
    fees: 47_500,
    shipping: 20_000,
  },
});

export const checkoutRefunded = defineEvent({
  type: 'marketplace.checkout-refunded.v1',
  summary: 'A marketplace gives a buyer money back for units of one line.',
  topic: topics.checkout,
  schema: RefundRequest,
  accepts: OrderNamed,
  key: orderIdOf,
  example: {
    channel: 'blanja',
    orderRef: 'INV-2026-0001',
    lineRef: '1',
    refundRef: 'RF-77',
    quantity: 1,
    requestedAt: '2026-01-09T14:00:00+07:00',
  },
});

export const checkoutCancelled = defineEvent({
  type: 'marketplace.checkout-cancelled.v1',
  summary:
    'A marketplace gives a buyer money back for units of one line that were not shipped: they can be sold again.',
  topic: topics.checkout,
  schema: RefundRequest,
  accepts: OrderNamed,
  key: orderIdOf,
  example: {
    channel: 'blanja',
    orderRef: 'INV-2026-0001',
    lineRef: '1',
    refundRef: 'CN-12',
    quantity: 1,
    requestedAt: '2026-01-05T16:00:00+07:00',
  },
});

export const checkoutShipped = defineEvent({
  type: 'marketplace.checkout-shipped.v1',
  summary: 'Units of one line have left for the buyer: so many so far. They are not cancelled any more.',
  topic: topics.checkout,
  schema: ShippedUnits,
  accepts: OrderNamed,
  key: orderIdOf,
  example: { channel: 'blanja', orderRef: 'INV-2026-0001', lineRef: '1', shipped: 2 },
});

export const checkoutDelivered = defineEvent({
  type: 'marketplace.checkout-delivered.v1',
  summary: 'The buyer has received units of one line: so many so far. They count as shipped.',
  topic: topics.checkout,
  schema: DeliveredUnits,
  accepts: OrderNamed,
  key: orderIdOf,
  example: { channel: 'blanja', orderRef: 'INV-2026-0001', lineRef: '1', delivered: 2 },
});

export const checkoutDisputed = defineEvent({
  type: 'marketplace.checkout-disputed.v1',
  summary: 'A buyer disputes units of one line: nothing of their sale is released until the dispute is closed.',
  topic: topics.checkout,
  schema: DisputedUnits,
  accepts: OrderNamed,
  key: orderIdOf,
  example: { channel: 'blanja', orderRef: 'INV-2026-0001', lineRef: '1', disputeRef: 'DP-5', quantity: 1 },
});

export const checkoutDisputeClosed = defineEvent({
  type: 'marketplace.checkout-dispute-closed.v1',
  summary:
    'A dispute is closed: for the seller, and the sale goes on; or for the buyer, who gets the money of its units back.',
  topic: topics.checkout,
  schema: ClosedDispute,
  accepts: OrderNamed,
  key: orderIdOf,
  example: {
    channel: 'blanja',
    orderRef: 'INV-2026-0001',
    lineRef: '1',
    disputeRef: 'DP-5',
    quantity: 1,
    outcome: 'buyer',
    closedAt: '2026-01-12T10:00:00+07:00',
  },
});

/** Our id of an order: the channel's own reference, made unique by the channel. */
export function orderIdOf({ channel, orderRef }: { channel: string; orderRef: string }): string {
  return `${channel}/${orderRef}`;
}
