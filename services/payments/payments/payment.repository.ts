import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Payment } from './payment.ts';

type Row = Omit<Payment, 'placedAt' | 'capturedAt'> & { placedAt: Date; capturedAt: Date | null };

@Injectable()
export class PaymentRepository {
  /** Those of these orders' payments that exist, by order id. `reader`: a transaction or the database itself. */
  async find(reader: Pick<Transaction, 'query'>, orderIds: readonly string[]): Promise<Map<string, Payment>> {
    const rows = await reader.query<Row>(
      `SELECT order_id AS "orderId", method, amount, status, captured, refunded,
              placed_at AS "placedAt", captured_at AS "capturedAt", correlation_id AS "correlationId",
              (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'refundId', refund_id, 'amount', amount, 'status', status, 'correlationId', correlation_id
                      ) ORDER BY refund_id), '[]')
                 FROM refund
                WHERE refund.order_id = payment.order_id) AS refunds
         FROM payment
        WHERE order_id = ANY ($1)`,
      [orderIds],
    );
    return new Map(rows.map((row) => [row.orderId, paymentOf(row)]));
  }

  /** The same, and nobody else can change them until the transaction ends. */
  async lock(transaction: Transaction, orderIds: readonly string[]): Promise<Map<string, Payment>> {
    await transaction.query('SELECT FROM payment WHERE order_id = ANY ($1) ORDER BY order_id FOR UPDATE', [orderIds]);
    return this.find(transaction, orderIds); // a statement of its own sees what was committed while we waited
  }

  /** Writes payments that are locked or new, and their refunds. */
  async save(transaction: Transaction, payments: readonly Payment[]): Promise<void> {
    if (payments.length === 0) return;
    transaction.write(
      `INSERT INTO payment (order_id, method, amount, status, captured, refunded, placed_at, captured_at, correlation_id)
       SELECT "orderId", method, amount, status, captured, refunded, "placedAt", "capturedAt", "correlationId"
         FROM jsonb_to_recordset($1) AS changed (
                "orderId" text, method text, amount bigint, status text, captured bigint, refunded bigint,
                "placedAt" timestamptz, "capturedAt" timestamptz, "correlationId" uuid)
       ON CONFLICT (order_id) DO UPDATE
          SET status = excluded.status, captured = excluded.captured, refunded = excluded.refunded,
              captured_at = excluded.captured_at`,
      [JSON.stringify(payments)],
    );
    const refunds = payments.flatMap(({ orderId, refunds }) => refunds.map((refund) => ({ ...refund, orderId })));
    if (refunds.length === 0) return;
    transaction.write(
      `INSERT INTO refund (refund_id, order_id, amount, status, correlation_id)
       SELECT "refundId", "orderId", amount, status, "correlationId"
         FROM jsonb_to_recordset($1) AS changed (
                "refundId" text, "orderId" text, amount bigint, status text, "correlationId" uuid)
       ON CONFLICT (refund_id) DO UPDATE SET status = excluded.status WHERE refund.status <> excluded.status`,
      [JSON.stringify(refunds)],
    );
  }
}

function paymentOf({ placedAt, capturedAt, ...row }: Row): Payment {
  return {
    ...row,
    placedAt: placedAt.toISOString(),
    ...(capturedAt && { capturedAt: capturedAt.toISOString() }),
  };
}
