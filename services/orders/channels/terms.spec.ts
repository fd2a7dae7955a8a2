import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fee, feesOf, sellersPartOf, type Terms, termsAt } from './terms.ts';

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
  expect(feesOf(price, terms({ fees }))).toBe(together);
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
