import type { Checkout } from '#libs/contracts';
import { floorOfProduct, type Rupiah } from '#libs/money';

/** A fee that a channel takes of each order. Basis points: 1 is a hundredth of a percent. */
export interface Fee {
  readonly name: string;
  /** Of what the order's lines cost, rounded half up. By class: each class is charged by itself, as if it were the order. */
  readonly bp?: number | RatesByClass;
  /** Whole rupiah, beside that. */
  readonly fixed?: Rupiah;
  /** What both together come to at least, and at most. */
  readonly min?: Rupiah;
  readonly max?: Rupiah;
  /** Value added tax of the fee itself, rounded half up. */
  readonly vatBp?: number;
}

/** Basis points by class of goods. A class that is not among them is charged as `*`, and without that not at all. */
export type RatesByClass = Readonly<Record<string, number>>;

/** Of an order's price, and at most so much. */
export interface Tolerance {
  readonly bp: number;
  /** Whole rupiah. */
  readonly most: Rupiah;
}

/** What a channel charges and bears. */
export interface Terms {
  /** Of a discount, what the seller bears: 10,000 is all of it. The rest the channel owes us, as if it had not been given. */
  readonly sellersPartOfDiscountBp: number;
  /** Shipping that others bear is in no books of ours. */
  readonly shippingBorneBy: 'seller' | 'platform' | 'buyer';
  /** Where a checkout says what is charged, that counts instead. */
  readonly fees: readonly Fee[];
  /** What a settlement of all may differ by from what it should be; without: by nothing. */
  readonly tolerance?: Tolerance;
  /** Of a channel that reports no settlements: so long after its order a sale is released. */
  readonly returnWindowDays?: number;
  /** So long after an order its channel is to have paid it out. */
  readonly settlesWithinDays?: number;
  /** Where it wants to be told by webhook what becomes of its orders. */
  readonly outcomesTo?: string;
  /** Its marketplace may try us: conformance is for such a channel alone. */
  readonly sandbox?: boolean;
}

/** Terms that two persons have agreed on, and when they begin. */
export interface TermsInForce {
  readonly version: number;
  readonly effectiveFrom: Date;
  readonly terms: Terms;
}

/** All of something, in basis points. */
export const WHOLE_BP = 10_000;

/** Of some versions the one that is in force at an instant: the last to begin; of two that begin together the later. */
export function termsAt<Version extends Omit<TermsInForce, 'terms'>>(
  versions: readonly Version[],
  at: Date,
): Version | undefined {
  return versions
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .sort((a, b) => +a.effectiveFrom - +b.effectiveFrom || a.version - b.version)
    .at(-1);
}

/** A valid checkout as it is sold under these terms: discounts and shipping are what the seller bears. */
export function underTerms(checkout: Checkout, terms: Terms): Checkout {
  return {
    ...checkout,
    lines: checkout.lines.map((line) => ({ ...line, discount: sellersPartOf(line.discount ?? 0, terms) })),
    discount: sellersPartOf(checkout.discount ?? 0, terms),
    shipping: terms.shippingBorneBy === 'seller' ? (checkout.shipping ?? 0) : 0,
  };
}

/** What the seller bears of a discount. @param discount whole rupiah, at least 0 */
export function sellersPartOf(discount: Rupiah, { sellersPartOfDiscountBp }: Terms): Rupiah {
  return partOf(discount, sellersPartOfDiscountBp);
}

/** A line of an order as far as its fees go by it. */
export interface ChargedLine {
  /** Of all its units, whole rupiah, at least 0. */
  readonly price: Rupiah;
  readonly feeClass?: string;
}

/** What a channel charges some lines of an order together. */
export interface Charge {
  readonly amount: Rupiah;
  /** Which they are, by their places. */
  readonly of: readonly number[];
}

/**
 * What a channel charges an order: all fees with one rate together, of all its lines, then each fee by class, of the lines
 * of each class.
 */
export function chargesOf(lines: readonly ChargedLine[], { fees }: Terms): Charge[] {
  const all = [...lines.keys()];
  const charge = (fee: Fee, bp: number, of: readonly number[]): Charge => {
    const price = of.reduce((sum, place) => sum + (lines[place]?.price ?? 0), 0);
    return { amount: amountOf(fee, bp, price), of };
  };
  let ofAll = 0;
  const byClass: Charge[] = [];
  for (const fee of fees) {
    const { bp = 0 } = fee;
    if (typeof bp === 'number') ofAll += charge(fee, bp, all).amount;
    else {
      const places = Map.groupBy(all, (place) => classIn(bp, lines[place]?.feeClass));
      for (const [name, of] of places) if (name !== undefined) byClass.push(charge(fee, bp[name] ?? 0, of));
    }
  }
  return [{ amount: ofAll, of: all }, ...byClass];
}

export function isByClass({ bp }: Fee): boolean {
  return typeof bp === 'object';
}

/** What charges come to together. */
export function sumOf(charges: readonly Charge[]): Rupiah {
  return charges.reduce((sum, { amount }) => sum + amount, 0);
}

const ANY_CLASS = '*';

/** As which of a fee's classes goods of a class, or of none, are charged; undefined: they are not. */
function classIn(rates: RatesByClass, feeClass = ANY_CLASS): string | undefined {
  return [feeClass, ANY_CLASS].find((name) => Object.hasOwn(rates, name));
}

function amountOf({ fixed = 0, min = 0, max = Number.MAX_SAFE_INTEGER, vatBp = 0 }: Fee, bp: number, price: Rupiah) {
  const fee = Math.min(Math.max(partOf(price, bp) + fixed, min), max);
  return fee + partOf(fee, vatBp);
}

/** What the settlement of an order may differ by. @param price of all its lines together, whole rupiah, at least 0 */
export function toleranceOf(price: Rupiah, { tolerance }: Terms): Rupiah {
  if (!tolerance) return 0;
  return Math.min(floorOfProduct(price, { num: tolerance.bp, den: WHOLE_BP }).whole, tolerance.most);
}

/** Half up. Of what is too large to be an amount, that itself: whoever adds it up finds it too large as well. */
function partOf(amount: Rupiah, bp: number): Rupiah {
  if (!Number.isSafeInteger(amount)) return amount;
  const { whole, fraction } = floorOfProduct(amount, { num: bp, den: WHOLE_BP });
  return whole + (fraction.num * 2 >= fraction.den ? 1 : 0);
}
