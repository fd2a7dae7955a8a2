import type { CancellationReason } from '#libs/contracts';
import { floorOfProduct, type Rupiah } from '#libs/money';

/**
 * The process that carries one order from its checkout to credited makers, as a table of steps.
 *
 * Pure: time, ids and amounts come in as messages, and what the world has to do goes out as messages. The state is
 * plain JSON and as small as the decisions need; what the order holds (lines, lots) lies beside it.
 *
 * Whatever messages come, how often and in which order:
 * - an order that is paid is never cancelled, and one that is cancelled is never paid;
 * - each outgoing message goes out at most once;
 * - the refunds of a line never exceed its units, and those of all its units add up to its price;
 * - units that are shipped are not cancelled, and those that are cancelled not shipped;
 * - of a sale nothing is told before that it is paid;
 * - of a sale that is disputed nothing is settled before the books were told that it is, and it is told to be over only
 *   when what the buyer gets back of it was told as well;
 * - money that a channel has for goods that nobody knows, and what it paid out of an order that is not there, is held in
 *   the books until it is known whose it is: an order whose channel has the money is cancelled only when the buyer has all
 *   of it back.
 *
 * What others answer may come before the order knows what it asked: its database was put back, and hears everything
 * again, each topic by itself. It is kept (`early`) until its time comes.
 */
export type OrderState = {
  readonly refunds: readonly Refund[];
  readonly settlements: readonly Settlement[];
  /** Of lines of which its marketplace said something. Absent: it said nothing. */
  readonly fulfilments?: readonly Fulfilment[];
  /** Absent: its marketplace told of none. */
  readonly disputes?: readonly Dispute[];
  readonly early?: readonly IncomingMessage[];
  /** How often the books were told to hold money: what they hold is numbered. Absent: never. */
  readonly holds?: number;
} & (Awaited | Rejected | Placed | Paid | Credited | Cancelled);

/** There is no checkout yet, only refunds and settlements that came before it; until the deadline it may still come. */
interface Awaited {
  readonly status: 'awaited';
  readonly deadline?: Instant;
}

/** The checkout breaks a rule: it never became an order. A corrected one may follow. */
interface Rejected {
  readonly status: 'rejected';
  readonly reason: 'invalid';
  readonly detail: string;
}

/** Waits for its goods and its money, whichever comes first. */
interface Placed {
  readonly status: 'placed';
  readonly units: number;
  readonly captured: boolean;
  /** Its channel has the money: it is not cancelled as long as the buyer has not all of it back. */
  readonly escrow?: true;
  readonly reserved?: { readonly facilities: readonly string[] };
  /** Why its goods are not there, and are awaited. */
  readonly reason?: AwaitedReason;
  readonly detail?: string;
  /** The books hold its money. */
  readonly held?: true;
  /** The end of the reservation. */
  readonly deadline?: Instant;
}

/** Waits until the sales at these facilities are in the books. */
interface Paid {
  readonly status: 'paid';
  readonly units: number;
  readonly facilities: readonly string[];
  readonly uncredited: readonly string[];
  /** Of these, where no agreement is in force: the books hold the money. */
  readonly withoutAgreement?: readonly string[];
}

/** In the books. `refunded`: all of its units have been given back since. */
interface Credited {
  readonly status: 'credited' | 'refunded';
  readonly units: number;
  readonly facilities: readonly string[];
}

/** Payments gives back what it has captured, catalogue what it has reserved; each by itself on order-cancelled. */
interface Cancelled {
  readonly status: 'cancelled';
  readonly reason: CancellationReason;
  readonly detail: string;
}

export type OrderStatus = OrderState['status'];

/** ISO 8601 in UTC as toISOString writes it: two of them compare as texts. */
type Instant = string;

type AwaitedReason = Extract<CancellationReason, 'unknown-sku' | 'out-of-stock'>;

/** A marketplace gives back the money of units of one line. It waits until its order is paid, or its money held. */
export interface Refund {
  readonly refundId: string;
  readonly lineRef: string;
  readonly refundRef: string;
  readonly quantity: number;
  /** A cancellation: the units were not shipped, and can be sold again. */
  readonly unshipped?: true;
  readonly requestedAt: Instant;
  /** Of the request, which may be another than the checkout's. */
  readonly correlationId: string;
  /** What was sold; absent before the checkout, and if the order has no such line. */
  readonly line?: SoldLine;
  /**
   * waiting -> requested (of payments) -> returned (to the buyer) -> posted (in the books); or rejected. unsold: the buyer
   * had it back before there were goods, so its units were never sold.
   */
  readonly status: 'waiting' | 'requested' | 'returned' | 'posted' | 'unsold' | 'rejected';
  readonly reason?: RefundRejection;
  /** What the buyer gets back; absent while it waits or if it is rejected. */
  readonly amount?: Rupiah;
  /** As which hold the books have it; absent: they were not told to hold it. */
  readonly hold?: number;
}

export type RefundRequest = Omit<Refund, 'status' | 'reason' | 'amount' | 'hold'>;
export type RefundRejection = 'sale-unknown' | 'sale-rejected' | 'refund-exceeds-sale' | 'already-shipped';

/**
 * How far the units of a line have come. A marketplace says how many so far, so that it does not matter how often or in
 * which order it says so.
 */
export interface Fulfilment {
  readonly lineRef: string;
  readonly shipped: number;
  /** At most those that are shipped. */
  readonly delivered: number;
}

/**
 * A buyer disputes units of one line. While it is open the books release nothing of their sale; one that the buyer wins
 * becomes a refund of its reference. Which of several of its units are given back is judged as of any refund.
 */
export interface Dispute {
  /** The id of the refund that it becomes if the buyer wins it. */
  readonly disputeId: string;
  readonly lineRef: string;
  readonly disputeRef: string;
  readonly quantity: number;
  readonly correlationId: string;
  /** What was sold; absent before the checkout, and once what is disputed of its sale is over. */
  readonly line?: SoldLine;
  /** seller, buyer: who won it. rejected: it is of nothing that was sold. */
  readonly status: 'open' | 'seller' | 'buyer' | 'rejected';
  readonly reason?: DisputeRejection;
  readonly closedAt?: Instant;
  /** The books were told of it, and not yet that it is over. */
  readonly frozen?: true;
}

export type DisputeOpening = Omit<Dispute, 'status' | 'reason' | 'closedAt' | 'frozen'>;
export type DisputeRejection = 'sale-unknown' | 'sale-rejected' | 'dispute-exceeds-sale';

/** The channel paid out what it held. What came and what was kept lies beside the state. It waits for its sales. */
export interface Settlement {
  readonly settlementId: string;
  /** Of the sale at this facility; absent: of all. */
  readonly facilityId?: string;
  /** What of the price it is about; absent: the channel did not say, so it cannot be held. */
  readonly revenue?: Rupiah;
  /**
   * held: the books have it, and nobody is credited; settled: its sales were told. rejected: it is of no sale, and cannot be
   * held. For people to look into.
   */
  readonly status: 'waiting' | 'held' | 'settled' | 'rejected';
}

export interface SoldLine {
  readonly quantity: number;
  /** What the buyer paid for all of its units. */
  readonly price: Rupiah;
}

export type IncomingMessage =
  | {
      readonly type: 'checkout-accepted';
      readonly payment: 'escrow' | 'gateway';
      readonly lines: ReadonlyMap<string, SoldLine>;
    }
  | { readonly type: 'checkout-refused'; readonly detail: string }
  /** `lines`: how much of each is reserved. Less than was sold: the buyer had the others back before. */
  | {
      readonly type: 'stock-reserved';
      readonly facilities: readonly string[];
      readonly lines: readonly { readonly lineRef: string; readonly units: number }[];
      readonly expiresAt: Instant;
    }
  | { readonly type: 'stock-rejected' | 'stock-awaited'; readonly reason: AwaitedReason; readonly detail: string }
  | { readonly type: 'payment-captured' }
  | { readonly type: 'payment-failed'; readonly detail: string }
  | { readonly type: 'sale-credited' | 'sale-held'; readonly facilityId: string }
  | { readonly type: 'deadline-passed'; readonly now: Instant }
  /** `waitUntil`: how long it may wait for a checkout that has not come; absent: not at all. */
  | { readonly type: 'refund-asked'; readonly refund: RefundRequest; readonly waitUntil?: Instant }
  /** `line`: as of a refund. */
  | ({ readonly type: 'fulfilment-told'; readonly line?: SoldLine } & Fulfilment)
  /** `waitUntil`: as of a refund. */
  | { readonly type: 'dispute-opened'; readonly dispute: DisputeOpening; readonly waitUntil?: Instant }
  /** It says all that it is about: it needs no opening before it, and one behind it is late. */
  | {
      readonly type: 'dispute-closed';
      readonly dispute: DisputeOpening;
      readonly outcome: 'seller' | 'buyer';
      readonly closedAt: Instant;
      readonly waitUntil?: Instant;
    }
  | { readonly type: 'payment-refunded'; readonly refundId: string }
  | { readonly type: 'refund-posted'; readonly refundId: string }
  | ({ readonly type: 'settlement-confirmed' } & Omit<Settlement, 'status'>);

/** What the rest of the world is to do or to know. */
export type OutgoingMessage =
  | { readonly type: 'order-placed' }
  | { readonly type: 'order-paid' }
  | { readonly type: 'sale-paid'; readonly facilityId: string }
  | { readonly type: 'order-cancelled'; readonly reason: CancellationReason }
  | ({ readonly type: 'money-held'; readonly number: number } & HeldSubject)
  | { readonly type: 'money-cleared'; readonly upTo: number }
  | { readonly type: 'units-cancelled'; readonly refund: Refund }
  | { readonly type: 'refund-requested'; readonly refund: Refund }
  | { readonly type: 'sale-refunded'; readonly refund: Refund }
  | { readonly type: 'units-released'; readonly refund: Refund }
  | { readonly type: 'sale-frozen' | 'sale-thawed'; readonly dispute: Dispute }
  | { readonly type: 'sale-settled'; readonly settlementId: string; readonly facilityId: string };

type HeldSubject =
  | { readonly subject: 'order'; readonly awaits: string }
  | { readonly subject: 'refund'; readonly refund: Refund }
  | { readonly subject: 'settlement' | 'settlement-without-order'; readonly settlementId: string };

export interface Transition {
  readonly state: OrderState;
  readonly messages: readonly OutgoingMessage[];
}

/** An order of which nothing is known. */
export const UNKNOWN: OrderState = { status: 'awaited', refunds: [], settlements: [] };

/** What an order does in each status about each message. A message without a step is late or repeated: no effect. */
const steps: Steps = {
  awaited: {
    'checkout-accepted': place,
    'checkout-refused': refuse,
    'refund-asked': (order, message) =>
      message.waitUntil === undefined
        ? rejectRefund(order, message, 'sale-unknown')
        : only({ ...withWaiting(order, message), deadline: message.waitUntil }),
    'deadline-passed': (order, { now }) => {
      if (!isPast(order.deadline, now)) return only(order);
      const { deadline: _, ...rest } = order;
      const refunds = rejectWaiting(order.refunds, 'sale-unknown');
      return only({ ...rest, refunds, ...disputesRejected(order, 'sale-unknown') });
    },
    'dispute-opened': (order, message) =>
      message.waitUntil === undefined
        ? rejectDispute(order, message, 'sale-unknown')
        : only({ ...withDispute(order, { ...message.dispute, status: 'open' }), deadline: message.waitUntil }),
    'dispute-closed': closeDispute,
    'fulfilment-told': (order, message) => only(withFulfilment(order, message)),
    'settlement-confirmed': (order, message) => holdWithoutOrder(withSettlement(order, message)),
  },
  rejected: {
    'checkout-accepted': place,
    'checkout-refused': refuse,
    'refund-asked': (order, message) => rejectRefund(order, message, 'sale-rejected'),
    'fulfilment-told': (order, message) => only(withFulfilment(order, message)),
    'dispute-opened': (order, message) => rejectDispute(order, message, 'sale-rejected'),
    'dispute-closed': closeDispute,
    'settlement-confirmed': (order, message) => holdWithoutOrder(withSettlement(order, message)),
  },
  placed: {
    'stock-reserved': (order, { facilities, lines, expiresAt }) => {
      const { reason: _, detail: __, ...found } = order;
      const until = order.escrow ? {} : { deadline: expiresAt };
      return payIfComplete({ ...found, reserved: { facilities }, ...until }, lines);
    },
    'stock-awaited': (order, { reason, detail }) =>
      order.reserved ? only(order) : holdIfPaid({ ...order, reason, detail }),
    'payment-captured': (order) =>
      order.reason === undefined
        ? payIfComplete({ ...order, captured: true })
        : holdIfPaid({ ...order, captured: true }),
    'stock-rejected': (order, { reason, detail }) => (order.escrow ? only(order) : cancel(order, reason, detail)),
    'payment-failed': (order, { detail }) => (order.escrow ? only(order) : cancel(order, 'payment-failed', detail)),
    'deadline-passed': (order, { now }) =>
      isPast(order.deadline, now) ? cancel(order, 'reservation-expired', `at ${order.deadline}`) : only(order),
    'refund-asked': (order, message) => {
      const asked = withWaiting(order, message);
      return order.held ? requestRefunds(asked) : only(asked);
    },
    'fulfilment-told': fulfil,
    'dispute-opened': openDispute,
    'dispute-closed': closeDispute,
    'payment-refunded': holdRefund,
    'settlement-confirmed': (order, message) => {
      const told = withSettlement(order, message);
      return order.held ? holdSettlements(told, 'settlement') : only(told);
    },
  },
  paid: {
    'sale-credited': (order, { facilityId }) => {
      const { withoutAgreement: _, ...rest } = order;
      const without = withoutAgreementOf(order).filter((id) => id !== facilityId);
      const uncredited = order.uncredited.filter((id) => id !== facilityId);
      const state =
        uncredited.length === 0
          ? credited(rest)
          : { ...rest, uncredited, ...(without.length > 0 && { withoutAgreement: without }) };
      // Refunds and settlements once waited for this.
      return after(settle(state), (settled) => requestRefunds(settled as typeof state));
    },
    'sale-held': (order, { facilityId }) => {
      const without = withoutAgreementOf(order);
      if (!order.uncredited.includes(facilityId) || without.includes(facilityId)) return only(order);
      return only({ ...order, withoutAgreement: [...without, facilityId] });
    },
    'refund-asked': (order, message) => requestRefunds(withWaiting(order, message)),
    'fulfilment-told': fulfil,
    'dispute-opened': openDispute,
    'dispute-closed': closeDispute,
    'payment-refunded': bookRefund,
    'refund-posted': (order, { refundId }) => only(posted(order, refundId)),
    'settlement-confirmed': (order, message) => settle(withSettlement(order, message)),
  },
  credited: {
    'refund-asked': (order, message) => requestRefunds(withWaiting(order, message)),
    'fulfilment-told': fulfil,
    'dispute-opened': openDispute,
    'dispute-closed': closeDispute,
    'payment-refunded': bookRefund,
    'refund-posted': (order, { refundId }) => only(credited(posted(order, refundId))),
    'settlement-confirmed': (order, message) => settle(withSettlement(order, message)),
  },
  refunded: {
    'refund-asked': (order, message) => requestRefunds(withWaiting(order, message)),
    'fulfilment-told': fulfil,
    'dispute-opened': openDispute,
    'dispute-closed': closeDispute,
    'settlement-confirmed': (order, message) => settle(withSettlement(order, message)),
  },
  cancelled: {
    'refund-asked': (order, message) => rejectRefund(order, message, 'sale-rejected'),
    'dispute-opened': (order, message) => rejectDispute(order, message, 'sale-rejected'),
    'dispute-closed': closeDispute,
    'settlement-confirmed': (order, message) => holdRest(withSettlement(order, message)),
  },
};

/** The next state of an order and the messages that follow. Total: defined for every message in every state. */
export function transition(state: OrderState, message: IncomingMessage): Transition {
  if (message.type === 'refund-asked' && findRefund(state, message.refund.refundId)) return only(state);
  if (message.type === 'settlement-confirmed' && hasSettlement(state, message.settlementId)) return only(state);
  if (message.type === 'dispute-opened' && findDispute(state, message.dispute.disputeId)) return only(state);
  if (isEarly(state, message)) return only({ ...state, early: [...(state.early ?? []), message] });
  return withEarly(after(stepped(state, message), freeze), state.early);
}

function stepped(state: OrderState, message: IncomingMessage): Transition {
  const step = steps[state.status][message.type] as Step<OrderState, IncomingMessage> | undefined;
  return step ? step(state, message) : only(state);
}

/** It answers what the order has not asked yet. */
function isEarly(state: OrderState, message: IncomingMessage): boolean {
  const { status } = state;
  switch (message.type) {
    case 'stock-reserved':
    case 'stock-rejected':
    case 'stock-awaited':
    case 'payment-captured':
    case 'payment-failed':
      return status === 'awaited';
    case 'sale-credited':
    case 'sale-held':
      return status === 'awaited' || status === 'placed';
    case 'payment-refunded':
      return isUnasked(state, message.refundId, ['waiting']);
    case 'refund-posted':
      return isUnasked(state, message.refundId, ['waiting', 'requested']);
    default:
      return false;
  }
}

function isUnasked(state: OrderState, refundId: string, before: readonly Refund['status'][]): boolean {
  if (state.status === 'cancelled' || state.status === 'rejected') return false;
  const refund = findRefund(state, refundId);
  return refund === undefined || before.includes(refund.status);
}

/** After each change what came early is given to the order again, in its order. */
function withEarly(changed: Transition, early: OrderState['early']): Transition {
  if (early === undefined || early.length === 0) return changed;
  const { early: _, ...state } = changed.state;
  return early.reduce<Transition>(
    (so, message) => {
      const next = transition(so.state, message);
      return { state: next.state, messages: [...so.messages, ...next.messages] };
    },
    { state: state as OrderState, messages: changed.messages },
  );
}

/**
 * Something of the order is still to come: its outcome, that of a refund, or what others speak of already. Not so of a
 * dispute of an order that is there: it may take weeks, and nothing but its sale waits for it.
 */
export function isOpen({ status, refunds, disputes = [], early = [] }: OrderState): boolean {
  if (early.length > 0 || status === 'placed' || status === 'paid' || refunds.some(isRefundOpen)) return true;
  return status === 'awaited' && disputes.some(isDisputeOpen);
}

export function isDisputeOpen({ status }: Dispute): boolean {
  return status === 'open';
}

/** Its sale at this facility is in the books. */
export function isCredited(order: OrderState, facilityId: string): boolean {
  if (order.status === 'paid') return !order.uncredited.includes(facilityId);
  return order.status === 'credited' || order.status === 'refunded';
}

export function findDispute({ disputes = [] }: OrderState, disputeId: string): Dispute | undefined {
  return disputes.find((dispute) => dispute.disputeId === disputeId);
}

export function findRefund({ refunds }: OrderState, refundId: string): Refund | undefined {
  return refunds.find((refund) => refund.refundId === refundId);
}

/** A repetition, not another refund under the same reference. When it was asked for may be our own clock's word. */
export function isSameRefund(one: RefundContent, other: RefundContent): boolean {
  return (
    one.lineRef === other.lineRef &&
    one.refundRef === other.refundRef &&
    one.quantity === other.quantity &&
    one.unshipped === other.unshipped
  );
}

export type RefundContent = Pick<Refund, 'lineRef' | 'refundRef' | 'quantity' | 'unshipped'>;

function isRefundOpen({ status }: Refund): boolean {
  return status === 'waiting' || status === 'requested' || status === 'returned';
}

function hasSettlement({ settlements }: OrderState, settlementId: string): boolean {
  return settlements.some((settlement) => settlement.settlementId === settlementId);
}

function place(
  { refunds, ...order }: In<'awaited' | 'rejected'>,
  { payment, lines }: Of<'checkout-accepted'>,
): Transition {
  const units = [...lines.values()].reduce((sum, { quantity }) => sum + quantity, 0);
  const known = refunds.map((refund) => ({ ...refund, ...lineOf(lines, refund) }));
  return {
    state: {
      ...kept({ ...order, ...fulfilmentsOf(lines, order), ...disputesOf(lines, order) }),
      ...{ status: 'placed', units, captured: false, refunds: known },
      ...(payment === 'escrow' && { escrow: true }),
    },
    messages: [{ type: 'order-placed' }],
  };
}

function lineOf(lines: ReadonlyMap<string, SoldLine>, { lineRef }: Pick<Refund, 'lineRef'>): { line?: SoldLine } {
  const line = lines.get(lineRef);
  return line ? { line } : {};
}

/** What was said before the checkout: of its lines, and at most what it sold. */
function fulfilmentsOf(
  lines: ReadonlyMap<string, SoldLine>,
  { fulfilments }: Pick<OrderState, 'fulfilments'>,
): Pick<OrderState, 'fulfilments'> {
  if (fulfilments === undefined) return {};
  return {
    fulfilments: fulfilments.flatMap(({ lineRef, shipped, delivered }) => {
      const sold = lines.get(lineRef)?.quantity;
      if (sold === undefined) return [];
      return { lineRef, shipped: Math.min(shipped, sold), delivered: Math.min(delivered, sold) };
    }),
  };
}

/** What was disputed before the checkout. */
function disputesOf(
  lines: ReadonlyMap<string, SoldLine>,
  { disputes }: Pick<OrderState, 'disputes'>,
): Pick<OrderState, 'disputes'> {
  if (disputes === undefined) return {};
  return {
    disputes: disputes.map((dispute) => {
      const known = { ...dispute, ...lineOf(lines, dispute) };
      return isDisputeOpen(dispute) ? judged(known) : known;
    }),
  };
}

function openDispute(order: OrderState, { dispute }: Of<'dispute-opened'>): Transition {
  return only(withDispute(order, judged({ ...dispute, status: 'open' })));
}

/** Of more than is left of its line it may be: a refund that crosses it does not end it. Of more than was sold not. */
function judged(dispute: Dispute): Dispute {
  const { line, quantity } = dispute;
  if (!line) return { ...dispute, status: 'rejected', reason: 'sale-unknown' };
  return quantity > line.quantity ? { ...dispute, status: 'rejected', reason: 'dispute-exceeds-sale' } : dispute;
}

function rejectDispute(order: OrderState, { dispute }: Of<'dispute-opened'>, reason: DisputeRejection): Transition {
  return only(withDispute(order, { ...dispute, status: 'rejected', reason }));
}

/** One that the buyer won is a refund of what it names, which is judged as any other. The first word counts. */
function closeDispute(order: OrderState, message: Of<'dispute-closed'>): Transition {
  const { outcome, closedAt, waitUntil } = message;
  const { line, ...dispute } = message.dispute;
  const { disputeId, disputeRef, lineRef, quantity, correlationId } = dispute;
  const sold = line && { line };
  const before = findDispute(order, disputeId);
  if (before && (before.status === 'seller' || before.status === 'buyer')) return only(order);
  const frozen = before?.frozen && { frozen: before.frozen };
  const closed = withDispute(order, { ...dispute, ...sold, status: outcome, closedAt, ...frozen });
  if (outcome === 'seller' || findRefund(order, disputeId)) return only(closed);
  const what = { refundId: disputeId, refundRef: disputeRef, lineRef, quantity, ...sold };
  const refund = { ...what, requestedAt: closedAt, correlationId };
  return stepped(closed, { type: 'refund-asked', refund, ...(waitUntil !== undefined && { waitUntil }) });
}

/** In the place of what was known of it. */
function withDispute<State extends OrderState>(order: State, dispute: Dispute): State {
  const { disputes = [] } = order;
  const isIt = ({ disputeId }: Dispute) => disputeId === dispute.disputeId;
  if (!disputes.some(isIt)) return { ...order, disputes: [...disputes, dispute] };
  return { ...order, disputes: disputes.map((each) => (isIt(each) ? dispute : each)) };
}

/** There is no sale that those that are open could be of. */
function disputesRejected(
  { disputes }: Pick<OrderState, 'disputes'>,
  reason: DisputeRejection,
): Pick<OrderState, 'disputes'> {
  if (disputes === undefined) return {};
  return {
    disputes: disputes.map((dispute) =>
      isDisputeOpen(dispute) ? { ...dispute, status: 'rejected', reason } : dispute,
    ),
  };
}

/**
 * The books are told of what is disputed of their sales, and that it is over once they know what was given back of it: of
 * one that nobody opened and the buyer won too, so that nothing is released before its refund.
 */
function freeze(order: OrderState): Transition {
  if (order.disputes === undefined || !('facilities' in order)) return only(order);
  const messages: OutgoingMessage[] = [];
  const disputes = order.disputes.map((dispute): Dispute => {
    const { frozen, line, ...over } = dispute;
    if (isOver(order, dispute)) {
      if (frozen) messages.push({ type: 'sale-thawed', dispute: over });
      return frozen || line ? over : dispute;
    }
    if (frozen || !isSold(order, dispute)) return dispute;
    messages.push({ type: 'sale-frozen', dispute });
    return { ...dispute, frozen: true };
  });
  const isChanged = disputes.some((dispute, index) => dispute !== order.disputes?.[index]);
  return isChanged ? { state: { ...order, disputes }, messages } : only(order);
}

function isOver(order: OrderState, { disputeId, status }: Dispute): boolean {
  if (status === 'open') return false;
  const refund = findRefund(order, disputeId);
  return status !== 'buyer' || !refund || (refund.status !== 'waiting' && refund.status !== 'requested');
}

/** Not all of its line was given back before there were goods: some facility has a sale of it. */
function isSold({ refunds }: OrderState, { lineRef, line }: Dispute): boolean {
  const unsold = refunds.filter((refund) => refund.lineRef === lineRef && refund.status === 'unsold');
  return line !== undefined && unitsOf(unsold) < line.quantity;
}

/** More than is left of a line after its cancellations is not taken. */
function fulfil<State extends OrderState>(order: State, message: Of<'fulfilment-told'>): Transition {
  const { lineRef, shipped, line } = message;
  const cancelled = unitsOf(order.refunds.filter((refund) => refund.lineRef === lineRef && isCancellation(refund)));
  return only(line && shipped + cancelled <= line.quantity ? withFulfilment(order, message) : order);
}

/** The same order where it is nothing new. */
function withFulfilment(order: OrderState, { lineRef, shipped, delivered }: Fulfilment): OrderState {
  const before = fulfilmentOf(order, lineRef);
  if (shipped <= before.shipped && delivered <= before.delivered) return order;
  const after = {
    lineRef,
    shipped: Math.max(shipped, before.shipped),
    delivered: Math.max(delivered, before.delivered),
  };
  const { fulfilments = [] } = order;
  return { ...order, fulfilments: [...fulfilments.filter((each) => each.lineRef !== lineRef), after] };
}

export function fulfilmentOf({ fulfilments = [] }: OrderState, lineRef: string): Fulfilment {
  return fulfilments.find((each) => each.lineRef === lineRef) ?? { lineRef, shipped: 0, delivered: 0 };
}

/** One that counts: the units are not to be shipped any more. */
function isCancellation({ unshipped, status }: Refund): boolean {
  return unshipped === true && status !== 'waiting' && status !== 'rejected';
}

function refuse({ refunds, ...order }: In<'awaited' | 'rejected'>, { detail }: Of<'checkout-refused'>): Transition {
  const rejected = rejectWaiting(refunds, 'sale-rejected');
  return only({
    ...{ ...kept(order), ...disputesRejected(order, 'sale-rejected') },
    ...{ status: 'rejected', reason: 'invalid', detail, refunds: rejected },
  });
}

/** Of an order what it keeps in every status, but for its refunds. */
function kept({
  settlements,
  fulfilments,
  disputes,
  holds,
}: Pick<OrderState, 'settlements' | 'fulfilments' | 'disputes' | 'holds'>) {
  return {
    settlements,
    ...(fulfilments !== undefined && { fulfilments }),
    ...(disputes !== undefined && { disputes }),
    ...(holds !== undefined && { holds }),
  };
}

/**
 * Goods are reserved and money is there: from here on the order is only ever credited. What the books hold of it is
 * undone; the sales come in its place.
 * @param lines what of them is reserved; absent: all that was sold
 */
function payIfComplete(order: In<'placed'>, lines: Of<'stock-reserved'>['lines'] = []): Transition {
  const { captured, reserved } = order;
  if (!captured || !reserved) return only(order);
  const { facilities } = reserved;
  const units = new Map(lines.map((line) => [line.lineRef, line.units]));
  const { refunds, messages: sold } = sellRest(order.refunds, units);
  const paid: In<'paid'> = {
    ...kept(again(order)),
    ...{ status: 'paid', units: order.units, facilities, uncredited: facilities, refunds },
  };
  return after(
    {
      state: paid,
      messages: [
        ...cleared(order),
        { type: 'order-paid' },
        ...facilities.map((facilityId) => ({ type: 'sale-paid', facilityId }) as const),
        ...sold,
      ],
    },
    freeze,
    (state) => settle(state as In<'paid'>),
    (state) => requestRefunds(state as In<'paid'>),
  );
}

/** Of refunds that the books hold: what the reservation has not is unsold, of what it has the sale gives back. */
function sellRest(refunds: readonly Refund[], units: ReadonlyMap<string, number>) {
  const missing = new Map<string, number>();
  for (const { hold, lineRef, line } of refunds) {
    if (hold !== undefined && line) missing.set(lineRef, line.quantity - (units.get(lineRef) ?? 0));
  }
  const unsold = new Set<string>();
  for (const { refundId, lineRef, quantity } of refunds.filter(isHeld).toSorted(byHold)) {
    const left = (missing.get(lineRef) ?? 0) - quantity;
    if (left < 0) continue;
    missing.set(lineRef, left);
    unsold.add(refundId);
  }
  return {
    refunds: refunds.map((refund): Refund => (unsold.has(refund.refundId) ? { ...refund, status: 'unsold' } : refund)),
    messages: refunds.filter((refund) => isHeld(refund) && !unsold.has(refund.refundId)).flatMap(bookings),
  };
}

function isHeld({ hold }: Refund): boolean {
  return hold !== undefined;
}

function byHold({ hold: one = 0 }: Refund, { hold: other = 0 }: Refund): number {
  return one - other;
}

/** The goods of a paid order are not there: the books hold its money, what went back of it, and what came of it. */
function holdIfPaid(order: In<'placed'>): Transition {
  if (!order.captured || order.held) return only(order);
  const number = (order.holds ?? 0) + 1;
  const awaits = `${order.reason}: ${order.detail}`;
  return after(
    {
      state: { ...order, held: true, holds: number },
      messages: [...cleared(order), { type: 'money-held', number, subject: 'order', awaits }],
    },
    (state) => holdSettlements(again(state), 'settlement'),
    (state) => requestRefunds(state as In<'placed'>),
  );
}

/** The buyer has money back of goods that are not there. Of all of them: the order is over. */
function holdRefund(order: In<'placed'>, { refundId }: Of<'payment-refunded'>): Transition {
  const refund = findRefund(order, refundId);
  if (!order.held || refund?.status !== 'requested') return only(order);
  const number = (order.holds ?? 0) + 1;
  const back: Refund = { ...refund, status: 'returned', hold: number };
  const refunds = order.refunds.map((each) => (each === refund ? back : each));
  const state = { ...order, refunds, holds: number };
  const messages: OutgoingMessage[] = [
    { type: 'money-held', number, subject: 'refund', refund: back },
    { type: 'units-cancelled', refund: back },
  ];
  if (unitsOf(refunds.filter(isHeld)) < order.units) return { state, messages };
  const unsold = refunds.map((each): Refund => (isHeld(each) ? { ...each, status: 'unsold' } : each));
  return after({ state, messages }, () =>
    cancel({ ...state, refunds: unsold }, order.reason ?? 'unknown-sku', order.detail ?? ''),
  );
}

/** Of an order that is not there yet, the books hold what its channel paid out. */
function holdWithoutOrder(order: In<'awaited' | 'rejected'>): Transition {
  return holdSettlements(order, 'settlement-without-order');
}

/** What waits and says of how much it is, is held. */
function holdSettlements<State extends OrderState>(
  order: State,
  subject: 'settlement' | 'settlement-without-order',
): { state: State; messages: OutgoingMessage[] } {
  let { holds = 0 } = order;
  const messages: OutgoingMessage[] = [];
  const settlements = order.settlements.map((settlement): Settlement => {
    if (settlement.status !== 'waiting' || settlement.revenue === undefined) return settlement;
    holds += 1;
    messages.push({ type: 'money-held', number: holds, subject, settlementId: settlement.settlementId });
    return { ...settlement, status: 'held' };
  });
  return messages.length === 0 ? { state: order, messages } : { state: { ...order, settlements, holds }, messages };
}

/** What was held waits again: it is told anew. */
function again<State extends OrderState>(order: State): State {
  const settlements = order.settlements.map((settlement): Settlement => {
    return settlement.status === 'held' ? { ...settlement, status: 'waiting' } : settlement;
  });
  return { ...order, settlements };
}

/** All that the books hold of an order is undone. */
function cleared(order: In<'placed'>): OutgoingMessage[] {
  const { held, holds = 0, settlements } = order;
  const isHeld = held || settlements.some(({ status }) => status === 'held');
  return isHeld ? [{ type: 'money-cleared', upTo: holds }] : [];
}

function cancel(order: In<'placed'>, reason: CancellationReason, detail: string): Transition {
  const cancelled: In<'cancelled'> = {
    ...kept(order),
    ...disputesRejected(order, 'sale-rejected'),
    ...{ status: 'cancelled', reason, detail },
    refunds: rejectWaiting(order.refunds, 'sale-rejected'),
  };
  // What came of an order that is not there stays held as it is.
  const [state, undone] = order.held ? [again(cancelled), cleared(order)] : [cancelled, []];
  return after({ state, messages: [...undone, { type: 'order-cancelled', reason }] }, holdRest);
}

/** What nobody can be credited for any more is held; what cannot be held is for people to look into. */
function holdRest(order: OrderState): Transition {
  const { state, messages } = holdSettlements(order, 'settlement-without-order');
  const settlements = state.settlements.map((settlement): Settlement => {
    return settlement.status === 'waiting' ? { ...settlement, status: 'rejected' } : settlement;
  });
  return { state: { ...state, settlements }, messages };
}

function withSettlement<State extends OrderState>(
  order: State,
  { settlementId, facilityId, revenue }: Of<'settlement-confirmed'>,
): State {
  const settlement: Settlement = {
    ...{ settlementId, status: 'waiting' },
    ...(facilityId !== undefined && { facilityId }),
    ...(revenue !== undefined && { revenue }),
  };
  return { ...order, settlements: [...order.settlements, settlement] };
}

/** What waits is told to the books, sale by sale; what is of no sale is held. */
function settle(order: In<'paid' | 'credited' | 'refunded'>): Transition {
  const messages: OutgoingMessage[] = [];
  const settlements = order.settlements.map((settlement): Settlement => {
    const { settlementId, facilityId, status } = settlement;
    const settled = order.facilities.filter((id) => facilityId === undefined || id === facilityId);
    if (status !== 'waiting' || settled.length === 0) return settlement;
    messages.push(...settled.map((id) => ({ type: 'sale-settled', settlementId, facilityId: id }) as const));
    return { ...settlement, status: 'settled' };
  });
  return after({ state: { ...order, settlements }, messages }, holdRest);
}

/** All of its sales are in the books. */
function credited(order: In<'paid' | 'credited'>): In<'credited' | 'refunded'> {
  const { units, facilities, refunds } = order;
  const isAllBack = unitsOf(refunds.filter(({ status }) => status === 'posted' || status === 'unsold')) === units;
  return { ...kept(order), refunds, status: isAllBack ? 'refunded' : 'credited', units, facilities };
}

function posted<State extends OrderState>(order: State, refundId: string): State {
  return { ...order, refunds: changeRefund(order.refunds, refundId, 'returned', 'posted') };
}

function withoutAgreementOf({ withoutAgreement = [] }: In<'paid'>): readonly string[] {
  return withoutAgreement;
}

function unitsOf(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { quantity }) => sum + quantity, 0);
}

function withWaiting<State extends OrderState>(order: State, { refund }: Of<'refund-asked'>): State {
  return { ...order, refunds: [...order.refunds, { ...refund, status: 'waiting' }] };
}

function rejectRefund(order: OrderState, { refund }: Of<'refund-asked'>, reason: RefundRejection): Transition {
  return only({ ...order, refunds: [...order.refunds, { ...refund, status: 'rejected', reason }] });
}

function rejectWaiting(refunds: readonly Refund[], reason: RefundRejection): Refund[] {
  return refunds.map((refund) => (refund.status === 'waiting' ? { ...refund, status: 'rejected', reason } : refund));
}

/**
 * Judges the waiting refunds in the order in which they were asked for. The amount is cumulative, so that refunds of
 * all units add up to the price: floor(price × units so far / units sold) less what went before (golden.md, F3).
 */
function requestRefunds(order: In<'placed' | 'paid' | 'credited' | 'refunded'>): Transition {
  const unitsGivenBack = new Map<string, number>();
  const unitsCancelled = new Map<string, number>();
  const messages: OutgoingMessage[] = [];
  const refunds = order.refunds.map((refund): Refund => {
    const { status, line, lineRef, quantity, unshipped } = refund;
    const before = unitsGivenBack.get(lineRef) ?? 0;
    const cancelled = (unitsCancelled.get(lineRef) ?? 0) + (unshipped ? quantity : 0);
    if (status === 'waiting') {
      if (!line) return { ...refund, status: 'rejected', reason: 'sale-unknown' };
      if (before + quantity > line.quantity) return { ...refund, status: 'rejected', reason: 'refund-exceeds-sale' };
      if (unshipped && cancelled + fulfilmentOf(order, lineRef).shipped > line.quantity)
        return { ...refund, status: 'rejected', reason: 'already-shipped' };
    }
    if (status === 'rejected' || !line) return refund;
    unitsGivenBack.set(lineRef, before + quantity);
    unitsCancelled.set(lineRef, cancelled);
    if (status !== 'waiting') return refund;
    const amount = priceOf(line, before + quantity) - priceOf(line, before);
    const requested: Refund = { ...refund, status: 'requested', amount };
    messages.push({ type: 'refund-requested', refund: requested });
    return requested;
  });
  return { state: { ...order, refunds }, messages };
}

function priceOf({ price, quantity }: SoldLine, units: number): Rupiah {
  return floorOfProduct(price, { num: units, den: quantity }).whole;
}

/** The buyer has the money: the books follow. */
function bookRefund(order: In<'paid' | 'credited'>, { refundId }: Of<'payment-refunded'>): Transition {
  const refund = findRefund(order, refundId);
  if (refund?.status !== 'requested') return only(order);
  return {
    state: { ...order, refunds: changeRefund(order.refunds, refundId, 'requested', 'returned') },
    messages: bookings(refund),
  };
}

/** What was sold is given back; goods that were not shipped can be sold again. */
function bookings(refund: Refund): OutgoingMessage[] {
  return [
    { type: 'sale-refunded', refund },
    ...(refund.unshipped ? [{ type: 'units-released', refund } as const] : []),
  ];
}

function changeRefund(refunds: readonly Refund[], id: string, from: Refund['status'], to: Refund['status']): Refund[] {
  return refunds.map((refund) =>
    refund.refundId === id && refund.status === from ? { ...refund, status: to } : refund,
  );
}

function isPast(deadline: Instant | undefined, now: Instant): boolean {
  return deadline !== undefined && deadline <= now;
}

/** One step after another. */
function after(first: Transition, ...next: readonly ((state: OrderState) => Transition)[]): Transition {
  return next.reduce(({ state, messages }, step) => {
    const then = step(state);
    return { state: then.state, messages: [...messages, ...then.messages] };
  }, first);
}

function only(state: OrderState): Transition {
  return { state, messages: [] };
}

type In<Status extends OrderStatus> = OrderState extends infer State extends OrderState
  ? State extends { status: infer Possible }
    ? Status extends Possible
      ? State
      : never
    : never
  : never;
type Of<Type extends IncomingMessage['type']> = Extract<IncomingMessage, { type: Type }>;
type Step<State, Message> = (state: State, message: Message) => Transition;
type Steps = {
  readonly [Status in OrderStatus]: { readonly [Type in IncomingMessage['type']]?: Step<In<Status>, Of<Type>> };
};
