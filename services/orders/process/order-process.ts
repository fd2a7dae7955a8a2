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
 * - no settlement reaches the books before its sales do.
 *
 * What others answer may come before the order knows what it asked: its database was put back, and hears everything
 * again, each topic by itself. It is kept (`early`) until its time comes.
 */
export type OrderState = {
  readonly refunds: readonly Refund[];
  readonly settlements: readonly Settlement[];
  readonly early?: readonly IncomingMessage[];
} & (Awaited | Rejected | Placed | Paid | Credited | Cancelled);

/** There is no checkout yet, only refunds that came before it; until the deadline it may still come. */
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
  readonly reserved?: { readonly facilities: readonly string[] };
  /** The end of the reservation. */
  readonly deadline?: Instant;
}

/** Waits until the sales at these facilities are in the books. */
interface Paid {
  readonly status: 'paid';
  readonly units: number;
  readonly facilities: readonly string[];
  readonly uncredited: readonly string[];
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

/** A marketplace gives back units of one line. It waits until its sale is in the books. */
export interface Refund {
  readonly refundId: string;
  readonly lineRef: string;
  readonly refundRef: string;
  readonly quantity: number;
  readonly requestedAt: Instant;
  /** Of the request, which may be another than the checkout's. */
  readonly correlationId: string;
  /** What was sold; absent before the checkout, and if the order has no such line. */
  readonly line?: SoldLine;
  /** waiting -> requested (of payments) -> returned (to the buyer) -> posted (in the books); or rejected. */
  readonly status: 'waiting' | 'requested' | 'returned' | 'posted' | 'rejected';
  readonly reason?: RefundRejection;
  /** What the buyer gets back; absent while it waits or if it is rejected. */
  readonly amount?: Rupiah;
}

export type RefundRequest = Omit<Refund, 'status' | 'reason' | 'amount'>;
export type RefundRejection = 'sale-unknown' | 'sale-rejected' | 'refund-exceeds-sale';

/** The channel paid out what it held. Amounts lie beside the state. It waits until its sales are in the books. */
export interface Settlement {
  readonly settlementId: string;
  /** Of the sale at this facility; absent: of all. */
  readonly facilityId?: string;
  /** rejected: of an order that was cancelled, or of a facility that has no part in it. For people to look into. */
  readonly status: 'waiting' | 'settled' | 'rejected';
}

export interface SoldLine {
  readonly quantity: number;
  /** What the buyer paid for all of its units. */
  readonly price: Rupiah;
}

export type IncomingMessage =
  | { readonly type: 'checkout-accepted'; readonly lines: ReadonlyMap<string, SoldLine> }
  | { readonly type: 'checkout-refused'; readonly detail: string }
  | { readonly type: 'stock-reserved'; readonly facilities: readonly string[]; readonly expiresAt: Instant }
  | { readonly type: 'stock-rejected'; readonly reason: 'unknown-sku' | 'out-of-stock'; readonly detail: string }
  | { readonly type: 'payment-captured' }
  | { readonly type: 'payment-failed'; readonly detail: string }
  | { readonly type: 'sale-credited'; readonly facilityId: string }
  | { readonly type: 'deadline-passed'; readonly now: Instant }
  /** `waitUntil`: how long it may wait for a checkout that has not come; absent: not at all. */
  | { readonly type: 'refund-asked'; readonly refund: RefundRequest; readonly waitUntil?: Instant }
  | { readonly type: 'payment-refunded'; readonly refundId: string }
  | { readonly type: 'refund-posted'; readonly refundId: string }
  | { readonly type: 'settlement-confirmed'; readonly settlementId: string; readonly facilityId?: string };

/** What the rest of the world is to do or to know. */
export type OutgoingMessage =
  | { readonly type: 'order-placed' }
  | { readonly type: 'order-paid' }
  | { readonly type: 'sale-paid'; readonly facilityId: string }
  | { readonly type: 'order-cancelled'; readonly reason: CancellationReason }
  | { readonly type: 'refund-requested'; readonly refund: Refund }
  | { readonly type: 'sale-refunded'; readonly refund: Refund }
  | { readonly type: 'sale-settled'; readonly settlementId: string; readonly facilityId: string };

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
    'deadline-passed': (order, { now }) =>
      isPast(order.deadline, now)
        ? only({
            status: 'awaited',
            refunds: rejectWaiting(order.refunds, 'sale-unknown'),
            settlements: order.settlements,
          })
        : only(order),
  },
  rejected: {
    'checkout-accepted': place,
    'checkout-refused': refuse,
    'refund-asked': (order, message) => rejectRefund(order, message, 'sale-rejected'),
  },
  placed: {
    'stock-reserved': (order, { facilities, expiresAt }) =>
      payIfComplete({ ...order, reserved: { facilities }, deadline: expiresAt }),
    'payment-captured': (order) => payIfComplete({ ...order, captured: true }),
    'stock-rejected': (order, { reason, detail }) => cancel(order, reason, detail),
    'payment-failed': (order, { detail }) => cancel(order, 'payment-failed', detail),
    'deadline-passed': (order, { now }) =>
      isPast(order.deadline, now) ? cancel(order, 'reservation-expired', `at ${order.deadline}`) : only(order),
    'refund-asked': (order, message) => only(withWaiting(order, message)),
    'settlement-confirmed': (order, message) => only(withSettlement(order, message, 'waiting')),
  },
  paid: {
    'sale-credited': (order, { facilityId }) => {
      const { units, facilities, refunds, settlements } = order;
      const uncredited = order.uncredited.filter((id) => id !== facilityId);
      if (uncredited.length > 0) return only({ ...order, uncredited });
      const settled = settle({ status: 'credited', units, facilities, refunds, settlements });
      const requested = requestRefunds(settled.state as In<'credited'>);
      return { state: requested.state, messages: [...settled.messages, ...requested.messages] };
    },
    'refund-asked': (order, message) => only(withWaiting(order, message)),
    'settlement-confirmed': (order, message) => only(withSettlement(order, message, 'waiting')),
  },
  credited: {
    'refund-asked': (order, message) => requestRefunds(withWaiting(order, message)),
    'payment-refunded': bookRefund,
    'refund-posted': (order, { refundId }) => {
      const refunds = changeRefund(order.refunds, refundId, 'returned', 'posted');
      const units = refunds.reduce((sum, { status, quantity }) => sum + (status === 'posted' ? quantity : 0), 0);
      return only({ ...order, refunds, status: units === order.units ? 'refunded' : 'credited' });
    },
    'settlement-confirmed': (order, message) => settle(withSettlement(order, message, 'waiting')),
  },
  refunded: {
    'refund-asked': (order, message) => requestRefunds(withWaiting(order, message)),
    'settlement-confirmed': (order, message) => settle(withSettlement(order, message, 'waiting')),
  },
  cancelled: {
    'refund-asked': (order, message) => rejectRefund(order, message, 'sale-rejected'),
    'settlement-confirmed': (order, message) => only(withSettlement(order, message, 'rejected')),
  },
};

/** The next state of an order and the messages that follow. Total: defined for every message in every state. */
export function transition(state: OrderState, message: IncomingMessage): Transition {
  if (message.type === 'refund-asked' && findRefund(state, message.refund.refundId)) return only(state);
  if (message.type === 'settlement-confirmed' && hasSettlement(state, message.settlementId)) return only(state);
  if (isEarly(state, message)) return only({ ...state, early: [...(state.early ?? []), message] });
  const step = steps[state.status][message.type] as Step<OrderState, IncomingMessage> | undefined;
  return withEarly(step ? step(state, message) : only(state), state.early);
}

/** It answers what the order has not asked yet. */
function isEarly(state: OrderState, message: IncomingMessage): boolean {
  const { status } = state;
  switch (message.type) {
    case 'stock-reserved':
    case 'stock-rejected':
    case 'payment-captured':
    case 'payment-failed':
    case 'settlement-confirmed':
      return status === 'awaited';
    case 'sale-credited':
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

/** Something of the order is still to come: its outcome, that of a refund, or what others speak of already. */
export function isOpen({ status, refunds, early = [] }: OrderState): boolean {
  return early.length > 0 || status === 'placed' || status === 'paid' || refunds.some(isRefundOpen);
}

/** Its sale at this facility is in the books. */
export function isCredited(order: OrderState, facilityId: string): boolean {
  if (order.status === 'paid') return !order.uncredited.includes(facilityId);
  return order.status === 'credited' || order.status === 'refunded';
}

export function findRefund({ refunds }: OrderState, refundId: string): Refund | undefined {
  return refunds.find((refund) => refund.refundId === refundId);
}

/** A repetition, not another refund under the same reference. When it was asked for may be our own clock's word. */
export function isSameRefund(one: RefundContent, other: RefundContent): boolean {
  return one.lineRef === other.lineRef && one.refundRef === other.refundRef && one.quantity === other.quantity;
}

type RefundContent = Pick<Refund, 'lineRef' | 'refundRef' | 'quantity'>;

function isRefundOpen({ status }: Refund): boolean {
  return status === 'waiting' || status === 'requested' || status === 'returned';
}

function hasSettlement({ settlements }: OrderState, settlementId: string): boolean {
  return settlements.some((settlement) => settlement.settlementId === settlementId);
}

function place({ refunds, settlements }: OrderState, { lines }: Of<'checkout-accepted'>): Transition {
  const units = [...lines.values()].reduce((sum, { quantity }) => sum + quantity, 0);
  const known = refunds.map((refund) => ({ ...refund, ...lineOf(lines, refund) }));
  return {
    state: { status: 'placed', units, captured: false, refunds: known, settlements },
    messages: [{ type: 'order-placed' }],
  };
}

function lineOf(lines: ReadonlyMap<string, SoldLine>, { lineRef }: Refund): { line?: SoldLine } {
  const line = lines.get(lineRef);
  return line ? { line } : {};
}

function refuse({ refunds, settlements }: OrderState, { detail }: Of<'checkout-refused'>): Transition {
  const rejected = rejectWaiting(refunds, 'sale-rejected');
  return only({ status: 'rejected', reason: 'invalid', detail, refunds: rejected, settlements });
}

/** Goods are held and money is there: from here on the order is only ever credited. */
function payIfComplete(order: In<'placed'>): Transition {
  const { units, captured, reserved, refunds, settlements } = order;
  if (!captured || !reserved) return only(order);
  const { facilities } = reserved;
  return {
    state: { status: 'paid', units, facilities, uncredited: facilities, refunds, settlements },
    messages: [{ type: 'order-paid' }, ...facilities.map((facilityId) => ({ type: 'sale-paid', facilityId }) as const)],
  };
}

function cancel({ refunds, settlements }: In<'placed'>, reason: CancellationReason, detail: string): Transition {
  return {
    state: {
      status: 'cancelled',
      reason,
      detail,
      refunds: rejectWaiting(refunds, 'sale-rejected'),
      settlements: settlements.map((settlement) => ({ ...settlement, status: 'rejected' })),
    },
    messages: [{ type: 'order-cancelled', reason }],
  };
}

function withSettlement<State extends OrderState>(
  order: State,
  { settlementId, facilityId }: Of<'settlement-confirmed'>,
  status: Settlement['status'],
): State {
  const settlement = { settlementId, ...(facilityId !== undefined && { facilityId }), status };
  return { ...order, settlements: [...order.settlements, settlement] };
}

/** What waits is told to the books, sale by sale. */
function settle(order: In<'credited' | 'refunded'>): Transition {
  const messages: OutgoingMessage[] = [];
  const settlements = order.settlements.map((settlement): Settlement => {
    const { settlementId, facilityId, status } = settlement;
    if (status !== 'waiting') return settlement;
    const settled = order.facilities.filter((id) => facilityId === undefined || id === facilityId);
    messages.push(...settled.map((id) => ({ type: 'sale-settled', settlementId, facilityId: id }) as const));
    return { ...settlement, status: settled.length > 0 ? 'settled' : 'rejected' };
  });
  return { state: { ...order, settlements }, messages };
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
function requestRefunds(order: In<'credited' | 'refunded'>): Transition {
  const unitsGivenBack = new Map<string, number>();
  const messages: OutgoingMessage[] = [];
  const refunds = order.refunds.map((refund): Refund => {
    const { status, line, lineRef, quantity } = refund;
    const before = unitsGivenBack.get(lineRef) ?? 0;
    if (status === 'waiting') {
      if (!line) return { ...refund, status: 'rejected', reason: 'sale-unknown' };
      if (before + quantity > line.quantity) return { ...refund, status: 'rejected', reason: 'refund-exceeds-sale' };
    }
    if (status === 'rejected' || !line) return refund;
    unitsGivenBack.set(lineRef, before + quantity);
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
function bookRefund(order: In<'credited'>, { refundId }: Of<'payment-refunded'>): Transition {
  const refund = findRefund(order, refundId);
  if (refund?.status !== 'requested') return only(order);
  return {
    state: { ...order, refunds: changeRefund(order.refunds, refundId, 'requested', 'returned') },
    messages: [{ type: 'sale-refunded', refund }],
  };
}

function changeRefund(refunds: readonly Refund[], id: string, from: Refund['status'], to: Refund['status']): Refund[] {
  return refunds.map((refund) =>
    refund.refundId === id && refund.status === from ? { ...refund, status: to } : refund,
  );
}

function isPast(deadline: Instant | undefined, now: Instant): boolean {
  return deadline !== undefined && deadline <= now;
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
