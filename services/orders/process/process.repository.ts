import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { isOpen, type OrderState, UNKNOWN } from './order-process.ts';

/** A checkout that has not come a day after what was said of it will not come. */
const CHECKOUT_AWAITED_MS = 24 * 60 * 60 * 1_000;

export interface Patience {
  /**
   * What is said of an order whose checkout has not come waits for it, as events of a marketplace may overtake each other;
   * else its sale is unknown.
   */
  readonly awaitCheckout: boolean;
}

/** States by order id, as they are after what the transaction has done so far. Nobody else changes them until it ends. */
export type ClaimedOrders = Map<string, OrderState>;

@Injectable()
export class ProcessRepository {
  /** By the database's clock, the same for all instances: deadlines are set and told by it alone. */
  async now(reader: Pick<Transaction, 'query'>): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    if (!row) throw new Error('PostgreSQL did not say what time it is');
    return row.now;
  }

  /** How long what is said now may wait for its checkout, as messages to an order say it. */
  async waiting(
    reader: Pick<Transaction, 'query'>,
    { awaitCheckout }: Patience,
  ): Promise<{ readonly waitUntil?: string }> {
    if (!awaitCheckout) return {};
    const now = await this.now(reader);
    return { waitUntil: new Date(now.getTime() + CHECKOUT_AWAITED_MS).toISOString() };
  }

  /**
   * Locks orders in the order of their ids: those in `told` whether they were known or not, those in `known` if they
   * are. A transaction claims all orders that it is about at once, before it writes any: then two of them wait for each
   * other, and never in a circle.
   */
  async claim(
    transaction: Transaction,
    { told = [], known = [] }: { readonly told?: readonly string[]; readonly known?: readonly string[] },
  ): Promise<ClaimedOrders> {
    // What is there is locked as it is: a condition that never holds locks all the same, and writes nothing.
    transaction.write(
      `INSERT INTO order_process (order_id, state, open)
       SELECT order_id, $3, true
         FROM (SELECT unnest($1::text[]) AS order_id
               UNION SELECT order_id FROM order_process WHERE order_id = ANY ($2::text[])) AS claimed
        ORDER BY order_id
       ON CONFLICT (order_id) DO UPDATE SET open = true WHERE false`,
      [told, known, UNKNOWN],
    );
    const rows = await transaction.query<{ order_id: string; state: OrderState }>(
      'SELECT order_id, state FROM order_process WHERE order_id = ANY ($1::text[] || $2::text[])',
      [told, known],
    );
    return new Map(rows.map(({ order_id, state }) => [order_id, state]));
  }

  async find(reader: Pick<Transaction, 'query'>, orderId: string): Promise<OrderState | undefined> {
    const [row] = await reader.query<{ state: OrderState }>('SELECT state FROM order_process WHERE order_id = $1', [
      orderId,
    ]);
    return row?.state;
  }

  save(transaction: Transaction, states: readonly (readonly [orderId: string, state: OrderState])[]): void {
    if (states.length === 0) return;
    transaction.write(
      `UPDATE order_process AS process SET state = changed.state, open = changed.open
         FROM unnest($1::text[], string_to_array($2, E'\\n')::jsonb[], $3::boolean[]) AS changed (order_id, state, open)
        WHERE process.order_id = changed.order_id`,
      [
        states.map(([orderId]) => orderId),
        states.map(([, state]) => JSON.stringify(state)).join('\n'),
        states.map(([, state]) => isOpen(state)),
      ],
    );
  }

  /**
   * Some of the orders whose deadline is over, locked, with the correlation id of their checkout; those that somebody
   * else has locked are left for later. An order whose checkout has not come has none and needs none.
   */
  async lockDue(
    transaction: Transaction,
    now: string,
    limit: number,
  ): Promise<{ orderId: string; state: OrderState; correlationId: string }[]> {
    return transaction.query(
      `SELECT process.order_id AS "orderId", process.state, coalesce(placed.correlation_id, gen_random_uuid()) AS "correlationId"
         FROM order_process AS process LEFT JOIN "order" AS placed USING (order_id)
        WHERE process.open AND (process.state ->> 'deadline') COLLATE "C" <= $1
        ORDER BY process.order_id LIMIT $2
          FOR UPDATE OF process SKIP LOCKED`,
      [now, limit],
    );
  }
}
