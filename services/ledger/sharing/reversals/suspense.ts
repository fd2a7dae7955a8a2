import type { Rupiah } from '#libs/money';
import { accountCode } from '../../books/accounts/account-code.ts';
import { byContribution } from '../waterfall/contribution.ts';
import type { SalePortion } from '../waterfall/sale.ts';
import type { OwnShare } from '../waterfall/waterfall.ts';
import { type Reversal, type Reversible, takeBack } from './reversal.ts';

/**
 * Contributions to a lot became known after its makers' part went to suspense (golden.md, L4): its makers then stand
 * behind the lot, bear what refunds took from it before, and bear its later reversals.
 *
 * They stand behind their own lot, not directly beside the lots still without: a maker's part of the lot's reversal,
 * rounded a second time, need not be the floor or the ceiling of his or her ratio of the whole leaf, where F1 must
 * start from. Lots of 9 and 23 (makers 3, 9, 7, 4), of which 3 of 32 are refunded: the second maker bears 2 of 0.84.
 *
 * Where the agreement has own steps, they share all of what the maker gets, and stand behind the maker. So refunds before
 * and after leave every maker what they would have left without own steps.
 *
 * @param sharesOf what the own steps make of a maker's part, called in the order of the makers' ids; none: all is wages
 * @returns the line's state, what an adjustment moves from suspense, and what of that refunds took before; null if the
 *   lot is not in suspense here or still has no weights
 */
export function recordContributions(
  credits: readonly Reversible[],
  facilityId: string,
  lot: Pick<SalePortion, 'lotId' | 'measure' | 'contributions'>,
  scope: string,
  sharesOf: (makerId: string, premi: Rupiah) => readonly OwnShare[] = () => [],
): { credits: Reversible[]; moved: Reversible[]; back: Reversal[] } | null {
  const held = credits
    .find(({ name }) => name === accountCode.suspense(facilityId))
    ?.parts.find(({ name, parts }) => name === lot.lotId && parts.length === 0);
  const makers = held && byContribution(held.amount, lot, scope);
  if (held === undefined || !makers) return null;

  const fresh = makers
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => (a.makerId < b.makerId ? -1 : 1))
    .map(({ makerId, amount }) => ofMaker(makerId, amount, sharesOf(makerId, amount)));
  const { credits: parts, reversals: back } = takeBack(fresh, held.reversed, held.amount, scope);
  const known = { ...held, parts };
  return {
    credits: credits.map((credit) => ({
      ...credit,
      parts: credit.parts.map((part) => (part === held ? known : part)),
    })),
    moved: parts.flatMap((maker) => (maker.parts.length === 0 ? [maker] : maker.parts)),
    back,
  };
}

function ofMaker(makerId: string, premi: Rupiah, shares: readonly OwnShare[]): Reversible {
  const account = accountCode.wages(makerId);
  const parts = shares.map((share) => ({
    ...share,
    name: `${share.account}#${share.step}`,
    maker: `maker:${makerId}`,
    reversed: 0,
    parts: [],
  }));
  return { name: account, account, amount: premi, reversed: 0, parts };
}
