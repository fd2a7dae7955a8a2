import { type Leaf, type Rupiah, reverse } from '#libs/money';
import type { Credit } from '../waterfall/waterfall.ts';

/** A credit of a sale line, and what refunds have taken back of it so far: the state that is stored with the line. */
export interface Reversible extends Leaf {
  readonly account: string;
  /** Of own steps. */
  readonly step?: string;
  /** `maker:{id}` whose own step it is, where no part says so. */
  readonly maker?: string;
  /** Who stands behind it and bears its reversals, in proportion; empty: the account itself. */
  readonly parts: readonly Reversible[];
}

/** What one refund takes back at one place. */
export interface Reversal {
  /** Name of the line's credit. */
  readonly credit: string;
  /** Of own steps. */
  readonly step?: string;
  readonly maker?: string;
  /** Who bears it: the innermost part, or the credit itself. */
  readonly part: string;
  readonly account: string;
  readonly amount: Rupiah;
}

/** A credit as the sale posted it: nothing reversed yet. */
export function reversible(credit: Credit): Reversible {
  const parts = credit.parts.map((part) => ({ ...part, account: credit.account, reversed: 0, parts: [] }));
  return { ...credit, reversed: 0, parts };
}

/**
 * Reverses a sale line at its own ratio (golden.md, F1, F2). Within a credit, its parts pass the reversal on by the
 * same rule, the credit's amount being their price.
 *
 * @param refunded of the line's price, in all, this refund included; of a line of price 0, call only for the whole
 * @returns the line's state after the refund, and what to post: the entries of the sale with their signs turned
 * @throws RangeError when `refunded` is not between what was refunded before and the price
 */
export function takeBack(
  credits: readonly Reversible[],
  refunded: Rupiah,
  price: Rupiah,
  scope: string,
): { credits: Reversible[]; reversals: Reversal[] } {
  const amounts = reverse(credits, refunded, price, scope);
  const all = credits.map((credit, index) => passOn(credit, amounts[index] ?? 0, scope));
  return {
    credits: all.map(({ after }) => after),
    reversals: all.flatMap(({ after: { name, step }, reversals }) =>
      reversals.map((each) => ({ ...each, credit: name, ...(step !== undefined && { step }) })),
    ),
  };
}

function passOn(
  leaf: Reversible,
  amount: Rupiah,
  scope: string,
): { after: Reversible; reversals: Omit<Reversal, 'credit'>[] } {
  const reversed = leaf.reversed + amount;
  if (amount === 0) return { after: leaf, reversals: [] };
  if (leaf.parts.length === 0) {
    const { name: part, account, step, maker } = leaf;
    const ofStep = { ...(step !== undefined && { step }), ...(maker !== undefined && { maker }) };
    return { after: { ...leaf, reversed }, reversals: [{ part, account, ...ofStep, amount }] };
  }
  const { credits, reversals } = takeBack(leaf.parts, reversed, leaf.amount, scope);
  return { after: { ...leaf, reversed, parts: credits }, reversals };
}
