import type { Database, Sending, Transaction } from '#libs/database';

/** Reads that belong together: all see the books as they are at the first of them, whatever is posted meanwhile. */
export type Snapshot = Pick<Transaction, 'query'>;

/** Some statements over whole tables take minutes with books of years. */
const LONG: Sending = { statementDeadlineMs: 15 * 60_000 };

export function inSnapshot<T>(database: Database, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return database.transaction(async (transaction) => read(await readingOnly(transaction)));
}

/** For a verification: over a connection of its own, until it is done or the signal is given. */
export function inLongSnapshot<T>(
  database: Database,
  read: (snapshot: Snapshot) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return database.transactionApart(async (transaction) => read(await readingOnly(transaction)), LONG, signal);
}

async function readingOnly(transaction: Transaction): Promise<Snapshot> {
  await transaction.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return transaction;
}
