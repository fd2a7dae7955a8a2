import { describe, expect, it } from '@jest/globals';
import { type AdjustmentDraft, bodyOf, newEntry } from './draft.ts';

const draft: AdjustmentDraft = {
  entries: [
    { ...newEntry(), account: 'facility:F1:earnings', side: 'debit', amount: '5.000' },
    { ...newEntry(), account: 'maker:M1:wages', side: 'credit', amount: '5 000' },
  ],
  ...{ debtor: 'M1', beneficiary: 'restitution', amount: '-700', lotId: 'L1', measure: 'hours' },
  values: { M1: '12,5', M2: '' },
};

describe('an adjustment in a form', () => {
  it('has debits positive and credits negative', () => {
    expect(bodyOf('write-off', draft)).toEqual({
      type: 'write-off',
      entries: [
        { account: 'facility:F1:earnings', amount: 5_000 },
        { account: 'maker:M1:wages', amount: -5_000 },
      ],
    });
    const wrong = { ...draft, entries: [{ ...newEntry(), account: 'x', side: 'credit' as const, amount: 'lima' }] };
    expect(bodyOf('adjustment', wrong)).toMatchObject({ entries: [{ amount: 'lima' }] });
  });

  it('of an obligation says who owes what to whom, of a lot who made it', () => {
    expect(bodyOf('obligation', draft)).toEqual({
      obligation: { debtor: 'maker:M1', beneficiary: 'beneficiary:restitution', amount: -700 },
    });
    expect(bodyOf('contributions', draft)).toEqual({
      lot: { lotId: 'L1', measure: 'hours', contributions: [{ makerId: 'M1', weight: '12.5' }] },
    });
  });
});
