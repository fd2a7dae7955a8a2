import type { DataSource, QueryRunner } from 'typeorm';
import { log } from '#libs/observability';
import type { SilenceWatch } from './silence.ts';

/** SQL inside one database transaction. */
export interface Transaction {
  /** Rows of a SELECT or of RETURNING, else none. */
  query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /**
   * Runs once the transaction is committed, never if it is rolled back or the process dies first. If it fails, that is
   * written down: what was committed did not fail by it, and must not be done again.
   */
  afterCommit(action: () => void): void;
}

/**
 * Commits what `work` did, or rolls it all back and throws its error. READ COMMITTED. If we are lost to the server it
 * rolls back as well, after as long as we would wait for it, so that nobody waits for our locks any longer.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  watch: SilenceWatch,
  work: (transaction: Transaction) => Promise<T>,
  statementDeadlineMs: number,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const actions: (() => void)[] = [];
  const transaction: Transaction = {
    query: (sql, parameters) => rowsOf(watch, runner, statementDeadlineMs, sql, parameters),
    afterCommit: (action) => {
      actions.push(action);
    },
  };
  try {
    await watch.answer(runner, statementDeadlineMs, () => runner.startTransaction());
    await transaction.query(`SET LOCAL idle_in_transaction_session_timeout = ${statementDeadlineMs}`);
    const result = await work(transaction);
    await watch.answer(runner, statementDeadlineMs, () => runner.commitTransaction());
    for (const action of actions) withoutFailing(action);
    return result;
  } catch (error) {
    // The connection may be what failed; the first error is the one to tell.
    if (runner.isTransactionActive) {
      await watch.answer(runner, statementDeadlineMs, () => runner.rollbackTransaction()).catch(() => {});
    }
    throw error;
  } finally {
    await runner.release();
  }
}

export async function rowsOf<Row>(
  watch: SilenceWatch,
  runner: QueryRunner,
  deadlineMs: number,
  sql: string,
  parameters?: unknown[],
): Promise<Row[]> {
  const result = await watch.answer(runner, deadlineMs, () => runner.query(sql, parameters, true));
  return result.records as Row[];
}

function withoutFailing(action: () => void): void {
  try {
    action();
  } catch (error) {
    log.error({ err: error }, 'failed after the commit, which stands');
  }
}
