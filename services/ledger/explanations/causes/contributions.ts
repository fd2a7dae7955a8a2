import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { type Floored, floorOfProduct, type Rupiah, ratioOf } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import {
  type PostedLot,
  type RecordedLot,
  recordLot,
  recordLotAsPosted,
} from '../../decisions/adjustments/recorded-lot.ts';
import { refundLine } from '../../sales/refunds/refund.ts';
import { type SaleLine, shareSale, soldLines } from '../../sales/sales/sale.ts';
import { noMemory } from '../../sharing/memory/memory.ts';
import type { Reversible } from '../../sharing/reversals/reversal.ts';
import type { Circumstances } from '../journals/explanation.ts';

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
 * Computes an adjustment by contributions again, from the sale and what happened to its line before.
 * @param before refunds of the line, and contributions recorded earlier, in the order in which they were applied
 * @param posted its entries: whether the sale was released at the time is a matter of the moment
 * @returns undefined if nothing of the lot would be in suspense
 */
export function contributionsCause(
  recorded: PostedLot,
  sale: SalePaid,
  { agreements, postedOn, memory }: Circumstances,
  before: readonly (SaleRefunded | PostedLot)[],
  posted: readonly Entry[],
): { cause: ContributionsCause; entries: readonly Entry[] } | undefined {
  const shared = shareSale(sale, agreements, postedOn, memory ?? noMemory);
  const sold = soldLines(sale, shared, { journalId: '', agreements });
  const line = sold
    .filter(({ lineRef }) => lineRef === recorded.lineRef)
    .map((first) => before.reduce((line, event) => applied(line, event, postedOn), first))
    .find(() => true);
  const result = line && recordLotAsPosted(recorded, line, { postedOn, memory: recorded.memory }, posted);
  const lot = result && lotIn(result.line.credits, recorded);
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
  return { cause, entries: result.entries };
}

function applied(line: SaleLine, event: SaleRefunded | PostedLot, postedOn: string): SaleLine {
  if (!('lot' in event)) return refundLine(event, line).line;
  return recordLot(event, line, { isReleased: false, postedOn, memory: event.memory })?.line ?? line;
}

function lotIn(credits: readonly Reversible[], { facilityId, lot }: RecordedLot): Reversible | undefined {
  return credits.find(({ name }) => name === `suspense@${facilityId}`)?.parts.find(({ name }) => name === lot.lotId);
}
