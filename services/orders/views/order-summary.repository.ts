import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Order } from '../orders/order.ts';
import type { OrderStatus } from '../process/order-process.ts';

export interface OrderSummary extends Partial<Pick<Order, 'placedAt' | 'amount'>> {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly reason?: string;
  readonly detail?: string;
}

type ListedRow = { readonly [Field in 'reason' | 'detail']: string | null } & {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly placedAt: Date | null;
  readonly amount: number | null;
};

interface OrderFilter {
  readonly status: string | undefined;
  readonly reason: string | undefined;
  readonly after: string;
  /** null: of all channels. */
  readonly channels: readonly string[] | null;
}

@Injectable()
export class OrderSummaryRepository {
  /** Orders after an id; an order whose checkout has not come is none yet. */
  async list(
    reader: Pick<Transaction, 'query'>,
    { status, reason, after, channels }: OrderFilter,
    limit: number,
  ): Promise<OrderSummary[]> {
    const rows = await reader.query<ListedRow>(
      `SELECT order_id AS "orderId", status, reason, state ->> 'detail' AS detail, placed_at AS "placedAt", amount
         FROM order_process JOIN "order" USING (order_id)
        WHERE order_id > $1 AND ($3::text[] IS NULL OR split_part(order_id, '/', 1) = ANY ($3))
          AND ($3 IS NULL OR (order_id > (SELECT min(one) || '/' FROM unnest($3) AS one)
                              AND order_id < (SELECT max(one) || '0' FROM unnest($3) AS one))) -- 0 comes after /
          ${status === undefined ? '' : 'AND status = $4'}
          ${reason === undefined ? '' : `AND reason = $${status === undefined ? 4 : 5}`}
        ORDER BY order_id LIMIT $2`,
      [after, limit, channels, ...[status, reason].filter((value) => value !== undefined)],
    );
    return rows.map(({ orderId, status, reason, detail, placedAt, amount }) => ({
      orderId,
      status,
      ...(reason !== null && { reason }),
      ...(detail !== null && { detail }),
      ...(placedAt !== null && { placedAt: placedAt.toISOString() }),
      ...(amount !== null && { amount }),
    }));
  }
}
