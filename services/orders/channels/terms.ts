import type { Checkout } from '#libs/contracts';
import { floorOfProduct, type Rupiah } from '#libs/money';

/** A fee that a channel takes of each order. Basis points: 1 is a hundredth of a percent. */
export interface Fee {
  readonly name: string;
  /** Of what the order's lines cost, rounded half up. */
  readonly bp?: number;
  /** Whole rupiah an order, beside that. */
  readonly fixed?: Rupiah;
  /** What both together come to at least, and at most. */
  readonly min?: Rupiah;
  readonly max?: Rupiah;
  /** Value added tax of the fee itself, rounded half up. */
  readonly vatBp?: number;
}

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

/** A valid checkout as it is sold under these terms: discounts and shipping are what the seller bears, fees are known. */
export function underTerms(checkout: Checkout, terms: Terms): Checkout & { readonly fees: Rupiah } {
  const lines = checkout.lines.map((line) => ({ ...line, discount: sellersPartOf(line.discount ?? 0, terms) }));
  const discount = sellersPartOf(checkout.discount ?? 0, terms);
  const price = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice - line.discount, -discount);
  return {
    ...checkout,
    lines,
    discount,
    fees: checkout.fees ?? feesOf(price, terms),
    shipping: terms.shippingBorneBy === 'seller' ? (checkout.shipping ?? 0) : 0,
  };
}

/** What the seller bears of a discount. @param discount whole rupiah, at least 0 */
export function sellersPartOf(discount: Rupiah, { sellersPartOfDiscountBp }: Terms): Rupiah {
  return partOf(discount, sellersPartOfDiscountBp);
}

/** What all fees of an order come to. @param price of all its lines together, whole rupiah, at least 0 */
export function feesOf(price: Rupiah, { fees }: Terms): Rupiah {
  return fees.reduce((sum, { bp = 0, fixed = 0, min = 0, max = Number.MAX_SAFE_INTEGER, vatBp = 0 }) => {
    const fee = Math.min(Math.max(partOf(price, bp) + fixed, min), max);
    return sum + fee + partOf(fee, vatBp);
  }, 0);
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
