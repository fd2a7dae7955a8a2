/** A lot that is being written down: it stays on the device until the catalogue has answered. Pseudonyms only. */
export interface LotDraft {
  readonly sku: string;
  readonly quantity: string;
  readonly unitCost: string;
  readonly madeOn: string;
  readonly measure: 'hours' | 'pieces' | 'weight' | 'equal';
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

/** As the catalogue takes it. People write a comma where decimals have a point. */
export function lotOf({ sku, quantity, unitCost, madeOn, measure, values }: LotDraft) {
  return {
    sku,
    quantity: wholeOf(quantity),
    unitCost: wholeOf(unitCost),
    madeOn,
    measure,
    contributions: Object.entries(values).flatMap(([makerId, value]) =>
      value === '' ? [] : [{ makerId, value: measure === 'equal' ? '1' : value.trim().replace(',', '.') }],
    ),
  };
}

/** `182.000` and `182 000` are 182000; what is no number goes as it is, for the catalogue to say so. */
function wholeOf(text: string): number | string {
  const digits = text.replace(/[\s.]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : text;
}
