import type { OrderLine, Rejection } from './reservation.ts';

/** An order whose money is there and whose goods are not. */
export interface AwaitedOrder {
  readonly orderId: string;
  /** ISO 8601 */
  readonly placedAt: string;
  /** What it still wants. */
  readonly lines: readonly OrderLine[];
  /** Why it was not served when it was last tried. */
  readonly reason: Rejection['reason'];
  readonly lineRef: string;
  /** Of its checkout. */
  readonly correlationId: string;
}

/** What it still wants when the buyer has the money of some units back. */
export function withoutUnits(
  lines: readonly OrderLine[],
  { lineRef, quantity }: Pick<OrderLine, 'lineRef' | 'quantity'>,
): OrderLine[] {
  return lines
    .map((line) => (line.lineRef === lineRef ? { ...line, quantity: line.quantity - quantity } : line))
    .filter((line) => line.quantity > 0);
}
