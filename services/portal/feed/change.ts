import type { DataOf, decisionChanged, journalPosted } from '#libs/contracts';

/** That something has changed in the books, for who looks at it to ask again: no money, nobody's name. */
export interface Change {
  /** Null: of the whole country, such as an agreement or the end of a month. */
  readonly facilityId: string | null;
  /** sale, refund, payout, adjustment, ... */
  readonly kind: string;
  /** Of the sale, refund, decision, ... */
  readonly reference: string;
}

/** A journal that comes in parts has changed the books once. */
export function changeByJournal({ facilityId, kind, sourceReference, part }: DataOf<typeof journalPosted>): Change[] {
  return part === 1 ? [{ facilityId, kind, reference: sourceReference }] : [];
}

export function changeByDecision({ facilityId, kind, id }: DataOf<typeof decisionChanged>): Change[] {
  return [{ facilityId: facilityId ?? null, kind, reference: id }];
}
