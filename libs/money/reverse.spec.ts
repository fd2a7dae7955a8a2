import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Leaf, reverse } from './reverse.ts';

const leavesOf = (amounts: readonly number[]): Leaf[] =>
  amounts.map((amount, index) => ({ name: `leaf${index}`, amount, reversed: 0 }));
const sumOf = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 0);

/** Applies refunds one after the other; yields the state after each. */
function* refunding(leaves: readonly Leaf[], price: number, cumulative: readonly number[], scope = 's') {
  let state = leaves;
  for (const refunded of cumulative) {
    const back = reverse(state, refunded, price, scope);
    state = state.map((leaf, index) => ({ ...leaf, reversed: leaf.reversed + (back[index] ?? Number.NaN) }));
    yield { refunded, back, state };
  }
}

const scenario = (amount: fc.Arbitrary<number>) =>
  fc
    .array(amount, { minLength: 1, maxLength: 9 })
    .filter((amounts) => sumOf(amounts) > 0 && Number.isSafeInteger(sumOf(amounts.map(Math.abs))))
    .chain((amounts) => {
      const price = sumOf(amounts);
      const refunds = fc.array(fc.integer({ min: 0, max: price }), { maxLength: 12 });
      return fc.record({
        leaves: fc.constant(leavesOf(amounts)),
        price: fc.constant(price),
        cumulative: refunds.map((all) => [...all.sort((a, b) => a - b), price]),
      });
    });
const amounts = fc.oneof(fc.nat(12), fc.nat(), fc.nat(2 ** 49));
const signedAmounts = fc.oneof(fc.integer({ min: -9, max: 12 }), fc.integer());

describe.each([
  ['F1', scenario(amounts)],
  ['F2: with negative leaves', scenario(signedAmounts)],
])('%s: any sequence of refunds', (_, refunds) => {
  it('takes back exactly what is refunded, and no leaf ever gets any of it again', () => {
    fc.assert(
      fc.property(refunds, ({ leaves, price, cumulative }) => {
        let before = 0;
        for (const { refunded, back } of refunding(leaves, price, cumulative)) {
          expect(sumOf(back)).toBe(refunded - before);
          for (const [index, leaf] of leaves.entries()) {
            expect(Math.sign(leaf.amount) * (back[index] ?? Number.NaN)).toBeGreaterThanOrEqual(0);
          }
          before = refunded;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends at the exact inverse', () => {
    fc.assert(
      fc.property(refunds, ({ leaves, price, cumulative }) => {
        for (const { refunded, state } of refunding(leaves, price, cumulative)) {
          if (refunded === price) expect(state.map((leaf) => leaf.reversed)).toEqual(leaves.map((leaf) => leaf.amount));
        }
      }),
    );
  });

  it('does not depend on the order of the leaves', () => {
    fc.assert(
      fc.property(refunds, ({ leaves, price, cumulative }) => {
        const backwards = [...refunding([...leaves].reverse(), price, cumulative)].map(({ back }) => back.reverse());
        expect(backwards).toEqual([...refunding(leaves, price, cumulative)].map(({ back }) => back));
      }),
    );
  });
});

describe('F1', () => {
  it('keeps every leaf at the floor or the ceiling of its exact ratio', () => {
    fc.assert(
      fc.property(scenario(amounts), ({ leaves, price, cumulative }) => {
        for (const { refunded, state } of refunding(leaves, price, cumulative)) {
          for (const { amount, reversed } of state) {
            const product = BigInt(refunded) * BigInt(amount);
            const floor = product / BigInt(price);
            const ceiling = (product + BigInt(price) - 1n) / BigInt(price);
            expect([floor, ceiling]).toContain(BigInt(reversed));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives 5, 4, 1 and then 5, 5, 1 where a cumulative largest remainder would pay a rupiah back', () => {
    const leaves = [
      { name: 'a', amount: 6, reversed: 0 },
      { name: 'b', amount: 6, reversed: 0 },
      { name: 'c', amount: 2, reversed: 0 },
    ];
    const states = [...refunding(leaves, 14, [10, 11], 'x')];
    expect(states.map(({ state }) => state.map(({ reversed }) => reversed))).toEqual([
      [5, 4, 1],
      [5, 5, 1],
    ]);
  });

  it('refuses a state that it did not make', () => {
    expect(() => reverse([{ name: 'a', amount: 10, reversed: 9 }], 5, 10, 's')).toThrow('do not come from this rule');
    expect(() => reverse([{ name: 'a', amount: 10, reversed: 0 }], 5, 11, 's')).toThrow('do not add up');
    expect(() => reverse([{ name: 'a', amount: 10, reversed: 0 }], 11, 10, 's')).toThrow(RangeError);
  });
});

describe('F2', () => {
  it('reverses fees of 5,000 and a loss of 2,000 side by side (G14)', () => {
    const leaves = leavesOf([5000, -2000]);
    expect(reverse(leaves, 1000, 3000, 's')).toEqual([1666, -666]);
  });

  it('reverses a line of price 0 whole', () => {
    expect(reverse(leavesOf([5000, -5000]), 0, 0, 's')).toEqual([5000, -5000]);
  });
});
