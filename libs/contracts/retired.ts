import Type, { type Static, type TObject } from 'typebox';
import { type Checkout, checkoutCompleted } from './checkout.ts';
import { type EventDefinition, type Violation, violationsOf } from './event.ts';
import { ChannelId, Instant, LineRef, OrderRef, Rupiah, Sku, Units } from './fields.ts';

/** A type that nobody should write any more. Old messages, and senders that have not changed yet, still bring it. */
export interface RetiredEvent {
  readonly type: string;
  /** What it became; handlers know only this one. */
  readonly into: EventDefinition;
  violations(data: unknown): Violation[];
  /** The data as today's type has it. Pure; `data` is without violations. */
  upcast(data: unknown): unknown;
}

interface RetiredDraft<Schema extends TObject, Data> {
  type: string;
  schema: Schema;
  into: EventDefinition<Data>;
  upcast(data: Static<Schema>): Data;
}

function retire<Schema extends TObject, Data>(draft: RetiredDraft<Schema, Data>): RetiredEvent {
  const { schema, ...retired } = draft;
  return { ...retired, violations: violationsOf(schema) } as RetiredEvent;
}

/** The pilot's checkout: discounts were given for each unit, not for the line. */
const checkoutCompletedV0 = retire({
  type: 'marketplace.checkout-completed.v0',
  schema: Type.Object({
    channel: ChannelId,
    orderRef: OrderRef,
    orderedAt: Instant,
    items: Type.Array(
      Type.Object({
        lineRef: LineRef,
        sku: Sku,
        quantity: Units,
        unitPrice: Rupiah,
        unitDiscount: Type.Optional(Rupiah),
      }),
      { minItems: 1, maxItems: 2_000 },
    ),
  }),
  into: checkoutCompleted,
  upcast: ({ channel, orderRef, orderedAt, items }): Checkout => ({
    channel,
    orderRef,
    placedAt: orderedAt,
    lines: items.map(({ unitDiscount = 0, ...item }) => ({ ...item, discount: unitDiscount * item.quantity })),
  }),
});

const byType = new Map([checkoutCompletedV0].map((retired) => [retired.type, retired]));

export function retiredEvent(type: string): RetiredEvent | undefined {
  return byType.get(type);
}
