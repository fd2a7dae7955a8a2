/** What must become of what a round sent, by what was sent alone: nothing here asks the system. */
import { type Checkout, orderIdOf, type RefundRequest, refundIdOf, saleIdOf } from '#libs/contracts';
import { id1990 } from '../../services/ledger/sharing/agreements/id-1990.ts';
import type { Place } from '../kit/foreign-producer.ts';
import { allocate, rational } from '../model/exact.ts';
import { ReferenceBooks } from '../model/reference-books.ts';
import { noticesOf } from './gateway.ts';
import { facilityOf, isPlentiful, portionOf } from './goods.ts';

/** What the broker has acknowledged: the system owes each of them an outcome. */
export class Expected {
  readonly checkouts = new Map<string, Checkout>();
  readonly refunds = new Map<string, RefundRequest>();
  /** Those of them that cannot be taken, with the reason that marketplaces are told: once for each time. */
  readonly rejections: { readonly orderId: string; readonly reason: string }[] = [];
  /** Two orders under one id: whichever came second is seen to be so. */
  readonly reusedIds: (readonly [string, string])[] = [];
  /** Places of messages that nobody can read, with what they are. */
  readonly letters = new Map<string, string>();

  addCheckout(checkout: Checkout): void {
    this.checkouts.set(orderIdOf(checkout), checkout);
  }

  addRefund(refund: RefundRequest): void {
    this.refunds.set(refundIdOf(orderIdOf(refund), refund.lineRef, refund.refundRef), refund);
  }

  addLetter(place: Place, what: string): void {
    this.letters.set(nameOf(place), what);
  }

  /** Units of each line that its marketplace asked to give back. */
  unitsAskedFor(orderId: string): ReadonlyMap<string, number> {
    const units = new Map<string, number>();
    for (const refund of this.refunds.values()) {
      if (orderIdOf(refund) !== orderId) continue;
      units.set(refund.lineRef, (units.get(refund.lineRef) ?? 0) + refund.quantity);
    }
    return units;
  }
}

export const nameOf = ({ topic, partition, offset }: Place): string => `${topic}/${partition}/${offset}`;

/** `open`: whether a scarce good is still there is decided by who comes first. `waiting`: for goods that nobody makes. */
export type Outcome = 'sold' | 'cancelled' | 'waiting' | 'open';

export function outcomeOf(checkout: Checkout): Outcome {
  const skus = checkout.lines.map(({ sku }) => sku);
  if (skus.length === 0) return 'cancelled';
  if (skus.some((sku) => facilityOf(sku) === undefined))
    return checkout.channel === 'toko-sandbox' ? 'cancelled' : 'waiting';
  if (checkout.channel === 'toko-sandbox' && noticesOf(orderIdOf(checkout))[0] !== 'capture') return 'cancelled';
  return skus.every(isPlentiful) ? 'sold' : 'open';
}

/** What the buyer pays. */
export function priceOf(checkout: Checkout): number {
  return linesOf(checkout).reduce((sum, line) => sum + line.quantity * line.unitPrice - line.discount, 0);
}

/** Credits negative, by payee: a maker with all of his or her accounts is one, and so is a facility's own money. */
export type Amounts = ReadonlyMap<string, number>;

export interface ExpectedSale {
  /** Of the journal that credits it, whole rupiah. */
  readonly sold: Amounts;
  /** Of all journals that take it back. */
  readonly givenBack: Amounts;
  /** Whether the lots are known, so that every payee is; else only what the channel owes is. */
  readonly isCertain: boolean;
}

/**
 * An order's sales as the books must hold them, by sale id.
 * @param asked units of each line that are given back
 * @param unsold those of them that were given back before their goods were there: they are not sold
 */
export function salesOf(
  checkout: Checkout,
  asked: ReadonlyMap<string, number>,
  unsold: ReadonlyMap<string, number> = new Map(),
): Map<string, ExpectedSale> {
  const whole = new Map(linesOf(checkout).map((line) => [line.lineRef, line]));
  const left = [...whole.values()].flatMap((line) => leftOf(line, unsold.get(line.lineRef) ?? 0));
  const byFacility = Map.groupBy(left, ({ sku }) => facilityOf(sku) ?? '');
  return new Map(
    [...byFacility].map(([facilityId, lines]) => {
      const books = new ReferenceBooks(id1990);
      const key = { channel: checkout.channel, orderRef: checkout.orderRef, facilityId };
      const portions = lines.map((line) => ({ ...line, portions: [portionOf(line.sku, line.quantity)] }));
      books.sell({ ...key, lines: portions }, checkout.placedAt);
      const sold = byPayee(books.balances);
      for (const { lineRef } of lines) {
        const { quantity, unitPrice, discount } = whole.get(lineRef) as Line;
        const upTo = (units: number) => Math.floor(((quantity * unitPrice - discount) * units) / quantity);
        const units = Math.min(asked.get(lineRef) ?? 0, quantity);
        for (let unit = 1 + (unsold.get(lineRef) ?? 0); unit <= units; unit += 1)
          books.refund(key, lineRef, upTo(unit) - upTo(unit - 1), 1);
      }
      const left = byPayee(books.balances);
      const givenBack = new Map([...sold].map(([payee, amount]) => [payee, (left.get(payee) ?? 0) - amount]));
      const isCertain = lines.every(({ sku }) => isPlentiful(sku));
      return [saleIdOf(orderIdOf(checkout), facilityId), { sold, givenBack, isCertain }];
    }),
  );
}

export function byPayee(balances: Readonly<Record<string, number>>): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const [account, amount] of Object.entries(balances)) {
    const payee = account.replace(/^(maker:[^:]+):.*$/, '$1').replace(/-pending$/, '');
    amounts.set(payee, (amounts.get(payee) ?? 0) + amount);
  }
  return amounts;
}

type Line = ReturnType<typeof linesOf>[number];

/** What of a line is sold; nothing, if all of it was given back before. Amounts of it by units, rounded down. */
function leftOf(line: Line, unsold: number): Line[] {
  const quantity = line.quantity - unsold;
  const partOf = (amount: number) => Number((BigInt(amount) * BigInt(quantity)) / BigInt(line.quantity));
  const [discount, fees, shipping, tax] = [line.discount, line.fees, line.shipping, line.tax].map(partOf) as [
    ...[number, number, number, number],
  ];
  return quantity === 0 ? [] : [{ ...line, quantity, discount, fees, shipping, tax }];
}

/** U1 of golden.md: an order's own discount, fees and shipping over its lines, by their prices. */
function linesOf(checkout: Checkout) {
  const lines = checkout.lines.map(({ discount = 0, tax = 0, ...line }) => ({ ...line, discount, tax }));
  const claims = lines.map(({ lineRef, quantity, unitPrice, discount }) => ({
    payee: lineRef,
    weight: rational(`${quantity * unitPrice - discount}`),
  }));
  const shareOf = (amount = 0) => allocate(BigInt(amount), claims, `${checkout.channel}/${checkout.orderRef}`);
  const [discounts, fees, shippings] = [checkout.discount, checkout.fees, checkout.shipping].map(shareOf);
  return lines.map((line, index) => ({
    ...line,
    discount: line.discount + Number(discounts?.[index]),
    fees: Number(fees?.[index]),
    shipping: Number(shippings?.[index]),
  }));
}
