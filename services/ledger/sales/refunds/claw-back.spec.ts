import { describe, expect, it } from '@jest/globals';
import { type Claim, clawBack, entriesOf, limitedBy } from './claw-back.ts';

const claim = (account: string, amount: number, maker: string | null = null): Claim => ({
  ...{ account, amount, maker },
  ...{ lineRef: '1', step: null },
});
const M1 = 'maker:M1';
const moved = (claims: Claim[], isReleased: boolean, available: Record<string, number> = {}) => {
  const map = new Map(Object.entries(available));
  const entries = entriesOf(clawBack(claims, isReleased, map)).filter(({ amount }) => amount !== 0);
  return { entries: entries.map(({ account, amount }) => [account, amount]), left: Object.fromEntries(map) };
};

describe('what a refund takes back', () => {
  const wages = [claim(`${M1}:wages-pending`, 100, M1), claim('facility:F1:earnings-pending', 70)];

  it('of a sale that is not released is its own pending', () => {
    expect(moved(wages, false).entries).toEqual([
      [`${M1}:wages-pending`, 100],
      ['facility:F1:earnings-pending', 70],
    ]);
    expect(limitedBy(wages, false)).toEqual([]);
  });

  it('of a released one is available wages, then owed; the facility may go below zero', () => {
    expect(limitedBy(wages, true)).toEqual([{ account: `${M1}:wages`, payees: [M1, M1] }]);
    expect(moved(wages, true, { [`${M1}:wages`]: 20 })).toEqual({
      entries: [
        [`${M1}:wages`, 20],
        [`${M1}:receivable`, 80],
        ['facility:F1:earnings', 70],
      ],
      left: { [`${M1}:wages`]: 0 },
    });
  });

  it('of savings and beneficiaries is what is there, whether released or not; then the maker owes, or the facility bears', () => {
    const victims = 'beneficiary:victims:payable@F1';
    const claims = [claim(`${M1}:savings`, 10, M1), claim(victims, 30, M1), claim(victims, 5)];
    expect(moved(claims, false, { [`${M1}:savings`]: 15, [victims]: 31 })).toEqual({
      entries: [
        [`${M1}:savings`, 10],
        [victims, 30],
        [victims, 1],
        ['facility:F1:earnings', 4],
      ],
      left: { [`${M1}:savings`]: 5, [victims]: 0 },
    });
    expect(moved(claims, true, { [`${M1}:savings`]: 15, [victims]: -1 }).entries).toEqual([
      [`${M1}:savings`, 10],
      [`${M1}:receivable`, 30],
      ['facility:F1:earnings', 5],
    ]);
  });

  it('may leave facility and state below zero, also by what a maker’s own steps gave them (F5)', () => {
    const claims = [claim('facility:F1:earnings-pending', 30, M1), claim('state:pnbp@F1', 5, M1)];
    expect(limitedBy(claims, true)).toEqual([]);
    expect(moved(claims, true).entries).toEqual([
      ['facility:F1:earnings', 30],
      ['state:pnbp@F1', 5],
    ]);
  });

  it('takes no rupiah twice', () => {
    const twice = [...wages, ...wages];
    expect(moved(twice, true, { [`${M1}:wages`]: 150 }).entries).toEqual([
      [`${M1}:wages`, 100],
      ['facility:F1:earnings', 70],
      [`${M1}:wages`, 50],
      [`${M1}:receivable`, 50],
      ['facility:F1:earnings', 70],
    ]);
  });
});
