import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Order, type ReservedLine, soldLinesOf } from './order.ts';

/** A checkout as it is kept: of one that broke a rule, only what it takes to know it again. */
export interface StoredCheckout extends Pick<Order, 'orderId' | 'correlationId'> {
  readonly contentHash: Buffer;
  readonly order?: Order;
}

type Row = Omit<Order, 'placedAt' | 'releaseAt' | 'settlesBy' | 'termsVersion' | 'store' | 'unclassified'> & {
  placedAt: Date;
  releaseAt: Date | null;
  settlesBy: Date | null;
  termsVersion: number | null;
  store: string | null;
};

@Injectable()
export class OrderRepository {
  /**
   * Stores checkouts of different orders, where nothing is known of the order but an invalid checkout of other content.
   * @returns ids of the orders that were stored
   */
  async add(transaction: Transaction, checkouts: readonly StoredCheckout[]): Promise<Set<string>> {
    const rows = await transaction.query<{ order_id: string }>(
      `INSERT INTO "order" AS stored (order_id, content_hash, placed_at, payment, amount, lines, correlation_id, release_at,
                                     terms_version, store, unclassified, settles_by)
       SELECT * FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::text[], $5::bigint[],
                            string_to_array($6, E'\\n', '')::jsonb[], $7::uuid[], $8::timestamptz[], $9::int[], $10::text[],
                            string_to_array($11, E'\\n', '')::jsonb[], $12::timestamptz[])
         AS checkout (order_id, content_hash, placed_at, payment, amount, lines, correlation_id, release_at, terms_version,
                      store, unclassified, settles_by)
        ORDER BY order_id
       ON CONFLICT (order_id) DO UPDATE
          SET content_hash = excluded.content_hash, placed_at = excluded.placed_at,
              payment = excluded.payment, amount = excluded.amount, lines = excluded.lines,
              correlation_id = excluded.correlation_id, release_at = excluded.release_at,
              terms_version = excluded.terms_version, store = excluded.store,
              unclassified = excluded.unclassified, settles_by = excluded.settles_by, received_at = now()
        WHERE stored.lines IS NULL AND stored.content_hash <> excluded.content_hash
       RETURNING order_id`,
      [
        checkouts.map(({ orderId }) => orderId),
        checkouts.map(({ contentHash }) => contentHash),
        checkouts.map(({ order }) => order?.placedAt),
        checkouts.map(({ order }) => order?.payment),
        checkouts.map(({ order }) => order?.amount),
        checkouts.map(({ order }) => order && JSON.stringify(order.lines)).join('\n'),
        checkouts.map(({ correlationId }) => correlationId),
        checkouts.map(({ order }) => order?.releaseAt),
        checkouts.map(({ order }) => order?.termsVersion),
        checkouts.map(({ order }) => order?.store),
        checkouts.map(({ order }) => order?.unclassified && JSON.stringify(order.unclassified)).join('\n'),
        checkouts.map(({ order }) => order?.settlesBy),
      ],
    );
    return new Set(rows.map(({ order_id }) => order_id));
  }

  async contentHashes(transaction: Transaction, orderIds: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await transaction.query<{ order_id: string; content_hash: Buffer }>(
      'SELECT order_id, content_hash FROM "order" WHERE order_id = ANY ($1::text[])',
      [orderIds],
    );
    return new Map(rows.map(({ order_id, content_hash }) => [order_id, content_hash]));
  }

  /** Those of these orders whose checkout is valid, without what their classes are to be. */
  async find(reader: Pick<Transaction, 'query'>, orderIds: readonly string[]): Promise<Map<string, Order>> {
    const rows = await reader.query<Row>(
      `SELECT order_id AS "orderId", placed_at AS "placedAt", payment, amount, lines, release_at AS "releaseAt", settles_by AS "settlesBy",
              correlation_id AS "correlationId", terms_version AS "termsVersion", store
         FROM "order" WHERE order_id = ANY ($1::text[]) AND lines IS NOT NULL`,
      [orderIds],
    );
    return new Map(
      rows.map(({ releaseAt, settlesBy, termsVersion, store, ...row }) => [
        row.orderId,
        {
          ...row,
          placedAt: row.placedAt.toISOString(),
          ...(releaseAt !== null && { releaseAt: releaseAt.toISOString() }),
          ...(settlesBy !== null && { settlesBy: settlesBy.toISOString() }),
          ...(termsVersion !== null && { termsVersion }),
          ...(store !== null && { store }),
        },
      ]),
    );
  }

  /** What those of these orders that are valid sold, by order and line. */
  async findSoldLines(
    reader: Pick<Transaction, 'query'>,
    orderIds: readonly string[],
  ): Promise<Map<string, ReturnType<typeof soldLinesOf>>> {
    const orders = await this.find(reader, [...new Set(orderIds)]);
    return new Map([...orders].map(([orderId, order]) => [orderId, soldLinesOf(order)]));
  }

  /** Keeps from which lots orders are served; the first word of the catalogue counts. */
  reserve(
    transaction: Transaction,
    reservations: readonly { readonly orderId: string; readonly lines: readonly ReservedLine[] }[],
  ): void {
    if (reservations.length === 0) return;
    transaction.write(
      `INSERT INTO reservation (order_id, lines)
       SELECT * FROM unnest($1::text[], string_to_array($2, E'\\n')::jsonb[]) AS reserved (order_id, lines)
        ORDER BY order_id
       ON CONFLICT DO NOTHING`,
      [reservations.map(({ orderId }) => orderId), reservations.map(({ lines }) => JSON.stringify(lines)).join('\n')],
    );
  }

  async findReservations(
    reader: Pick<Transaction, 'query'>,
    orderIds: readonly string[],
  ): Promise<Map<string, readonly ReservedLine[]>> {
    const rows = await reader.query<{ order_id: string; lines: ReservedLine[] }>(
      'SELECT order_id, lines FROM reservation WHERE order_id = ANY ($1::text[])',
      [orderIds],
    );
    return new Map(rows.map(({ order_id, lines }) => [order_id, lines]));
  }
}
