import { type Rupiah, reverse } from '#libs/money';
import { accountCode } from '../agreements/account-code.ts';
import { byContribution } from '../agreements/contribution.ts';
import type { SalePortion } from '../agreements/sale.ts';
import type { Reversible } from './reversal.ts';

/**
 * Contributions to a lot became known after its makers' part went to suspense (golden.md, L4): its makers then stand
 * behind the lot, bear what refunds took from it before, and bear its later reversals.
 *
 * They stand behind their own lot, not directly beside the lots still without: a maker's part of the lot's reversal,
 * rounded a second time, need not be the floor or the ceiling of his or her ratio of the whole leaf, where F1 must
 * start from. Lots of 9 and 23 (makers 3, 9, 7, 4), of which 3 of 32 are refunded: the second maker bears 2 of 0.84.
 *
 * @returns the line's state, and what an adjustment moves from suspense to each maker; null if the lot is not in
 *   suspense here or still has no weights
 */
export function recordContributions(
  credits: readonly Reversible[],
  facilityId: string,
  lot: Pick<SalePortion, 'lotId' | 'measure' | 'contributions'>,
  scope: string,
): { credits: Reversible[]; moved: { account: string; amount: Rupiah }[] } | null {
  const held = credits
    .find(({ name }) => name === accountCode.suspense(facilityId))
    ?.parts.find(({ name, parts }) => name === lot.lotId && parts.length === 0);
  const makers = held && byContribution(held.amount, lot, scope);
  if (held === undefined || !makers) return null;

  const fresh = makers
    .filter(({ amount }) => amount > 0)
    .map(({ makerId, amount }) => ({ account: accountCode.wages(makerId), amount }))
    .map((maker) => ({ ...maker, name: maker.account, reversed: 0, parts: [] }));
  const borne = reverse(fresh, held.reversed, held.amount, scope);
  const parts = fresh.map((maker, index) => ({ ...maker, reversed: borne[index] ?? 0 }));
  const known = { ...held, parts };
  return {
    credits: credits.map((credit) => ({
      ...credit,
      parts: credit.parts.map((part) => (part === held ? known : part)),
    })),
    moved: parts.map(({ account, amount, reversed }) => ({ account, amount: amount - reversed })),
  };
}
