import type { DataOf, Portion, stockRejected, stockReserved } from '#libs/contracts';

export interface OrderLine {
  readonly lineRef: string;
  readonly sku: string;
  /** Pieces. */
  readonly quantity: number;
  /** Not our SKU but a name that nobody knows. */
  readonly unlisted?: boolean;
}

/** A product and its lots that are not used up, in the order in which they are taken. */
export interface ProductStock {
  readonly facilityId: string;
  readonly region: string;
  readonly programme?: string;
  readonly lots: readonly StockLot[];
}

/** `free`: pieces left, which falls as orders take from the lot. */
export type StockLot = Omit<Portion, 'quantity'> & { free: number };

export type ReservedLine = DataOf<typeof stockReserved>['lines'][number];
export type Rejection = Omit<DataOf<typeof stockRejected>, 'orderId'>;

/**
 * Takes an order's goods from the stock (by SKU; one that is not there is not in the catalogue), first lots first.
 * All its lines, or nothing and the first line that cannot be served. Lines of one SKU share its lots, in their order.
 */
export function reserve(
  lines: readonly OrderLine[],
  stock: ReadonlyMap<string, ProductStock>,
): { readonly lines: ReservedLine[] } | { readonly rejection: Rejection } {
  const served: { line: OrderLine; product: ProductStock }[] = [];
  for (const line of lines) {
    const product = line.unlisted ? undefined : stock.get(line.sku);
    if (product === undefined) return rejected('unknown-sku', line);
    served.push({ line, product });
  }

  const taken: Taking[] = [];
  const reserved: ReservedLine[] = [];
  for (const { line, product } of served) {
    const takings = take(line.quantity, product.lots);
    if (takings === undefined) {
      for (const { lot, quantity } of taken) lot.free += quantity;
      return rejected('out-of-stock', line);
    }
    taken.push(...takings);
    const portions = takings.map(({ lot: { free: _, ...lot }, quantity }) => ({ ...lot, quantity }));
    const { lots: _, ...scope } = product;
    reserved.push({ lineRef: line.lineRef, sku: line.sku, ...scope, portions });
  }
  return { lines: reserved };
}

interface Taking {
  readonly lot: StockLot;
  readonly quantity: number;
}

/** Undefined, and nothing taken, if the lots do not hold enough. */
function take(quantity: number, lots: readonly StockLot[]): Taking[] | undefined {
  const takings: Taking[] = [];
  let missing = quantity;
  for (const lot of lots) {
    if (missing === 0) break;
    if (lot.free === 0) continue;
    takings.push({ lot, quantity: Math.min(missing, lot.free) });
    missing -= Math.min(missing, lot.free);
  }
  if (missing > 0) return undefined;
  for (const taking of takings) taking.lot.free -= taking.quantity;
  return takings;
}

function rejected(reason: Rejection['reason'], { lineRef, sku }: OrderLine): { rejection: Rejection } {
  return { rejection: { reason, lineRef, sku } };
}
