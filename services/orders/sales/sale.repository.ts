import { Injectable } from '@nestjs/common';
import {
  type DataOf,
  type Event,
  saleCredited,
  saleFrozen,
  salePaid,
  saleRefunded,
  saleSettled,
  saleThawed,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { eventsOf } from '#libs/messaging';
import type { Rupiah } from '#libs/money';
import { priceOf } from '../orders/order-lines.ts';

/** What became of it: in the books, paid out by its channel. Before it is paid it is no sale. */
export const SALE_STATUSES = ['paid', 'credited', 'settled'] as const;
export type SaleStatus = (typeof SALE_STATUSES)[number];

/** Part of an order that one facility made. */
export interface Sale {
  readonly orderId: string;
  readonly facilityId: string;
  readonly placedAt: Date;
  readonly status: SaleStatus;
  /** What the buyer pays for it. */
  readonly price: Rupiah;
  /** What the buyer got back of it. */
  readonly refunded: Rupiah;
  /** A dispute of it is not over: the books release nothing of it. */
  readonly disputed: boolean;
}

/** Null: all. */
export interface SaleFilter {
  readonly channels: readonly string[];
  readonly statuses: readonly SaleStatus[];
  readonly facilities: readonly string[] | null;
  /** Days in Asia/Jakarta, both included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly sku: string | null;
  /** What the order's reference begins with. */
  readonly q: string | null;
}

export interface SaleSums {
  readonly count: number;
  readonly price: Rupiah;
  readonly refunded: Rupiah;
}

@Injectable()
export class SaleRepository {
  /**
   * Keeps what the books are told of sales, by whom their orders are claimed.
   * @param credited ids of those that are in the books before they are told
   */
  follow(transaction: Transaction, events: readonly Event[], credited: ReadonlySet<string>): void {
    const paid = eventsOf(salePaid, events).map(({ data }) => data);
    if (paid.length > 0) {
      transaction.write(
        `INSERT INTO sale (order_id, facility_id, placed_at, status, skus, price)
         SELECT order_id, facility_id, placed_at, status, ARRAY (SELECT jsonb_array_elements_text(skus)), price
           FROM unnest($1::text[], $2::text[], $3::timestamptz[], string_to_array($4, E'\\n')::jsonb[], $5::bigint[], $6::text[])
             AS paid (order_id, facility_id, placed_at, skus, price, status)
          ORDER BY order_id, facility_id`,
        [
          ...keysOf(paid),
          paid.map(({ placedAt }) => placedAt),
          paid.map(({ lines }) => JSON.stringify([...new Set(lines.map(({ sku }) => sku))])).join('\n'),
          paid.map(({ lines }) => lines.reduce((sum, line) => sum + priceOf(line), 0)),
          paid.map(({ saleId }) => (credited.has(saleId) ? 'credited' : 'paid')),
        ],
      );
    }
    const refunded = eventsOf(saleRefunded, events).map(({ data }) => data);
    if (refunded.length > 0) {
      transaction.write(adds('refunded'), [...keysOf(refunded), refunded.map(({ amount }) => amount)]);
    }
    const settled = eventsOf(saleSettled, events)
      .map(({ data }) => data)
      .filter(({ settles }) => settles !== 'part');
    if (settled.length > 0) transaction.write(BECOMES, [...keysOf(settled), 'settled', 'credited']);
    const disputed = [
      ...eventsOf(saleFrozen, events).map(({ data }) => ({ ...data, more: 1 })),
      ...eventsOf(saleThawed, events).map(({ data }) => ({ ...data, more: -1 })),
    ];
    if (disputed.length > 0) {
      transaction.write(adds('disputes'), [...keysOf(disputed), disputed.map(({ more }) => more)]);
    }
  }

  /** They are in the books, or settled: the books were told so before. Said again it changes nothing. */
  credit(
    transaction: Transaction,
    events: readonly Event<DataOf<typeof saleCredited>>[],
    as: Exclude<SaleStatus, 'paid'>,
  ): void {
    if (events.length === 0) return;
    transaction.write(BECOMES, [...keysOf(events.map(({ data }) => data)), as, 'paid']);
  }

  /** Newest first, after the one given. */
  list(
    reader: Pick<Transaction, 'query'>,
    filter: SaleFilter,
    after: Pick<Sale, 'orderId' | 'facilityId'> | undefined,
    limit: number,
  ): Promise<Sale[]> {
    return reader.query<Sale>(
      `SELECT order_id AS "orderId", facility_id AS "facilityId", placed_at AS "placedAt", status, price, refunded,
              disputes > 0 AS disputed
         ${found(filter, after && '(placed_at, order_id, facility_id) < (SELECT placed_at, order_id, facility_id FROM sale WHERE order_id = $9 AND facility_id = $10)')}
        ORDER BY placed_at DESC, order_id DESC, facility_id DESC LIMIT $8`,
      [...parametersOf(filter, limit), ...(after ? [after.orderId, after.facilityId] : [])],
    );
  }

  /** Of all that are found, counted up to a limit: then the sums are of some of them. */
  async sums(reader: Pick<Transaction, 'query'>, filter: SaleFilter, limit: number): Promise<SaleSums> {
    const [sums] = await reader.query<SaleSums>(
      `SELECT count(*) AS count, coalesce(sum(price), 0)::bigint AS price, coalesce(sum(refunded), 0)::bigint AS refunded
         FROM (SELECT price, refunded ${found(filter)} LIMIT $8) AS found`,
      parametersOf(filter, limit),
    );
    return sums as SaleSums;
  }
}

/** Of each sale the sum of what is told of it. */
const adds = (column: 'refunded' | 'disputes') => `
  UPDATE sale SET ${column} = sale.${column} + told.more
    FROM (SELECT order_id, facility_id, sum(more)::bigint AS more
            FROM unnest($1::text[], $2::text[], $3::bigint[]) AS told (order_id, facility_id, more)
           GROUP BY order_id, facility_id) AS told
   WHERE sale.order_id = told.order_id AND sale.facility_id = told.facility_id`;

const BECOMES = `
  UPDATE sale SET status = $3
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS told (order_id, facility_id)) AS told
   WHERE sale.order_id = told.order_id AND sale.facility_id = told.facility_id AND sale.status = $4`;

function keysOf(sales: readonly Pick<Sale, 'orderId' | 'facilityId'>[]): [string[], string[]] {
  return [sales.map(({ orderId }) => orderId), sales.map(({ facilityId }) => facilityId)];
}

/** Each combination of what an index begins with is read by itself, in the index's order, and no further than $8. */
function found({ facilities }: SaleFilter, more = 'true'): string {
  return `
    FROM unnest($1::text[]) AS one_channel CROSS JOIN unnest($2::text[]) AS one_status
    ${facilities ? 'CROSS JOIN unnest($3::text[]) AS one_facility' : ''}
    CROSS JOIN LATERAL (
      SELECT order_id, facility_id, placed_at, status, price, refunded, disputes FROM sale
       WHERE channel = one_channel AND status = one_status
         AND ${facilities ? 'facility_id = one_facility' : '$3::text[] IS NULL'}
         AND ($4::date IS NULL OR placed_at >= $4::timestamp AT TIME ZONE 'Asia/Jakarta')
         AND ($5::date IS NULL OR placed_at < ($5::timestamp + interval '1 day') AT TIME ZONE 'Asia/Jakarta')
         AND ($6::text IS NULL OR skus @> ARRAY[$6])
         AND ($7::text IS NULL OR order_id >= one_channel || '/' || $7
                              AND order_id < one_channel || '/' || $7 || U&'\\+10FFFF')
         AND ${more}
       ORDER BY placed_at DESC, order_id DESC, facility_id DESC LIMIT $8
    ) AS sale`;
}

function parametersOf({ channels, statuses, facilities, from, to, sku, q }: SaleFilter, limit: number): unknown[] {
  return [channels, statuses, facilities, from, to, sku, q, limit];
}
