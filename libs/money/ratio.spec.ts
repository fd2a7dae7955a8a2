import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floorOfProduct, floorOfSum, ratioOf } from './ratio.ts';

const amount = fc.oneof(fc.nat(), fc.maxSafeNat());
const rate = fc.record({ num: fc.nat(10_000), den: fc.integer({ min: 10_000, max: 20_000 }) });

describe('ratioOf', () => {
  it('is exact', () => {
    expect(ratioOf('7.5')).toEqual({ num: 75, den: 10 });
    expect(ratioOf('999999999999.999')).toEqual({ num: 999_999_999_999_999, den: 1000 });
    expect(ratioOf(3)).toEqual({ num: 3, den: 1 });
    expect(ratioOf({ num: 3, den: 7 })).toEqual({ num: 3, den: 7 });
  });

  it.each(['-1', '1.', '.5', '1e3', '', '9007199254740993', -1, 0.5, { num: 1, den: 0 }, { num: -1, den: 1 }])(
    'refuses %p',
    (value) => {
      expect(() => ratioOf(value)).toThrow(RangeError);
    },
  );
});

describe('rounding down', () => {
  it('floorOfProduct is exact up to 2^53-1', () => {
    fc.assert(
      fc.property(amount, rate, (of, ratio) => {
        const { whole, fraction } = floorOfProduct(of, ratio);
        const exact = BigInt(of) * BigInt(ratio.num) * BigInt(fraction.den);
        expect(BigInt(whole) * BigInt(fraction.den) * BigInt(ratio.den) + BigInt(fraction.num * ratio.den)).toBe(exact);
        expect(fraction.num).toBeLessThan(fraction.den);
      }),
    );
  });

  it('floorOfSum rounds once, not per term', () => {
    const half = { num: 1, den: 2 };
    const sum = floorOfSum([
      { amount: 1, ratio: half },
      { amount: 3, ratio: half },
    ]);
    expect(sum).toEqual({ whole: 2, fraction: { num: 0, den: 1 } });
    expect(floorOfSum([])).toEqual({ whole: 0, fraction: { num: 0, den: 1 } });
  });

  it('refuses a result above 2^53-1', () => {
    expect(() => floorOfProduct(Number.MAX_SAFE_INTEGER, { num: 3, den: 2 })).toThrow(RangeError);
  });
});
