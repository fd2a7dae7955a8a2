import { createHash, hash } from 'node:crypto';
import { deadLetterTopic } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { Sealer } from '#libs/sealing';
import type { Header, Message, ReceivedMessage } from './broker.ts';
import type { Identity } from './cloud-events.ts';
import { newId } from './event.ts';
import { RECORD_BYTES_MAX } from './record-size.ts';

/** What an operator's sealing keys seal dead letters for. */
export const SEALED_FOR = 'dead letters';

/** More than any event of ours has. Of a larger message a part is kept, with its digest and where it stands. */
const WHOLE_BYTES_MAX = RECORD_BYTES_MAX;
const PART_BYTES = 65_536;
/** Of one statement. */
const STATEMENT_BYTES_MAX = 8_388_608;

/** Why a message is not processed: its own fault, or it stands behind one of the same key. */
export interface DeadLetter {
  readonly message: ReceivedMessage;
  readonly identity: Pick<Identity, 'type' | 'eventId'>;
  readonly status: 'poison' | 'parked';
  /** One line, without anything that its sender would not want to be seen. */
  readonly cause: string;
}

/** A dead letter as it is kept. */
export interface KeptDeadLetter extends DeadLetter {
  readonly id: string;
  readonly buriedAt: Date;
  /** Times that it was tried. */
  readonly attempts: number;
  readonly resolution: Resolution | null;
  /** Who wants it given up, which takes another. */
  readonly discardAskedBy: string | null;
  /** Of key, headers and value. */
  readonly bytes: number;
  /** False: it was too large; `message` holds the beginning of each part. */
  readonly isWhole: boolean;
  /** SHA-256 of the whole message. */
  readonly digest: string;
}

/** In a list: without what can be long. */
export type ListedDeadLetter = Omit<KeptDeadLetter, 'message'> & {
  readonly message: Omit<ReceivedMessage, 'headers' | 'value'>;
};

/** What somebody decided about a dead letter. */
export interface Resolution {
  readonly action: 'redriven' | 'discarded';
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

/** What waits for somebody's decision. */
export interface DeadLetterSummary {
  readonly poison: number;
  /** Behind it. */
  readonly parked: number;
  /** When the oldest of them came; null: there is none. */
  readonly since: Date | null;
}

/** Poison with one and the same cause. */
export interface CommonCause {
  readonly cause: string;
  readonly letters: number;
  readonly since: Date;
}

/**
 * The dead letters of a consumer. Whatever a message is made of can be kept: bytes are kept as bytes, sealed, keys are
 * told apart by their hash, and a message by where it stands and what it is, so that another in its place (a topic that
 * was made anew, another cluster) is another.
 *
 * A key that has dead letters has one row in `blocked_key`, which is all that a batch reads and locks of it.
 */
export class DeadLetters {
  constructor(
    private readonly consumer: string,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Of these messages, the keys (keyOf) whose messages must wait. The lock makes a redrive of the key and the
   * parking of its next message wait for each other.
   */
  async blockedKeys(transaction: Transaction, messages: readonly ReceivedMessage[]): Promise<Set<string>> {
    const keyed = messages.filter(({ key }) => key !== null);
    const rows = await transaction.query<{ topic: string; key_hash: Buffer }>(
      `SELECT topic, key_hash FROM blocked_key
        WHERE consumer = $1 AND (topic, key_hash) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))
        ORDER BY topic, key_hash FOR SHARE`,
      [this.consumer, keyed.map(({ topic }) => topic), keyed.map(keyHash)],
    );
    return new Set(rows.map((row) => keyName(row.topic, row.key_hash)));
  }

  /** Keeps letters in their order, with all that redriving needs; returns those that were not kept before. */
  async bury(transaction: Transaction, letters: readonly DeadLetter[]): Promise<(DeadLetter & { id: string })[]> {
    const buried: (DeadLetter & { id: string })[] = [];
    for (const part of partsOf(letters)) buried.push(...(await this.#insert(transaction, part)));
    const blocking = buried.filter(({ status, message }) => status === 'poison' && message.key !== null);
    if (blocking.length === 0) return buried;
    await transaction.query(
      `INSERT INTO blocked_key (consumer, topic, key_hash)
       SELECT DISTINCT $1, topic, key_hash FROM unnest($2::text[], $3::bytea[]) AS blocked (topic, key_hash)
       ORDER BY topic, key_hash
       ON CONFLICT (consumer, topic, key_hash) DO UPDATE SET topic = excluded.topic`, // waits for a redrive of the key
      [this.consumer, blocking.map(({ message }) => message.topic), blocking.map(({ message }) => keyHash(message))],
    );
    return buried;
  }

  async #insert(transaction: Transaction, letters: readonly DeadLetter[]) {
    const kept = letters.map((letter) => ({ ...letter, id: newId() }));
    const parts = kept.map(({ id, message }) => this.#sealed(id, message));
    const rows = await transaction.query<{ id: string }>(
      `INSERT INTO dead_letter (dead_letter_id, consumer, topic, partition, message_offset, message_time, digest, key_hash,
              type, event_id, bytes, is_whole, key, headers, value, status, cause)
       SELECT letter.id, $1, topic, partition, message_offset, message_time, digest, key_hash,
              type, event_id, bytes, is_whole, key, headers, value, status, cause
         FROM unnest($2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bytea[], $8::bytea[], $9::text[],
                     $10::uuid[], $11::bigint[], $12::boolean[], $13::bytea[], $14::bytea[], $15::bytea[], $16::text[], $17::text[])
           WITH ORDINALITY
           AS letter (id, topic, partition, message_offset, message_time, digest, key_hash, type,
                      event_id, bytes, is_whole, key, headers, value, status, cause, number)
        ORDER BY number
       ON CONFLICT (consumer, topic, partition, message_offset, digest) DO NOTHING
       RETURNING dead_letter_id AS id`,
      [
        this.consumer,
        kept.map(({ id }) => id),
        kept.map(({ message }) => message.topic),
        kept.map(({ message }) => message.partition),
        kept.map(({ message }) => message.offset),
        kept.map(({ message }) => message.timestamp),
        kept.map(({ message }) => digestOf(message)),
        kept.map(({ message }) => keyHash(message)),
        kept.map(({ identity }) => storable(identity.type)),
        kept.map(({ identity }) => identity.eventId),
        kept.map(({ message }) => bytesOf(message)),
        kept.map(({ message }) => isWhole(message)),
        parts.map(({ key }) => key),
        parts.map(({ headers }) => headers),
        parts.map(({ value }) => value),
        kept.map(({ status }) => status),
        kept.map(({ cause }) => storable(cause)),
      ],
    );
    const ids = new Set(rows.map(({ id }) => id));
    return kept.filter(({ id }) => ids.has(id));
  }

  /** Of these messages, those that somebody has dealt with: they, or what they repeat. To hear them again is no news. */
  async settled(transaction: Transaction, letters: readonly DeadLetter[]): Promise<Set<DeadLetter>> {
    if (letters.length === 0) return new Set();
    const rows = await transaction.query<{ number: number }>(
      `SELECT number::int FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bytea[], $6::uuid[]) WITH ORDINALITY
                AS letter (topic, partition, message_offset, digest, event_id, number)
        WHERE EXISTS (SELECT FROM dead_letter AS kept WHERE kept.consumer = $1 AND kept.resolved_at IS NOT NULL
                         AND kept.topic = letter.topic AND kept.partition = letter.partition
                         AND kept.message_offset = letter.message_offset AND kept.digest = letter.digest)
           OR EXISTS (SELECT FROM dead_letter AS kept
                       WHERE kept.consumer = $1 AND kept.event_id = letter.event_id AND kept.resolution = 'discarded')`,
      [
        this.consumer,
        letters.map(({ message }) => message.topic),
        letters.map(({ message }) => message.partition),
        letters.map(({ message }) => message.offset),
        letters.map(({ message }) => digestOf(message)),
        letters.map(({ identity }) => identity.eventId),
      ],
    );
    return new Set(rows.map(({ number }) => letters[number - 1] as DeadLetter));
  }

  /** Unresolved ones, or all; oldest first, after the one with the id `after`. */
  async list(
    query: Transaction['query'],
    { all, after, limit }: { all: boolean; after: string | undefined; limit: number },
  ): Promise<ListedDeadLetter[]> {
    const rows = await query<Row>(
      `SELECT ${COLUMNS} FROM dead_letter
       WHERE consumer = $1 AND ($2 OR resolved_at IS NULL) AND ($3::uuid IS NULL OR dead_letter_id > $3)
       ORDER BY dead_letter_id LIMIT $4`,
      [this.consumer, all, after ?? null, limit],
    );
    return rows.map((row) => this.#listed(row));
  }

  async summary(query: Transaction['query']): Promise<DeadLetterSummary> {
    const [summary] = await query<DeadLetterSummary>(
      `SELECT count(*) FILTER (WHERE status = 'poison') AS poison, count(*) FILTER (WHERE status = 'parked') AS parked,
              min(buried_at) AS since
         FROM dead_letter WHERE consumer = $1 AND resolved_at IS NULL`,
      [this.consumer],
    );
    return summary as DeadLetterSummary;
  }

  /** The causes of unresolved poison, the most frequent first. */
  causes(query: Transaction['query']): Promise<CommonCause[]> {
    return query<CommonCause>(
      `SELECT cause, count(*) AS letters, min(buried_at) AS since FROM dead_letter
        WHERE consumer = $1 AND resolved_at IS NULL AND status = 'poison' GROUP BY cause ORDER BY letters DESC, cause`,
      [this.consumer],
    );
  }

  /** Unresolved poison of one cause, in the order of its arrival. */
  async idsOfCause(query: Transaction['query'], cause: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      `SELECT dead_letter_id AS id FROM dead_letter
        WHERE consumer = $1 AND resolved_at IS NULL AND status = 'poison' AND cause = $2 ORDER BY arrival`,
      [this.consumer, cause],
    );
    return rows.map(({ id }) => id);
  }

  async find(query: Transaction['query'], id: string): Promise<KeptDeadLetter | undefined> {
    const [row] = await query<WholeRow>(
      `SELECT ${COLUMNS}, headers, value FROM dead_letter WHERE consumer = $1 AND dead_letter_id = $2`,
      [this.consumer, id],
    );
    return row && this.#kept(row);
  }

  /** The first unresolved letters of a letter's key (or itself, if it has no key) in the order of their arrival, locked. */
  async lockFirstOfKey(
    transaction: Transaction,
    { id, message }: Pick<ListedDeadLetter, 'id' | 'message'>,
    limit: number,
  ): Promise<KeptDeadLetter[]> {
    if (message.key === null) {
      const rows = await transaction.query<WholeRow>(
        `SELECT ${COLUMNS}, headers, value FROM dead_letter WHERE resolved_at IS NULL AND dead_letter_id = $1 FOR UPDATE`,
        [id],
      );
      return rows.map((row) => this.#kept(row));
    }
    const [blocked] = await transaction.query<{ key_hash: Buffer }>(
      `SELECT key_hash FROM blocked_key JOIN dead_letter USING (consumer, topic, key_hash)
        WHERE dead_letter_id = $1 FOR UPDATE OF blocked_key`,
      [id],
    );
    if (!blocked) return [];
    const rows = await transaction.query<WholeRow>(
      `SELECT ${COLUMNS}, headers, value FROM dead_letter
        WHERE resolved_at IS NULL AND consumer = $1 AND topic = $2 AND key_hash = $3 ORDER BY arrival LIMIT $4`,
      [this.consumer, message.topic, blocked.key_hash, limit],
    );
    return rows.map((row) => this.#kept(row));
  }

  /** @returns who asked first that it be given up; nobody before: `by` */
  async askDiscard(transaction: Transaction, id: string, by: string): Promise<string> {
    const [asked] = await transaction.query<{ discard_asked_by: string }>(
      `UPDATE dead_letter SET discard_asked_by = coalesce(discard_asked_by, $2) WHERE dead_letter_id = $1
       RETURNING discard_asked_by`,
      [id, by],
    );
    return asked?.discard_asked_by ?? by;
  }

  /** With the last of its letters a key is free again. */
  async resolve(
    transaction: Transaction,
    ids: readonly string[],
    { action, by, reason }: Omit<Resolution, 'at'>,
  ): Promise<void> {
    const keys = await transaction.query<{ topic: string; key_hash: Buffer | null }>(
      `UPDATE dead_letter SET resolved_at = clock_timestamp(), resolution = $2, resolved_by = $3, reason = $4
        WHERE dead_letter_id = ANY($1::uuid[]) RETURNING topic, key_hash`,
      [ids, action, by, reason],
    );
    await transaction.query(
      `DELETE FROM blocked_key WHERE consumer = $1 AND topic = $2 AND key_hash = $3
          AND NOT EXISTS (SELECT FROM dead_letter WHERE resolved_at IS NULL AND dead_letter.consumer = blocked_key.consumer
                             AND dead_letter.topic = blocked_key.topic AND dead_letter.key_hash = blocked_key.key_hash)`,
      [this.consumer, keys[0]?.topic, keys[0]?.key_hash],
    );
  }

  /** Tried again in vain: it heads its key, whatever it was before. */
  async markPoison(transaction: Transaction, id: string, cause: string): Promise<void> {
    await transaction.query(
      `UPDATE dead_letter SET status = 'poison', cause = $2, attempts = attempts + 1 WHERE dead_letter_id = $1`,
      [id, storable(cause)],
    );
  }

  #sealed(id: string, message: ReceivedMessage) {
    const { key, headers, value } = isWhole(message) ? message : beginningOf(message);
    const seal = (bytes: Buffer | null, part: string) => bytes && this.sealer.seal(bytes, `${id}/${part}`);
    const written = Buffer.from(JSON.stringify(headers.map(([name, bytes]) => [name, bytes.toString('base64')])));
    return { key: seal(key, 'key'), headers: seal(written, 'headers'), value: seal(value, 'value') };
  }

  #listed(row: Row): ListedDeadLetter {
    const { id, status, cause, attempts, topic, partition, offset, timestamp, type, eventId } = row;
    return {
      id,
      status,
      cause,
      attempts,
      identity: { ...(type !== null && { type }), ...(eventId !== null && { eventId }) },
      bytes: row.bytes,
      isWhole: row.is_whole,
      digest: row.digest,
      buriedAt: row.buried_at,
      discardAskedBy: row.discard_asked_by,
      resolution:
        row.resolved_at === null
          ? null
          : { action: row.resolution, by: row.resolved_by, reason: row.reason, at: row.resolved_at },
      message: { topic, partition, offset, timestamp, key: row.key && this.sealer.open(row.key, `${id}/key`) },
    };
  }

  #kept(row: WholeRow): KeptDeadLetter {
    const listed = this.#listed(row);
    const headers = row.headers.length === 0 ? [] : this.#headers(row); // none: its retention has ended
    return {
      ...listed,
      message: {
        ...listed.message,
        headers,
        value: row.value && this.sealer.open(row.value, `${row.id}/value`),
      },
    };
  }

  #headers({ id, headers }: WholeRow): Header[] {
    const written = JSON.parse(this.sealer.open(headers, `${id}/headers`).toString()) as [string, string][];
    return written.map(([name, base64]) => [name, Buffer.from(base64, 'base64')]);
  }
}

const COLUMNS = `dead_letter_id AS id, topic, partition, message_offset::text AS offset, message_time::text AS timestamp,
  encode(digest, 'hex') AS digest, type, event_id AS "eventId", bytes, is_whole, key, status, cause, attempts,
  buried_at, discard_asked_by, resolved_at, resolution, resolved_by, reason`;

interface Row {
  id: string;
  topic: string;
  partition: number;
  offset: string;
  timestamp: string;
  digest: string;
  type: string | null;
  eventId: string | null;
  bytes: number;
  is_whole: boolean;
  key: Buffer | null;
  status: DeadLetter['status'];
  cause: string;
  attempts: number;
  buried_at: Date;
  discard_asked_by: string | null;
  resolved_at: Date | null;
  resolution: Resolution['action'];
  resolved_by: string;
  reason: string;
}

interface WholeRow extends Row {
  headers: Buffer;
  value: Buffer | null;
}

/** What tells the keys of messages apart, whatever they are made of. A message without a key stands behind none: ''. */
export function keyOf(message: Pick<ReceivedMessage, 'topic' | 'key'>): string {
  const ofKey = keyHash(message);
  return ofKey ? keyName(message.topic, ofKey) : '';
}

const keyName = (topic: string, ofKey: Buffer): string => `${topic}/${ofKey.toString('latin1')}`;

/** Asked for several times on a message's way: made once. */
const keyHashes = new WeakMap<Buffer, Buffer>();

export function keyHash({ key }: Pick<ReceivedMessage, 'key'>): Buffer | null {
  if (key === null) return null;
  const known = keyHashes.get(key);
  if (known) return known;
  const made = hash('sha256', key, 'buffer');
  keyHashes.set(key, made);
  return made;
}

/** What a message is, where it stands aside. */
function digestOf({ timestamp, key, headers, value }: ReceivedMessage): Buffer {
  const shape = [timestamp, key?.length, headers.map(([name, bytes]) => [name, bytes.length]), value?.length];
  const digest = createHash('sha256').update(JSON.stringify(shape));
  for (const bytes of [key, ...headers.map(([, bytes]) => bytes), value]) if (bytes) digest.update(bytes);
  return digest.digest();
}

function bytesOf({ key, headers, value }: ReceivedMessage): number {
  const ofHeaders = headers.reduce((sum, [name, bytes]) => sum + Buffer.byteLength(name) + bytes.length, 0);
  return (key?.length ?? 0) + ofHeaders + (value?.length ?? 0);
}

function isWhole(message: ReceivedMessage): boolean {
  return bytesOf(message) <= WHOLE_BYTES_MAX;
}

function beginningOf({ key, headers, value }: ReceivedMessage): Pick<ReceivedMessage, 'key' | 'headers' | 'value'> {
  let left = PART_BYTES;
  const first: Header[] = [];
  for (const [name, bytes] of headers) {
    if (left <= 0) break;
    first.push([name.slice(0, left).toWellFormed(), bytes.subarray(0, left)]);
    left -= Buffer.byteLength(name) + bytes.length;
  }
  return {
    key: key?.subarray(0, PART_BYTES) ?? null,
    headers: first,
    value: value?.subarray(0, PART_BYTES) ?? null,
  };
}

/** Consecutive letters in parts of bounded size; a larger one is a part of its own. */
function partsOf(letters: readonly DeadLetter[]): DeadLetter[][] {
  const parts: DeadLetter[][] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = bytesOf(letter.message);
    bytes += size;
    const part = parts.at(-1);
    if (part && bytes <= STATEMENT_BYTES_MAX) part.push(letter);
    else {
      parts.push([letter]);
      bytes = size;
    }
  }
  return parts;
}

const TEXT_CHARACTERS_MAX = 1_000;

/** Text that PostgreSQL takes, whatever somebody's error or type says. */
function storable<Text extends string | undefined>(text: Text): Text | string {
  return text?.slice(0, TEXT_CHARACTERS_MAX).replaceAll('\0', '\uFFFD').toWellFormed() as Text | string;
}

/** Where a letter stands and why, and nothing of what is in it. */
export function noticeOf(consumer: string, { id, message, status, cause }: DeadLetter & { id: string }): Message {
  const { topic, partition, offset } = message;
  return {
    topic: deadLetterTopic(consumer).name,
    key: id,
    headers: { 'content-type': 'application/json' },
    value: JSON.stringify({ deadLetterId: id, topic, partition, offset, status, cause: storable(cause) }),
  };
}

/** Keys that wait for somebody's decision. */
export async function parkedKeyCount(query: Transaction['query']): Promise<number> {
  const [row] = await query<{ keys: number }>('SELECT count(*) AS keys FROM blocked_key');
  return row?.keys ?? 0;
}
