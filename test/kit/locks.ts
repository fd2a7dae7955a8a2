import type { Database } from '#libs/database';
import { eventually } from './service.ts';

/** Until somebody waits for a lock in this database. @throws when nobody does in time */
export async function untilSomebodyWaits(database: Database): Promise<void> {
  const waiting = await eventually(
    () =>
      database.query(
        `SELECT FROM pg_locks
          WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
                                         WHERE datname = current_database())`,
      ),
    ({ length }) => length > 0,
  );
  if (waiting.length === 0) throw new Error('nobody waits for a lock');
}
