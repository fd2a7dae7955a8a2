import { createHash } from 'node:crypto';

/*
 * Exact sharing as golden.md words it, the long way round: rationals of bigint, one rupiah at a time. Nothing here comes
 * from the code that it is compared with.
 */

export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

/** A decimal as it is written: `7.5` is 75/10. */
export function rational(text: string): Rational {
  const [whole = '', fraction = ''] = text.split('.');
  return { num: BigInt(whole + fraction), den: 10n ** BigInt(fraction.length) };
}

export function plus(a: Rational, b: Rational): Rational {
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

export function times(amount: bigint, { num, den }: Rational): Rational {
  return { num: amount * num, den };
}

export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Of what is not negative. */
export function floor({ num, den }: Rational): bigint {
  return num / den;
}

export const zero: Rational = { num: 0n, den: 1n };

export function min(...all: readonly bigint[]): bigint {
  return all.reduce((least, each) => {
    if (each < least) return each;
    return least;
  });
}

export function max(...all: readonly bigint[]): bigint {
  return all.reduce((most, each) => {
    if (each > most) return each;
    return most;
  });
}

export function sum(all: Iterable<bigint>): bigint {
  return [...all].reduce((total, each) => total + each, 0n);
}

export interface Claim {
  readonly payee: string;
  readonly weight: Rational;
}

/** A1 and A2, for totals that are not negative; undefined: nobody has a weight. */
export function allocate(total: bigint, claims: readonly Claim[], scope: string): bigint[] | undefined {
  const all = claims.reduce((weights, { weight }) => plus(weights, weight), zero);
  if (all.num === 0n) return undefined;
  const exact = claims.map(({ weight }) => ({ num: total * weight.num * all.den, den: weight.den * all.num }));
  const parts = exact.map(floor);
  const fractionOf = (index: number): Rational => {
    const { num, den } = exact[index] as Rational;
    return { num: num % den, den };
  };
  const order = claims.map((_, index) => index);
  order.sort(
    (a, b) =>
      compare(fractionOf(b), fractionOf(a)) ||
      compare(claims[b]?.weight as Rational, claims[a]?.weight as Rational) ||
      byHash(scope, claims[a]?.payee ?? '', claims[b]?.payee ?? ''),
  );
  let missing = total - sum(parts);
  for (const index of order) {
    if (missing === 0n) break;
    parts[index] = (parts[index] as bigint) + 1n;
    missing -= 1n;
  }
  return parts;
}

/** A credit of a line, with who stands behind it: makers of own steps, or lots in suspense and their makers. */
export interface Leaf {
  readonly name: string;
  readonly account: string;
  /** Whose own step gave it, and which. */
  readonly own?: { readonly makerId: string; readonly stepId: string } | undefined;
  amount: bigint;
  reversed: bigint;
  parts: Leaf[];
}

export interface Reversal {
  /** Who gives it back: the innermost part, or the leaf itself. */
  readonly part: Leaf;
  readonly amount: bigint;
}

/** F1 and F2: brings leaves to where `refunded` of `price` is refunded in all, and says what each innermost one gave. */
export function takeBack(leaves: readonly Leaf[], refunded: bigint, price: bigint, scope: string): Reversal[] {
  const positive = leaves.filter(({ amount }) => amount > 0n);
  const negative = leaves.filter(({ amount }) => amount < 0n);
  const credited = sum(positive.map(({ amount }) => amount));
  const wanted =
    price === 0n
      ? new Map(leaves.map((leaf) => [leaf, leaf.amount]))
      : new Map([
          ...oneSide(positive, (refunded * credited) / price, credited, scope),
          ...oneSide(negative, (refunded * credited) / price - refunded, credited - price, scope),
        ]);
  return leaves.flatMap((leaf) => {
    const amount = (wanted.get(leaf) ?? 0n) - leaf.reversed;
    if (amount === 0n) return [];
    leaf.reversed += amount;
    if (leaf.parts.length === 0) return [{ part: leaf, amount }];
    return takeBack(leaf.parts, leaf.reversed, leaf.amount, scope);
  });
}

/** Rupiah after rupiah to the leaf whose next one falls due first. All as positive amounts; the answer has their signs. */
function oneSide(leaves: readonly Leaf[], refunded: bigint, price: bigint, scope: string): Map<Leaf, bigint> {
  const size = (amount: bigint) => (amount < 0n ? -amount : amount);
  const back = new Map(
    leaves.map((leaf) => {
      const exact = (refunded * size(leaf.amount)) / price;
      return [leaf, max(size(leaf.reversed), exact)];
    }),
  );
  const due = (leaf: Leaf): Rational => ({ num: ((back.get(leaf) as bigint) + 1n) * price, den: size(leaf.amount) });
  for (let missing = refunded - sum(back.values()); missing > 0n; missing -= 1n) {
    const below = leaves.filter(
      (leaf) =>
        compare({ num: back.get(leaf) as bigint, den: 1n }, { num: refunded * size(leaf.amount), den: price }) < 0,
    );
    const [first] = below.sort(
      (a, b) => compare(due(a), due(b)) || Number(size(b.amount) - size(a.amount)) || byHash(scope, a.name, b.name),
    );
    if (first === undefined) throw new Error('F1 has no leaf for a rupiah');
    back.set(first, (back.get(first) as bigint) + 1n);
  }
  return new Map([...back].map(([leaf, amount]) => [leaf, leaf.amount < 0n ? -amount : amount]));
}

function byHash(scope: string, a: string, b: string): number {
  const hashOf = (name: string) => createHash('sha256').update(`${scope}|${name}`).digest();
  return Buffer.compare(hashOf(a), hashOf(b));
}
