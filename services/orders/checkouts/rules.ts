import { type Checkout, checkoutViolations, type Violation } from '#libs/contracts';
import type { Rupiah } from '#libs/money';

/** Before it no sharing agreement is in force, so a sale could not be shared (import.md). */
const EARLIEST = Date.parse('1990-01-01T00:00:00+07:00');

/**
 * What is wrong with a checkout, by field (`lines/0/quantity`): its form, its arithmetic, its channel.
 * Whether its goods exist is the catalogue's to say. Empty: `content` is a Checkout.
 */
export function faultsOf(content: unknown, knowsChannel: (channelId: string) => boolean): Violation[] {
  const violations = checkoutViolations(content);
  if (violations.length > 0) return violations;
  const checkout = content as Checkout;

  const faults: Violation[] = [];
  const check = (holds: boolean, field: string, message: string): void => {
    if (!holds) faults.push({ field, message });
  };
  check(knowsChannel(checkout.channel), 'channel', 'is not a known channel');
  check(Date.parse(checkout.placedAt) >= EARLIEST, 'placedAt', 'must be an instant of 1990 or later');

  const seen = new Set<string>();
  let price = 0;
  for (const [index, line] of checkout.lines.entries()) {
    const gross = line.quantity * line.unitPrice;
    const discount = line.discount ?? 0;
    check(!seen.has(line.lineRef), `lines/${index}/lineRef`, 'must be unique in the order');
    check(discount <= gross, `lines/${index}/discount`, 'must be <= quantity x unit price');
    check(
      (line.tax ?? 0) <= Math.max(gross - discount, 0),
      `lines/${index}/tax`,
      'must be <= the price, which includes it',
    );
    seen.add(line.lineRef);
    price += gross - discount;
  }
  // The nearest double of a sum that is too large is too large as well.
  const isExact = Number.isSafeInteger(price) && checkout.lines.every(isExactLine);
  check(isExact, 'lines', 'must add up to at most 2^53-1 rupiah');
  check((checkout.discount ?? 0) <= Math.max(price, 0), 'discount', 'must be <= the sum of the lines');
  return faults;
}

function isExactLine({ quantity, unitPrice }: { quantity: number; unitPrice: Rupiah }): boolean {
  return Number.isSafeInteger(quantity * unitPrice);
}
