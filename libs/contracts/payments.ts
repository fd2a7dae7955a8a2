import Type from 'typebox';
import { defineEvent } from './event.ts';
import { Instant, OrderId, RefundId, Rupiah } from './fields.ts';
import { topics } from './topics.ts';

export const paymentCaptured = defineEvent({
  type: 'payments.payment-captured.v1',
  summary: "The buyer's money is there: in the channel's escrow, or captured by the gateway.",
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    amount: Rupiah,
    capturedAt: Instant,
  }),
});

export const paymentFailed = defineEvent({
  type: 'payments.payment-failed.v1',
  summary: 'The money of an order will not come.',
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    reason: Type.Union([Type.Literal('declined'), Type.Literal('expired')]),
  }),
});

export const paymentRefunded = defineEvent({
  type: 'payments.payment-refunded.v1',
  summary: 'The buyer has money back: of one refund, or all of it because the order was cancelled.',
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    refundId: Type.Optional(RefundId),
    amount: Rupiah,
    refundedAt: Instant,
  }),
});
