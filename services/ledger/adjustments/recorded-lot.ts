import type { Entry } from '../journals/journal.ts';
import { recordContributions } from '../refunds/suspense.ts';
import { availableOf } from '../releases/release.ts';
import type { SaleLine } from '../sales/sale.ts';
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

/**
 * Moves what suspense holds of a sale line for a lot to the lot's makers (golden.md, L4): as pending, like the rest of
 * the sale, or as available if the sale is released. Only releases recover what a maker has to give back (L1).
 * @returns null if nothing of the lot is in suspense here
 */
export function recordLot(
  { orderId, facilityId, lineRef, lot }: RecordedLot,
  line: SaleLine,
  isReleased: boolean,
): { line: SaleLine; entries: Entry[] } | null {
  const recorded = recordContributions(line.credits, facilityId, lot, `${orderId}/${lineRef}`);
  if (recorded === null) return null;
  const moved = recorded.moved.filter(({ amount }) => amount !== 0);
  const out = moved.reduce((sum, { amount }) => sum + amount, 0);
  const entries = [
    { account: `suspense@${facilityId}`, amount: out },
    ...moved.map(({ account, amount }) => ({
      account: isReleased ? (availableOf(account) ?? account) : account,
      amount: -amount,
    })),
  ];
  return {
    line: { ...line, credits: recorded.credits },
    entries: entries.filter(({ amount }) => amount !== 0).map((entry) => ({ ...entry, lineRef, step: null })),
  };
}

/** Computed again: whether the sale was released at the time, the entries themselves tell. */
export function recordLotAsPosted(recorded: RecordedLot, line: SaleLine, posted: readonly Entry[]) {
  const isReleased = !posted.some(({ account }) => availableOf(account) !== undefined);
  return recordLot(recorded, line, isReleased);
}
