import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ChargedLine, chargesOf, type Fee, sellersPartOf, sumOf, type Terms, termsAt } from './terms.ts';

const terms = (given: Partial<Terms> = {}): Terms => ({
  sellersPartOfDiscountBp: 10_000,
  shippingBorneBy: 'seller',
  fees: [],
  ...given,
});

it.each<[price: number, fees: Fee[], together: number]>([
  [100_001, [], 0],
  [100_001, [{ name: 'admin', bp: 800 }], 8_000],
  // Each is rounded by itself: 8,000.08, 4,000.04 and 1,000.01.
  [100_001, [800, 400, 100].map((bp) => ({ name: `${bp}`, bp })), 13_000],
  [100_000, [{ name: 'commission', bp: 200, vatBp: 1_100 }], 2_220],
  [50, [{ name: 'half', bp: 100 }], 1],
  [49, [{ name: 'less', bp: 100 }], 0],
  [100_000, [{ name: 'processing', fixed: 1_250 }], 1_250],
  [0, [{ name: 'processing', fixed: 1_250 }], 1_250],
  [10_000_000, [{ name: 'capped', bp: 200, max: 50_000, vatBp: 1_100 }], 55_500],
  [1_000, [{ name: 'at least', bp: 200, min: 500 }], 500],
  [Number.MAX_SAFE_INTEGER, [{ name: 'all', bp: 10_000 }], Number.MAX_SAFE_INTEGER],
])('of %d, fees %j are %d', (price, fees, together) => {
  expect(chargesOf([{ price }], terms({ fees }))).toEqual([{ amount: together, of: [0] }]);
});

const admin: Fee = { name: 'admin', bp: { A: 800, B: 575 } };
const priced = (...lines: [price: number, feeClass?: string][]): ChargedLine[] =>
  lines.map(([price, feeClass]) => ({ price, ...(feeClass !== undefined && { feeClass }) }));

it.each<[string, ChargedLine[], Fee[], ReturnType<typeof chargesOf>]>([
  [
    // 100,002 × 8 % = 8,000.16 and 50,001 × 5.75 % = 2,875.0575; of both 2 %: 3,000.06.
    'by the price of each class, others of all lines',
    priced([50_001, 'A'], [50_001, 'B'], [50_001, 'A']),
    [admin, { name: 'commission', bp: 200 }],
    [
      { amount: 3_000, of: [0, 1, 2] },
      { amount: 8_000, of: [0, 2] },
      { amount: 2_875, of: [1] },
    ],
  ],
  [
    'half up a class and once more its value added tax: 7.5 is 8, and 0.88 is 1',
    priced([50, 'A'], [50, 'A'], [50, 'B']),
    [{ name: 'admin', bp: { A: 750, B: 100 }, vatBp: 1_100 }],
    [
      { amount: 0, of: [0, 1, 2] },
      { amount: 9, of: [0, 1] },
      { amount: 1, of: [2] },
    ],
  ],
  [
    'nothing of a class that has no rate',
    priced([1_000, 'C'], [1_000], [1_000, '__proto__'], [1_000, 'B']),
    [admin],
    [
      { amount: 0, of: [0, 1, 2, 3] },
      { amount: 58, of: [3] },
    ],
  ],
  [
    'all others together where they have a rate',
    priced([1_000, 'C'], [1_000], [1_000, 'A']),
    [{ name: 'admin', bp: { A: 800, '*': 425 } }],
    [
      { amount: 0, of: [0, 1, 2] },
      { amount: 85, of: [0, 1] },
      { amount: 80, of: [2] },
    ],
  ],
  [
    'what is fixed, least and most for each class',
    priced([1_000, 'A'], [1_000_000, 'B']),
    [{ name: 'admin', bp: { A: 100, B: 1_000 }, fixed: 5, min: 20, max: 50_000 }],
    [
      { amount: 0, of: [0, 1] },
      { amount: 20, of: [0] },
      { amount: 50_000, of: [1] },
    ],
  ],
])('a channel charges %s', (_, lines, fees, charges) => {
  expect(chargesOf(lines, terms({ fees }))).toEqual(charges);
});

it('a fee of one rate for every class of one order that has only one is that fee', () => {
  const fee = fc.record({
    fixed: fc.nat(5_000),
    min: fc.nat(500),
    max: fc.integer({ min: 500 }),
    vatBp: fc.nat(10_000),
  });
  const bps = fc.nat(10_000);
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000_000), { minLength: 1, maxLength: 9 }), fee, bps, (prices, rest, bp) => {
      const lines = prices.map((price) => ({ price, feeClass: 'A' }));
      const [, byClass] = chargesOf(lines, terms({ fees: [{ name: 'admin', ...rest, bp: { A: bp } }] }));
      const [ofAll] = chargesOf(lines, terms({ fees: [{ name: 'admin', ...rest, bp }] }));
      expect(byClass).toEqual(ofAll);
    }),
  );
});

it('each class is charged half up to the rupiah, and no line twice by one fee', () => {
  const lines = fc.array(
    fc.record({ price: fc.nat(1_000_000_000), feeClass: fc.constantFrom('A', 'B', 'C', undefined) }),
    { maxLength: 9 },
  );
  fc.assert(
    fc.property(lines, fc.nat(10_000), fc.nat(10_000), (all, a, rest) => {
      const given = all.map(({ price, feeClass }) => ({ price, ...(feeClass !== undefined && { feeClass }) }));
      const [, ...charges] = chargesOf(given, terms({ fees: [{ name: 'admin', bp: { A: a, '*': rest } }] }));
      expect(charges.flatMap(({ of }) => of).sort((one, other) => one - other)).toEqual([...given.keys()]);
      for (const { amount, of } of charges) {
        const price = of.reduce((sum, place) => sum + (given[place]?.price ?? 0), 0);
        const bp = given[of[0] ?? -1]?.feeClass === 'A' ? a : rest;
        expect(amount).toBe(Number((BigInt(price) * BigInt(bp) * 2n + 10_000n) / 20_000n));
      }
      expect(sumOf(charges)).toBe(charges.reduce((sum, { amount }) => sum + amount, 0));
    }),
  );
});

it('a part of a discount and the rest are the discount, and a part of all or nothing is that', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 10_000 }), (discount, bp) => {
      const part = sellersPartOf(discount, terms({ sellersPartOfDiscountBp: bp }));
      expect(part).toBeGreaterThanOrEqual(0);
      expect(part).toBeLessThanOrEqual(discount);
      expect(Math.abs(Number(BigInt(part) * 10_000n - BigInt(discount) * BigInt(bp)))).toBeLessThanOrEqual(5_000);
    }),
  );
  expect(sellersPartOf(12_345, terms())).toBe(12_345);
  expect(sellersPartOf(12_345, terms({ sellersPartOfDiscountBp: 0 }))).toBe(0);
  expect(sellersPartOf(12_345, terms({ sellersPartOfDiscountBp: 5_000 }))).toBe(6_173);
});

it('from its beginning until the next begins', () => {
  const versions = [
    { version: 3, effectiveFrom: new Date('2026-03-01T00:00:00+07:00') },
    { version: 1, effectiveFrom: new Date('2026-01-01T00:00:00+07:00') },
    { version: 2, effectiveFrom: new Date('2026-03-01T00:00:00+07:00') },
  ];
  const at = (instant: string) => termsAt(versions, new Date(instant))?.version;
  expect(at('2025-12-31T23:59:59.999+07:00')).toBeUndefined();
  expect(at('2026-01-01T00:00:00+07:00')).toBe(1);
  expect(at('2026-02-28T23:59:59.999+07:00')).toBe(1);
  expect(at('2026-03-01T00:00:00+07:00')).toBe(3);
});
