import { describe, expect, it } from '@jest/globals';
import { keepDraft, keptDraft, type LotDraft, lotOf } from './draft.ts';

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
