import type { Transaction } from '#libs/database';
import { log } from '#libs/observability';
import type { Reading } from './cloud-events.ts';
import { keyHash } from './dead-letters.ts';
import { reusedEventIdsTotal } from './metrics.ts';

/**
 * Remembers events of this consumer in the caller's transaction and returns those that it had not seen before, nor anybody
 * discarded. Two deliveries of one event at the same time: the second waits for the first transaction, then is no longer
 * new.
 *
 * An event from outside that uses the id of another one again is new, and is listed.
 */
export function admitNew(transaction: Transaction, consumer: string, readings: readonly Reading[]): Promise<Reading[]> {
  return admit(transaction, consumer, readings, () => null);
}

/** The same, without those whose key waits behind a dead letter: asked for together with the keys that do. */
export function admitUnlessBlocked(
  transaction: Transaction,
  consumer: string,
  readings: readonly Reading[],
): Promise<Reading[]> {
  return admit(transaction, consumer, readings, ({ message }) => keyHash(message));
}

/** Those that this consumer has seen before. */
export async function heardBefore(
  transaction: Transaction,
  consumer: string,
  readings: readonly Reading[],
): Promise<Set<Reading>> {
  if (readings.length === 0) return new Set();
  const idsOf = ({ event, claim }: Reading) => [event.id, ...(claim?.formerEventId ? [claim.formerEventId] : [])];
  const rows = await transaction.query<{ event_id: string }>(
    'SELECT event_id FROM inbox WHERE consumer = $1 AND event_id = ANY ($2::uuid[])',
    [consumer, readings.flatMap(idsOf)],
  );
  const known = new Set(rows.map(({ event_id }) => event_id));
  return new Set(readings.filter((reading) => idsOf(reading).some((id) => known.has(id))));
}

/** Else a plan that is made while the table is small reads all of it for one event. */
const ROW_BY_ROW = 'OFFSET 0';

async function admit(
  transaction: Transaction,
  consumer: string,
  readings: readonly Reading[],
  keyHashOf: (reading: Reading) => Buffer | null,
): Promise<Reading[]> {
  const once = [...new Map(readings.map((reading) => [reading.event.id, reading])).values()].sort(
    (one, other) => (one.event.id < other.event.id ? -1 : 1), // sorted: concurrent batches wait, never deadlock
  );
  if (once.length === 0) return [];
  const admitted = await transaction.query<{ event_id: string; reused: boolean }>(
    `WITH heard AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[])
                      AS heard (event_id, former_event_id, claim_id, topic, key_hash)),
          admitted AS (
            INSERT INTO inbox (consumer, event_id)
            SELECT $1, event_id FROM heard
             WHERE NOT EXISTS (SELECT FROM inbox
                                WHERE consumer = $1 AND inbox.event_id = heard.former_event_id ${ROW_BY_ROW})
               AND NOT EXISTS (SELECT FROM dead_letter
                                WHERE consumer = $1 AND dead_letter.event_id = heard.event_id
                                  AND resolution = 'discarded' ${ROW_BY_ROW})
               AND NOT EXISTS (SELECT FROM blocked_key
                                WHERE consumer = $1 AND blocked_key.topic = heard.topic
                                  AND blocked_key.key_hash = heard.key_hash ${ROW_BY_ROW})
            ON CONFLICT DO NOTHING RETURNING event_id),
          claimed AS (
            INSERT INTO claimed_event_id (consumer, claim_id, event_id)
            SELECT $1, claim_id, event_id FROM heard JOIN admitted USING (event_id)
             WHERE claim_id IS NOT NULL ORDER BY claim_id
            ON CONFLICT DO NOTHING RETURNING event_id)
     SELECT event_id, claim_id IS NOT NULL AND event_id NOT IN (SELECT event_id FROM claimed) AS reused
       FROM admitted JOIN heard USING (event_id)`,
    [
      consumer,
      once.map(({ event }) => event.id),
      once.map(({ claim }) => claim?.formerEventId),
      once.map(({ claim }) => claim?.claimId),
      once.map(({ message }) => message.topic),
      once.map(keyHashOf),
    ],
  );
  const remaining = new Set(admitted.map(({ event_id }) => event_id));
  const fresh = readings.filter(({ event }) => remaining.delete(event.id));
  const reused = new Set(admitted.filter(({ reused }) => reused).map(({ event_id }) => event_id));
  await listReused(
    transaction,
    consumer,
    fresh.filter(({ event }) => reused.has(event.id)),
  );
  return fresh;
}

/** An event whose sender had used its id for another event before. */
export interface ReusedEventId {
  readonly eventId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly source: string;
  readonly claimedId: string;
  readonly type: string;
  readonly key: string;
  readonly seenAt: Date;
}

const CLAIMED_CHARACTERS_MAX = 200;

async function listReused(transaction: Transaction, consumer: string, readings: readonly Reading[]): Promise<void> {
  if (readings.length === 0) return;
  const claimed = (text = '') => text.slice(0, CLAIMED_CHARACTERS_MAX).toWellFormed();
  await transaction.query(
    `INSERT INTO reused_event_id (consumer, event_id, topic, partition, message_offset, source, claimed_id, type, key)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[])
     ON CONFLICT DO NOTHING`,
    [
      consumer,
      readings.map(({ event }) => event.id),
      readings.map(({ message }) => message.topic),
      readings.map(({ message }) => message.partition),
      readings.map(({ message }) => message.offset),
      readings.map(({ claim }) => claimed(claim?.source)),
      readings.map(({ claim }) => claimed(claim?.id)),
      readings.map(({ event }) => event.type),
      readings.map(({ event }) => event.key),
    ],
  );
  transaction.afterCommit(() => {
    reusedEventIdsTotal.inc(readings.length);
    log.warn({ events: readings.map(({ event }) => event.id) }, 'event-id-reused: judged by what they say');
  });
}

/** The newest first, those before the event `before`. */
export function listReusedEventIds(
  query: Transaction['query'],
  { before, limit }: { before: string | undefined; limit: number },
): Promise<ReusedEventId[]> {
  return query<ReusedEventId>(
    `SELECT event_id AS "eventId", topic, partition, message_offset::text AS offset, source, claimed_id AS "claimedId",
            type, key, seen_at AS "seenAt"
       FROM reused_event_id
      WHERE $1::uuid IS NULL
         OR (seen_at, event_id) < (SELECT seen_at, event_id FROM reused_event_id WHERE event_id = $1)
      ORDER BY seen_at DESC, event_id DESC LIMIT $2`,
    [before ?? null, limit],
  );
}
