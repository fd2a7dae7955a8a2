import { expect, it } from '@jest/globals';
import { type IncomingMessage, type OrderState, transition, UNKNOWN } from './order-process.ts';
import { changesOf } from './step.ts';

const lines = new Map([['1', { quantity: 2, price: 100_000 }]]);
const placed: IncomingMessage = { type: 'checkout-accepted', payment: 'escrow', lines };
const captured: IncomingMessage = { type: 'payment-captured' };
const reserved: IncomingMessage = {
  ...{ type: 'stock-reserved', facilities: ['F1', 'F2'], expiresAt: '2026-01-05T03:00:00.000Z' },
  lines: [{ lineRef: '1', units: 2 }],
};
const awaited: IncomingMessage = { type: 'stock-awaited', reason: 'unknown-sku', detail: 'line 1, sku X' };

const after = (...messages: IncomingMessage[]): OrderState =>
  messages.reduce((state, message) => transition(state, message).state, UNKNOWN);
const changedBy = (message: IncomingMessage, ...before: IncomingMessage[]) =>
  changesOf(after(...before), after(...before, message));

it('goods that are not there, and then are', () => {
  expect(changedBy(awaited, placed, captured)).toEqual([
    { of: 'order', before: 'crediting', after: 'awaiting-goods' },
    { of: 'goods', before: 'asked', after: 'unknown-sku' },
  ]);
  expect(changedBy(reserved, placed, captured, awaited)).toEqual([
    { of: 'order', before: 'awaiting-goods', after: 'crediting' },
    { of: 'goods', before: 'unknown-sku', after: 'reserved' },
    { of: 'sale', id: 'F1', after: 'paid' },
    { of: 'sale', id: 'F2', after: 'paid' },
  ]);
});

it('a sale without an agreement, of two', () => {
  expect(changedBy({ type: 'sale-held', facilityId: 'F2' }, placed, captured, reserved)).toEqual([
    { of: 'order', before: 'crediting', after: 'awaiting-agreement' },
    { of: 'sale', id: 'F2', before: 'paid', after: 'held' },
  ]);
});

it('why it ended', () => {
  const gateway: IncomingMessage = { type: 'checkout-accepted', payment: 'gateway', lines };
  expect(changedBy({ type: 'payment-failed', detail: 'declined' }, gateway)).toEqual([
    { of: 'order', before: 'unpaid', after: 'cancelled' },
    { of: 'reason', after: 'payment-failed' },
  ]);
});

it('what comes before its time is kept, and changes nothing yet; what is repeated is nothing', () => {
  expect(changedBy(captured)).toEqual([]);
  expect(changedBy(placed, captured)).toContainEqual({ of: 'payment', after: 'captured' });
  for (const message of [placed, captured, reserved]) {
    expect(changedBy(message, placed, captured, reserved)).toBeUndefined();
  }
  expect(changedBy(awaited, placed, captured, awaited)).toBeUndefined();
});
