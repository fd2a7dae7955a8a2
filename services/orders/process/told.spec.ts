import { describe, expect, it } from '@jest/globals';
import { outcomeTold } from '#libs/contracts';
import { type IncomingMessage, type OrderState, transition, UNKNOWN } from './order-process.ts';
import { newsOf, toldOf } from './told.ts';

const LINES = new Map([
  ['1', { quantity: 2, price: 200 }],
  ['2', { quantity: 1, price: 50 }],
]);
const refund = (refundRef: string, lineRef: string, quantity: number) => ({
  ...{ refundId: `blanja/1/${lineRef}#${refundRef}`, refundRef, lineRef, quantity, line: LINES.get(lineRef) as never },
  ...{ requestedAt: '2026-01-06T00:00:00.000Z', correlationId: 'c' },
});
const dispute = (disputeRef: string, lineRef: string, quantity: number) => ({
  ...early(disputeRef),
  ...{ disputeId: `blanja/1/${lineRef}#${disputeRef}`, lineRef, quantity, line: LINES.get(lineRef) as never },
});
/** Of an order whose checkout has not come. */
const early = (disputeRef: string) => ({
  ...{ disputeId: `blanja/1/1#${disputeRef}`, lineRef: '1', disputeRef, quantity: 1, correlationId: 'c' },
});
const placed: IncomingMessage[] = [
  { type: 'checkout-accepted', payment: 'gateway', lines: LINES },
  { type: 'stock-reserved', facilities: ['F1', 'F2'], lines: [], expiresAt: '2026-01-05T00:15:00.000Z' },
  { type: 'payment-captured' },
];
const credited: IncomingMessage[] = [
  ...placed,
  { type: 'sale-credited', facilityId: 'F1' },
  { type: 'sale-credited', facilityId: 'F2' },
];
const returned = (refundId: string): IncomingMessage[] => [
  { type: 'payment-refunded', refundId },
  { type: 'refund-posted', refundId },
];

/** What a marketplace is told while these messages come, one by one. */
function toldDuring(...messages: IncomingMessage[]): string[] {
  const told: string[] = [];
  let state: OrderState = UNKNOWN;
  for (const message of messages) {
    const next = transition(state, message).state;
    const news = newsOf(state, next);
    if (news) {
      const disputes = news.disputes?.map(({ disputeRef, status }) => `${disputeRef} ${status}`) ?? [];
      told.push([news.status, ...news.refunds.map(({ status }) => status), ...disputes].join(' '));
      expect(
        outcomeTold.violations({ ...news, orderId: 'blanja/1', channel: 'blanja', orderRef: '1', number: 1 }),
      ).toEqual([]);
    }
    state = next;
  }
  return told;
}

describe('a marketplace is told', () => {
  const first = refund('R-1', '1', 2);
  const second = refund('R-2', '2', 1);

  it.each<[string, IncomingMessage[], string[]]>([
    ['once of a sale', credited, ['credited']],
    ['why a checkout is refused', [{ type: 'checkout-refused', detail: 'lines must be there' }], ['rejected']],
    [
      'that it is cancelled',
      [...placed.slice(0, 1), { type: 'stock-rejected', reason: 'unknown-sku', detail: 'line 1' }],
      ['cancelled'],
    ],
    [
      'that it waits for goods, then for an agreement',
      [
        { type: 'checkout-accepted', payment: 'escrow', lines: LINES },
        { type: 'payment-captured' },
        { type: 'stock-awaited', reason: 'unknown-sku', detail: 'line 1' },
        { type: 'stock-reserved', facilities: ['F1'], lines: [], expiresAt: '2026-01-05T00:15:00.000Z' },
        { type: 'sale-held', facilityId: 'F1' },
        { type: 'sale-credited', facilityId: 'F1' },
      ],
      ['awaiting-goods', 'awaiting-agreement', 'credited'],
    ],
    [
      'of each refund when it is in the books, and of one that is too large',
      [
        ...credited,
        { type: 'refund-asked', refund: first },
        ...returned(first.refundId),
        { type: 'refund-asked', refund: refund('R-3', '1', 1) },
        { type: 'refund-asked', refund: second },
        ...returned(second.refundId),
      ],
      [
        'credited',
        'partly-refunded refunded',
        'partly-refunded refunded rejected',
        'refunded refunded rejected refunded',
      ],
    ],
    [
      'that the money has come when it has come for all of it',
      [
        ...credited,
        { type: 'settlement-confirmed', settlementId: 'blanja/1~a', facilityId: 'F1' },
        { type: 'settlement-confirmed', settlementId: 'blanja/1~b', facilityId: 'F2' },
      ],
      ['credited', 'credited', 'settled'],
    ],
    [
      'how far units have come, and that a cancellation came too late',
      [
        ...credited,
        { type: 'fulfilment-told', lineRef: '1', shipped: 2, delivered: 0, line: LINES.get('1') as never },
        { type: 'fulfilment-told', lineRef: '2', shipped: 1, delivered: 0, line: LINES.get('2') as never },
        { type: 'refund-asked', refund: { ...first, unshipped: true } },
        { type: 'fulfilment-told', lineRef: '1', shipped: 2, delivered: 2, line: LINES.get('1') as never },
        { type: 'fulfilment-told', lineRef: '2', shipped: 1, delivered: 1, line: LINES.get('2') as never },
      ],
      ['credited', 'credited', 'shipped', 'shipped rejected', 'shipped rejected', 'delivered rejected'],
    ],
    [
      'that units are disputed, and who won; what the buyer won is a refund of the same reference',
      [
        ...credited,
        { type: 'dispute-opened', dispute: dispute('D-1', '1', 1) },
        { type: 'dispute-opened', dispute: dispute('D-2', '2', 2) },
        {
          type: 'dispute-closed',
          dispute: dispute('D-1', '1', 1),
          outcome: 'buyer',
          closedAt: '2026-01-09T00:00:00.000Z',
        },
        ...returned('blanja/1/1#D-1'),
      ],
      [
        'credited',
        'disputed D-1 open',
        'disputed D-1 open D-2 rejected',
        'credited D-1 buyer D-2 rejected',
        'partly-refunded refunded D-1 buyer D-2 rejected',
      ],
    ],
    [
      'of a dispute that waits for its checkout when it has come, or will not',
      [
        { type: 'dispute-opened', dispute: early('D-1'), waitUntil: '2026-01-06T00:00:00.000Z' },
        ...placed,
        { type: 'dispute-opened', dispute: early('D-1') },
      ],
      ['disputed D-1 open'],
    ],
    [
      'that a dispute found no sale',
      [
        { type: 'dispute-opened', dispute: early('D-1'), waitUntil: '2026-01-06T00:00:00.000Z' },
        { type: 'deadline-passed', now: '2026-01-07T00:00:00.000Z' },
      ],
      ['awaited D-1 rejected'],
    ],
    [
      'that a refund found no sale',
      [
        { type: 'refund-asked', refund: first, waitUntil: '2026-01-06T00:00:00.000Z' },
        { type: 'deadline-passed', now: '2026-01-07T00:00:00.000Z' },
      ],
      ['awaited rejected'],
    ],
  ])('%s', (_, messages, told) => {
    expect(toldDuring(...messages)).toEqual(told);
    expect(toldDuring(...messages.flatMap((message) => [message, message]))).toEqual(told);
  });

  it('why, without more than the contract takes', () => {
    const state = transition(UNKNOWN, { type: 'checkout-refused', detail: 'x'.repeat(5_000) }).state;
    expect(toldOf(state)).toMatchObject({ status: 'rejected', reason: 'invalid', detail: 'x'.repeat(2_000) });
  });
});
