import { type Checkout, checkoutViolations, type Violation } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import type { Listings } from '../channels/listing.ts';
import { sumOf, type Terms, underTerms } from '../channels/terms.ts';
import { feesOfCheckout } from '../orders/order-lines.ts';

/**
 * What is wrong with a checkout, by field (`lines/0/quantity`): its form, its arithmetic, its channel.
 * Whether its goods exist is the catalogue's to say. Empty: `content` is a Checkout.
 * @param termsOf those of its channel when it was placed; undefined: nothing is taken from it
 * @param listings of its channel
 */
export function faultsOf(
  content: unknown,
  termsOf: (checkout: Checkout) => Terms | undefined,
  listings?: Listings,
): Violation[] {
  const violations = checkoutViolations(content);
  if (violations.length > 0) return violations;
  const checkout = content as Checkout;
  const terms = termsOf(checkout);

  const faults: Violation[] = [];
  const check = (holds: boolean, field: string, code: string, en: string, id: string): void => {
    if (!holds) faults.push({ field, code, message: { id, en } });
  };
  check(terms !== undefined, 'channel', 'unknown-channel', 'is not a known channel', 'bukan kanal yang dikenal');

  const seen = new Set<string>();
  let price = 0;
  for (const [index, line] of checkout.lines.entries()) {
    const gross = grossOf(line);
    const discount = line.discount ?? 0;
    check(
      !seen.has(line.lineRef),
      `lines/${index}/lineRef`,
      'duplicate',
      'must be unique in the order',
      'harus unik dalam pesanan',
    );
    check(
      discount <= gross,
      `lines/${index}/discount`,
      'too-much',
      'must be <= quantity x unit price',
      'paling besar jumlah x harga satuan',
    );
    check(
      (line.tax ?? 0) <= Math.max(gross - discount, 0),
      `lines/${index}/tax`,
      'too-much',
      'must be <= the price, which includes it',
      'paling besar harga, yang mencakupnya',
    );
    seen.add(line.lineRef);
    price += gross - discount;
  }
  // The nearest double of a sum that is too large is too large as well. Fees, shipping and, after the order's discount, tax
  // may exceed the price; what the facility then bears is as large as they are.
  const sale = terms ? underTerms(checkout, terms) : checkout;
  const { lines, discount = 0, fees = 0, shipping = 0 } = sale;
  const sold = lines.reduce((sum, line) => sum + grossOf(line) - (line.discount ?? 0), -discount);
  const taxed = lines.reduce((sum, { tax = 0 }) => sum + tax, 0);
  const all = Math.max(sold, taxed) + fees + shipping;
  const requireExact = (...amounts: Rupiah[]): void =>
    check(
      amounts.every(Number.isSafeInteger),
      'lines',
      'too-much',
      'must add up, with fees and shipping, to at most 2^53-1 rupiah',
      'bersama biaya dan ongkos kirim jumlahnya paling besar 2^53-1 rupiah',
    );
  requireExact(...checkout.lines.map(grossOf), all);
  check(
    (checkout.discount ?? 0) <= Math.max(price, 0),
    'discount',
    'too-much',
    'must be <= the sum of the lines',
    'paling besar jumlah semua baris',
  );
  // What the terms charge can be told of lines that are sound.
  if (faults.length === 0 && checkout.fees === undefined)
    requireExact(all + sumOf(feesOfCheckout(sale, terms, listings)));
  return faults;
}

function grossOf({ quantity, unitPrice }: { quantity: number; unitPrice: Rupiah }): Rupiah {
  return quantity * unitPrice;
}
