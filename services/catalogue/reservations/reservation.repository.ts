import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import type { WantedOrder } from './awaited-order.ts';
import type { ProductStock, ReservedLine, StockLot } from './reservation.ts';

/** What an order took, without what its lots were: it was told, and they may have been corrected. */
export interface TakenLine {
  readonly lineRef: string;
  readonly portions: readonly { readonly lotId: string; readonly quantity: number }[];
}

/** How long goods wait for their money (`RESERVATION_MINUTES`). Orders ends the wait: it alone decides about an order. */
const RESERVATION_MS = Number(process.env.RESERVATION_MINUTES ?? 30) * 60_000;

/** By the wall clock, whenever the order was placed: history can be imported. */
export function reservedUntil(): Date {
  return new Date(Date.now() + RESERVATION_MS);
}

/** Sold units of a line that did not leave. */
interface ReleasedUnits {
  readonly orderId: string;
  readonly lineRef: string;
  readonly quantity: number;
}

export interface NewReservation {
  readonly orderId: string;
  /** waiting: goods that are not there are awaited; committed: they are sold already. */
  readonly status: 'held' | 'committed' | 'rejected' | 'waiting';
  /** Empty unless goods are taken. */
  readonly lines: readonly ReservedLine[];
  /** Of one that is rejected. */
  readonly wanted?: WantedOrder;
  readonly expiresAt: Date;
}

type ProductRow = { readonly [Column in 'sku' | 'facilityId' | 'region']: string } & {
  readonly programme: string | null;
};

/** Orders' claims on lots. Every method is one or two statements, however many orders it is about. */
@Injectable()
export class ReservationRepository {
  /** Which of the orders were answered before. */
  async answered(transaction: Transaction, orderIds: readonly string[]): Promise<Set<string>> {
    const rows = await transaction.query<{ order_id: string }>(
      'SELECT order_id FROM reservation WHERE order_id = ANY($1)',
      [orderIds],
    );
    return new Set(rows.map((row) => row.order_id));
  }

  /**
   * Locks all lots that a batch may change: those of the SKUs it wants, and those of orders that may give some back. In
   * the order of their ids and in one statement, as everywhere, so that batches wait for each other and never in a circle.
   * @returns their ids
   */
  async lockLots(
    transaction: Transaction,
    skus: readonly string[],
    givingBack: readonly string[],
  ): Promise<readonly string[]> {
    const lots = await transaction.query<{ lot_id: string }>(
      `SELECT lot_id FROM lot
        WHERE lot_id IN (SELECT lot_id FROM lot WHERE sku = ANY($1) AND available > 0
                         UNION
                         SELECT portion ->> 'lotId'
                           FROM reservation, jsonb_array_elements(lines) AS line,
                                jsonb_array_elements(line -> 'portions') AS portion
                          WHERE order_id = ANY($2) AND status IN ('held', 'committed'))
        ORDER BY lot_id FOR UPDATE`,
      [skus, givingBack],
    );
    return lots.map(({ lot_id }) => lot_id);
  }

  /** The products of these SKUs with those of their lots that are locked and not used up, oldest first. */
  async stockOf(
    transaction: Transaction,
    skus: readonly string[],
    lockedIds: readonly string[],
  ): Promise<Map<string, ProductStock>> {
    const stock = new Map<string, ProductStock & { lots: StockLot[] }>();
    for (const { sku, programme, ...product } of await transaction.query<ProductRow>(
      `SELECT sku, facility_id AS "facilityId", region, programme FROM product JOIN facility USING (facility_id)
        WHERE sku = ANY($1)`,
      [skus],
    )) {
      stock.set(sku, { ...product, ...(programme !== null && { programme }), lots: [] });
    }
    const lots = await transaction.query<StockLot & { sku: string; version: number }>(
      `SELECT sku, lot_id AS "lotId", version, available AS free, unit_cost AS "unitCost", measure,
              (SELECT coalesce(json_agg(json_build_object('makerId', maker_id, 'weight', trim_scale(value)::text)
                                        ORDER BY maker_id), '[]')
               FROM contribution WHERE contribution.lot_id = lot.lot_id) AS contributions
       FROM lot WHERE sku = ANY($1) AND lot_id = ANY($2) AND available > 0
       ORDER BY made_on, lot_id`,
      [skus, lockedIds],
    );
    for (const { sku, version, ...lot } of lots) {
      stock.get(sku)?.lots.push({ ...lot, ...(version > 1 && { version }) });
    }
    return stock;
  }

  /** Takes the pieces of the reservations off their locked lots, and remembers the answers. */
  async insert(transaction: Transaction, reservations: readonly NewReservation[]): Promise<void> {
    const lines = reservations.map((reservation) => reservation.lines.map(takenLine));
    await changeTaken(transaction, piecesOf(lines.flat().flatMap(portionsOf), 1));
    transaction.write(
      `INSERT INTO reservation (order_id, status, lines, expires_at, wanted)
       SELECT * FROM unnest($1::text[], $2::text[], string_to_array($3, E'\\n')::jsonb[], $4::timestamptz[], $5::jsonb[])`,
      [
        reservations.map(({ orderId }) => orderId),
        reservations.map(({ status }) => status),
        lines.map((each) => JSON.stringify(each)).join('\n'),
        reservations.map(({ expiresAt }) => expiresAt),
        reservations.map(({ wanted }) => wanted && JSON.stringify(wanted)),
      ],
    );
  }

  /** Takes the pieces of orders that waited off their locked lots. */
  async serve(transaction: Transaction, reservations: readonly NewReservation[]): Promise<void> {
    if (reservations.length === 0) return;
    const lines = reservations.map((reservation) => reservation.lines.map(takenLine));
    await changeTaken(transaction, piecesOf(lines.flat().flatMap(portionsOf), 1));
    transaction.write(
      `UPDATE reservation SET status = served.status, lines = served.lines, expires_at = served.expires_at
         FROM unnest($1::text[], $2::jsonb[], $3::timestamptz[], $4::text[]) AS served (order_id, lines, expires_at, status)
        WHERE reservation.order_id = served.order_id`,
      [
        reservations.map(({ orderId }) => orderId),
        lines.map((each) => JSON.stringify(each)),
        reservations.map(({ expiresAt }) => expiresAt),
        reservations.map(({ status }) => status),
      ],
    );
  }

  /**
   * Held goods become sold goods. What was rejected, and is sold all the same, was there when orders sold it: our
   * database was put back to before. It waits from now on.
   * @returns those that do
   */
  async commit(transaction: Transaction, orderIds: readonly string[]): Promise<readonly WantedOrder[]> {
    const sold = await transaction.query<{ wanted: WantedOrder | null }>(
      `UPDATE reservation SET status = CASE status WHEN 'held' THEN 'committed' ELSE 'waiting' END
        WHERE order_id = ANY($1) AND (status = 'held' OR status = 'rejected' AND wanted IS NOT NULL)
       RETURNING wanted`,
      [orderIds],
    );
    return sold.flatMap(({ wanted }) => wanted ?? []);
  }

  /**
   * Held goods go back to their lots, which are locked; where nothing is held nothing does, and nothing is awaited.
   * @returns the lots that have more again
   */
  async release(transaction: Transaction, orderIds: readonly string[]): Promise<readonly string[]> {
    const released = await transaction.query<{ lines: TakenLine[] }>(
      `UPDATE reservation SET status = 'released' WHERE order_id = ANY($1) AND status IN ('held', 'waiting')
       RETURNING lines`,
      [orderIds],
    );
    const pieces = piecesOf(
      released.flatMap(({ lines }) => lines.flatMap(portionsOf)),
      -1,
    );
    await changeTaken(transaction, pieces);
    return [...pieces.keys()];
  }

  /**
   * Nobody else says what came back of these orders until the transaction ends: before its lots, as everywhere. Not those
   * that wait: who serves them has their lots.
   */
  async lockSold(transaction: Transaction, orderIds: readonly string[]): Promise<void> {
    await transaction.query(
      `SELECT FROM reservation WHERE order_id = ANY ($1) AND status = 'committed' ORDER BY order_id FOR UPDATE`,
      [orderIds],
    );
  }

  /**
   * Sold goods that did not leave go back to their lots, which are locked: to those that they were taken from last. What
   * came back before, as a facility said, does not come again.
   * @returns the lots that have more again
   */
  async restock(transaction: Transaction, released: readonly ReleasedUnits[]): Promise<readonly string[]> {
    const taken = await transaction.query<ReleasedUnits & { lotId: string }>(
      `SELECT order_id AS "orderId", line ->> 'lineRef' AS "lineRef", portion ->> 'lotId' AS "lotId",
              (portion ->> 'quantity')::int
                - (SELECT coalesce(sum(quantity), 0)::int FROM stock_return
                    WHERE stock_return.order_id = reservation.order_id AND line_ref = line ->> 'lineRef'
                      AND lot_id = portion ->> 'lotId') AS quantity
         FROM reservation, jsonb_array_elements(lines) AS line,
              jsonb_array_elements(line -> 'portions') WITH ORDINALITY AS taken (portion, place)
        WHERE order_id = ANY ($1) AND status = 'committed'
        ORDER BY place DESC`,
      [released.map(({ orderId }) => orderId)],
    );
    const left = new Map(taken.map((portion) => [portion, portion.quantity]));
    const returned = released.flatMap(({ orderId, lineRef, quantity }) => {
      let units = quantity;
      return taken
        .filter((portion) => portion.orderId === orderId && portion.lineRef === lineRef)
        .flatMap((portion) => {
          const back = Math.min(units, left.get(portion) ?? 0);
          left.set(portion, (left.get(portion) ?? 0) - back);
          units -= back;
          return back > 0 ? [{ ...portion, quantity: back }] : [];
        });
    });
    transaction.write(
      `INSERT INTO stock_return (return_id, order_id, line_ref, lot_id, quantity, disposition, facility_id)
       SELECT return_id, order_id, line_ref, lot_id, returned.quantity, 'restock', facility_id
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[])
           AS returned (return_id, order_id, line_ref, lot_id, quantity) JOIN lot USING (lot_id)`,
      [
        returned.map(() => newId()),
        returned.map(({ orderId }) => orderId),
        returned.map(({ lineRef }) => lineRef),
        returned.map(({ lotId }) => lotId),
        returned.map(({ quantity }) => quantity),
      ],
    );
    const pieces = piecesOf(returned, -1);
    await changeTaken(transaction, pieces);
    return [...pieces.keys()];
  }
}

function takenLine({ lineRef, portions }: ReservedLine): TakenLine {
  return { lineRef, portions: portions.map(({ lotId, quantity }) => ({ lotId, quantity })) };
}

function portionsOf({ portions }: TakenLine): TakenLine['portions'] {
  return portions;
}

/** Pieces by lot: as they are taken (`sign` 1) or given back (-1). */
function piecesOf(portions: TakenLine['portions'], sign: 1 | -1): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { lotId, quantity } of portions) {
    pieces.set(lotId, (pieces.get(lotId) ?? 0) + quantity * sign);
  }
  return pieces;
}

/** The lots are locked. */
async function changeTaken(transaction: Transaction, pieces: ReadonlyMap<string, number>): Promise<void> {
  transaction.write(
    `UPDATE lot SET taken = taken + pieces
     FROM unnest($1::text[], $2::int[]) AS change (lot_id, pieces) WHERE lot.lot_id = change.lot_id`,
    [[...pieces.keys()], [...pieces.values()]],
  );
}
