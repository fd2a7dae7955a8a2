import { describe, expect, it } from '@jest/globals';
import { type IncomingMessage, type RefundRequest, transition, UNKNOWN } from '../process/order-process.ts';
import { answersTo, type DisputeWord } from './disputes.service.ts';

const LINE = { quantity: 2, price: 100_000 };
const LATER = '2026-01-08T03:30:00.000Z';

const opened = (quantity: number): DisputeWord => {
  return {
    channel: 'blanja',
    orderRef: '1',
    lineRef: '1',
    disputeRef: 'RT-1',
    quantity,
    openedAt: LATER,
  } as DisputeWord;
};
const closed = (quantity: number, outcome: 'seller' | 'buyer' = 'buyer'): DisputeWord => {
  return { channel: 'blanja', orderRef: '1', lineRef: '1', disputeRef: 'RT-1', quantity, outcome, closedAt: LATER };
};
const refund = (quantity: number, more: Partial<RefundRequest> = {}): RefundRequest => {
  const ids = { refundId: 'blanja/1/1#RT-1', lineRef: '1', refundRef: 'RT-1' };
  return { ...ids, quantity, requestedAt: LATER, correlationId: 'c', line: LINE, ...more };
};
const asked = (...of: Parameters<typeof refund>): IncomingMessage => {
  return { type: 'refund-asked', refund: refund(...of), waitUntil: LATER };
};

const placed: IncomingMessage[] = [{ type: 'checkout-accepted', payment: 'escrow', lines: new Map([['1', LINE]]) }];
const credited: IncomingMessage[] = [
  ...placed,
  { type: 'stock-reserved', facilities: ['F1'], lines: [{ lineRef: '1', units: 2 }], expiresAt: LATER },
  { type: 'payment-captured' },
  { type: 'sale-credited', facilityId: 'F1' },
];
const ordersAfter = (messages: readonly IncomingMessage[]) => {
  return new Map([['blanja/1', messages.reduce((state, message) => transition(state, message).state, UNKNOWN)]]);
};

describe('a dispute that the buyer won while a refund has its reference', () => {
  it('is taken where that refund gives back the same', () => {
    for (const before of [[asked(1)], [asked(1, { unshipped: true })]])
      expect(answersTo([closed(1)], ordersAfter([...credited, ...before]), [])).toEqual(['taken']);
    expect(answersTo([closed(1)], ordersAfter([...placed, asked(1)]), [])).toEqual(['taken']);
    expect(answersTo([closed(1)], ordersAfter(credited), [refund(1)])).toEqual(['taken']);
  });

  it('is a conflict where that is of other units', () => {
    expect(answersTo([closed(2)], ordersAfter([...credited, asked(1)]), [])).toEqual(['conflict']);
    expect(answersTo([closed(2), closed(1)], ordersAfter(credited), [refund(1)])).toEqual(['conflict', 'taken']);
  });

  it('is a conflict where that was rejected, or may be yet', () => {
    expect(answersTo([closed(1)], ordersAfter([...credited, asked(3)]), [])).toEqual(['conflict']);
    const shipped: IncomingMessage = { type: 'fulfilment-told', lineRef: '1', shipped: 2, delivered: 0, line: LINE };
    const cancellation = asked(1, { unshipped: true });
    expect(answersTo([closed(1)], ordersAfter([...credited, shipped, cancellation]), [])).toEqual(['conflict']);
    expect(answersTo([closed(1)], ordersAfter([...placed, cancellation]), [])).toEqual(['conflict']);
    expect(answersTo([closed(1)], ordersAfter(credited), [refund(1, { unshipped: true })])).toEqual(['conflict']);
  });

  it('is a repetition where it is won already, whatever became of its refund', () => {
    const won: IncomingMessage = {
      type: 'dispute-closed',
      dispute: { disputeId: 'blanja/1/1#RT-1', lineRef: '1', disputeRef: 'RT-1', quantity: 3, correlationId: 'c' },
      outcome: 'buyer',
      closedAt: LATER,
    };
    expect(answersTo([closed(3), closed(1)], ordersAfter([...credited, won]), [])).toEqual(['duplicate', 'conflict']);
  });
});

it('a refund is nothing to a dispute that is opened, or that the seller wins', () => {
  const orders = ordersAfter([...credited, asked(3)]);
  expect(answersTo([opened(1), opened(1), closed(1, 'seller')], orders, [])).toEqual(['taken', 'duplicate', 'taken']);
});
