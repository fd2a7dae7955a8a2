import type { Checkout, DataOf, stockReserved } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import type { PaymentMethod } from '../channels/channel.repository.ts';
import { type OrderLine, partOfLine, priceOf } from './order-lines.ts';

/** What was bought: never changes, but for which goods its lines are listed as, and their fees by it, until they are reserved. */
export interface Order {
  readonly orderId: string;
  /** ISO 8601 in UTC. */
  readonly placedAt: string;
  readonly payment: PaymentMethod;
  /** Version of its channel's terms; undefined: it came before there were any. */
  readonly termsVersion?: number;
  /** What the buyer pays. */
  readonly amount: Rupiah;
  readonly lines: readonly OrderLine[];
  /** Of its channel. */
  readonly store?: string;
  /** Its checkout under its terms, where they charge by classes that listings tell. */
  readonly unclassified?: Checkout;
  /** ISO 8601 in UTC: end of the return window of a channel that reports no settlements. */
  readonly releaseAt?: string;
  /** ISO 8601 in UTC: when its channel is to have paid it out, by its terms. */
  readonly settlesBy?: string;
  readonly correlationId: string;
}

/** From which facility and lots a line is served. */
export type ReservedLine = DataOf<typeof stockReserved>['lines'][number];

/** How many lots together gave. */
export function unitsOf(portions: ReservedLine['portions']): number {
  return portions.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Those lines that are reserved, each as much of it as is: the rest was given back before there were goods. */
export function soldOf(lines: readonly OrderLine[], reserved: readonly ReservedLine[]): OrderLine[] {
  const units = new Map(reserved.map(({ lineRef, portions }) => [lineRef, unitsOf(portions)]));
  return lines.flatMap((line) => {
    const sold = units.get(line.lineRef);
    return sold === undefined ? [] : [partOfLine(line, sold)];
  });
}

/** An order id is `{channel}/{orderRef}`, and a channel has no slash. */
export function partsOf(orderId: string): { channel: string; orderRef: string } {
  const slash = orderId.indexOf('/');
  return { channel: orderId.slice(0, slash), orderRef: orderId.slice(slash + 1) };
}

/** Of each line how much of it was sold for how much. */
export function soldLinesOf({ lines }: Order): Map<string, { readonly quantity: number; readonly price: Rupiah }> {
  return new Map(lines.map((line) => [line.lineRef, { quantity: line.quantity, price: priceOf(line) }]));
}
