import type { Database, Transaction } from '#libs/database';

/** Reads that belong together: all see the books as they are at the first of them, whatever is posted meanwhile. */
export type Snapshot = Pick<Transaction, 'query'>;

export function inSnapshot<T>(database: Database, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return database.transaction(async (transaction) => {
    await transaction.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return read(transaction);
  });
}
