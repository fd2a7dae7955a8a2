import Type, { type TUnsafe } from 'typebox';
import { orderIdOf } from './checkout.ts';
import { type DataOf, defineEvent } from './event.ts';
import { ChannelId, DisputeRef, LineRef, OrderId, OrderRef, RefundRef, Rupiah, SettlementId, Units } from './fields.ts';
import { topics } from './topics.ts';

/** What becomes of an order, in the words that people read too. Nothing is told while it is on its way between two of them. */
export const OUTCOME_STATUSES = [
  'rejected',
  'cancelled',
  'disputed',
  'awaiting-goods',
  'awaiting-agreement',
  'refunded',
  'partly-refunded',
  'settled',
  'delivered',
  'shipped',
  'credited',
  'crediting',
  'unpaid',
  'awaited',
] as const;

const oneOf = <const Words extends readonly string[]>(words: Words, description: string) =>
  Type.String({ enum: words, description }) as unknown as TUnsafe<Words[number]>;

/** The order as it is now; a later one (by `number`) takes its place whole. */
export const outcomeTold = defineEvent({
  type: 'orders.outcome.v1',
  summary: 'What has become of an order, told to its marketplace.',
  topic: topics.outcome,
  key: orderIdOf,
  example: {
    orderId: 'blanja/INV-2026-0001',
    channel: 'blanja',
    orderRef: 'INV-2026-0001',
    number: 2,
    status: 'partly-refunded',
    refunds: [{ refundRef: 'RF-77', lineRef: '1', quantity: 1, status: 'refunded', amount: 470_000 }],
    settlements: [],
  },
  schema: Type.Object({
    orderId: OrderId,
    channel: ChannelId,
    orderRef: OrderRef,
    number: Type.Integer({ minimum: 1, description: 'n-th of this order, without a gap' }),
    status: oneOf(OUTCOME_STATUSES, 'of the order'),
    reason: Type.Optional(
      Type.String({ maxLength: 60, description: 'code of docs/ERRORS.md: why it was rejected or cancelled, or waits' }),
    ),
    detail: Type.Optional(Type.String({ maxLength: 2_000, description: 'what exactly: which field, which line' })),
    refunds: Type.Array(
      Type.Object({
        refundRef: RefundRef,
        lineRef: LineRef,
        quantity: Units,
        status: oneOf(['refunded', 'rejected'], 'refunded: the buyer has the money back, and the books follow'),
        amount: Type.Optional(Rupiah),
        reason: Type.Optional(Type.String({ maxLength: 60, description: 'code of docs/ERRORS.md' })),
      }),
      { description: 'that are decided' },
    ),
    settlements: Type.Array(
      Type.Object({ settlementId: SettlementId, status: oneOf(['settled', 'rejected'], 'settled: in the books') }),
      { description: 'that are decided' },
    ),
    disputes: Type.Optional(
      Type.Array(
        Type.Object({
          disputeRef: DisputeRef,
          lineRef: LineRef,
          quantity: Units,
          status: oneOf(
            ['open', 'seller', 'buyer', 'rejected'],
            'seller, buyer: who won it; what the buyer got back is a refund whose refundRef is the disputeRef',
          ),
          reason: Type.Optional(Type.String({ maxLength: 60, description: 'code of docs/ERRORS.md' })),
        }),
        { description: 'of its lines; absent: there were none' },
      ),
    ),
    lines: Type.Optional(
      Type.Array(
        Type.Object({
          lineRef: LineRef,
          shipped: Type.Integer({ minimum: 0, description: 'units so far' }),
          delivered: Type.Integer({ minimum: 0, description: 'of these' }),
        }),
        { description: 'of which something was shipped' },
      ),
    ),
    refused: Type.Optional(
      Type.Object(
        {
          type: Type.String({
            maxLength: 60,
            description: 'checkout, refund, cancellation, shipment, delivery, dispute or dispute-closing',
          }),
          reason: Type.String({ maxLength: 60, description: 'code of docs/ERRORS.md' }),
          detail: Type.String({ maxLength: 2_000 }),
        },
        { description: 'what was sent of the order and changed nothing: the reason of this outcome' },
      ),
    ),
  }),
});
export type OutcomeTold = DataOf<typeof outcomeTold>;
