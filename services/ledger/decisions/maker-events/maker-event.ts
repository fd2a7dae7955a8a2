import type { Decided } from '#libs/decisions';
import type { Rupiah } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import type { AccumulatorChange } from '../../sharing/memory/accumulator.ts';
import { owedKey } from '../../sharing/memory/memory.ts';

/** What can happen to a maker, and what has to be said of it. */
export type Happening =
  /** From then on the event's facility pays the maker, whoever earned it. No money moves. */
  | { readonly type: 'transfer'; readonly content: Record<string, never> }
  /** Custody has ended: savings become available. */
  | { readonly type: 'release'; readonly content: Record<string, never> }
  /** Nothing is paid out or spent until it is unfrozen; what is earned goes on. */
  | { readonly type: 'freeze'; readonly content: { readonly because: FreezeReason } }
  /** `payee`: who is paid from now on in the maker's place, such as heirs; `beneficiary:{id}`. */
  | { readonly type: 'unfreeze'; readonly content: { readonly payee?: string } }
  /**
   * The maker is the same person as another, who survives. What is available, saved and owed moves there. What is pending
   * stays with the sales that say it, is released and refunded as ever, and then paid to the survivor; a later merge into
   * the same survivor moves what has come since.
   */
  | { readonly type: 'merge'; readonly content: { readonly into: string } };

export type FreezeReason = 'death' | 'escape' | 'other';

export interface Drafted {
  readonly eventId: string;
  readonly makerId: string;
  /** In whose books it is written. */
  readonly facilityId: string;
  readonly occurredAt: Date;
  readonly reason: string;
  /** Person id. */
  readonly createdBy: string;
}

export type MakerEventDraft = Drafted & Happening;

export type MakerEvent = MakerEventDraft &
  Decided & {
    /** n-th of all that are approved; null: a draft. */
    readonly number: number | null;
    /** `YYYY-MM-DD`: day that it counts from. */
    readonly effectiveOn: string | null;
  };

/** How a maker stands now. */
export interface Standing {
  /** The facility that pays the maker since a transfer; null: each pays what its sales earned. */
  readonly paidBy: string | null;
  readonly frozen: boolean;
  /** Who is paid in the maker's place; null: nobody. */
  readonly payee: string | null;
  /** Of duplicate persons the one that survives; null: this one does. */
  readonly mergedInto: string | null;
}

/** What forbids that it happens, as the maker stands; undefined: nothing. */
export function obstacle(happening: Happening, { frozen, mergedInto }: Standing): string | undefined {
  const again = happening.type === 'merge' && happening.content.into === mergedInto;
  if (mergedInto !== null && !again) return `was merged into ${mergedInto}`;
  switch (happening.type) {
    case 'merge':
      return frozen ? 'is frozen' : undefined;
    case 'freeze':
      return frozen ? 'is frozen already' : undefined;
    case 'unfreeze':
      return frozen ? undefined : 'is not frozen';
    case 'release':
      return frozen ? 'is frozen: nothing becomes available' : undefined;
    case 'transfer':
      return undefined;
  }
}

/**
 * Savings become available at the end of custody, after what the maker still has to give back. Pending sales stay
 * pending, and become available as they settle.
 * @param balances of the maker's accounts by code, debit positive
 */
export function savingsReleased(makerId: string, balances: ReadonlyMap<string, Rupiah>): Entry[] {
  const code = (purpose: string) => `maker:${makerId}:${purpose}`;
  const saved = Math.max(0, -(balances.get(code('savings')) ?? 0));
  const givenBack = Math.min(saved, Math.max(0, balances.get(code('receivable')) ?? 0));
  return [
    { account: code('savings'), amount: saved },
    { account: code('receivable'), amount: -givenBack },
    { account: code('wages'), amount: givenBack - saved },
  ].flatMap((entry) => (entry.amount === 0 ? [] : [{ ...entry, lineRef: null, step: null }]));
}

/** What is kept on one of a maker's accounts in the books of one facility, debit positive. */
export interface Kept {
  readonly facilityId: string;
  readonly purpose: string;
  readonly amount: Rupiah;
}

/** Of an obligation (accumulators/accumulator.ts): what was imposed and what was paid, by `{beneficiary}:payable`. */
export interface Obligation {
  readonly to: string;
  readonly input: Rupiah;
  readonly taken: Rupiah;
}

/** What a step has seen and taken in a period (accumulators/accumulator.ts), by `{step}|{period}`. */
export interface Counted {
  readonly key: string;
  readonly input: Rupiah;
  readonly taken: Rupiah;
}

/** Data of an event's journals. */
export type MakerEventSource = Pick<Drafted, 'eventId' | 'makerId' | 'reason' | 'createdBy'> & {
  readonly number: number;
  readonly approvedBy: string;
  readonly type: Happening['type'];
  /** Of a merge. */
  readonly into?: string;
  readonly obligations?: readonly Obligation[];
  /** Absent: of a merge from before they moved with it. */
  readonly counters?: readonly Counted[];
};

/** What a merge moves from one maker to the other, facility by facility, so that each goes on paying what it earned. */
export function moved(from: string, into: string, kept: readonly Kept[]): Map<string, Entry[]> {
  const entries = kept.flatMap(({ facilityId, purpose, amount }) => [
    { facilityId, account: `maker:${from}:${purpose}`, amount: -amount },
    { facilityId, account: `maker:${into}:${purpose}`, amount },
  ]);
  const byFacility = Map.groupBy(entries, ({ facilityId }) => facilityId);
  return new Map(
    [...byFacility].map(([facilityId, all]) => [
      facilityId,
      all.map(({ account, amount }) => ({ account, amount, lineRef: null, step: null })),
    ]),
  );
}

/** What is remembered of one moves to the other, who is both from now on. */
export function memoryMoved(
  from: string,
  into: string,
  { obligations = [], counters = [] }: Pick<MakerEventSource, 'obligations' | 'counters'>,
): AccumulatorChange[] {
  const sums = [
    ...obligations.map(({ to, ...sums }) => ({ keyOf: (maker: string) => owedKey(maker, to), ...sums })),
    ...counters.map(({ key, ...sums }) => ({ keyOf: (maker: string) => `${maker}|${key}`, ...sums })),
  ];
  return sums.flatMap(({ keyOf, input, taken }) => [
    { key: keyOf(`maker:${from}`), inputChange: -input, takenChange: -taken },
    { key: keyOf(`maker:${into}`), inputChange: input, takenChange: taken },
  ]);
}
