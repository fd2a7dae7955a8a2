import { wholeOf } from '../kit/written.ts';
import { contributionsOf, type LotDraft } from '../lots/draft.ts';

/** What may be proposed to be posted by hand. */
export const TYPES = ['adjustment', 'write-off', 'opening', 'contributions', 'obligation'] as const;
export type Type = (typeof TYPES)[number];

/** Where each is proposed. */
export const PATHS: Readonly<Record<Type, string>> = {
  adjustment: 'adjustments',
  'write-off': 'adjustments',
  opening: 'adjustments',
  contributions: 'adjustments/contributions',
  obligation: 'adjustments/obligations',
};

export interface EntryDraft {
  /** Of the form. */
  readonly key: string;
  readonly account: string;
  readonly side: 'debit' | 'credit';
  readonly amount: string;
}

/** Of all types: what is typed of one stays when one looks at another. */
export interface AdjustmentDraft extends Pick<LotDraft, 'measure' | 'values'> {
  readonly entries: readonly EntryDraft[];
  readonly debtor: string;
  readonly beneficiary: string;
  readonly amount: string;
  readonly lotId: string;
}

let entries = 0;

export function newEntry(): EntryDraft {
  entries += 1;
  return { key: `entry-${entries}`, account: '', side: entries % 2 === 1 ? 'debit' : 'credit', amount: '' };
}

/** As the ledger takes it: debit positive, credit negative. */
export function bodyOf(type: Type, draft: AdjustmentDraft): object {
  if (type === 'obligation') {
    const { debtor, beneficiary, amount } = draft;
    const names = { debtor: `maker:${debtor}`, beneficiary: `beneficiary:${beneficiary.replace(/^beneficiary:/, '')}` };
    return { obligation: { ...names, amount: wholeOf(amount) } };
  }
  if (type === 'contributions') {
    const { lotId, measure, values } = draft;
    const contributions = contributionsOf(values, measure).map(({ makerId, value }) => ({ makerId, weight: value }));
    return { lot: { lotId, measure, contributions } };
  }
  return {
    type,
    entries: draft.entries.map(({ account, side, amount }) => {
      const written = wholeOf(amount);
      return { account, amount: side === 'credit' && typeof written === 'number' ? -written : written };
    }),
  };
}
