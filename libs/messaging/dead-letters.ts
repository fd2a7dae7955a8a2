import type { Transaction } from '#libs/database';
import { newId } from './event.ts';
import type { ReceivedMessage } from './message.ts';

/** Why a message is not processed: its own fault, or it stands behind one of the same key. */
export interface DeadLetter {
  readonly message: ReceivedMessage;
  readonly status: 'poison' | 'parked';
  readonly cause: string;
}

/** A dead letter as it is kept. */
export interface KeptDeadLetter extends DeadLetter {
  readonly id: string;
  readonly buriedAt: Date;
  /** Times that it was tried. */
  readonly attempts: number;
  readonly resolution: Resolution | null;
}

/** What somebody decided about a dead letter. */
export interface Resolution {
  readonly action: 'redriven' | 'discarded';
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

/**
 * Of these keys, those with a dead letter that nobody has resolved: their later messages must wait behind it.
 * The lock makes a redrive of the key and the parking of its next message wait for each other.
 */
export async function blockedKeys(
  transaction: Transaction,
  consumer: string,
  topic: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await transaction.query<{ key: string }>(
    `SELECT key FROM dead_letter
     WHERE resolved_at IS NULL AND consumer = $1 AND topic = $2 AND key = ANY($3::text[]) FOR SHARE`,
    [consumer, topic, keys],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Keeps dead letters with all that redriving needs; returns those that were not kept before. */
export async function bury(
  transaction: Transaction,
  consumer: string,
  letters: readonly DeadLetter[],
): Promise<DeadLetter[]> {
  if (letters.length === 0) return [];
  const buried = await transaction.query<{ partition: number; message_offset: number }>(
    `INSERT INTO dead_letter
       (dead_letter_id, consumer, topic, partition, message_offset, key, headers, value, status, cause)
     SELECT id, $1, topic, partition, message_offset, key, headers::jsonb, value, status, cause
     FROM unnest($2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       AS letter (id, topic, partition, message_offset, key, headers, value, status, cause)
     ON CONFLICT (consumer, topic, partition, message_offset) DO NOTHING
     RETURNING partition, message_offset`,
    [
      consumer,
      letters.map(() => newId()),
      letters.map(({ message }) => message.topic),
      letters.map(({ message }) => message.partition),
      letters.map(({ message }) => message.offset),
      letters.map(({ message }) => message.key),
      letters.map(({ message }) => JSON.stringify(message.headers)),
      letters.map(({ message }) => message.value),
      letters.map(({ status }) => status),
      letters.map(({ cause }) => cause),
    ],
  );
  const places = new Set(buried.map(({ partition, message_offset }) => `${partition}/${message_offset}`));
  return letters.filter(({ message }) => places.has(`${message.partition}/${message.offset}`));
}

/** Whether somebody has dealt with this message before: then its delivery again is no news. */
export async function isResolved(
  transaction: Transaction,
  consumer: string,
  { topic, partition, offset }: ReceivedMessage,
): Promise<boolean> {
  const rows = await transaction.query(
    `SELECT 1 FROM dead_letter
     WHERE resolved_at IS NOT NULL AND consumer = $1 AND topic = $2 AND partition = $3 AND message_offset = $4`,
    [consumer, topic, partition, offset],
  );
  return rows.length > 0;
}

const COLUMNS = `dead_letter_id AS id, topic, partition, message_offset::text AS offset, key, headers, value, status,
  cause, attempts, buried_at, resolved_at, resolution, resolved_by, reason`;

interface Row extends ReceivedMessage {
  id: string;
  status: DeadLetter['status'];
  cause: string;
  attempts: number;
  buried_at: Date;
  resolved_at: Date | null;
  resolution: Resolution['action'];
  resolved_by: string;
  reason: string;
}

function kept(row: Row): KeptDeadLetter {
  const { id, status, cause, attempts, topic, partition, offset, key, headers, value } = row;
  return {
    id,
    status,
    cause,
    attempts,
    buriedAt: row.buried_at,
    resolution:
      row.resolved_at === null
        ? null
        : { action: row.resolution, by: row.resolved_by, reason: row.reason, at: row.resolved_at },
    message: { topic, partition, offset, key, headers, value },
  };
}

/** Unresolved ones, or all; oldest first, after the one with the id `after`. */
export async function listLetters(
  query: Transaction['query'],
  { all, after, limit }: { all: boolean; after: string | undefined; limit: number },
): Promise<KeptDeadLetter[]> {
  const rows = await query<Row>(
    `SELECT ${COLUMNS} FROM dead_letter
     WHERE ($1 OR resolved_at IS NULL) AND ($2::uuid IS NULL OR dead_letter_id > $2)
     ORDER BY dead_letter_id LIMIT $3`,
    [all, after ?? null, limit],
  );
  return rows.map(kept);
}

export async function findLetter(query: Transaction['query'], id: string): Promise<KeptDeadLetter | undefined> {
  const [row] = await query<Row>(`SELECT ${COLUMNS} FROM dead_letter WHERE dead_letter_id = $1`, [id]);
  return row && kept(row);
}

/** The first unresolved letters of a message's key (or the message's own, if it has no key), in their order, locked. */
export async function lockFirstOfKey(
  transaction: Transaction,
  consumer: string,
  { topic, partition, offset, key }: ReceivedMessage,
  limit: number,
): Promise<KeptDeadLetter[]> {
  const rows = await transaction.query<Row>(
    `SELECT ${COLUMNS} FROM dead_letter
     WHERE resolved_at IS NULL AND consumer = $1 AND topic = $2
       AND (key = $3 OR ($3::text IS NULL AND partition = $4 AND message_offset = $5))
     ORDER BY partition, dead_letter.message_offset LIMIT $6 FOR UPDATE`,
    [consumer, topic, key, partition, offset, limit],
  );
  return rows.map(kept);
}

export async function resolve(
  transaction: Transaction,
  ids: readonly string[],
  { action, by, reason }: Omit<Resolution, 'at'>,
): Promise<void> {
  await transaction.query(
    `UPDATE dead_letter SET resolved_at = clock_timestamp(), resolution = $2, resolved_by = $3, reason = $4
     WHERE dead_letter_id = ANY($1::uuid[])`,
    [ids, action, by, reason],
  );
}

/** Tried again in vain: it heads its key, whatever it was before. */
export async function markPoison(transaction: Transaction, id: string, cause: string): Promise<void> {
  await transaction.query(
    `UPDATE dead_letter SET status = 'poison', cause = $2, attempts = attempts + 1 WHERE dead_letter_id = $1`,
    [id, cause],
  );
}

/** Keys that wait for somebody's decision. */
export async function parkedKeyCount(query: Transaction['query']): Promise<number> {
  const [row] = await query<{ keys: number }>(
    'SELECT count(DISTINCT (topic, key)) AS keys FROM dead_letter WHERE resolved_at IS NULL AND key IS NOT NULL',
  );
  return row?.keys ?? 0;
}
