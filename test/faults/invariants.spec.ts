import { describe, expect, it } from '@jest/globals';
import { type Checkout, orderIdOf, type RefundRequest, refundIdOf, saleIdOf } from '#libs/contracts';
import { Expected } from './expected.ts';
import { FACILITIES, skuOf } from './goods.ts';
import { Findings, judgeOrder, type Left } from './invariants.ts';

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

function found(more: { amounts?: Record<string, number>; amount?: number; times?: number } = {}): readonly string[] {
  const { amounts = SOLD, amount = 33_332, times = 1 } = more;
  const refunds = [{ refundId: refundIdOf(orderId, '1', 'R'), lineRef: '1', status: 'unsold', quantity: 1, amount }];
  const saleId = saleIdOf(orderId, facility);
  const journals = Array.from({ length: times }, () => ({ reference: saleId, kind: 'sale' as const, amounts }));
  const payment = { orderId, status: 'captured', captured: '99998', refunded: `${amount}`, pendingRefunds: '0' };
  const left: Left = {
    orders: new Map([[orderId, { orderId, status: 'credited', reason: null, refunds }]]),
    journals,
    posted: new Map([[saleId, journals]]),
    payments: new Map([[orderId, payment]]),
    reservations: new Map([[orderId, 'committed']]),
    rejections: [],
    reusedIds: [],
  };
  const findings = new Findings();
  judgeOrder(orderId, checkout, expected, left, findings);
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
