import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type DisputeOpening,
  type IncomingMessage,
  isOpen,
  type OrderState,
  type OutgoingMessage,
  type RefundRequest,
  transition,
  UNKNOWN,
} from './order-process.ts';

const SOON = '2026-01-01T00:30:00.000Z';
const LATER = '2026-01-02T00:00:00.000Z';
const lines = new Map([
  ['1', { quantity: 3, price: 100_001 }],
  ['2', { quantity: 1, price: 0 }],
]);

const ask = (refundRef: string, quantity: number, lineRef = '1', isPatient = true): IncomingMessage => {
  const line = lines.get(lineRef);
  const refund: RefundRequest = {
    ...{ refundId: `o/${lineRef}#${refundRef}`, lineRef, refundRef, quantity },
    ...{ requestedAt: SOON, correlationId: `of ${refundRef}`, ...(line && { line }) },
  };
  return { type: 'refund-asked', refund, ...(isPatient && { waitUntil: LATER }) };
};
const disputed = (disputeRef: string, quantity: number, lineRef = '1'): DisputeOpening => {
  const line = lines.get(lineRef);
  const what = { disputeId: `o/${lineRef}#${disputeRef}`, lineRef, disputeRef, quantity };
  return { ...what, correlationId: `of ${disputeRef}`, ...(line && { line }) };
};
const dispute = (...of: Parameters<typeof disputed>): IncomingMessage => {
  return { type: 'dispute-opened', dispute: disputed(...of), waitUntil: LATER };
};
const closeFor = (outcome: 'seller' | 'buyer', ...of: Parameters<typeof disputed>): IncomingMessage => {
  return { type: 'dispute-closed', dispute: disputed(...of), outcome, closedAt: LATER, waitUntil: LATER };
};
const messages = {
  'checkout-accepted': { type: 'checkout-accepted', payment: 'gateway', lines },
  'checkout-accepted of escrow': { type: 'checkout-accepted', payment: 'escrow', lines },
  'checkout-refused': { type: 'checkout-refused', detail: 'lines/0/quantity must be >= 1' },
  'stock-reserved': {
    ...{ type: 'stock-reserved', facilities: ['F1', 'F2'], expiresAt: SOON },
    lines: [...lines].map(([lineRef, { quantity }]) => ({ lineRef, units: quantity })),
  },
  'stock-reserved less': {
    ...{ type: 'stock-reserved', facilities: ['F1'], expiresAt: SOON },
    lines: [{ lineRef: '1', units: 2 }],
  },
  'stock-awaited': { type: 'stock-awaited', reason: 'unknown-sku', detail: 'line 1, sku X' },
  'stock-rejected': { type: 'stock-rejected', reason: 'out-of-stock', detail: 'line 1' },
  'payment-captured': { type: 'payment-captured' },
  'payment-failed': { type: 'payment-failed', detail: 'declined' },
  'sale-credited': { type: 'sale-credited', facilityId: 'F1' },
  'sale-credited F2': { type: 'sale-credited', facilityId: 'F2' },
  'sale-held': { type: 'sale-held', facilityId: 'F1' },
  'deadline-passed': { type: 'deadline-passed', now: LATER },
  'deadline-passed early': { type: 'deadline-passed', now: '2026-01-01T00:29:59.999Z' },
  'refund-asked': ask('r', 1),
  'refund-asked impatiently': ask('r', 1, '1', false),
  'refund-asked unknown line': ask('r', 1, '9'),
  'refund-asked too many': ask('r', 4),
  'fulfilment-told': {
    ...{ type: 'fulfilment-told', lineRef: '1', shipped: 2, delivered: 1 },
    line: { quantity: 3, price: 100_001 },
  },
  'fulfilment-told too much': {
    ...{ type: 'fulfilment-told', lineRef: '2', shipped: 2, delivered: 0 },
    line: { quantity: 1, price: 0 },
  },
  'dispute-opened': dispute('d', 1),
  'dispute-opened impatiently': { type: 'dispute-opened', dispute: disputed('d', 1) },
  'dispute-closed for the seller': closeFor('seller', 'd', 1),
  'payment-refunded': { type: 'payment-refunded', refundId: 'o/1#r' },
  'refund-posted': { type: 'refund-posted', refundId: 'o/1#r' },
  'settlement-confirmed': { type: 'settlement-confirmed', settlementId: 'o~1' },
  'settlement-confirmed with revenue': { type: 'settlement-confirmed', settlementId: 'o~3', revenue: 100_001 },
  'settlement-confirmed F2': { type: 'settlement-confirmed', settlementId: 'o~2', facilityId: 'F2' },
  'settlement-confirmed elsewhere': {
    ...{ type: 'settlement-confirmed', settlementId: 'o~9', facilityId: 'F9', revenue: 5_000 },
  },
} satisfies Record<string, IncomingMessage>;
type Name = keyof typeof messages;

function run(story: readonly IncomingMessage[], from = UNKNOWN): { state: OrderState; sent: OutgoingMessage[] } {
  let state = from;
  const sent: OutgoingMessage[] = [];
  for (const message of story) {
    const next = transition(state, message);
    state = next.state;
    sent.push(...next.messages);
  }
  return { state, sent };
}

/** A state in a few words: `paid F1 F2, r requested 33333`. */
function told(state: OrderState): string {
  const { status, refunds, settlements } = state;
  const words: unknown[] = [status];
  if (status === 'placed') {
    const is = {
      escrow: state.escrow,
      captured: state.captured,
      reserved: state.reserved,
      [state.reason ?? '']: state.reason,
      held: state.held,
    };
    words.push(...Object.entries(is).flatMap(([word, holds]) => (holds ? [word] : [])));
  }
  if (status === 'paid') words.push(...state.uncredited, ...(state.withoutAgreement ?? []).map((id) => `${id} held`));
  if (status === 'cancelled' || status === 'rejected') words.push(state.reason);
  const told = refunds.map((refund) =>
    [refund.refundRef, refund.status, refund.reason ?? refund.amount].join(' ').trim(),
  );
  const settled = settlements.map(({ settlementId, status }) => `${settlementId} ${status}`);
  const far = (state.fulfilments ?? []).map(
    ({ lineRef, shipped, delivered }) => `${lineRef} shipped ${shipped} delivered ${delivered}`,
  );
  const disputes = (state.disputes ?? []).map(({ disputeRef, status, reason, frozen }) =>
    [disputeRef, status, reason, frozen && 'frozen'].filter(Boolean).join(' '),
  );
  return [words.join(' '), ...told, ...settled, ...far, ...disputes].join(', ');
}

function sentText(sent: readonly OutgoingMessage[]): string {
  return sent
    .map((message) => {
      if (message.type === 'sale-paid') return `sale-paid ${message.facilityId}`;
      if (message.type === 'sale-settled') return `sale-settled ${message.settlementId} ${message.facilityId}`;
      if (message.type === 'money-held') return `money-held ${message.number} ${message.subject}`;
      if (message.type === 'money-cleared') return `money-cleared ${message.upTo}`;
      if ('dispute' in message) return `${message.type} ${message.dispute.disputeRef}`;
      return 'refund' in message ? `${message.type} ${message.refund.amount}` : message.type;
    })
    .join(', ');
}

const story = (...names: Name[]): OrderState => run(names.map((name) => messages[name])).state;
const states: Record<string, OrderState> = {
  unknown: UNKNOWN,
  'awaited with a refund': story('refund-asked'),
  rejected: story('checkout-refused'),
  placed: story('checkout-accepted'),
  captured: story('checkout-accepted', 'payment-captured'),
  reserved: story('checkout-accepted', 'stock-reserved'),
  'placed with a refund': story('checkout-accepted', 'refund-asked'),
  paid: story('checkout-accepted', 'stock-reserved', 'payment-captured'),
  'half credited': story('checkout-accepted', 'stock-reserved', 'payment-captured', 'sale-credited F2'),
  credited: story('checkout-accepted', 'stock-reserved', 'payment-captured', 'sale-credited', 'sale-credited F2'),
  cancelled: story('checkout-accepted', 'stock-rejected'),
  'settled early': story('checkout-accepted', 'settlement-confirmed'),
  'without an agreement': story('checkout-accepted', 'stock-reserved', 'payment-captured', 'sale-held'),
  'reserved of escrow': story('checkout-accepted of escrow', 'stock-reserved'),
  'awaiting goods': story('checkout-accepted of escrow', 'stock-awaited'),
  held: story('checkout-accepted of escrow', 'stock-awaited', 'payment-captured'),
  'held and settled': story(
    'checkout-accepted of escrow',
    'payment-captured',
    'stock-awaited',
    'settlement-confirmed with revenue',
  ),
  'settled without order': story('settlement-confirmed with revenue'),
  'placed and settled before': story(
    'settlement-confirmed with revenue',
    'checkout-accepted of escrow',
    'payment-captured',
  ),
};
states['held and given back'] = run(
  [ask('r', 1), { type: 'payment-refunded', refundId: 'o/1#r' }],
  states['held and settled'],
).state;
states['refund requested'] = run([ask('r', 1)], states.credited).state;
states['refund returned'] = run([messages['payment-refunded']], states['refund requested']).state;
states['refund posted'] = run([messages['refund-posted']], states['refund returned']).state;
states.refunded = run(
  [
    ...[ask('s', 2), ask('t', 1, '2')],
    ...['o/1#s', 'o/2#t'].flatMap((refundId): IncomingMessage[] => [
      { type: 'payment-refunded', refundId },
      { type: 'refund-posted', refundId },
    ]),
  ],
  states['refund posted'],
).state;

/** What each message does in each state; all others have no effect at all. */
const effects: Record<string, Partial<Record<Name, [state: string, sent?: string]>>> = {
  unknown: {
    'checkout-accepted': ['placed', 'order-placed'],
    'checkout-accepted of escrow': ['placed escrow', 'order-placed'],
    'checkout-refused': ['rejected invalid'],
    'refund-asked': ['awaited, r waiting'],
    'refund-asked impatiently': ['awaited, r rejected sale-unknown'],
    'refund-asked unknown line': ['awaited, r waiting'],
    'refund-asked too many': ['awaited, r waiting'],
    'settlement-confirmed': ['awaited, o~1 waiting'],
    'settlement-confirmed with revenue': ['awaited, o~3 held', 'money-held 1 settlement-without-order'],
    'settlement-confirmed F2': ['awaited, o~2 waiting'],
    'settlement-confirmed elsewhere': ['awaited, o~9 held', 'money-held 1 settlement-without-order'],
  },
  'awaited with a refund': {
    'checkout-accepted': ['placed, r waiting', 'order-placed'],
    'checkout-accepted of escrow': ['placed escrow, r waiting', 'order-placed'],
    'checkout-refused': ['rejected invalid, r rejected sale-rejected'],
    'deadline-passed': ['awaited, r rejected sale-unknown'],
    'refund-asked unknown line': ['awaited, r waiting, r waiting'],
    'settlement-confirmed': ['awaited, r waiting, o~1 waiting'],
    'settlement-confirmed with revenue': ['awaited, r waiting, o~3 held', 'money-held 1 settlement-without-order'],
    'settlement-confirmed F2': ['awaited, r waiting, o~2 waiting'],
    'settlement-confirmed elsewhere': ['awaited, r waiting, o~9 held', 'money-held 1 settlement-without-order'],
  },
  rejected: {
    'checkout-accepted': ['placed', 'order-placed'],
    'checkout-accepted of escrow': ['placed escrow', 'order-placed'],
    'refund-asked': ['rejected invalid, r rejected sale-rejected'],
    'refund-asked impatiently': ['rejected invalid, r rejected sale-rejected'],
    'refund-asked unknown line': ['rejected invalid, r rejected sale-rejected'],
    'refund-asked too many': ['rejected invalid, r rejected sale-rejected'],
    'settlement-confirmed': ['rejected invalid, o~1 waiting'],
    'settlement-confirmed with revenue': ['rejected invalid, o~3 held', 'money-held 1 settlement-without-order'],
    'settlement-confirmed F2': ['rejected invalid, o~2 waiting'],
    'settlement-confirmed elsewhere': ['rejected invalid, o~9 held', 'money-held 1 settlement-without-order'],
  },
  placed: {
    'stock-reserved': ['placed reserved'],
    'stock-reserved less': ['placed reserved'],
    'stock-awaited': ['placed unknown-sku'],
    'stock-rejected': ['cancelled out-of-stock', 'order-cancelled'],
    'payment-captured': ['placed captured'],
    'payment-failed': ['cancelled payment-failed', 'order-cancelled'],
    'refund-asked': ['placed, r waiting'],
    'refund-asked impatiently': ['placed, r waiting'],
    'refund-asked unknown line': ['placed, r waiting'],
    'refund-asked too many': ['placed, r waiting'],
    'settlement-confirmed': ['placed, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed, o~3 waiting'],
    'settlement-confirmed F2': ['placed, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed, o~9 waiting'],
  },
  captured: {
    'stock-reserved': ['paid F1 F2', 'order-paid, sale-paid F1, sale-paid F2'],
    'stock-reserved less': ['paid F1', 'order-paid, sale-paid F1'],
    'stock-awaited': ['placed captured unknown-sku held', 'money-held 1 order'],
    'stock-rejected': ['cancelled out-of-stock', 'order-cancelled'],
    'payment-failed': ['cancelled payment-failed', 'order-cancelled'],
    'refund-asked': ['placed captured, r waiting'],
    'refund-asked impatiently': ['placed captured, r waiting'],
    'refund-asked unknown line': ['placed captured, r waiting'],
    'refund-asked too many': ['placed captured, r waiting'],
    'settlement-confirmed': ['placed captured, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed captured, o~3 waiting'],
    'settlement-confirmed F2': ['placed captured, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed captured, o~9 waiting'],
  },
  reserved: {
    'stock-rejected': ['cancelled out-of-stock', 'order-cancelled'],
    'payment-captured': ['paid F1 F2', 'order-paid, sale-paid F1, sale-paid F2'],
    'payment-failed': ['cancelled payment-failed', 'order-cancelled'],
    'deadline-passed': ['cancelled reservation-expired', 'order-cancelled'],
    'refund-asked': ['placed reserved, r waiting'],
    'refund-asked impatiently': ['placed reserved, r waiting'],
    'refund-asked unknown line': ['placed reserved, r waiting'],
    'refund-asked too many': ['placed reserved, r waiting'],
    'settlement-confirmed': ['placed reserved, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed reserved, o~3 waiting'],
    'settlement-confirmed F2': ['placed reserved, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed reserved, o~9 waiting'],
  },
  'placed with a refund': {
    'stock-reserved': ['placed reserved, r waiting'],
    'stock-reserved less': ['placed reserved, r waiting'],
    'stock-awaited': ['placed unknown-sku, r waiting'],
    'stock-rejected': ['cancelled out-of-stock, r rejected sale-rejected', 'order-cancelled'],
    'payment-captured': ['placed captured, r waiting'],
    'payment-failed': ['cancelled payment-failed, r rejected sale-rejected', 'order-cancelled'],
    'refund-asked unknown line': ['placed, r waiting, r waiting'],
    'settlement-confirmed': ['placed, r waiting, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed, r waiting, o~3 waiting'],
    'settlement-confirmed F2': ['placed, r waiting, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed, r waiting, o~9 waiting'],
  },
  paid: {
    'sale-credited': ['paid F2'],
    'sale-credited F2': ['paid F1'],
    'sale-held': ['paid F1 F2 F1 held'],
    'refund-asked': ['paid F1 F2, r requested 33333', 'refund-requested 33333'],
    'refund-asked impatiently': ['paid F1 F2, r requested 33333', 'refund-requested 33333'],
    'refund-asked unknown line': ['paid F1 F2, r rejected sale-unknown'],
    'refund-asked too many': ['paid F1 F2, r rejected refund-exceeds-sale'],
    'settlement-confirmed': ['paid F1 F2, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': ['paid F1 F2, o~3 settled', 'sale-settled o~3 F1, sale-settled o~3 F2'],
    'settlement-confirmed F2': ['paid F1 F2, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': ['paid F1 F2, o~9 held', 'money-held 1 settlement-without-order'],
  },
  'half credited': {
    'sale-credited': ['credited'],
    'sale-held': ['paid F1 F1 held'],
    'refund-asked': ['paid F1, r requested 33333', 'refund-requested 33333'],
    'refund-asked impatiently': ['paid F1, r requested 33333', 'refund-requested 33333'],
    'refund-asked unknown line': ['paid F1, r rejected sale-unknown'],
    'refund-asked too many': ['paid F1, r rejected refund-exceeds-sale'],
    'settlement-confirmed': ['paid F1, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': ['paid F1, o~3 settled', 'sale-settled o~3 F1, sale-settled o~3 F2'],
    'settlement-confirmed F2': ['paid F1, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': ['paid F1, o~9 held', 'money-held 1 settlement-without-order'],
  },
  credited: {
    'refund-asked': ['credited, r requested 33333', 'refund-requested 33333'],
    'refund-asked impatiently': ['credited, r requested 33333', 'refund-requested 33333'],
    'refund-asked unknown line': ['credited, r rejected sale-unknown'],
    'refund-asked too many': ['credited, r rejected refund-exceeds-sale'],
    'settlement-confirmed': ['credited, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': ['credited, o~3 settled', 'sale-settled o~3 F1, sale-settled o~3 F2'],
    'settlement-confirmed F2': ['credited, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': ['credited, o~9 held', 'money-held 1 settlement-without-order'],
  },
  cancelled: {
    'refund-asked': ['cancelled out-of-stock, r rejected sale-rejected'],
    'refund-asked impatiently': ['cancelled out-of-stock, r rejected sale-rejected'],
    'refund-asked unknown line': ['cancelled out-of-stock, r rejected sale-rejected'],
    'refund-asked too many': ['cancelled out-of-stock, r rejected sale-rejected'],
    'settlement-confirmed': ['cancelled out-of-stock, o~1 rejected'],
    'settlement-confirmed with revenue': ['cancelled out-of-stock, o~3 held', 'money-held 1 settlement-without-order'],
    'settlement-confirmed F2': ['cancelled out-of-stock, o~2 rejected'],
    'settlement-confirmed elsewhere': ['cancelled out-of-stock, o~9 held', 'money-held 1 settlement-without-order'],
  },
  'settled early': {
    'stock-reserved': ['placed reserved, o~1 waiting'],
    'stock-reserved less': ['placed reserved, o~1 waiting'],
    'stock-awaited': ['placed unknown-sku, o~1 waiting'],
    'stock-rejected': ['cancelled out-of-stock, o~1 rejected', 'order-cancelled'],
    'payment-captured': ['placed captured, o~1 waiting'],
    'payment-failed': ['cancelled payment-failed, o~1 rejected', 'order-cancelled'],
    'refund-asked': ['placed, r waiting, o~1 waiting'],
    'refund-asked impatiently': ['placed, r waiting, o~1 waiting'],
    'refund-asked unknown line': ['placed, r waiting, o~1 waiting'],
    'refund-asked too many': ['placed, r waiting, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed, o~1 waiting, o~3 waiting'],
    'settlement-confirmed F2': ['placed, o~1 waiting, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed, o~1 waiting, o~9 waiting'],
  },
  'without an agreement': {
    'sale-credited': ['paid F2'],
    'sale-credited F2': ['paid F1 F1 held'],
    'refund-asked': ['paid F1 F2 F1 held, r requested 33333', 'refund-requested 33333'],
    'refund-asked impatiently': ['paid F1 F2 F1 held, r requested 33333', 'refund-requested 33333'],
    'refund-asked unknown line': ['paid F1 F2 F1 held, r rejected sale-unknown'],
    'refund-asked too many': ['paid F1 F2 F1 held, r rejected refund-exceeds-sale'],
    'settlement-confirmed': ['paid F1 F2 F1 held, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': [
      'paid F1 F2 F1 held, o~3 settled',
      'sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'settlement-confirmed F2': ['paid F1 F2 F1 held, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': ['paid F1 F2 F1 held, o~9 held', 'money-held 1 settlement-without-order'],
  },
  'reserved of escrow': {
    'payment-captured': ['paid F1 F2', 'order-paid, sale-paid F1, sale-paid F2'],
    'refund-asked': ['placed escrow reserved, r waiting'],
    'refund-asked impatiently': ['placed escrow reserved, r waiting'],
    'refund-asked unknown line': ['placed escrow reserved, r waiting'],
    'refund-asked too many': ['placed escrow reserved, r waiting'],
    'settlement-confirmed': ['placed escrow reserved, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed escrow reserved, o~3 waiting'],
    'settlement-confirmed F2': ['placed escrow reserved, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed escrow reserved, o~9 waiting'],
  },
  'awaiting goods': {
    'stock-reserved': ['placed escrow reserved'],
    'stock-reserved less': ['placed escrow reserved'],
    'payment-captured': ['placed escrow captured unknown-sku held', 'money-held 1 order'],
    'refund-asked': ['placed escrow unknown-sku, r waiting'],
    'refund-asked impatiently': ['placed escrow unknown-sku, r waiting'],
    'refund-asked unknown line': ['placed escrow unknown-sku, r waiting'],
    'refund-asked too many': ['placed escrow unknown-sku, r waiting'],
    'settlement-confirmed': ['placed escrow unknown-sku, o~1 waiting'],
    'settlement-confirmed with revenue': ['placed escrow unknown-sku, o~3 waiting'],
    'settlement-confirmed F2': ['placed escrow unknown-sku, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed escrow unknown-sku, o~9 waiting'],
  },
  held: {
    'stock-reserved': ['paid F1 F2', 'money-cleared 1, order-paid, sale-paid F1, sale-paid F2'],
    'stock-reserved less': ['paid F1', 'money-cleared 1, order-paid, sale-paid F1'],
    'refund-asked': ['placed escrow captured unknown-sku held, r requested 33333', 'refund-requested 33333'],
    'refund-asked impatiently': [
      'placed escrow captured unknown-sku held, r requested 33333',
      'refund-requested 33333',
    ],
    'refund-asked unknown line': ['placed escrow captured unknown-sku held, r rejected sale-unknown'],
    'refund-asked too many': ['placed escrow captured unknown-sku held, r rejected refund-exceeds-sale'],
    'settlement-confirmed': ['placed escrow captured unknown-sku held, o~1 waiting'],
    'settlement-confirmed with revenue': [
      'placed escrow captured unknown-sku held, o~3 held',
      'money-held 2 settlement',
    ],
    'settlement-confirmed F2': ['placed escrow captured unknown-sku held, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed escrow captured unknown-sku held, o~9 held', 'money-held 2 settlement'],
  },
  'held and settled': {
    'stock-reserved': [
      'paid F1 F2, o~3 settled',
      'money-cleared 2, order-paid, sale-paid F1, sale-paid F2, sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'stock-reserved less': ['paid F1, o~3 settled', 'money-cleared 2, order-paid, sale-paid F1, sale-settled o~3 F1'],
    'refund-asked': ['placed escrow captured unknown-sku held, r requested 33333, o~3 held', 'refund-requested 33333'],
    'refund-asked impatiently': [
      'placed escrow captured unknown-sku held, r requested 33333, o~3 held',
      'refund-requested 33333',
    ],
    'refund-asked unknown line': ['placed escrow captured unknown-sku held, r rejected sale-unknown, o~3 held'],
    'refund-asked too many': ['placed escrow captured unknown-sku held, r rejected refund-exceeds-sale, o~3 held'],
    'settlement-confirmed': ['placed escrow captured unknown-sku held, o~3 held, o~1 waiting'],
    'settlement-confirmed F2': ['placed escrow captured unknown-sku held, o~3 held, o~2 waiting'],
    'settlement-confirmed elsewhere': [
      'placed escrow captured unknown-sku held, o~3 held, o~9 held',
      'money-held 3 settlement',
    ],
  },
  'settled without order': {
    'checkout-accepted': ['placed, o~3 held', 'order-placed'],
    'checkout-accepted of escrow': ['placed escrow, o~3 held', 'order-placed'],
    'checkout-refused': ['rejected invalid, o~3 held'],
    'refund-asked': ['awaited, r waiting, o~3 held'],
    'refund-asked impatiently': ['awaited, r rejected sale-unknown, o~3 held'],
    'refund-asked unknown line': ['awaited, r waiting, o~3 held'],
    'refund-asked too many': ['awaited, r waiting, o~3 held'],
    'settlement-confirmed': ['awaited, o~3 held, o~1 waiting'],
    'settlement-confirmed F2': ['awaited, o~3 held, o~2 waiting'],
    'settlement-confirmed elsewhere': ['awaited, o~3 held, o~9 held', 'money-held 2 settlement-without-order'],
  },
  'placed and settled before': {
    'stock-reserved': [
      'paid F1 F2, o~3 settled',
      'money-cleared 1, order-paid, sale-paid F1, sale-paid F2, sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'stock-reserved less': ['paid F1, o~3 settled', 'money-cleared 1, order-paid, sale-paid F1, sale-settled o~3 F1'],
    'stock-awaited': [
      'placed escrow captured unknown-sku held, o~3 held',
      'money-cleared 1, money-held 2 order, money-held 3 settlement',
    ],
    'refund-asked': ['placed escrow captured, r waiting, o~3 held'],
    'refund-asked impatiently': ['placed escrow captured, r waiting, o~3 held'],
    'refund-asked unknown line': ['placed escrow captured, r waiting, o~3 held'],
    'refund-asked too many': ['placed escrow captured, r waiting, o~3 held'],
    'settlement-confirmed': ['placed escrow captured, o~3 held, o~1 waiting'],
    'settlement-confirmed F2': ['placed escrow captured, o~3 held, o~2 waiting'],
    'settlement-confirmed elsewhere': ['placed escrow captured, o~3 held, o~9 waiting'],
  },
  'held and given back': {
    'stock-reserved': [
      'paid F1 F2, r returned 33333, o~3 settled',
      'money-cleared 3, order-paid, sale-paid F1, sale-paid F2, sale-refunded 33333, sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'stock-reserved less': [
      'paid F1, r unsold 33333, o~3 settled',
      'money-cleared 3, order-paid, sale-paid F1, sale-settled o~3 F1',
    ],
    'refund-asked unknown line': [
      'placed escrow captured unknown-sku held, r returned 33333, r rejected sale-unknown, o~3 held',
    ],
    'settlement-confirmed': ['placed escrow captured unknown-sku held, r returned 33333, o~3 held, o~1 waiting'],
    'settlement-confirmed F2': ['placed escrow captured unknown-sku held, r returned 33333, o~3 held, o~2 waiting'],
    'settlement-confirmed elsewhere': [
      'placed escrow captured unknown-sku held, r returned 33333, o~3 held, o~9 held',
      'money-held 4 settlement',
    ],
  },
  'refund requested': {
    'refund-asked unknown line': ['credited, r requested 33333, r rejected sale-unknown'],
    'payment-refunded': ['credited, r returned 33333', 'sale-refunded 33333'],
    'settlement-confirmed': ['credited, r requested 33333, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': [
      'credited, r requested 33333, o~3 settled',
      'sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'settlement-confirmed F2': ['credited, r requested 33333, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': [
      'credited, r requested 33333, o~9 held',
      'money-held 1 settlement-without-order',
    ],
  },
  'refund returned': {
    'refund-asked unknown line': ['credited, r returned 33333, r rejected sale-unknown'],
    'refund-posted': ['credited, r posted 33333'],
    'settlement-confirmed': ['credited, r returned 33333, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': [
      'credited, r returned 33333, o~3 settled',
      'sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'settlement-confirmed F2': ['credited, r returned 33333, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': ['credited, r returned 33333, o~9 held', 'money-held 1 settlement-without-order'],
  },
  'refund posted': {
    'refund-asked unknown line': ['credited, r posted 33333, r rejected sale-unknown'],
    'settlement-confirmed': ['credited, r posted 33333, o~1 settled', 'sale-settled o~1 F1, sale-settled o~1 F2'],
    'settlement-confirmed with revenue': [
      'credited, r posted 33333, o~3 settled',
      'sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'settlement-confirmed F2': ['credited, r posted 33333, o~2 settled', 'sale-settled o~2 F2'],
    'settlement-confirmed elsewhere': ['credited, r posted 33333, o~9 held', 'money-held 1 settlement-without-order'],
  },
  refunded: {
    'refund-asked unknown line': ['refunded, r posted 33333, s posted 66668, t posted 0, r rejected sale-unknown'],
    'settlement-confirmed': [
      'refunded, r posted 33333, s posted 66668, t posted 0, o~1 settled',
      'sale-settled o~1 F1, sale-settled o~1 F2',
    ],
    'settlement-confirmed with revenue': [
      'refunded, r posted 33333, s posted 66668, t posted 0, o~3 settled',
      'sale-settled o~3 F1, sale-settled o~3 F2',
    ],
    'settlement-confirmed F2': [
      'refunded, r posted 33333, s posted 66668, t posted 0, o~2 settled',
      'sale-settled o~2 F2',
    ],
    'settlement-confirmed elsewhere': [
      'refunded, r posted 33333, s posted 66668, t posted 0, o~9 held',
      'money-held 1 settlement-without-order',
    ],
  },
};

/** How far units have come is taken unless the order is over; before its checkout nobody knows what is too much. */
for (const [from, state] of Object.entries(states)) {
  if (state.status === 'cancelled') continue;
  const isBefore = state.status === 'awaited' || state.status === 'rejected';
  effects[from] = {
    ...effects[from],
    'fulfilment-told': [`${told(state)}, 1 shipped 2 delivered 1`],
    ...(isBefore && { 'fulfilment-told too much': [`${told(state)}, 2 shipped 2 delivered 0`] }),
  };
}

/** A dispute is taken where something may have been sold, and told to the books where it was. */
for (const [from, state] of Object.entries(states)) {
  const isOver = state.status === 'cancelled' || state.status === 'rejected';
  const isSold = 'facilities' in state;
  const taken: [string, string?] = isSold
    ? [`${told(state)}, d open frozen`, 'sale-frozen d']
    : [`${told(state)}, d open`];
  const opened: [string, string?] = isOver ? [`${told(state)}, d rejected sale-rejected`] : taken;
  effects[from] = {
    ...effects[from],
    'dispute-opened': opened,
    'dispute-opened impatiently': state.status === 'awaited' ? [`${told(state)}, d rejected sale-unknown`] : opened,
    'dispute-closed for the seller': [`${told(state)}, d seller`],
  };
}

describe('each message in each state', () => {
  const cells = Object.entries(states).flatMap(([from, state]) =>
    Object.entries(messages).map(([name, message]) => {
      const [to = told(state), sent = ''] = effects[from]?.[name as Name] ?? [];
      return { from, name, state, message, to, sent };
    }),
  );
  it.each(cells)('$from + $name -> $to; $sent', ({ state, message, to, sent }) => {
    const next = transition(state, message);
    expect(told(next.state)).toBe(to);
    expect(sentText(next.messages)).toBe(sent);
    expect(JSON.parse(JSON.stringify(next.state))).toEqual(next.state);
  });

  it('hears again what it has heard without effect', () => {
    for (const state of Object.values(states)) {
      for (const message of Object.values(messages)) {
        const once = transition(state, message).state;
        const twice = transition(once, message);
        if (state.status === 'awaited' && message.type === 'deadline-passed') continue;
        expect(told(twice.state)).toBe(told(once));
        expect(twice.messages).toEqual([]);
      }
    }
  });
});

describe('settlements', () => {
  it('of an order that comes later are held, then told with its sales, before its refunds', () => {
    const { state, sent } = run([
      ...[messages['settlement-confirmed with revenue'], messages['checkout-accepted'], messages['refund-asked']],
      ...[messages['settlement-confirmed F2'], messages['stock-reserved'], messages['payment-captured']],
      ...[messages['sale-credited'], messages['sale-credited F2']],
    ]);
    expect(told(state)).toBe('credited, r requested 33333, o~3 settled, o~2 settled');
    expect(sentText(sent)).toBe(
      'money-held 1 settlement-without-order, order-placed, money-cleared 1, order-paid, sale-paid F1, sale-paid F2, ' +
        'sale-settled o~3 F1, sale-settled o~3 F2, sale-settled o~2 F2, refund-requested 33333',
    );
  });

  it('and refunds that waited for all sales to be in the books, as they once did, are told then', () => {
    const waiting = run([messages['settlement-confirmed'], ask('r', 1)], states.placed).state;
    const { units, facilities } = states.paid as Extract<OrderState, { status: 'paid' }>;
    const { refunds, settlements } = waiting;
    const before: OrderState = { status: 'paid', units, facilities, uncredited: ['F1'], refunds, settlements };
    const { state, sent } = run([messages['sale-credited']], before);
    expect(told(state)).toBe('credited, r requested 33333, o~1 settled');
    expect(sentText(sent)).toBe('sale-settled o~1 F1, sale-settled o~1 F2, refund-requested 33333');
  });
});

describe('refunds', () => {
  it('of all units before there are goods end the order, and the books hold what its channel paid out of it', () => {
    const back = (ref: string, lineRef = '1'): IncomingMessage => {
      return { type: 'payment-refunded', refundId: `o/${lineRef}#${ref}` };
    };
    const { state, sent } = run(
      [ask('r', 2), ask('s', 1), ask('t', 1, '2'), back('s'), back('t', '2'), back('r'), messages['stock-reserved']],
      states['held and settled'],
    );
    expect(told(state)).toBe('cancelled unknown-sku, r unsold 66667, s unsold 33334, t unsold 0, o~3 held');
    expect(sentText(sent)).toBe(
      'refund-requested 66667, refund-requested 33334, refund-requested 0, ' +
        'money-held 3 refund, units-cancelled 33334, money-held 4 refund, units-cancelled 0, ' +
        'money-held 5 refund, units-cancelled 66667, ' +
        'money-cleared 5, order-cancelled, money-held 6 settlement-without-order',
    );
  });

  it('wait for their sale and are judged in the order in which they were asked for', () => {
    const { state, sent } = run([
      ...[ask('r', 2), messages['checkout-accepted'], ask('s', 2), ask('t', 1), messages['stock-reserved']],
      ...[messages['payment-captured'], messages['sale-credited'], messages['sale-credited F2']],
    ]);
    expect(told(state)).toBe('credited, r requested 66667, s rejected refund-exceeds-sale, t requested 33334');
    expect(sentText(sent)).toBe(
      'order-placed, order-paid, sale-paid F1, sale-paid F2, refund-requested 66667, refund-requested 33334',
    );
  });
});

describe('units', () => {
  const cancel = (refundRef: string, quantity: number): IncomingMessage => {
    const asked = ask(refundRef, quantity) as Extract<IncomingMessage, { type: 'refund-asked' }>;
    return { ...asked, refund: { ...asked.refund, unshipped: true } };
  };
  const ship = (shipped: number, delivered = 0): IncomingMessage => {
    return { ...messages['fulfilment-told'], shipped, delivered };
  };
  const back: IncomingMessage = { type: 'payment-refunded', refundId: 'o/1#c' };

  it('that are cancelled can be sold again once the buyer has the money, and are not shipped', () => {
    const { state, sent } = run([cancel('c', 1), back, ship(3), ship(2)], states.credited);
    expect(told(state)).toBe('credited, c returned 33333, 1 shipped 2 delivered 0');
    expect(sentText(sent)).toBe('refund-requested 33333, sale-refunded 33333, units-released 33333');
  });

  it('that are shipped are not cancelled, and may be given back', () => {
    const { state } = run([ship(2), cancel('c', 2), cancel('d', 1), ask('r', 2)], states.credited);
    expect(told(state)).toBe(
      'credited, c rejected already-shipped, d requested 33333, r requested 66668, 1 shipped 2 delivered 0',
    );
  });

  it('are counted so far: repeated and late words change nothing', () => {
    const { state } = run([ship(1), ship(3, 3), ship(2, 1), ship(1)], states.credited);
    expect(told(state)).toBe('credited, 1 shipped 3 delivered 3');
    expect(transition(state, ship(2, 1)).state).toBe(state);
  });

  it('of which a marketplace speaks before the checkout are at most those that it sells', () => {
    const { state } = run([
      ...[ship(5, 4), messages['fulfilment-told too much'], { ...ship(1), lineRef: '9' } as IncomingMessage],
      messages['checkout-accepted'],
    ]);
    expect(told(state)).toBe('placed, 1 shipped 3 delivered 3, 2 shipped 1 delivered 0');
  });

  it('that were given back before there were goods, and came of another cancellation, are released', () => {
    const { state, sent } = run([cancel('c', 1), back, messages['stock-reserved']], states.held);
    expect(told(state)).toBe('paid F1 F2, c returned 33333');
    expect(sentText(sent)).toContain('sale-refunded 33333, units-released 33333');
  });
});

describe('disputes', () => {
  const back = (refundRef: string, lineRef = '1'): IncomingMessage => {
    return { type: 'payment-refunded', refundId: `o/${lineRef}#${refundRef}` };
  };

  it('that the seller wins are over at once; those that the buyer wins once the money is given back', () => {
    const { state, sent } = run([dispute('d', 1), dispute('e', 1), closeFor('seller', 'e', 1)], states.credited);
    expect(told(state)).toBe('credited, d open frozen, e seller');
    expect(sentText(sent)).toBe('sale-frozen d, sale-frozen e, sale-thawed e');
    const won = run([closeFor('buyer', 'd', 1)], state);
    expect(told(won.state)).toBe('credited, d requested 33333, d buyer frozen, e seller');
    expect(sentText(won.sent)).toBe('refund-requested 33333');
    const given = run([back('d')], won.state);
    expect(told(given.state)).toBe('credited, d returned 33333, d buyer, e seller');
    expect(sentText(given.sent)).toBe('sale-refunded 33333, sale-thawed d');
  });

  it('are told to the books before what was settled of an order that is paid later', () => {
    const { sent } = run([
      ...[dispute('d', 1), messages['settlement-confirmed'], messages['checkout-accepted']],
      ...[messages['stock-reserved'], messages['payment-captured']],
    ]);
    expect(sentText(sent)).toBe(
      'order-placed, order-paid, sale-paid F1, sale-paid F2, sale-frozen d, sale-settled o~1 F1, sale-settled o~1 F2',
    );
  });

  it('that are closed before they are opened are only closed, before the checkout too', () => {
    const { state, sent } = run([closeFor('buyer', 'd', 2), dispute('d', 2)], states.credited);
    expect(told(state)).toBe('credited, d requested 66667, d buyer frozen');
    expect(sentText(sent)).toBe('refund-requested 66667, sale-frozen d');
    const given = run([back('d')], state);
    expect(sentText(given.sent)).toBe('sale-refunded 66667, sale-thawed d');
    expect(given.state.disputes).toEqual([{ ...disputed('d', 2), line: undefined, status: 'buyer', closedAt: LATER }]);
    const early = run([closeFor('buyer', 'd', 2), dispute('d', 2), messages['checkout-accepted']]);
    expect(told(early.state)).toBe('placed, d waiting, d buyer');
    const never = run([closeFor('buyer', 'd', 2), dispute('e', 1), messages['deadline-passed']]);
    expect(told(never.state)).toBe('awaited, d rejected sale-unknown, d buyer, e rejected sale-unknown');
    expect(isOpen(never.state)).toBe(false);
  });

  it('won before the order is paid, their sale is disputed until the money is given back, whatever was settled', () => {
    for (const opened of [[], [dispute('d', 1)]]) {
      for (const won of [
        [closeFor('buyer', 'd', 1), messages['checkout-accepted']],
        [messages['checkout-accepted'], closeFor('buyer', 'd', 1)],
      ]) {
        const { state, sent } = run([
          ...[...opened, ...won, messages['settlement-confirmed']],
          ...[messages['stock-reserved'], messages['payment-captured'], back('d')],
        ]);
        const sold = 'order-placed, order-paid, sale-paid F1, sale-paid F2';
        const settled = 'sale-settled o~1 F1, sale-settled o~1 F2';
        expect(sentText(sent)).toBe(
          `${sold}, sale-frozen d, ${settled}, refund-requested 33333, sale-refunded 33333, sale-thawed d`,
        );
        expect(told(state)).toContain('d returned 33333');
        expect(state.disputes?.[0]).not.toHaveProperty('frozen');
      }
    }
  });

  it('over more than is left are taken, and give back nothing that is not there; over more than was sold they are not', () => {
    const { state, sent } = run(
      [ask('r', 2), dispute('d', 3), dispute('e', 4), dispute('f', 1, '9'), closeFor('buyer', 'd', 3)],
      states.credited,
    );
    expect(told(state)).toBe(
      [
        'credited, r requested 66667, d rejected refund-exceeds-sale, d buyer',
        'e rejected dispute-exceeds-sale, f rejected sale-unknown',
      ].join(', '),
    );
    expect(sentText(sent)).toBe('refund-requested 66667, sale-frozen d, sale-thawed d');
  });

  it('whose refund was asked for already are won by that one', () => {
    const { state, sent } = run([dispute('r', 1), ask('r', 1), closeFor('buyer', 'r', 2)], states.credited);
    expect(told(state)).toBe('credited, r requested 33333, r buyer frozen');
    expect(sentText([...sent, ...run([back('r')], state).sent])).toBe(
      'sale-frozen r, refund-requested 33333, sale-refunded 33333, sale-thawed r',
    );
  });

  it('of goods that were given back before they came are of no sale', () => {
    const { state, sent } = run(
      [
        ...[ask('r', 3), back('r'), dispute('d', 1), dispute('e', 1, '2')],
        { ...messages['stock-reserved'], facilities: ['F2'], lines: [{ lineRef: '2', units: 1 }] },
      ],
      states.held,
    );
    expect(told(state)).toBe('paid F2, r unsold 100001, d open, e open frozen');
    expect(sentText(sent)).toContain('sale-paid F2, sale-frozen e');
    expect(sentText(sent)).not.toContain('sale-frozen d');
    expect(told(run([closeFor('seller', 'd', 1)], state).state)).toContain('d seller, e open frozen');
  });

  it('end with their order', () => {
    expect(told(run([dispute('d', 1), messages['stock-rejected']], states.placed).state)).toBe(
      'cancelled out-of-stock, d rejected sale-rejected',
    );
    expect(told(run([dispute('d', 1), messages['checkout-refused']]).state)).toBe(
      'rejected invalid, d rejected sale-rejected',
    );
    expect(told(run([closeFor('buyer', 'd', 1)], states.cancelled).state)).toContain(
      'd rejected sale-rejected, d buyer',
    );
  });

  it('are opened and closed once: the first word counts', () => {
    const words = [
      dispute('d', 1),
      dispute('d', 2),
      closeFor('seller', 'd', 1),
      closeFor('buyer', 'd', 1),
      dispute('d', 1),
    ];
    const { state, sent } = run([...words, ...words], states.credited);
    expect(told(state)).toBe('credited, d seller');
    expect(sentText(sent)).toBe('sale-frozen d, sale-thawed d');
  });
});

/**
 * The other houses as they are meant to behave, and a network that delivers what they say late, in any order and
 * repeatedly. Money is counted where it moves.
 */
class World {
  state: OrderState = UNKNOWN;
  readonly sent: OutgoingMessage[] = [];
  readonly network: IncomingMessage[];
  buyerPaid = 0;
  credited = 0;

  constructor(
    private readonly houses: { stock: boolean; money: boolean; facilities: readonly string[] },
    fromMarketplace: readonly IncomingMessage[],
  ) {
    this.network = [...fromMarketplace];
  }

  /** Delivers one message that is under way; `again`: a copy stays under way. */
  deliver(pick: number, again: boolean): void {
    const index = pick % this.network.length;
    const message = this.network[index] as IncomingMessage;
    if (!again) this.network.splice(index, 1);
    const next = transition(this.state, message);
    this.state = next.state;
    for (const outgoing of next.messages) {
      this.sent.push(outgoing);
      this.network.push(...this.#answers(outgoing));
    }
  }

  #answers(message: OutgoingMessage): IncomingMessage[] {
    const { stock, money, facilities } = this.houses;
    const price = [...lines.values()].reduce((sum, line) => sum + line.price, 0);
    switch (message.type) {
      case 'order-placed':
        if (money) this.buyerPaid += price;
        return [
          stock ? { ...messages['stock-reserved'], facilities } : messages['stock-rejected'],
          money ? messages['payment-captured'] : messages['payment-failed'],
        ];
      case 'order-cancelled':
        this.buyerPaid = 0; // payments gives back whatever it has
        return [];
      case 'order-paid':
        this.credited += price;
        return [];
      case 'sale-paid':
        return [{ type: 'sale-credited', facilityId: message.facilityId }];
      case 'refund-requested':
        this.buyerPaid -= message.refund.amount as number;
        return [{ type: 'payment-refunded', refundId: message.refund.refundId }];
      case 'sale-refunded':
        this.credited -= message.refund.amount as number;
        return [{ type: 'refund-posted', refundId: message.refund.refundId }];
      default:
        return [];
    }
  }
}

describe('whatever happens, in any order, late and repeatedly', () => {
  const anyRefund = fc
    .record({
      ref: fc.constantFrom('a', 'b', 'c', 'd'),
      quantity: fc.integer({ min: 1, max: 3 }),
      line: fc.constantFrom('1', '2', '9'),
    })
    .map(({ ref, quantity, line }) => ask(ref, quantity, line));
  const anyWord = fc
    .record({
      ref: fc.constantFrom('a', 'e'),
      quantity: fc.integer({ min: 1, max: 4 }),
      line: fc.constantFrom('1', '9'),
      outcome: fc.constantFrom(undefined, 'seller' as const, 'buyer' as const),
    })
    .map(({ ref, quantity, line, outcome }) =>
      outcome ? closeFor(outcome, ref, quantity, line) : dispute(ref, quantity, line),
    );
  const anyWorld = fc
    .record({
      stock: fc.boolean(),
      money: fc.boolean(),
      facilities: fc.constantFrom(['F1'], ['F1', 'F2', 'F3']),
      refunds: fc.array(fc.oneof({ weight: 3, arbitrary: anyRefund }, anyWord), { maxLength: 6 }),
      others: fc.subarray([
        ...[messages['checkout-refused'], messages['deadline-passed'], messages['deadline-passed early']],
      ] as IncomingMessage[]),
    })
    .map(
      ({ refunds, others, ...houses }) =>
        () =>
          new World(houses, [messages['checkout-accepted'], ...refunds, ...others]),
    );
  const anySchedule = fc.array(fc.record({ pick: fc.nat(), again: fc.boolean() }), { maxLength: 40 });

  function play(newWorld: () => World, schedule: { pick: number; again: boolean }[]): World {
    const world = newWorld();
    for (const { pick, again } of schedule) if (world.network.length > 0) world.deliver(pick, again);
    while (world.network.length > 0) world.deliver(0, false);
    return world;
  }

  it('an order has one outcome, and it is told once', () => {
    fc.assert(
      fc.property(anyWorld, anySchedule, (newWorld, schedule) => {
        const { state, sent } = play(newWorld, schedule);
        const texts = sent.map((message) => JSON.stringify(message));
        expect(new Set(texts).size).toBe(texts.length);
        const outcomes = sent.filter(({ type }) => type === 'order-paid' || type === 'order-cancelled');
        expect(outcomes).toHaveLength(1);
        expect(sent.filter(({ type }) => type === 'sale-paid').length > 0).toBe(outcomes[0]?.type === 'order-paid');
        expect(['credited', 'refunded'].includes(state.status)).toBe(outcomes[0]?.type === 'order-paid');
        expect(isOpen(state)).toBe(false);
        for (const { status, frozen } of state.disputes ?? [])
          expect(frozen === undefined || status === 'open').toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('what the buyer paid, less what went back, is what was credited, less what was reversed', () => {
    fc.assert(
      fc.property(anyWorld, anySchedule, (newWorld, schedule) => {
        const { state, buyerPaid, credited } = play(newWorld, schedule);
        expect(buyerPaid).toBe(credited);
        for (const [lineRef, line] of lines) {
          const posted = state.refunds.filter((refund) => refund.lineRef === lineRef && refund.status === 'posted');
          const units = posted.reduce((sum, { quantity }) => sum + quantity, 0);
          const amount = posted.reduce((sum, refund) => sum + (refund.amount ?? 0), 0);
          expect(units).toBeLessThanOrEqual(line.quantity);
          expect(amount).toBe(Math.floor((line.price * units) / line.quantity));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

it('an order that has lost its past hears it again in any order, and stands where it stood', () => {
  const told: Name[] = [
    ...(['checkout-accepted', 'stock-reserved', 'payment-captured', 'sale-credited', 'sale-credited F2'] as const),
    ...(['refund-asked', 'payment-refunded', 'refund-posted', 'settlement-confirmed'] as const),
    ...(['dispute-opened', 'dispute-closed for the seller'] as const),
  ];
  const past = run(told.map((name) => messages[name])).state;
  expect(isOpen(past)).toBe(false);
  fc.assert(
    fc.property(fc.shuffledSubarray(told, { minLength: told.length }), (names) => {
      expect(run(names.map((name) => messages[name])).state).toEqual(past);
    }),
    { numRuns: 2_000 },
  );
});

it('what others say of an order that nobody placed is kept, and the order is open until somebody does', () => {
  const { state } = run([messages['stock-reserved'], messages['sale-credited']]);
  expect(state).toEqual({ ...UNKNOWN, early: [messages['stock-reserved'], messages['sale-credited']] });
  expect(isOpen(state)).toBe(true);
});
