import type { Socket } from 'node:net';
import type { DataSource, QueryRunner } from 'typeorm';

/** SQL inside one database transaction. */
export interface Transaction {
  /** Rows of a SELECT or of RETURNING, else none. */
  query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs once the transaction is committed, never if it is rolled back or the process dies first. */
  afterCommit(action: () => void): void;
}

/**
 * Commits what `work` did, or rolls it all back and throws its error. READ COMMITTED. If we are lost to the server it
 * rolls back as well, after as long as we would wait for it, so that nobody waits for our locks any longer.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (transaction: Transaction) => Promise<T>,
  statementDeadlineMs: number,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const actions: (() => void)[] = [];
  const transaction: Transaction = {
    query: (sql, parameters) => rowsOf(runner, statementDeadlineMs, sql, parameters),
    afterCommit: (action) => {
      actions.push(action);
    },
  };
  try {
    await inTime(runner, statementDeadlineMs, () => runner.startTransaction());
    await transaction.query(`SET LOCAL idle_in_transaction_session_timeout = ${statementDeadlineMs}`);
    const result = await work(transaction);
    await inTime(runner, statementDeadlineMs, () => runner.commitTransaction());
    for (const action of actions) action();
    return result;
  } catch (error) {
    // The connection may be what failed; the first error is the one to tell.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
    throw error;
  } finally {
    await runner.release();
  }
}

export async function rowsOf<Row>(
  runner: QueryRunner,
  deadlineMs: number,
  sql: string,
  parameters?: unknown[],
): Promise<Row[]> {
  const result = await inTime(runner, deadlineMs, () => runner.query(sql, parameters, true));
  return result.records as Row[];
}

/** A connection on which no answer comes in time is closed, which fails the statement as any lost connection does. */
async function inTime<T>(runner: QueryRunner, deadlineMs: number, ask: () => Promise<T>): Promise<T> {
  const { connection }: { connection: { stream: Socket } } = await runner.connect();
  const deadline = setTimeout(
    () => connection.stream.destroy(new Error(`Connection terminated: no answer in ${deadlineMs} ms`)),
    deadlineMs,
  );
  try {
    return await ask();
  } finally {
    clearTimeout(deadline);
  }
}
