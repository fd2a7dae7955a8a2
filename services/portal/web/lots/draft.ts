import type { Lot } from '../api/answers.ts';
import { decimalOf, wholeOf } from '../kit/written.ts';

/** A lot that is being written down: it stays on the device until the catalogue has answered. Pseudonyms only. */
export interface LotDraft {
  readonly sku: string;
  readonly quantity: string;
  readonly unitCost: string;
  readonly madeOn: string;
  readonly measure: Lot['measure'];
  /** What each of the team did, in the measure; empty: not of the team. */
  readonly values: Readonly<Record<string, string>>;
}

const KEY = 'pasindo.lot';

export function keptDraft(storage: Pick<Storage, 'getItem'>, facilityId: string): LotDraft | undefined {
  const kept = storage.getItem(`${KEY}.${facilityId}`);
  try {
    return kept ? (JSON.parse(kept) as LotDraft) : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  facilityId: string,
  draft: LotDraft | undefined,
): void {
  if (draft) storage.setItem(`${KEY}.${facilityId}`, JSON.stringify(draft));
  else storage.removeItem(`${KEY}.${facilityId}`);
}

/** As it was when the product was made last: its cost, how work is measured and, where all count the same, who the team is. */
export function asLastTime(
  latest: readonly Lot[],
  sku: string,
): Pick<LotDraft, 'sku' | 'unitCost' | 'measure' | 'values'> {
  const last = latest.find((lot) => lot.sku === sku);
  if (!last) return { sku, unitCost: '', measure: 'hours', values: {} };
  const { unitCost, measure, contributions } = last;
  const values = measure === 'equal' ? contributions.map(({ makerId }) => [makerId, '1']) : [];
  return { sku, unitCost: String(unitCost), measure, values: Object.fromEntries(values) };
}

/** Whoever made the product last comes first. */
export function teamFirst<Maker extends { readonly makerId: string }>(
  makers: readonly Maker[],
  latest: readonly Lot[],
  sku: string,
): readonly Maker[] {
  const team = new Set(latest.find((lot) => lot.sku === sku)?.contributions.map(({ makerId }) => makerId));
  return [...makers.filter(({ makerId }) => team.has(makerId)), ...makers.filter(({ makerId }) => !team.has(makerId))];
}

/** As the catalogue takes it. */
export function lotOf({ sku, quantity, unitCost, madeOn, measure, values }: LotDraft) {
  return {
    sku,
    quantity: wholeOf(quantity),
    unitCost: wholeOf(unitCost),
    madeOn,
    measure,
    contributions: contributionsOf(values, measure),
  };
}

/** Whoever did something. */
export function contributionsOf(values: LotDraft['values'], measure: LotDraft['measure']) {
  return Object.entries(values).flatMap(([makerId, value]) =>
    value === '' ? [] : [{ makerId, value: measure === 'equal' ? '1' : decimalOf(value) }],
  );
}
