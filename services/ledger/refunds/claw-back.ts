import { type Rupiah, rupiah } from '#libs/money';
import type { Entry } from '../journals/journal.ts';
import { availableOf } from '../releases/release.ts';

/** What a refund asks of an account, and which maker bears what it cannot give: `maker:{id}`; null: it may go below. */
export interface Claim extends Entry {
  readonly maker: string | null;
}

/** What can be taken from accounts, by code: what they owe their owners less what is reserved for payouts. */
export type Available = Map<string, Rupiah>;

/** A claim, and where its money really comes from. */
export interface TakenBack extends Claim {
  readonly source: string;
  /** What of the claim the source could give. */
  readonly fromAccount: Rupiah;
}

/**
 * Where a refund's money comes from (golden.md, F5). Of a sale that is not released: its own pending, which always
 * suffices. Of a released one: what is available, never what is reserved. Savings and what beneficiaries were promised
 * by a maker: their balance. What these cannot give, the maker owes from now on. Facility, state, fees and the like may
 * go below zero.
 * @param available of all accounts of `limitedBy`; afterwards, less what was taken
 */
export function clawBack(claims: readonly Claim[], isReleased: boolean, available: Available): TakenBack[] {
  return claims.map((claim) => {
    const { maker, amount } = claim;
    const source = sourceOf(claim.account, isReleased);
    if (!isLimited({ account: source, maker })) return { ...claim, source, fromAccount: amount };
    const there = available.get(source);
    if (there === undefined) throw new RangeError(`what is available on ${source} was not loaded`);
    const fromAccount = Math.min(amount, Math.max(there, 0));
    available.set(source, rupiah(there - fromAccount));
    return { ...claim, source, fromAccount };
  });
}

/** One entry of what each source gives, and one of what its maker owes from now on. */
export function entriesOf(all: readonly TakenBack[]): Entry[] {
  return all.flatMap(({ lineRef, step, maker, source, amount, fromAccount }) => [
    { account: source, lineRef, step, amount: fromAccount },
    ...(amount === fromAccount
      ? []
      : [{ account: `${maker}:receivable`, lineRef, step, amount: amount - fromAccount }]),
  ]);
}

/** The accounts whose balance limits what is taken from them. */
export function limitedBy(claims: readonly Claim[], isReleased: boolean): { account: string; maker: string }[] {
  return claims.flatMap(({ account, maker }) => {
    const source = sourceOf(account, isReleased);
    return maker !== null && isLimited({ account: source, maker }) ? [{ account: source, maker }] : [];
  });
}

function sourceOf(account: string, isReleased: boolean): string {
  return isReleased ? (availableOf(account) ?? account) : account;
}

/** A sale's own pending always suffices, and facility and state may go below zero, also by what a maker's steps gave. */
function isLimited({ account, maker }: Pick<Claim, 'account' | 'maker'>): boolean {
  return maker !== null && /^(maker:.+:(wages|savings)|beneficiary:.+)$/.test(account);
}
