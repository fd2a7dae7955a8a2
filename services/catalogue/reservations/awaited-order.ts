import type { DataOf, goodsListed } from '#libs/contracts';
import type { OrderLine, Rejection } from './reservation.ts';

/** An order whose money is there and whose goods are not. */
export interface AwaitedOrder extends WantedOrder {
  /** Orders has sold it already: it knew of goods that we have forgotten, as our database was put back. */
  readonly paid: boolean;
}

/** An order that was not served. */
export interface WantedOrder {
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

/** What it still wants, as it is listed now. */
export function listedAs(lines: readonly OrderLine[], listed: DataOf<typeof goodsListed>['lines']): OrderLine[] {
  const goods = new Map(listed.map((line) => [line.lineRef, line]));
  return lines.map(({ lineRef, sku, quantity }) => ({ quantity, ...(goods.get(lineRef) ?? { lineRef, sku }) }));
}
