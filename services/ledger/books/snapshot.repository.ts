import { type Database, ONCE, type Transaction } from '#libs/database';

/** Reads that belong together: all see the books as they are at the first of them, whatever is posted meanwhile. */
export type Snapshot = Pick<Transaction, 'query'>;

/** A verification has statements over whole tables: with books of years one of them takes minutes. */
export const VERIFICATION_STATEMENT_MS = 15 * 60_000;

/** @param statementDeadlineMs of each statement, and of each silence between two; absent: as for any other work */
export function inSnapshot<T>(
  database: Database,
  read: (snapshot: Snapshot) => Promise<T>,
  statementDeadlineMs = ONCE.statementDeadlineMs,
): Promise<T> {
  return database.transaction(
    async (transaction) => {
      await transaction.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return read(transaction);
    },
    { ...ONCE, statementDeadlineMs },
  );
}
