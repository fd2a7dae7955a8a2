import type { SalePaid } from '#libs/contracts';
import { type Floored, floorOfProduct, type Rupiah, ratioOf } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import type { RecordedLot } from '../../decisions/adjustments/recorded-lot.ts';
import type { Reversible } from '../../sharing/reversals/reversal.ts';
import { type Circumstances, type LineEvent, replay } from './replay.ts';

/** What recording a lot's contributions moved out of suspense, for one line that took from the lot (golden.md, L4). */
export interface ContributionsCause {
  readonly cause: 'contributions';
  readonly recorded: RecordedLot;
  /** The lot's part as the sale put it into suspense. */
  readonly held: Rupiah;
  /** What refunds have taken of it before. */
  readonly reversed: Rupiah;
  readonly makers: readonly {
    readonly makerId: string;
    readonly weight: string;
    readonly weights: string;
    /** weight ÷ weights × held */
    readonly exact: Floored;
    readonly amount: Rupiah;
    /** His or her part of what refunds have taken. */
    readonly reversed: Rupiah;
    /** By own steps; none: all is premi. */
    readonly shares: readonly {
      readonly step: string | null;
      readonly account: string;
      readonly amount: Rupiah;
      readonly reversed: Rupiah;
    }[];
  }[];
}

/**
 * Computes contributions that were found later again, from the sale and what happened to its line until then.
 * @param history the last is the journal to explain
 * @param posted its entries
 * @returns undefined if nothing of the lot would be in suspense
 */
export function contributionsCause(
  recorded: RecordedLot,
  sale: SalePaid,
  circumstances: Circumstances,
  history: readonly LineEvent[],
  posted: readonly Entry[],
): { cause: ContributionsCause; entries: readonly Entry[] } | undefined {
  const last = replay(sale, circumstances, history, posted)?.last;
  const lot = last && lotIn(last.line.credits, recorded);
  if (!lot) return undefined;

  const { measure, contributions } = recorded.lot;
  const weightOf = ({ weight }: { weight: string }) => (measure === 'equal' ? '1' : weight);
  const den = Math.max(...contributions.map((each) => ratioOf(weightOf(each)).den));
  const scaled = (weight: string) => (ratioOf(weight).num * den) / ratioOf(weight).den;
  const all = contributions.reduce((sum, each) => sum + scaled(weightOf(each)), 0);
  const makers = contributions.map((each) => {
    const part = lot.parts.find(({ account }) => account.startsWith(`maker:${each.makerId}:`));
    const weight = weightOf(each);
    const exact = floorOfProduct(lot.amount, { num: scaled(weight), den: all });
    const { amount = 0, reversed = 0, parts = [] } = part ?? {};
    const shares = parts.map(({ step = null, account, amount, reversed }) => ({ step, account, amount, reversed }));
    return { makerId: each.makerId, weight, weights: String(all / den), exact, amount, reversed, shares };
  });
  const cause = { cause: 'contributions' as const, recorded, held: lot.amount, reversed: lot.reversed, makers };
  return { cause, entries: last.entries };
}

function lotIn(credits: readonly Reversible[], { facilityId, lot }: RecordedLot): Reversible | undefined {
  return credits.find(({ name }) => name === `suspense@${facilityId}`)?.parts.find(({ name }) => name === lot.lotId);
}
