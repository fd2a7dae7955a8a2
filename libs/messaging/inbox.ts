import type { Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';

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
