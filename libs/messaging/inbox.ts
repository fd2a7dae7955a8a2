import { type Event, topics } from '#libs/contracts';
import type { Database, Transaction } from '#libs/database';

/**
 * Remembers events of this consumer in the caller's transaction and returns those that it had not seen before.
 * Two deliveries of one event at the same time: the second waits for the first transaction, then is no longer new.
 */
export async function admitNew(transaction: Transaction, consumer: string, events: readonly Event[]): Promise<Event[]> {
  if (events.length === 0) return [];
  const ids = [...new Set(events.map(({ id }) => id))].sort(); // sorted: concurrent batches wait, never deadlock
  const admitted = await transaction.query<{ event_id: string }>(
    `INSERT INTO inbox (consumer, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id
     ON CONFLICT DO NOTHING RETURNING event_id`,
    [consumer, ids],
  );
  const remaining = new Set(admitted.map(({ event_id }) => event_id));
  return events.filter(({ id }) => remaining.delete(id));
}

/** Longer than any topic keeps its messages: what is forgotten here cannot be delivered again. */
const RETENTION_DAYS = 1 + Math.max(...Object.values(topics).map(({ retentionDays }) => retentionDays));

const PRUNED_ROWS_MAX = 10_000;

/** Forgets events that no topic holds any more, in small steps. Returns how many. */
export async function pruneInbox(database: Database): Promise<number> {
  for (let pruned = 0; ; ) {
    const rows = await database.query(
      `DELETE FROM inbox WHERE ctid IN (
         SELECT ctid FROM inbox WHERE processed_at < now() - make_interval(days => $1) LIMIT $2
       ) RETURNING 1`,
      [RETENTION_DAYS, PRUNED_ROWS_MAX],
    );
    pruned += rows.length;
    if (rows.length < PRUNED_ROWS_MAX) return pruned;
  }
}
