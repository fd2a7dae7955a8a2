import type { DataSource, QueryRunner } from 'typeorm';

/** SQL inside one database transaction. */
export interface Transaction {
  /** Rows of a SELECT or of RETURNING, else none. */
  query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs once the transaction is committed, never if it is rolled back or the process dies first. */
  afterCommit(action: () => void): void;
}

/** Commits what `work` did, or rolls it all back and throws its error. READ COMMITTED. */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const actions: (() => void)[] = [];
  const transaction: Transaction = {
    query: (sql, parameters) => rowsOf(runner, sql, parameters),
    afterCommit: (action) => {
      actions.push(action);
    },
  };
  try {
    await runner.startTransaction();
    const result = await work(transaction);
    await runner.commitTransaction();
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

export async function rowsOf<Row>(runner: QueryRunner, sql: string, parameters?: unknown[]): Promise<Row[]> {
  const result = await runner.query(sql, parameters, true);
  return result.records as Row[];
}
