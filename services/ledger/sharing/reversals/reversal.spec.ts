import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Reversible, takeBack } from './reversal.ts';
import { recordContributions } from './suspense.ts';

const leaf = (name: string, amount: number, parts: Reversible[] = []): Reversible => ({
  name,
  account: name,
  amount,
  reversed: 0,
  parts: parts.map((part) => ({ ...part, account: name })),
});

/** A line with a facility that may lose, suspense for two lots, and own steps of two makers to one account. */
const lines = fc
  .record({ facility: fc.integer({ min: -50, max: 500 }), fees: fc.nat(500), lots: pair(), makers: pair() })
  .map(({ facility, fees, lots, makers }) => {
    const credits = [
      leaf('facility', facility),
      leaf('fees', fees),
      leaf('suspense@F1', lots[0] + lots[1], [leaf('LA', lots[0]), leaf('LB', lots[1])]),
      leaf('fund#step', makers[0] + makers[1], [leaf('maker:M1', makers[0]), leaf('maker:M2', makers[1])]),
    ];
    return { credits, price: facility + fees + lots[0] + lots[1] + makers[0] + makers[1] };
  })
  .filter(({ price }) => price > 0);

function pair() {
  return fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }));
}

const refunds = fc.array(fc.record({ percent: fc.nat(100), records: fc.constantFrom('LA', 'LB', '') }), {
  maxLength: 8,
});
const contributions = ['M1', 'M2', 'M3'].map((makerId, index) => ({ makerId, weight: String(index + 1) }));

const sumOf = (all: readonly { amount: number }[]) => all.reduce((sum, { amount }) => sum + amount, 0);
const agrees = ({ reversed, parts }: Reversible): boolean =>
  parts.length === 0 || (parts.reduce((sum, part) => sum + part.reversed, 0) === reversed && parts.every(agrees));

describe('refunds of a line, with contributions recorded between them', () => {
  it('take back what is refunded, from who stands behind each credit, and end at zero everywhere (F1, F2, L4)', () => {
    fc.assert(
      fc.property(lines, refunds, ({ credits, price }, events) => {
        let state: readonly Reversible[] = credits;
        let refunded = 0;
        const balances = new Map<string, number>();
        const move = (account: string, amount: number) => balances.set(account, (balances.get(account) ?? 0) + amount);
        for (const { account, amount } of credits) move(account, amount);

        for (const { percent, records } of [...events, { percent: 100, records: '' }]) {
          const recorded = recordContributions(state, 'F1', { lotId: records, measure: 'hours', contributions }, 's');
          if (recorded !== null) {
            state = recorded.credits;
            for (const { account, amount, reversed } of recorded.moved) {
              move('suspense@F1', reversed - amount);
              move(account, amount - reversed);
            }
          }
          const now = refunded + Math.floor(((price - refunded) * percent) / 100);
          const after = takeBack(state, now, price, 's');
          expect(sumOf(after.reversals)).toBe(now - refunded);
          for (const { account, amount } of after.reversals) move(account, -amount);
          expect(after.credits.every(agrees)).toBe(true);
          ({ credits: state } = after);
          refunded = now;
        }
        expect([...balances.values()].every((balance) => balance === 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('name the credit, who bears it, and the account that the sale credited', () => {
    const credits = [leaf('fees', 50), leaf('fund#step', 50, [leaf('maker:M1', 50)])];
    expect(takeBack(credits, 50, 100, 's').reversals).toEqual([
      { credit: 'fees', part: 'fees', account: 'fees', amount: 25 },
      { credit: 'fund#step', part: 'maker:M1', account: 'fund#step', amount: 25 },
    ]);
  });
});

describe('F2: a line of price 0', () => {
  it('is reversed whole', () => {
    const credits = [leaf('fees', 50), leaf('facility', -50)];
    const { credits: after } = takeBack(credits, 0, 0, 's');
    expect(after.map(({ reversed }) => reversed)).toEqual([50, -50]);
  });
});

describe('L4: contributions recorded late', () => {
  it('move nothing for a lot that is not held, or without weights', () => {
    const credits = [leaf('suspense@F1', 50, [leaf('LA', 50)])];
    const lot = { lotId: 'LA', measure: 'hours' as const, contributions };
    expect(recordContributions(credits, 'F1', { ...lot, lotId: 'LX' }, 's')).toBeNull();
    expect(recordContributions(credits, 'F1', { ...lot, contributions: [] }, 's')).toBeNull();
    const once = recordContributions(credits, 'F1', lot, 's');
    expect(once?.moved.map(({ amount }) => amount)).toEqual([8, 17, 25]);
    expect(recordContributions(once?.credits ?? [], 'F1', lot, 's')).toBeNull();
  });
});
