import type { Database } from '#libs/database';
import { inLongSnapshot, type Snapshot } from './snapshot.repository.ts';

export class AnotherRuns extends Error {}

/**
 * Reads for minutes, one of its kind at a time, of all instances, over a connection of its own: with that, and so with
 * its process, its lock is gone.
 * @param lock an advisory lock of the kind
 * @throws AnotherRuns
 */
export function alone<T>(
  database: Database,
  lock: number,
  read: (snapshot: Snapshot) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const locked = async (snapshot: Snapshot): Promise<T> => {
    const [got] = await snapshot.query<{ isOurs: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS "isOurs"', [lock]);
    if (!got?.isOurs) throw new AnotherRuns();
    return read(snapshot);
  };
  return inLongSnapshot(database, locked, signal);
}

/** SQL: whether one of the kind runs. */
export const isRunning = (lock: number) => `EXISTS (SELECT FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objsubid = 1 AND (classid::bigint << 32) + objid::bigint = ${lock})`;
