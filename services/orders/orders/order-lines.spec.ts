import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Checkout } from '#libs/contracts';
import { listingsOf } from '../channels/listing.ts';
import { sumOf, type Terms } from '../channels/terms.ts';
import { contentHashOf, feesOfCheckout, orderLinesOf, priceOf } from './order-lines.ts';

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

  const terms: Terms = {
    ...{ sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller' },
    fees: [
      { name: 'admin', bp: { A: 800, B: 575 }, vatBp: 1_100 },
      { name: 'commission', bp: 200, max: 50_000, vatBp: 1_100 },
      { name: 'processing', fixed: 1_250 },
    ],
  };

  it('bear the fees that the terms charge their class, and their share of those of the order', () => {
    const lines = [
      { ...line('1', 1, 100_000), feeClass: 'A' },
      { ...line('2', 1, 50_000), feeClass: 'B' },
      { ...line('3', 1, 50_000), feeClass: 'A' },
      line('4', 1, 0),
    ];
    // After the discount 90,000, 45,000 and 45,000. A: 10,800 and 1,188; B: 2,587.5, half up, and 284.68; all: 3,600, 396
    // and 1,250, by 4, 2 and 2, the odd rupiah to the smaller hash of blanja/G15|3.
    const split = orderLinesOf(checkout(lines, { discount: 20_000 }), terms);
    expect(split.map(({ fees }) => fees)).toEqual([7_992 + 2_623, 2_588 + 285 + 1_311, 3_996 + 1_312, 0]);
    expect(sum(split.map(({ fees }) => fees))).toBe(11_988 + 2_873 + 5_246);
    // What the checkout tells counts instead, also that it is nothing.
    expect(orderLinesOf(checkout(lines, { fees: 0 }), terms).map(({ fees }) => fees)).toEqual([0, 0, 0, 0]);
  });

  it('are charged by the class of their listing where they tell none', () => {
    const listings = listingsOf([
      { store: '*', channelSku: 'SKU-1', sku: 'TAS', feeClass: 'A' },
      { store: '*', channelSku: 'SKU-2', sku: 'SABUK', feeClass: 'A' },
    ]);
    const lines = [line('1', 1, 1_000), { ...line('2', 1, 1_000), feeClass: 'B' }, line('3', 1, 1_000)];
    const byClass = { ...terms, fees: [{ name: 'admin', bp: { A: 800, B: 500 } }] };
    expect(orderLinesOf(checkout(lines), byClass, listings)).toMatchObject([
      { sku: 'SKU-1', listedSku: 'TAS', fees: 80 },
      { sku: 'SKU-2', listedSku: 'SABUK', fees: 50 },
      { sku: 'SKU-3', unlisted: true, fees: 0 },
    ]);
  });

  it('together bear what the channel charges, and no line the fee of another class', () => {
    const classes = fc.array(fc.constantFrom('A', 'B', 'C', undefined), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(anyCheckout, classes, ({ fees: _, ...one }, feeClasses) => {
        const lines = one.lines.map((each, index) => {
          const feeClass = feeClasses[index];
          return { ...each, ...(feeClass !== undefined && { feeClass }) };
        });
        const split = orderLinesOf({ ...one, lines }, terms);
        expect(sum(split.map(({ fees }) => fees))).toBe(sumOf(feesOfCheckout({ ...one, lines }, terms)));
        const byClass = { ...terms, fees: terms.fees.slice(0, 1) };
        for (const [index, { fees }] of orderLinesOf({ ...one, lines }, byClass).entries()) {
          if (!['A', 'B'].includes(lines[index]?.feeClass ?? '')) expect(fees).toBe(0);
        }
      }),
    );
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
      checkout([{ ...line('1', 2, 100), feeClass: 'A' }]),
    ]) {
      expect(contentHashOf(other)).not.toEqual(contentHashOf(one));
    }
  });
});
