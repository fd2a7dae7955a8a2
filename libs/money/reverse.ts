import { type Rupiah, rupiah } from './rupiah.ts';
import { byHash } from './tie.ts';

/** One credit of a sale line, and how much of it earlier refunds took back (of the same sign as the amount). */
export interface Leaf {
  /** Unique in the line; breaks ties. */
  readonly name: string;
  readonly amount: Rupiah;
  readonly reversed: Rupiah;
}

/**
 * What each leaf gives back when, with this refund, `refunded` of `price` has been refunded in all (golden.md, F1, F2).
 *
 * Any sequence of refunds keeps these: the amounts add up to what this refund gives back; no leaf ever gives back less
 * than before; each has given back the floor or the ceiling of its exact ratio `refunded / price`; and once the whole
 * price is refunded, each has given back exactly what it got. golden.md proves them.
 *
 * Negative leaves (a loss that the facility bears) form a side of their own. A price of 0 has no ratio: it is reversed
 * whole by the call.
 *
 * @param leaves adding up to `price`
 * @param refunded from 0 to `price`, this refund included
 * @returns what this refund takes from each leaf, in the order of the leaves, of the sign of its amount
 * @throws RangeError when the leaves do not add up, or `reversed` is not what earlier calls returned
 */
export function reverse(leaves: readonly Leaf[], refunded: Rupiah, price: Rupiah, scope: string): Rupiah[] {
  if (sum(leaves.map(({ amount }) => amount)) !== price) throw new RangeError('leaves do not add up to the price');
  if (rupiah(refunded) < 0 || refunded > price) throw new RangeError(`refunded ${refunded} of a price of ${price}`);
  if (price === 0) return leaves.map(({ amount, reversed }) => rupiah(amount - reversed));

  const all = leaves.map(({ name, amount, reversed }) => ({
    name,
    sign: amount < 0 ? -1 : 1,
    amount: Math.abs(amount),
    reversed: Math.abs(reversed),
    back: 0,
  }));
  const credits = all.filter(({ sign }) => sign > 0);
  const debits = all.filter(({ sign }) => sign < 0);
  const credited = sum(credits.map(({ amount }) => amount));
  const creditsBack = Number((BigInt(refunded) * BigInt(credited)) / BigInt(price));
  reverseSide(credits, creditsBack, credited, scope);
  reverseSide(debits, creditsBack - refunded, credited - price, scope);
  return all.map(({ sign, back, reversed }) => rupiah(sign * (back - reversed)));
}

interface State extends Leaf {
  /** Reversed in all, this refund included. */
  back: Rupiah;
}

/** F1 over the leaves of one sign, as positive amounts that add up to `price`: sets `back`. */
function reverseSide(leaves: readonly State[], refunded: Rupiah, price: Rupiah, scope: string): void {
  let missing = refunded;
  const open: State[] = [];
  for (const leaf of leaves) {
    const exactTimesPrice = BigInt(refunded) * BigInt(leaf.amount);
    leaf.back = Math.max(leaf.reversed, price === 0 ? 0 : Number(exactTimesPrice / BigInt(price)));
    missing -= leaf.back;
    if (BigInt(leaf.back) * BigInt(price) < exactTimesPrice) open.push(leaf);
  }
  if (missing < 0 || missing > open.length) throw new RangeError('earlier reversals do not come from this rule');
  if (missing === 0) return;

  const smallerHash = byHash(scope);
  // The next rupiah of a leaf falls due when refunded × amount / price reaches back + 1.
  open.sort((a, b) => {
    const due = BigInt(a.back + 1) * BigInt(b.amount) - BigInt(b.back + 1) * BigInt(a.amount);
    return due < 0n ? -1 : due > 0n ? 1 : b.amount - a.amount || smallerHash(a.name, b.name);
  });
  for (const leaf of open.slice(0, missing)) leaf.back += 1;
}

function sum(amounts: readonly Rupiah[]): Rupiah {
  return rupiah(amounts.reduce((all, amount) => all + amount, 0));
}
