import { Injectable } from '@nestjs/common';
import type { OutcomeTold } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { StoredOutcome } from '../outcomes/outcome.repository.ts';

type Reader = Pick<Transaction, 'query'>;

/** An outcome that is to be sent now. */
export interface DueWebhook extends Omit<StoredOutcome, 'position'> {
  readonly attempts: number;
  /** Of the first attempt. */
  readonly since: Date;
}

export interface GivenUpWebhook {
  readonly orderId: string;
  readonly number: number;
  readonly channel: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly endedAt: Date;
  /** Later outcomes of the order, which wait for it. */
  readonly behind: number;
}

interface Row extends Omit<DueWebhook, 'outcome'> {
  readonly number: number;
  readonly told: Omit<OutcomeTold, 'number'>;
}

const KEYS = 'unnest($1::text[], $2::int[]) AS chosen (order_id, number)';
const IS_CHOSEN = 'outgoing_webhook.order_id = chosen.order_id AND outgoing_webhook.number = chosen.number';

function keysOf(webhooks: readonly DueWebhook[]): [string[], number[]] {
  return [webhooks.map(({ outcome }) => outcome.orderId), webhooks.map(({ outcome }) => outcome.number)];
}

/** Whatever changes the queue of a channel has locked the channel. */
@Injectable()
export class OutgoingWebhookRepository {
  async positionOf(transaction: Transaction, channel: string): Promise<number> {
    const [row] = await transaction.query<{ position: number }>(
      'SELECT webhooks_until AS position FROM channel WHERE channel_id = $1',
      [channel],
    );
    return row?.position ?? 0;
  }

  /** Of an order's outcomes the first that is not taken is due, the others wait behind it. */
  add(transaction: Transaction, outcomes: readonly StoredOutcome[]): void {
    transaction.write(
      `INSERT INTO outgoing_webhook (order_id, number, state, due_at)
       SELECT order_id, number,
              CASE WHEN row_number() OVER (PARTITION BY order_id ORDER BY number) > 1
                     OR EXISTS (SELECT FROM outgoing_webhook AS earlier
                                 WHERE earlier.order_id = chosen.order_id AND earlier.state <> 'taken')
                   THEN 'behind' ELSE 'due' END, clock_timestamp()
         FROM ${KEYS}`,
      [outcomes.map(({ outcome }) => outcome.orderId), outcomes.map(({ outcome }) => outcome.number)],
    );
  }

  /** Outcomes up to here are queued, or are not for a webhook. */
  passTo(transaction: Transaction, channel: string, position: number): void {
    transaction.write('UPDATE channel SET webhooks_until = $2 WHERE channel_id = $1', [channel, position]);
  }

  /** Some that are due, one of an order each; nobody else is given them before `putOffMs` are over. */
  async claim(reader: Reader, channel: string, limit: number, putOffMs: number): Promise<DueWebhook[]> {
    const rows = await reader.query<Row>(
      `WITH claimed AS (
         UPDATE outgoing_webhook
            SET due_at = clock_timestamp() + make_interval(secs => $3 / 1000.0), attempts = attempts + 1,
                since = coalesce(since, clock_timestamp())
          WHERE (order_id, number) IN (SELECT order_id, number FROM outgoing_webhook
                                        WHERE channel = $1 AND state = 'due' AND due_at <= clock_timestamp()
                                        ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
          RETURNING order_id, number, attempts, since)
       SELECT outcome_id AS "outcomeId", told_at AS "toldAt", number, told, attempts, since
         FROM claimed JOIN outcome USING (order_id, number)`,
      [channel, limit, putOffMs],
    );
    return rows.map(({ number, told, ...row }) => ({ ...row, outcome: { ...told, number } }));
  }

  /** The next of each order follows. */
  taken(transaction: Transaction, webhooks: readonly DueWebhook[]): void {
    transaction.write(
      `UPDATE outgoing_webhook SET state = 'taken', ended_at = clock_timestamp(), last_error = NULL
         FROM ${KEYS} WHERE ${IS_CHOSEN}`,
      keysOf(webhooks),
    );
    transaction.write(
      `UPDATE outgoing_webhook SET state = 'due', due_at = clock_timestamp()
         FROM ${KEYS} WHERE outgoing_webhook.order_id = chosen.order_id AND outgoing_webhook.number = chosen.number + 1
                        AND state = 'behind'`,
      keysOf(webhooks),
    );
  }

  /** @param againInMs when each is due again; undefined: it is given up */
  notTaken(
    transaction: Transaction,
    webhooks: readonly {
      readonly webhook: DueWebhook;
      readonly error: string;
      readonly againInMs: number | undefined;
    }[],
  ): void {
    transaction.write(
      `UPDATE outgoing_webhook
          SET last_error = failed.error, state = CASE WHEN again_in_ms IS NULL THEN 'given-up' ELSE 'due' END,
              ended_at = CASE WHEN again_in_ms IS NULL THEN clock_timestamp() END,
              due_at = clock_timestamp() + make_interval(secs => coalesce(again_in_ms, 0) / 1000.0)
         FROM unnest($1::text[], $2::int[], $3::text[], $4::bigint[]) AS failed (order_id, number, error, again_in_ms)
        WHERE outgoing_webhook.order_id = failed.order_id AND outgoing_webhook.number = failed.number`,
      [
        ...keysOf(webhooks.map(({ webhook }) => webhook)),
        webhooks.map(({ error }) => error),
        webhooks.map(({ againInMs }) => againInMs),
      ],
    );
  }

  /** By order, after one of them. */
  givenUp(reader: Reader, channels: readonly string[] | null, after: string, limit: number): Promise<GivenUpWebhook[]> {
    return reader.query<GivenUpWebhook>(
      `SELECT order_id AS "orderId", number, channel, attempts, last_error AS "lastError", ended_at AS "endedAt",
              (SELECT count(*) FROM outgoing_webhook AS later
                WHERE later.order_id = outgoing_webhook.order_id AND later.state = 'behind') AS behind
         FROM outgoing_webhook
        WHERE state = 'given-up' AND ($1::text[] IS NULL OR channel = ANY ($1)) AND order_id > $2
        ORDER BY order_id LIMIT $3`,
      [channels, after, limit],
    );
  }

  /** All of a channel that were given up are due, as if they had never been tried. @returns how many */
  async redrive(transaction: Transaction, channel: string): Promise<number> {
    const rows = await transaction.query(
      `UPDATE outgoing_webhook SET state = 'due', due_at = clock_timestamp(), attempts = 0, since = NULL, ended_at = NULL
        WHERE channel = $1 AND state = 'given-up' RETURNING 1`,
      [channel],
    );
    return rows.length;
  }
}
