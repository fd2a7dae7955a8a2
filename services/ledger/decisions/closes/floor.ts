import { type Rupiah, rupiah } from '#libs/money';
import { accountCode } from '../../books/accounts/account-code.ts';
import { type Entry, merged } from '../../books/journals/journal.ts';
import { availableOf } from '../../sales/releases/release.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type Memory, noMemory, Recollection } from '../../sharing/memory/memory.ts';
import { shareOwn } from '../../sharing/waterfall/waterfall.ts';

/** A maker to whom a month's floor is guaranteed: a contribution of his or hers was recorded in it. */
export interface Guaranteed {
  readonly makerId: string;
  /** Of the month: from sales of all facilities, before own steps, less refunds. */
  readonly premi: Rupiah;
}

/** What a close found of a facility's makers, frozen with the journal that it posted for them. */
export interface MonthOfFloor {
  /** `YYYY-MM` */
  readonly month: string;
  readonly facilityId: string;
  readonly floor: Rupiah;
  /** By maker id. */
  readonly makers: readonly Guaranteed[];
}

/** What is missing to the floor; 0: nothing. */
export function missing(floor: Rupiah, { premi }: Guaranteed): Rupiah {
  return Math.max(0, rupiah(floor - premi));
}

/**
 * The entries that guarantee a floor (golden.md, L3): what is missing comes from the earnings of the facility, which may
 * go below zero, and goes to each maker as available premi, through his or her own steps.
 * @param agreement the facility's at the end of the month
 * @param postedOn the month's last day
 */
export function floorEntries(
  { month, facilityId, floor, makers }: MonthOfFloor,
  agreement: Agreement,
  postedOn: string,
  memory: Memory | null,
): { entries: Entry[]; changes: Memory } {
  const recollection = new Recollection(memory ?? noMemory);
  const shares = makers.flatMap((maker): { step: string | null; account: string; amount: Rupiah }[] => {
    const { makerId } = maker;
    const amount = missing(floor, maker);
    if (!agreement.maker) return [{ step: null, account: accountCode.wages(makerId), amount }];
    return amount === 0
      ? []
      : shareOwn(agreement.maker, amount, { facilityId, makerId, postedOn, memory: recollection }, `floor/${month}`);
  });
  const sum = shares.reduce((all, { amount }) => rupiah(all + amount), 0);
  const paid = { step: null, account: `facility:${facilityId}:earnings`, amount: sum };
  const gets = shares.map(({ step, account, amount }) => {
    return { step, account: availableOf(account) ?? account, amount: -amount };
  });
  return {
    entries: merged([paid, ...gets].map((each) => ({ ...each, lineRef: null }))),
    changes: recollection.changes,
  };
}
