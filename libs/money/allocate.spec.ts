import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, type Claim } from './allocate.ts';
import { type Ratio, ratioOf } from './ratio.ts';

const weight: fc.Arbitrary<number | string | Ratio> = fc.oneof(
  fc.nat(5),
  fc.nat(),
  fc.maxSafeNat(),
  fc.tuple(fc.nat(999_999_999_999), fc.nat(999)).map(([whole, milli]) => `${whole}.${milli}`),
  fc.record({ num: fc.nat(), den: fc.integer({ min: 1, max: 1_000_000 }) }),
);
const claims = fc
  .array(weight, { minLength: 1, maxLength: 8 })
  .map((weights) => weights.map((each, index): Claim => ({ payee: `maker:M${index}`, weight: each })));
const total = fc.oneof(fc.nat(20), fc.nat(), fc.maxSafeNat());

/** Σ weights and each weight over one common denominator, in bigint. */
function exactly(all: readonly Claim[]): { weights: bigint[]; sum: bigint } {
  const ratios = all.map((claim) => ratioOf(claim.weight));
  const den = ratios.reduce((product, ratio) => product * BigInt(ratio.den), 1n);
  const weights = ratios.map((ratio) => (BigInt(ratio.num) * den) / BigInt(ratio.den));
  return { weights, sum: weights.reduce((a, b) => a + b, 0n) };
}

describe('A1: allocate', () => {
  it('adds up, within one rupiah of every exact share, nothing for a zero weight', () => {
    fc.assert(
      fc.property(total, claims, (amount, all) => {
        const { weights, sum } = exactly(all);
        const parts = allocate(amount, all, 's');
        expect(parts === undefined).toBe(sum === 0n);
        if (parts === undefined) return;
        expect(parts.reduce((left, part) => left - BigInt(part), BigInt(amount))).toBe(0n);
        for (const [index, each] of weights.entries()) {
          const floor = (BigInt(amount) * each) / sum;
          const ceiling = (BigInt(amount) * each + sum - 1n) / sum;
          expect([floor, ceiling]).toContain(BigInt(parts[index] ?? Number.NaN));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the rupiah left over to the largest fractions', () => {
    fc.assert(
      fc.property(total, claims, (amount, all) => {
        const { weights, sum } = exactly(all);
        const parts = allocate(amount, all, 's');
        if (parts === undefined) return;
        const shares = weights.map((each, index) => ({
          fraction: (BigInt(amount) * each) % sum,
          raised: parts[index] !== Number((BigInt(amount) * each) / sum),
        }));
        for (const { fraction } of shares.filter(({ raised }) => raised)) {
          expect(shares.every((other) => other.raised || other.fraction <= fraction)).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the order of the claims', () => {
    const shuffled = claims.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(total, shuffled, (amount, [all, other]) => {
        const byPayee = (order: readonly Claim[]) =>
          new Map(allocate(amount, order, 's')?.map((part, index) => [order[index]?.payee, part]));
        expect(byPayee(other)).toEqual(byPayee(all));
      }),
    );
  });

  it('mirrors a negative total', () => {
    fc.assert(
      fc.property(total, claims, (amount, all) => {
        const mirrored = allocate(amount, all, 's')?.map((part) => 0 - part);
        expect(allocate(0 - amount, all, 's')).toEqual(mirrored);
      }),
    );
  });

  it('says so when nobody has a weight', () => {
    expect(allocate(10, [], 's')).toBeUndefined();
    expect(allocate(10, [{ payee: 'maker:M1', weight: '0.000' }], 's')).toBeUndefined();
  });

  it('refuses what is not exact', () => {
    expect(() => allocate(0.5, [{ payee: 'a', weight: 1 }], 's')).toThrow(RangeError);
    expect(() => allocate(1, [{ payee: 'a', weight: -1 }], 's')).toThrow(RangeError);
  });
});

describe('A2: ties', () => {
  const equal = ['maker:M1', 'maker:M2', 'maker:M3'].map((payee) => ({ payee, weight: 1 }));

  it('go to the larger weight', () => {
    const claims = [
      { payee: 'a', weight: 1 },
      { payee: 'b', weight: 3 },
    ];
    expect(allocate(10, claims, 's')).toEqual([2, 8]);
    expect(allocate(-10, claims, 's')).toEqual([-2, -8]);
  });

  it('then to the smaller hash, which differs from line to line', () => {
    expect(allocate(100, equal, 'blanja/G17/1')).toEqual([34, 33, 33]);
    expect(allocate(100, equal, 'blanja/G17/2')).toEqual([33, 34, 33]);
  });
});
