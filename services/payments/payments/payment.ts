import { type EventDefinition, paymentCaptured, paymentFailed, paymentRefunded } from '#libs/contracts';

/** escrow: the channel has the buyer's money already. gateway: it comes when the gateway says so. */
export type PaymentMethod = 'escrow' | 'gateway';

/**
 * The money of one order. `status` is what the order was told, the amounts are what moved: money that comes after the
 * order is over (`failed`, `expired`, `voided`) is captured and given back at once, and the status stays.
 *
 * Invariant: 0 <= refunded + refunds that are pending <= captured <= amount, all in whole rupiah.
 */
export interface Payment {
  readonly orderId: string;
  readonly method: PaymentMethod;
  /** What the buyer owes. */
  readonly amount: number;
  readonly status: 'pending' | 'captured' | 'failed' | 'expired' | 'voided';
  readonly captured: number;
  readonly refunded: number;
  readonly placedAt: string;
  readonly capturedAt?: string;
  readonly refunds: readonly Refund[];
  /** Of the checkout; a refund has its own. What the gateway says belongs to what it is said about. */
  readonly correlationId: string;
}

export interface Refund {
  readonly refundId: string;
  readonly amount: number;
  /** pending: the gateway has not yet said that the money went out. */
  readonly status: 'pending' | 'refunded';
  readonly correlationId: string;
}

/** What a payment hears: from orders, and from the gateway. `at` is an ISO 8601 instant. */
export type PaymentMessage = { readonly at: string } & (
  | ({ readonly type: 'order-placed' } & Pick<Payment, 'orderId' | 'method' | 'amount' | 'correlationId'>)
  | { readonly type: 'order-cancelled' }
  | ({ readonly type: 'refund-requested' } & Pick<Refund, 'refundId' | 'amount' | 'correlationId'>)
  | { readonly type: GatewayNotice }
);

/** What the gateway can say. It may say it twice, late, and in the wrong order. */
export type GatewayNotice = 'capture' | 'fail' | 'expire' | 'refund';

/** An event to publish: `data` fits `definition`. */
export interface Fact {
  readonly definition: EventDefinition;
  readonly data: unknown;
  readonly correlationId: string;
}

interface Applied {
  readonly payment: Payment;
  readonly facts: readonly Fact[];
}

export type Outcome =
  | Applied
  /** Nothing changes: the message contradicts what is known, for this reason. */
  | { readonly refused: string };

/**
 * The next state of a payment and what to tell the others. Total: every message in every state is applied, has no
 * effect because it was applied before or comes too late, or is refused.
 */
export function transition(payment: Payment | undefined, message: PaymentMessage): Outcome {
  if (message.type === 'order-placed') return payment ? silently(payment) : place(message);
  if (!payment) return { refused: 'there is no payment for this order' };
  switch (message.type) {
    case 'order-cancelled':
      return cancel(payment, message.at);
    case 'refund-requested':
      return requestRefund(payment, message);
    default:
      return payment.method === 'escrow'
        ? { refused: 'the channel holds the money of this order in escrow: no gateway is involved' }
        : hearGateway(payment, message.type, message.at);
  }
}

function place({ type: _, at, ...order }: Extract<PaymentMessage, { type: 'order-placed' }>): Outcome {
  const placed: Payment = { ...order, status: 'pending', captured: 0, refunded: 0, placedAt: at, refunds: [] };
  return needsGateway(placed, placed.amount) ? silently(placed) : capture(placed, at);
}

function cancel(payment: Payment, at: string): Outcome {
  switch (payment.status) {
    case 'pending':
      return silently({ ...payment, status: 'voided' });
    case 'captured': {
      const voided: Payment = { ...payment, status: 'voided' };
      // What a channel holds only the channel gives back, and it says so by refunds.
      return payment.method === 'escrow' ? silently(voided) : giveBackEverything(voided, at);
    }
    default:
      return silently(payment);
  }
}

function requestRefund(payment: Payment, request: Extract<PaymentMessage, { type: 'refund-requested' }>): Outcome {
  if (payment.refunds.some(({ refundId }) => refundId === request.refundId)) return silently(payment);
  // Orders asks for it only of what it was told is captured: we have forgotten it (our database was put back).
  if (payment.status === 'pending') {
    const captured = capture(payment, request.at);
    const outcome = requestRefund(captured.payment, request);
    return 'refused' in outcome ? outcome : { ...outcome, facts: [...captured.facts, ...outcome.facts] };
  }
  if (payment.status !== 'captured')
    return { refused: `money of a payment that is ${payment.status} cannot be refunded` };
  if (request.amount > refundable(payment))
    return { refused: `${request.amount} rupiah exceed the ${refundable(payment)} that can still be refunded` };
  const { type: _, at, ...refund } = request;
  const requested: Payment = { ...payment, refunds: [...payment.refunds, { ...refund, status: 'pending' }] };
  return needsGateway(payment, refund.amount) ? silently(requested) : payRefunds(requested, at);
}

function hearGateway(payment: Payment, notice: GatewayNotice, at: string): Outcome {
  switch (notice) {
    case 'capture':
      if (payment.status === 'pending') return capture(payment, at);
      if (payment.captured === payment.amount) return silently(payment);
      return giveBackEverything({ ...payment, captured: payment.amount, capturedAt: at }, at);
    case 'fail':
    case 'expire':
      if (payment.status === 'captured') return { refused: 'the payment is captured already' };
      if (payment.status !== 'pending') return silently(payment);
      return notice === 'fail' ? fail(payment, 'failed', 'declined') : fail(payment, 'expired', 'expired');
    case 'refund':
      if (payment.refunds.length === 0) return { refused: 'no refund of this payment has been requested' };
      return payRefunds(payment, at);
  }
}

function capture(payment: Payment, at: string): Applied {
  const { orderId, amount, correlationId } = payment;
  return {
    payment: { ...payment, status: 'captured', captured: amount, capturedAt: at },
    facts: [fact(paymentCaptured, { orderId, amount, capturedAt: at }, correlationId)],
  };
}

function fail(payment: Payment, status: 'failed' | 'expired', reason: 'declined' | 'expired'): Outcome {
  const { orderId, correlationId } = payment;
  return { payment: { ...payment, status }, facts: [fact(paymentFailed, { orderId, reason }, correlationId)] };
}

/** Gives back what neither went back before nor is promised to a refund. */
function giveBackEverything(payment: Payment, at: string): Outcome {
  const { orderId, correlationId } = payment;
  const amount = refundable(payment);
  return {
    payment: { ...payment, refunded: payment.refunded + amount },
    facts: amount === 0 ? [] : [fact(paymentRefunded, { orderId, amount, refundedAt: at }, correlationId)],
  };
}

/** All refunds that are pending go out. */
function payRefunds(payment: Payment, at: string): Outcome {
  const { orderId } = payment;
  const paid = payment.refunds.filter(({ status }) => status === 'pending');
  return {
    payment: {
      ...payment,
      refunded: payment.refunded + sumOf(paid),
      refunds: payment.refunds.map((refund) => ({ ...refund, status: 'refunded' })),
    },
    facts: paid.map(({ refundId, amount, correlationId }) =>
      fact(paymentRefunded, { orderId, refundId, amount, refundedAt: at }, correlationId),
    ),
  };
}

/** Nobody else needs to know. */
function silently(payment: Payment): Outcome {
  return { payment, facts: [] };
}

/** Nothing needs no gateway to move. */
function needsGateway({ method }: Payment, amount: number): boolean {
  return method === 'gateway' && amount > 0;
}

function refundable({ captured, refunded, refunds }: Payment): number {
  return captured - refunded - sumOf(refunds.filter(({ status }) => status === 'pending'));
}

function sumOf(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { amount }) => sum + amount, 0);
}

function fact<Data>(definition: EventDefinition<Data>, data: Data, correlationId: string): Fact {
  return { definition, data, correlationId };
}
