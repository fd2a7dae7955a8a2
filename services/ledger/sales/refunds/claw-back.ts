import { type Rupiah, rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { availableOf } from '../releases/release.ts';

/** What a refund asks of an account, and which maker it was credited for: `maker:{id}`; null: none. */
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
 * suffices. Of a released one: what is available, never what is reserved. Savings and beneficiaries: the same. What
 * these cannot give, the maker owes from now on or, of what the sale itself gave a beneficiary, the facility bears.
 * Facility, state, fees and the like may go below zero.
 * @param available of all accounts of `limitedBy`, by `keyOf`; afterwards, less what was taken
 */
export function clawBack(
  claims: readonly Claim[],
  isReleased: boolean,
  available: Available,
  keyOf: (taken: Pick<TakenBack, 'source' | 'step'>) => string = ({ source }) => source,
): TakenBack[] {
  return claims.map((claim) => {
    const { amount, step } = claim;
    const source = sourceOf(claim.account, isReleased);
    if (!isLimited(source)) return { ...claim, source, fromAccount: amount };
    const key = keyOf({ source, step });
    const there = available.get(key);
    if (there === undefined) throw new RangeError(`what is available on ${key} was not loaded`);
    const fromAccount = Math.min(amount, Math.max(there, 0));
    available.set(key, rupiah(there - fromAccount));
    return { ...claim, source, fromAccount };
  });
}

/** One entry of what each source gives, and one of what somebody else owes or bears in its place. */
export function entriesOf(all: readonly TakenBack[]): Entry[] {
  return all.flatMap(({ lineRef, step, maker, source, amount, fromAccount }) => [
    { account: source, lineRef, step, amount: fromAccount },
    ...(amount === fromAccount
      ? []
      : [{ account: standsIn(maker, source), lineRef, step, amount: amount - fromAccount }]),
  ]);
}

/** The accounts whose balance limits what is taken from them, each with who is paid from it. */
export function limitedBy(claims: readonly Claim[], isReleased: boolean): { account: string; payees: string[] }[] {
  return claims.flatMap(({ account: credited, maker }) => {
    const account = sourceOf(credited, isReleased);
    const { owner } = accountOfCode(account);
    return isLimited(account) ? [{ account, payees: maker === null ? [owner] : [maker, owner] }] : [];
  });
}

function standsIn(maker: string | null, source: string): string {
  return maker === null ? `facility:${accountOfCode(source).facilityId}:earnings` : `${maker}:receivable`;
}

/** Where what a claim is of stands: pending, until the sale is released. */
export function sourceOf(account: string, isReleased: boolean): string {
  return isReleased ? (availableOf(account) ?? account) : account;
}

/** A sale's own pending always suffices, and facility and state may go below zero. */
function isLimited(account: string): boolean {
  return /^(maker:.+:(wages|savings)|beneficiary:.+)$/.test(account);
}
