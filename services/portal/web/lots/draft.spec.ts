import { describe, expect, it } from '@jest/globals';
import type { Lot } from '../api/answers.ts';
import { asLastTime, keepDraft, keptDraft, type LotDraft, lotOf, teamFirst } from './draft.ts';

const draft: LotDraft = {
  sku: 'MJK-TAS-KULIT',
  quantity: '10',
  unitCost: '182.000',
  madeOn: '2026-11-05',
  measure: 'hours',
  values: { 'M-MJK-01': '20', 'M-MJK-02': '12,5', 'M-MJK-03': '' },
};

describe('a lot as it is written down', () => {
  it('is what the catalogue takes: whole rupiah, decimals with a point, and only who worked on it', () => {
    expect(lotOf(draft)).toEqual({
      sku: 'MJK-TAS-KULIT',
      quantity: 10,
      unitCost: 182_000,
      madeOn: '2026-11-05',
      measure: 'hours',
      contributions: [
        { makerId: 'M-MJK-01', value: '20' },
        { makerId: 'M-MJK-02', value: '12.5' },
      ],
    });
  });

  it('what is no number is left for the catalogue to refuse', () => {
    expect(lotOf({ ...draft, quantity: 'sepuluh' }).quantity).toBe('sepuluh');
  });

  const lot = (sku: string, unitCost: number, measure: Lot['measure'], ...makerIds: string[]): Lot => ({
    ...{ lotId: `${sku} ${unitCost}`, facilityId: 'LP-MOJOKERTO', madeOn: '2026-11-01' },
    ...{ version: 1, quantity: 5, available: 5 },
    ...{ sku, unitCost, measure, contributions: makerIds.map((makerId) => ({ makerId, value: '3' })) },
  });

  it('begins as the product was made last', () => {
    const latest = [lot('bag', 200, 'hours', 'M-2'), lot('mat', 70, 'equal', 'M-3'), lot('bag', 100, 'equal', 'M-1')];
    expect(asLastTime(latest, 'bag')).toEqual({ sku: 'bag', unitCost: '200', measure: 'hours', values: {} });
    expect(asLastTime(latest, 'mat')).toEqual({ sku: 'mat', unitCost: '70', measure: 'equal', values: { 'M-3': '1' } });
    expect(asLastTime(latest, 'new')).toEqual({ sku: 'new', unitCost: '', measure: 'hours', values: {} });
    const makers = ['M-1', 'M-2', 'M-3'].map((makerId) => ({ makerId }));
    expect(teamFirst(makers, latest, 'bag').map(({ makerId }) => makerId)).toEqual(['M-2', 'M-1', 'M-3']);
    expect(teamFirst(makers, latest, 'new')).toEqual(makers);
  });

  it('stays on the device until it is answered, for its facility only', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    keepDraft(storage, 'LP-MOJOKERTO', draft);
    expect(keptDraft(storage, 'LP-MOJOKERTO')).toEqual(draft);
    expect(keptDraft(storage, 'LP-CIKARANG')).toBeUndefined();
    keepDraft(storage, 'LP-MOJOKERTO', undefined);
    expect(keptDraft(storage, 'LP-MOJOKERTO')).toBeUndefined();
    storage.setItem('pasindo.lot.LP-MOJOKERTO', '{broken');
    expect(keptDraft(storage, 'LP-MOJOKERTO')).toBeUndefined();
  });
});
