import { createHash } from 'node:crypto';
import { type Checkout, orderIdOf } from '#libs/contracts';
import { allocate, floorOfProduct, type Rupiah } from '#libs/money';
import { type Goods, goodsOf, type Listings, listedAs } from '../channels/listing.ts';
import { type Charge, chargesOf, type Terms } from '../channels/terms.ts';

/** A line of an order with its part of the order's own discount, fees and shipping. Amounts are for all of its units. */
export interface OrderLine extends Goods {
  readonly lineRef: string;
  /** As its channel says it. */
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Rupiah;
  readonly discount: Rupiah;
  readonly fees: Rupiah;
  readonly shipping: Rupiah;
  readonly tax: Rupiah;
}

/** What the buyer pays for a line. */
export function priceOf({
  quantity,
  unitPrice,
  discount,
}: Pick<OrderLine, 'quantity' | 'unitPrice' | 'discount'>): Rupiah {
  return quantity * unitPrice - discount;
}

/**
 * The lines of a valid checkout. Its own discount, fees and shipping go to the lines by quantity × unit price - line
 * discount, by quantity if all of these are 0 (golden.md, U1): exactly, to the rupiah, none lost. Fees of a class of goods
 * go to its lines.
 * @param terms of its channel, for what the checkout does not tell of fees
 * @param listings of its channel; undefined: it says our SKUs
 */
export function orderLinesOf(checkout: Checkout, terms?: Terms, listings?: Listings): OrderLine[] {
  // Field by field: what else a marketplace may send, a buyer's name for one, goes no further.
  const lines = checkout.lines.map(({ lineRef, sku, quantity, unitPrice, discount = 0, tax = 0 }) => {
    return { lineRef, sku, quantity, unitPrice, discount, tax };
  });
  const discountOf = shared(checkout, [{ amount: checkout.discount ?? 0, of: [...lines.keys()] }]);
  const feesOf = shared(checkout, feesOfCheckout(checkout, terms, listings));
  const shippingOf = shared(checkout, [{ amount: checkout.shipping ?? 0, of: [...lines.keys()] }]);
  return lines.map((line, index) => ({
    ...line,
    ...goodsOf(line.sku, checkout.store, listings),
    discount: line.discount + (discountOf[index] ?? 0),
    fees: feesOf[index] ?? 0,
    shipping: shippingOf[index] ?? 0,
  }));
}

/** What the channel keeps of a valid checkout: what it tells, else what its terms say of the price of its lines. */
export function feesOfCheckout(checkout: Checkout, terms?: Terms, listings?: Listings): Charge[] {
  const { lines, discount = 0, fees, store } = checkout;
  if (fees !== undefined || terms === undefined) return [{ amount: fees ?? 0, of: [...lines.keys()] }];
  if (terms.fees.length === 0) return [];
  const discountOf = shared(checkout, [{ amount: discount, of: [...lines.keys()] }]);
  return chargesOf(
    lines.map(({ sku, quantity, unitPrice, discount = 0, ...line }, index) => {
      const feeClass = line.feeClass ?? listedAs(sku, store, listings)?.feeClass;
      const price = quantity * unitPrice - discount - (discountOf[index] ?? 0);
      return { price, ...(feeClass !== undefined && { feeClass }) };
    }),
    terms,
  );
}

/** What each line bears of charges of the order, or of some of its lines. */
function shared(checkout: Checkout, charges: readonly Charge[]): Rupiah[] {
  const shares = checkout.lines.map(() => 0);
  for (const { amount, of } of charges) {
    if (amount === 0) continue;
    const lines = of.flatMap((place) => checkout.lines[place] ?? []);
    const pays = ({ quantity, unitPrice, discount = 0 }: Checkout['lines'][number]) => quantity * unitPrice - discount;
    const isFree = lines.every((line) => pays(line) === 0);
    const claims = lines.map((line) => ({ payee: line.lineRef, weight: isFree ? line.quantity : pays(line) }));
    const parts = allocate(amount, claims, orderIdOf(checkout));
    for (const [index, place] of of.entries()) shares[place] = (shares[place] ?? 0) + (parts?.[index] ?? 0);
  }
  return shares;
}

/**
 * The part of a line that is sold when the buyer had the money of its other units back before: its price and what went
 * back are the price of the whole line (golden.md, F3).
 * @param units of it, 1 to all
 */
export function partOfLine(line: OrderLine, units: number): OrderLine {
  if (units === line.quantity) return line;
  const partOf = (amount: Rupiah): Rupiah => floorOfProduct(amount, { num: units, den: line.quantity }).whole;
  const [discount, fees, shipping, tax] = [line.discount, line.fees, line.shipping, line.tax].map(partOf) as [
    Rupiah,
    Rupiah,
    Rupiah,
    Rupiah,
  ];
  return { ...line, quantity: units, discount, fees, shipping, tax };
}

/** What of a line the catalogue is told: which goods of ours are wanted. */
export function wantedOf({ lineRef, sku, listedSku = sku, unlisted }: OrderLine) {
  return { lineRef, sku: listedSku, ...(unlisted && { unlisted }) };
}

/** The same for checkouts that say the same: an absent amount is 0, and an instant is one in any zone. */
export function contentHashOf(checkout: Checkout): Buffer {
  const { placedAt, discount = 0, fees = 0, shipping = 0, lines, store } = checkout;
  const lineContents = lines.map(({ lineRef, sku, quantity, unitPrice, discount = 0, tax = 0, feeClass }) => {
    return [lineRef, sku, quantity, unitPrice, discount, tax, ...(feeClass === undefined ? [] : [feeClass])];
  });
  const content = [
    Date.parse(placedAt),
    discount,
    fees,
    shipping,
    lineContents,
    ...(store === undefined ? [] : [store]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
