import type { Database, Transaction } from '#libs/database';
import { log } from '#libs/observability';
import type { Message } from './broker.ts';
import type { Resolution } from './dead-letters.ts';
import type { Outbox, OutboxRow } from './outbox.ts';
import type { Decision } from './redrive.ts';

/** In a list: without what can be long. */
type ListedUndeliverable = Omit<Undeliverable, 'message'> & { readonly message: Pick<Message, 'topic' | 'key'> };

/** A message of ours that the broker refused for good. Later ones of its key wait behind it; all others leave. */
export interface Undeliverable {
  /** Its number in the outbox: the order in which messages were written. */
  readonly id: string;
  readonly message: Message;
  readonly cause: string;
  readonly attempts: number;
  readonly setAsideAt: Date;
  /** Who wants it given up, which takes another. */
  readonly discardAskedBy: string | null;
  readonly resolution: Resolution | null;
}

const SET_ASIDE = `
  INSERT INTO undeliverable (seq, topic, key, headers, value, written_at, cause)
  SELECT seq, topic, key, headers, value, written_at, $2::text FROM gone
  ON CONFLICT (seq) DO UPDATE SET cause = excluded.cause, attempts = undeliverable.attempts + 1,
    set_aside_at = excluded.set_aside_at, discard_asked_by = NULL, resolved_at = NULL, resolution = NULL, resolved_by = NULL, reason = NULL`;

/** Takes a row out of the outbox, for an operator to decide about. */
export async function setAside(query: Transaction['query'], { seq }: OutboxRow, cause: string): Promise<void> {
  await query(`WITH gone AS (DELETE FROM outbox WHERE seq = $1 RETURNING *) ${SET_ASIDE}`, [seq, cause]);
}

/**
 * Takes rows out of the outbox that stand behind one that was set aside. If that one is put back at the same moment,
 * they stay: its decision and this wait for each other.
 */
export async function setAsideBehind(query: Transaction['query'], rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await query(
    `WITH refused AS (SELECT topic, key FROM undeliverable
                       WHERE resolved_at IS NULL AND cause IS NOT NULL
                         AND (topic, key) IN (SELECT topic, key FROM outbox WHERE seq = ANY($1::bigint[])) FOR SHARE),
          gone AS (DELETE FROM outbox WHERE seq = ANY($1::bigint[]) AND (topic, key) IN (SELECT topic, key FROM refused)
                   RETURNING *) ${SET_ASIDE}`,
    [rows.map(({ seq }) => seq), null],
  );
}

/** Messages that wait for somebody's decision, without those behind them. */
export async function undeliverableCount(query: Transaction['query']): Promise<number> {
  const [row] = await query<{ messages: number }>(
    'SELECT count(*) AS messages FROM undeliverable WHERE resolved_at IS NULL AND cause IS NOT NULL',
  );
  return row?.messages ?? 0;
}

const COLUMNS = `seq::text AS id, topic, key, cause, attempts, set_aside_at, discard_asked_by, resolved_at,
  resolution, resolved_by, reason`;

interface Row {
  id: string;
  topic: string;
  key: string | null;
  cause: string;
  attempts: number;
  set_aside_at: Date;
  discard_asked_by: string | null;
  resolved_at: Date | null;
  resolution: Resolution['action'];
  resolved_by: string;
  reason: string;
}

/** What an operator does about messages that the broker refused. Each decision is kept with who took it and why. */
export class UndeliverableDesk {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Unresolved ones, or all; oldest first, after the one with the id `after`. */
  async list({
    all,
    after,
    limit,
  }: {
    all: boolean;
    after: string | undefined;
    limit: number;
  }): Promise<ListedUndeliverable[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM undeliverable
       WHERE cause IS NOT NULL AND ($1 OR resolved_at IS NULL) AND ($2::bigint IS NULL OR seq > $2)
       ORDER BY seq LIMIT $3`,
      [all, after ?? null, limit],
    );
    return rows.map(listed);
  }

  async find(id: string): Promise<Undeliverable | undefined> {
    const [row] = await this.database.query<Row & { headers: string; value: string }>(
      `SELECT ${COLUMNS}, headers, value FROM undeliverable WHERE seq = $1 AND cause IS NOT NULL`,
      [id],
    );
    if (!row) return undefined;
    const { headers, value } = row;
    const { message, ...rest } = listed(row);
    return { ...rest, message: { ...message, headers: JSON.parse(headers), value } };
  }

  /**
   * Puts a message back, or all that wait, with those behind. They leave in the order in which they were written.
   * @returns how many were resolved
   */
  redrive(id: string | undefined, decision: Decision): Promise<number> {
    return this.database.transaction((transaction) =>
      this.#resolve(transaction, id, { ...decision, action: 'redriven' }),
    );
  }

  /**
   * Gives a message up, for good, and puts back those that wait behind it. The first who wants it only asks for it:
   * another person has to say so as well.
   */
  async discard(id: string, decision: Decision): Promise<{ readonly resolved: number; readonly askedBy?: string }> {
    const { by } = decision;
    return this.database.transaction(async (transaction) => {
      const [asked] = await transaction.query<{ discard_asked_by: string }>(
        `UPDATE undeliverable SET discard_asked_by = coalesce(discard_asked_by, $2)
          WHERE seq = $1 AND cause IS NOT NULL AND resolved_at IS NULL RETURNING discard_asked_by`,
        [id, by],
      );
      if (asked?.discard_asked_by === by) return { resolved: 0, askedBy: by };
      return { resolved: await this.#resolve(transaction, id, { ...decision, action: 'discarded' }) };
    });
  }

  async #resolve(
    transaction: Transaction,
    id: string | undefined,
    { action, by, reason }: Decision & Pick<Resolution, 'action'>,
  ): Promise<number> {
    const resolved = await transaction.query<{ seq: number; topic: string; key: string | null }>(
      `UPDATE undeliverable SET resolved_at = clock_timestamp(), resolution = $2, resolved_by = $3, reason = $4
         WHERE cause IS NOT NULL AND resolved_at IS NULL AND ($1::bigint IS NULL OR seq = $1)
         RETURNING seq, topic, key`,
      [id ?? null, action, by, reason],
    );
    await transaction.query(
      `WITH behind AS (DELETE FROM undeliverable
                          WHERE resolved_at IS NULL AND cause IS NULL
                            AND (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[])) RETURNING *)
         INSERT INTO outbox (seq, topic, key, headers, value, written_at) OVERRIDING SYSTEM VALUE
         SELECT seq, topic, key, headers, value, written_at FROM behind
         UNION ALL
         SELECT seq, topic, key, headers, value, written_at FROM undeliverable WHERE seq = ANY($3::bigint[])`,
      [
        resolved.map(({ topic }) => topic),
        resolved.map(({ key }) => key),
        action === 'redriven' ? resolved.map(({ seq }) => seq) : [],
      ],
    );
    log.info({ undeliverable: resolved.map(({ seq }) => seq), action, by, reason }, 'undeliverable messages resolved');
    this.outbox.announce(transaction);
    return resolved.length;
  }
}

function listed({ id, topic, key, cause, attempts, ...row }: Row): ListedUndeliverable {
  return {
    id,
    message: { topic, key },
    cause,
    attempts,
    setAsideAt: row.set_aside_at,
    discardAskedBy: row.discard_asked_by,
    resolution:
      row.resolved_at === null
        ? null
        : { action: row.resolution, by: row.resolved_by, reason: row.reason, at: row.resolved_at },
  };
}
