import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Checkout } from '#libs/contracts';
import { contentHashOf, orderLinesOf, priceOf } from './order-lines.ts';

const line = (lineRef: string, quantity: number, unitPrice: number, discount?: number) => ({
  ...{ lineRef, sku: `SKU-${lineRef}`, quantity, unitPrice },
  ...(discount !== undefined && { discount }),
});
const checkout = (lines: Checkout['lines'], more: Partial<Checkout> = {}): Checkout => ({
  ...{ channel: 'blanja', orderRef: 'G15', placedAt: '2026-01-05T09:30:00+07:00', lines },
  ...more,
});

const anyCheckout = fc
  .record({
    lines: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 50 }), unitPrice: fc.nat(1_000_000) }), {
      minLength: 1,
      maxLength: 12,
    }),
    discount: fc.nat({ max: 1_000 }),
    fees: fc.nat({ max: 1_000_000 }),
    shipping: fc.nat({ max: 1_000_000 }),
  })
  .map(({ lines, discount, ...rest }) => {
    const gross = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
    return checkout(
      lines.map(({ quantity, unitPrice }, index) => line(String(index + 1), quantity, unitPrice)),
      { ...rest, discount: Math.floor((gross * discount) / 1_000) },
    );
  });

const sum = (amounts: number[]) => amounts.reduce((all, amount) => all + amount, 0);

describe('lines of an order', () => {
  it('share its discount and fees to the rupiah (golden case G15)', () => {
    const lines = [line('1', 1, 100_000), line('2', 1, 50_000), line('3', 1, 33_333)];
    const split = orderLinesOf(checkout(lines, { discount: 10_000, fees: 7_779 }));
    expect(split.map(({ discount }) => discount)).toEqual([5_455, 2_727, 1_818]);
    expect(split.map(({ fees }) => fees)).toEqual([4_243, 2_122, 1_414]);
    expect(split.map(({ shipping }) => shipping)).toEqual([0, 0, 0]);
  });

  it('share by price after their own discount, and by quantity if nothing is to be paid', () => {
    const paid = orderLinesOf(checkout([line('1', 1, 100, 100), line('2', 1, 100)], { fees: 30 }));
    expect(paid.map(({ fees }) => fees)).toEqual([0, 30]);
    const free = orderLinesOf(checkout([line('1', 1, 0), line('2', 2, 0)], { fees: 30 }));
    expect(free.map(({ fees }) => fees)).toEqual([10, 20]);
  });

  it('lose nothing, and none is given away for less than nothing', () => {
    fc.assert(
      fc.property(anyCheckout, (one) => {
        const split = orderLinesOf(one);
        expect(sum(split.map(({ discount }) => discount))).toBe(one.discount);
        expect(sum(split.map(({ fees }) => fees))).toBe(one.fees);
        expect(sum(split.map(({ shipping }) => shipping))).toBe(one.shipping);
        for (const each of split) expect(priceOf(each)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('hold nothing that the contract does not name', () => {
    const [split] = orderLinesOf(checkout([{ ...line('1', 1, 100), buyer: 'Siti' } as Checkout['lines'][number]]));
    expect(JSON.stringify(split)).not.toContain('Siti');
  });
});

describe('the hash of a checkout', () => {
  it('is the same for the same said in another way, and another for anything else', () => {
    const one = checkout([line('1', 2, 100)]);
    const same = checkout([line('1', 2, 100, 0)], { placedAt: '2026-01-05T02:30:00.000Z', fees: 0 });
    expect(contentHashOf(same)).toEqual(contentHashOf(one));
    for (const other of [
      checkout([line('1', 2, 101)]),
      checkout([line('1', 2, 100, 1)]),
      checkout([line('1', 2, 100)], { shipping: 1 }),
      checkout([line('1', 2, 100)], { placedAt: '2026-01-05T02:30:00.001Z' }),
      checkout([line('1', 2, 100), line('2', 1, 1)]),
    ]) {
      expect(contentHashOf(other)).not.toEqual(contentHashOf(one));
    }
  });
});
