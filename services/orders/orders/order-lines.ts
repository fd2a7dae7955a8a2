import { createHash } from 'node:crypto';
import { type Checkout, orderIdOf } from '#libs/contracts';
import { allocate, floorOfProduct, type Rupiah } from '#libs/money';

/** A line of an order with its part of the order's own discount, fees and shipping. Amounts are for all of its units. */
export interface OrderLine {
  readonly lineRef: string;
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
 * discount, by quantity if all of these are 0 (golden.md, U1): exactly, to the rupiah, none lost.
 */
export function orderLinesOf(checkout: Checkout): OrderLine[] {
  // Field by field: what else a marketplace may send, a buyer's name for one, goes no further.
  const lines = checkout.lines.map(({ lineRef, sku, quantity, unitPrice, discount = 0, tax = 0 }) => {
    return { lineRef, sku, quantity, unitPrice, discount, tax };
  });
  const isFree = lines.every((line) => priceOf(line) === 0);
  const claims = lines.map((line) => ({ payee: line.lineRef, weight: isFree ? line.quantity : priceOf(line) }));
  const share = (amount: Rupiah = 0): ((index: number) => Rupiah) => {
    const parts = amount === 0 ? undefined : allocate(amount, claims, orderIdOf(checkout));
    return (index) => parts?.[index] ?? 0;
  };
  const discountOf = share(checkout.discount);
  const feesOf = share(checkout.fees);
  const shippingOf = share(checkout.shipping);
  return lines.map((line, index) => ({
    ...line,
    discount: line.discount + discountOf(index),
    fees: feesOf(index),
    shipping: shippingOf(index),
  }));
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

/** The same for checkouts that say the same: an absent amount is 0, and an instant is one in any zone. */
export function contentHashOf(checkout: Checkout): Buffer {
  const { placedAt, discount = 0, fees = 0, shipping = 0, lines } = checkout;
  const lineContents = lines.map(({ lineRef, sku, quantity, unitPrice, discount = 0, tax = 0 }) => {
    return [lineRef, sku, quantity, unitPrice, discount, tax];
  });
  const content = [Date.parse(placedAt), discount, fees, shipping, lineContents];
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
