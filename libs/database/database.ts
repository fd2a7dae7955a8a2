import type { OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Migrations, migrate } from './migrate.ts';
import { SilenceWatch } from './silence.ts';
import { inTransaction, rowsOf, type Transaction } from './transaction.ts';
import './types.ts';

const POOL_CONNECTIONS_MAX = 12;

/** How long an answer is waited for from a server that cannot even be asked whether it is at work on it. */
const STATEMENT_DEADLINE_MS = 60_000;
/**
 * For what is done again by itself. It also bounds how long the locks of an instance that is lost keep others waiting:
 * so long may a transaction be silent between two statements.
 */
export const SHORT_STATEMENT_DEADLINE_MS = 5_000;
/** When one connection is found to be lost, those that lay idle meanwhile are closed already. */
const IDLE_CONNECTION_MS = 1_000;

/** A service's own PostgreSQL database: its connections, its schema, its transactions. */
export class Database implements OnApplicationShutdown {
  readonly #dataSource: DataSource;
  readonly #watch: SilenceWatch;

  private constructor(dataSource: DataSource, watch: SilenceWatch) {
    this.#dataSource = dataSource;
    this.#watch = watch;
  }

  /**
   * `url`: postgres://user:password@host:port/database. The database exists; its tables are migrated here.
   * @param ownerUrl who migrates; whoever connects by `url` need not own anything then
   */
  static async open(url: string, migrations: Migrations, ownerUrl = url): Promise<Database> {
    const role = await migrate(ownerUrl, migrations, decodeURIComponent(new URL(url).username));
    const database = new Database(
      new DataSource({
        type: 'postgres',
        url,
        poolSize: POOL_CONNECTIONS_MAX,
        connectTimeoutMS: 8_000, // the wait for a connection of the pool included
        extra: {
          options: `-c role=${role}`,
          keepAlive: true,
          keepAliveInitialDelayMillis: 5_000,
          idleTimeoutMillis: IDLE_CONNECTION_MS,
        },
        poolErrorHandler: () => {}, // an idle connection that breaks is replaced at the next query
      }),
      new SilenceWatch(url),
    );
    await database.#dataSource.initialize();
    return database;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#watch.stop();
    await this.#dataSource.destroy();
  }

  /** Rows of one statement outside any transaction. */
  async query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return this.session((query) => query<Row>(sql, parameters));
  }

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    statementDeadlineMs = STATEMENT_DEADLINE_MS,
  ): Promise<T> {
    return inTransaction(this.#dataSource, this.#watch, work, statementDeadlineMs);
  }

  /** One connection of its own for the time of `work`: what session locks and cursors need. */
  async session<T>(
    work: (query: Transaction['query']) => Promise<T>,
    statementDeadlineMs = STATEMENT_DEADLINE_MS,
  ): Promise<T> {
    const runner = this.#dataSource.createQueryRunner();
    try {
      return await work((sql, parameters) => rowsOf(this.#watch, runner, statementDeadlineMs, sql, parameters));
    } finally {
      await runner.release();
    }
  }
}
