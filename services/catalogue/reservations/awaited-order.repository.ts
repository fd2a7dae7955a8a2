import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { AwaitedOrder } from './awaited-order.ts';
import { noteStockChange } from './stock-change.repository.ts';

type Reader = Pick<Transaction, 'query'>;

/** Where a batch of those who wait for a product ends. */
export interface Position {
  readonly placedAt: Date;
  readonly orderId: string;
}

const AWAITED_ORDER = `order_id AS "orderId", placed_at AS "placedAt", lines, reason, line_ref AS "lineRef",
  correlation_id AS "correlationId", paid`;

@Injectable()
export class AwaitedOrderRepository {
  /**
   * Keeps them, new or as they are now. Each is tried once more when the transaction is committed: goods may have come
   * while it was decided that there are none.
   */
  keep(transaction: Transaction, orders: readonly AwaitedOrder[]): void {
    if (orders.length === 0) return;
    transaction.write(
      `INSERT INTO awaited_order (order_id, placed_at, lines, reason, line_ref, correlation_id, paid)
       SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[], $4::text[], $5::text[], $6::uuid[], $7::boolean[])
       ON CONFLICT (order_id) DO UPDATE
         SET lines = excluded.lines, reason = excluded.reason, line_ref = excluded.line_ref`,
      [
        orders.map(({ orderId }) => orderId),
        orders.map(({ placedAt }) => placedAt),
        orders.map(({ lines }) => JSON.stringify(lines)),
        orders.map(({ reason }) => reason),
        orders.map(({ lineRef }) => lineRef),
        orders.map(({ correlationId }) => correlationId),
        orders.map(({ paid }) => paid),
      ],
    );
    transaction.write('DELETE FROM awaited_sku WHERE order_id = ANY ($1)', [orders.map(({ orderId }) => orderId)]);
    transaction.write(
      `INSERT INTO awaited_sku (sku, placed_at, order_id, units)
       SELECT line ->> 'sku', placed_at, order_id, sum((line ->> 'quantity')::int)
         FROM awaited_order, jsonb_array_elements(lines) AS line
        WHERE order_id = ANY ($1) GROUP BY 1, 2, 3`,
      [orders.map(({ orderId }) => orderId)],
    );
    noteStockChange(
      transaction,
      orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)),
    );
  }

  /** Why they still wait. */
  explain(transaction: Transaction, orders: readonly AwaitedOrder[]): void {
    if (orders.length === 0) return;
    transaction.write(
      `UPDATE awaited_order SET reason = now.reason, line_ref = now.line_ref
         FROM unnest($1::text[], $2::text[], $3::text[]) AS now (order_id, reason, line_ref)
        WHERE awaited_order.order_id = now.order_id`,
      [orders.map(({ orderId }) => orderId), orders.map(({ reason }) => reason), orders.map(({ lineRef }) => lineRef)],
    );
  }

  /** Those of these orders that wait are sold. */
  markPaid(transaction: Transaction, orderIds: readonly string[]): void {
    transaction.write(
      `UPDATE awaited_order SET paid = true
        WHERE order_id IN (SELECT order_id FROM awaited_order WHERE order_id = ANY ($1) ORDER BY order_id FOR UPDATE)`,
      [orderIds],
    );
  }

  /** They wait no more. */
  end(transaction: Transaction, orderIds: readonly string[]): void {
    if (orderIds.length === 0) return;
    transaction.write(
      `DELETE FROM awaited_order
        WHERE order_id IN (SELECT order_id FROM awaited_order WHERE order_id = ANY ($1) ORDER BY order_id FOR UPDATE)`,
      [orderIds],
    );
  }

  /** Those of these orders that wait; nobody else serves them until the transaction ends. Lots are locked before. */
  async lock(transaction: Transaction, orderIds: readonly string[]): Promise<AwaitedOrder[]> {
    if (orderIds.length === 0) return [];
    const rows = await transaction.query<Omit<AwaitedOrder, 'placedAt'> & { placedAt: Date }>(
      `SELECT ${AWAITED_ORDER} FROM awaited_order WHERE order_id = ANY ($1) ORDER BY order_id FOR UPDATE`,
      [orderIds],
    );
    const orders = new Map(rows.map((row) => [row.orderId, { ...row, placedAt: row.placedAt.toISOString() }]));
    return orderIds.flatMap((orderId) => orders.get(orderId) ?? []);
  }

  /** The oldest that wait for a product, after a position, with all the products that they want. */
  nextFor(
    reader: Reader,
    sku: string,
    after: Position | undefined,
    limit: number,
  ): Promise<(Position & { readonly skus: readonly string[] })[]> {
    return reader.query(
      `SELECT order_id AS "orderId", placed_at AS "placedAt",
              ARRAY(SELECT sku FROM awaited_sku AS also WHERE also.order_id = next.order_id) AS skus
         FROM (SELECT order_id, placed_at FROM awaited_sku
                WHERE sku = $1 AND ($2::timestamptz IS NULL OR (placed_at, order_id) > ($2, $3))
                ORDER BY placed_at, order_id LIMIT $4) AS next
        ORDER BY placed_at, order_id`,
      [sku, after?.placedAt, after?.orderId, limit],
    );
  }
}
