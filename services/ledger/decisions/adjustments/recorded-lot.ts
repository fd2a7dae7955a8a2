import type { Rupiah } from '#libs/money';
import { type Entry, merged } from '../../books/journals/journal.ts';
import { availableOf } from '../../sales/releases/release.ts';
import type { SaleLine } from '../../sales/sales/sale.ts';
import { type Memory, noMemory, Recollection, undoIn } from '../../sharing/memory/memory.ts';
import { recordContributions } from '../../sharing/reversals/suspense.ts';
import { shareOwn } from '../../sharing/waterfall/waterfall.ts';
import type { Lot } from './adjustment.ts';

/** Data of the journal that gives one sale line's held part of a lot to the lot's makers. */
export interface RecordedLot {
  readonly adjustmentId: string;
  readonly saleId: string;
  readonly orderId: string;
  readonly facilityId: string;
  readonly lineRef: string;
  readonly lot: Lot;
  readonly reason: string;
  readonly createdBy: string;
  readonly approvedBy: string;
}

/** What recording a lot depends on, beside the line. */
interface LotCircumstances {
  /** Whether the sale is. */
  readonly isReleased: boolean;
  /** `YYYY-MM-DD`, of the sale: the money counts in its periods, whenever its makers are found. */
  readonly postedOn: string;
  readonly memory: Memory | null;
}

/**
 * Moves what suspense holds of a sale line for a lot to the lot's makers, and through their own steps (golden.md, L4):
 * as pending, like the rest of the sale, or as available if the sale is released. Only releases recover what a maker has
 * to give back (L1). What refunds took before comes off each share.
 * @returns null if nothing of the lot is in suspense here
 */
export function recordLot(
  { orderId, facilityId, lineRef, lot }: RecordedLot,
  line: SaleLine,
  { isReleased, postedOn, memory }: LotCircumstances,
): { line: SaleLine; entries: Entry[]; changes: Memory } | null {
  const { agreement } = line;
  const scope = `${orderId}/${lineRef}`;
  const recollection = new Recollection(memory ?? noMemory);
  const sharesOf = (makerId: string, premi: Rupiah) =>
    agreement.maker
      ? shareOwn(agreement.maker, premi, { facilityId, makerId, postedOn, memory: recollection }, scope)
      : [];
  const recorded = recordContributions(line.credits, facilityId, lot, scope, sharesOf);
  if (recorded === null) return null;
  undoIn(
    recollection,
    agreement,
    postedOn,
    recorded.back.map(({ maker = '', step = null, account, amount }) => {
      return { owner: maker, step, account, amount, fromAccount: amount };
    }),
  );
  const moved = recorded.moved.map(({ account, step = null, amount, reversed }) => ({
    account: isReleased ? (availableOf(account) ?? account) : account,
    step,
    amount: reversed - amount,
  }));
  const out = moved.reduce((sum, { amount }) => sum - amount, 0);
  return {
    line: { ...line, credits: recorded.credits },
    entries: merged(
      [{ account: `suspense@${facilityId}`, step: null, amount: out }, ...moved].map((each) => ({ ...each, lineRef })),
    ),
    changes: recollection.changes,
  };
}
