import type { DataOf, stockReserved } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import type { PaymentMethod } from '../channels/channel.repository.ts';
import { type OrderLine, priceOf } from './order-lines.ts';

/** What was bought: never changes. */
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
  /** ISO 8601 in UTC: end of the return window of a channel that reports no settlements. */
  readonly releaseAt?: string;
  readonly correlationId: string;
}

/** From which facility and lots a line is served. */
export type ReservedLine = DataOf<typeof stockReserved>['lines'][number];

/** An order id is `{channel}/{orderRef}`, and a channel has no slash. */
export function partsOf(orderId: string): { channel: string; orderRef: string } {
  const slash = orderId.indexOf('/');
  return { channel: orderId.slice(0, slash), orderRef: orderId.slice(slash + 1) };
}

/** Of each line how much of it was sold for how much. */
export function soldLinesOf({ lines }: Order): Map<string, { readonly quantity: number; readonly price: Rupiah }> {
  return new Map(lines.map((line) => [line.lineRef, { quantity: line.quantity, price: priceOf(line) }]));
}
