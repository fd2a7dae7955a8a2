import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Change, Step } from './step.ts';

/** A step as it is kept. */
export interface KeptStep extends Pick<Step, 'message' | 'changes'> {
  readonly number: number;
  readonly at: Date;
  /** Of the event that was the message. */
  readonly messageId: string | null;
  readonly correlationId: string;
  readonly channel: string | null;
  readonly person: string | null;
}

@Injectable()
export class StepRepository {
  /** Keeps steps of claimed orders, each the next of its order. */
  add(transaction: Transaction, steps: readonly Step[]): void {
    if (steps.length === 0) return;
    transaction.write(
      `INSERT INTO order_step (order_id, number, message, message_id, correlation_id, channel, person, changes)
       SELECT order_id,
              coalesce((SELECT max(number) FROM order_step WHERE order_step.order_id = step.order_id), 0)
                + row_number() OVER (PARTITION BY order_id ORDER BY place),
              message, message_id, correlation_id, channel, person, changes
         FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[],
                     string_to_array($7, E'\\n')::json[]) WITH ORDINALITY
           AS step (order_id, message, message_id, correlation_id, channel, person, changes, place)
        ORDER BY order_id, place`,
      [
        steps.map(({ orderId }) => orderId),
        steps.map(({ message }) => message),
        steps.map(({ origin }) => origin.id),
        steps.map(({ origin }) => origin.correlationId),
        steps.map(({ origin }) => origin.sender),
        steps.map(({ origin }) => origin.person),
        steps.map(({ changes }) => JSON.stringify(changes)).join('\n'),
      ],
    );
  }

  /** In their order, after a number. */
  ofOrder(reader: Pick<Transaction, 'query'>, orderId: string, after: number, limit: number): Promise<KeptStep[]> {
    return reader.query<KeptStep & { changes: Change[] }>(
      `SELECT number, at, message, message_id AS "messageId", correlation_id AS "correlationId", channel, person, changes
         FROM order_step WHERE order_id = $1 AND number > $2 ORDER BY number LIMIT $3`,
      [orderId, after, limit],
    );
  }

  /** From when on steps of an order are kept, which was there before; undefined: from its beginning. */
  async keptSince(reader: Pick<Transaction, 'query'>, orderId: string): Promise<Date | undefined> {
    const [row] = await reader.query<{ since: Date | null }>(
      'SELECT steps_since AS since FROM order_process WHERE order_id = $1',
      [orderId],
    );
    return row?.since ?? undefined;
  }
}
