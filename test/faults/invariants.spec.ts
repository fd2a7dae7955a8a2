import { describe, expect, it } from '@jest/globals';
import { type Checkout, orderIdOf, type RefundRequest, refundIdOf, saleIdOf } from '#libs/contracts';
import { Expected, type Settlement } from './expected.ts';
import { FACILITIES, skuOf } from './goods.ts';
import { Findings, judgeOrder, judgePaidOut, type Left } from './invariants.ts';

const [facility = ''] = FACILITIES;
const checkout: Checkout = {
  ...{ channel: 'blanja', orderRef: 'judged', placedAt: '2026-01-05T03:00:00Z' },
  lines: [{ lineRef: '1', sku: skuOf(facility), quantity: 3, unitPrice: 33_333, discount: 1 }],
};
const orderId = orderIdOf(checkout);
const refund: RefundRequest = {
  ...{ channel: 'blanja', orderRef: 'judged', lineRef: '1', refundRef: 'R', quantity: 1 },
  requestedAt: '2026-01-06T03:00:00Z',
};
const expected = new Expected();
expected.addCheckout(checkout);
expected.addRefund(refund);

/** Two of three are sold, for 66,666 less ⌊1 × 2 / 3⌋: 6,666 are cost, and 60,000 are shared; 33,332 went back before. */
const SOLD = {
  [`channel:blanja:receivable@${facility}`]: 66_666,
  [`facility:${facility}:cost-recovery`]: -6_666,
  [`facility:${facility}:earnings-pending`]: -21_000,
  [`state:pnbp@${facility}`]: -9_000,
  // 30,000 by 1.5, 2.5 and 3.5 hours
  [`maker:${facility}-m1:wages-pending`]: -6_000,
  [`maker:${facility}-m2:wages-pending`]: -10_000,
  [`maker:${facility}-m3:wages-pending`]: -14_000,
};

interface Found {
  readonly amounts?: Record<string, number>;
  readonly amount?: number;
  readonly times?: number;
  /** What else is in the books of the sale. */
  readonly others?: readonly Record<string, number>[];
}

function found(more: Found = {}, sent = expected): readonly string[] {
  const { amounts = SOLD, amount = 33_332, times = 1, others = [] } = more;
  const refunds = [{ refundId: refundIdOf(orderId, '1', 'R'), lineRef: '1', status: 'unsold', quantity: 1, amount }];
  const saleId = saleIdOf(orderId, facility);
  const journals = Array.from({ length: times }, () => ({ reference: saleId, kind: 'sale', saleId, amounts }));
  const payment = { orderId, status: 'captured', captured: '99998', refunded: `${amount}`, pendingRefunds: '0' };
  const left: Left = {
    orders: new Map([[orderId, { orderId, status: 'credited', reason: null, refunds }]]),
    journals,
    posted: new Map([[saleId, journals]]),
    ofOrders: new Map([
      [orderId, [...journals, ...others.map((each) => ({ reference: saleId, kind: 'other', saleId, amounts: each }))]],
    ]),
    payments: new Map([[orderId, payment]]),
    reservations: new Map([[orderId, 'committed']]),
    rejections: [],
    reusedIds: [],
  };
  const findings = new Findings();
  judgeOrder(orderId, checkout, sent, left, findings);
  judgePaidOut(orderId, left.ofOrders.get(orderId) ?? [], sent, findings);
  return findings.verdict().violations;
}

describe('an order of which units were given back before its goods were there', () => {
  it('is right when the rest is in the books, and what went back is the rest of the price', () => {
    expect(found()).toEqual([]);
  });

  it.each([
    ['all of it is in the books', { amounts: { ...SOLD, [`channel:blanja:receivable@${facility}`]: 99_998 } }],
    ['its discount was not rounded down', { amounts: { ...SOLD, [`channel:blanja:receivable@${facility}`]: 66_665 } }],
    ['a payee has a rupiah of another', { amounts: { ...SOLD, [`state:pnbp@${facility}`]: -9_001 } }],
    ['a rupiah too much went back', { amount: 33_333 }],
    ['it is in the books twice', { times: 2 }],
    ['it is in no book', { times: 0 }],
  ])('is wrong when %s', (_, more) => {
    expect(found(more)).not.toEqual([]);
  });
});

describe('what its channel paid out of it', () => {
  const [receivable, bank] = [`channel:blanja:receivable@${facility}`, `bank:bri@${facility}`];
  const UNALLOCATED = 'channel:blanja:unallocated@unallocated';
  const settled: Settlement = {
    ...{ channel: 'blanja', orderRef: 'judged', settlementRef: 'S', facilityId: facility, settles: 'all', bank: 'bri' },
    ...{ revenue: 66_666, fee: 10, shipping: 0, withheldTax: 5, paidOut: 66_651, settledAt: '2026-01-20T03:00:00Z' },
  };
  const kept = { [`channel:blanja:variance@${facility}`]: 10, [`tax:pph22-withheld@${facility}`]: 5 };
  const booked = { [bank]: 66_651, ...kept, [receivable]: -66_666 };
  const released = Object.fromEntries(
    Object.entries(SOLD).flatMap(([account, amount]) =>
      account.endsWith('-pending')
        ? [[account, -amount] as const, [account.replace('-pending', ''), amount] as const]
        : [],
    ),
  );
  const told = (settlement: Settlement, dispute?: 'open' | 'seller'): Expected => {
    const sent = new Expected();
    sent.addCheckout(checkout);
    sent.addRefund(refund);
    sent.addSettlement(settlement);
    const opened = { channel: 'blanja', orderRef: 'judged', lineRef: '1', disputeRef: 'D', quantity: 1 };
    if (dispute === 'seller') sent.addDispute({ ...opened, outcome: 'seller', closedAt: '2026-01-14T03:00:00Z' });
    if (dispute !== undefined) sent.addDispute(opened);
    return sent;
  };
  const part: Settlement = { ...settled, settles: 'part', revenue: 60_000, paidOut: 59_985 };
  const bookedPart = { [bank]: 59_985, ...kept, [receivable]: -60_000 };

  it.each<[string, Expected, readonly Record<string, number>[]]>([
    ['all of it is in the bank, and it is released', told(settled), [booked, released]],
    ['a part of it is in the bank, and it is not released', told(part), [bookedPart]],
    ['it is disputed, and not released', told(settled, 'open'), [booked]],
    ['its seller has won, and it is released', told(settled, 'seller'), [booked, released]],
  ])('is right when %s', (_, sent, others) => {
    expect(found({ others }, sent)).toEqual([]);
  });

  it.each<[string, Expected, readonly Record<string, number>[]]>([
    ['nothing of it is in the books', told(settled), []],
    ['it is in the bank twice', told(settled), [booked, booked, released]],
    ['it is not released', told(settled), [booked]],
    ['it is released twice', told(settled), [booked, released, released]],
    ['a rupiah of it is in no bank', told(settled), [{ ...booked, [bank]: 66_650, [receivable]: -66_665 }, released]],
    [
      'what was kept is expected still',
      told(settled),
      [{ ...booked, [`channel:blanja:fees@${facility}`]: 1 }, released],
    ],
    ['a rupiah of it is nobody’s', told(settled), [booked, released, { [UNALLOCATED]: -1, [receivable]: 1 }]],
    ['a part of it releases it', told(part), [bookedPart, released]],
    ['it is released while it is disputed', told(settled, 'open'), [booked, released]],
  ])('is wrong when %s', (_, sent, others) => {
    expect(found({ others }, sent)).not.toEqual([]);
  });
});
