import type { Socket } from 'node:net';
import type { OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { isMigrating, type Migrations, migrate, requireSchema } from './migrate.ts';
import { rowScope } from './row-access.ts';
import { SilenceWatch } from './silence.ts';
import { inTransaction, type Roles, type Sending, Session, type Transaction } from './transaction.ts';
import './types.ts';

const POOL_CONNECTIONS_MAX = 12;
/** The wait for a connection of the pool included. */
const CONNECT_DEADLINE_MS = 8_000;
/** A new connection costs more than most transactions, and knows no prepared statement. */
const IDLE_CONNECTION_MS = 60_000;

/** Work that is asked for by somebody who waits. */
export const ONCE: Sending = { statementDeadlineMs: 60_000 };
/**
 * Work of a loop: it is done again by itself if it fails. The deadline also bounds how long the locks of an instance that
 * is lost keep others waiting: so long may a transaction be silent between two statements.
 */
export const REPEATED: Sending = { statementDeadlineMs: 5_000, prepared: 'for a few rows' };
export const REPEATED_FOR_MANY: Sending = { ...REPEATED, prepared: 'for many rows' };

const PLANNED = {
  'each time': {},
  'for many rows': { plan_cache_mode: 'force_custom_plan' },
  'for a few rows': {
    plan_cache_mode: 'force_generic_plan',
    enable_seqscan: 'off',
    enable_hashjoin: 'off',
    enable_mergejoin: 'off',
    enable_material: 'off',
  },
} as const;

const INSUFFICIENT_PRIVILEGE = '42501';

/** A service's own PostgreSQL database: its connections, its schema, its transactions. */
export class Database implements OnApplicationShutdown {
  readonly #url: string;
  readonly #roles: Roles;
  readonly #watch: SilenceWatch;
  /** One for each way of sending, whose settings a connection has from its beginning: a transaction spends nothing on them. */
  readonly #pools = new Map<string, pg.Pool>();
  readonly #openedAt = new WeakMap<pg.PoolClient, number>();

  private constructor(url: string, roles: Roles) {
    this.#url = url;
    this.#roles = roles;
    this.#watch = new SilenceWatch(url);
  }

  /**
   * `url`: postgres://user:password@host:port/database. The database exists; its tables are migrated here, in production
   * by a command alone.
   * @param ownerUrl who migrates; whoever connects by `url` need not own anything then
   * @throws Error if its schema or the role is another than this version works with
   */
  static async open(url: string, migrations: Migrations, ownerUrl = url): Promise<Database> {
    if (isMigrating()) await migrate(ownerUrl, migrations, decodeURIComponent(new URL(url).username));
    const database = new Database(url, await requireSchema(url, migrations));
    try {
      await database.#requireRole();
    } catch (error) {
      await database.onApplicationShutdown();
      throw error;
    }
    return database;
  }

  /** A pooler, or a setting in the URL, may keep from us what we ask for: then we would work as whoever logs in. */
  async #requireRole(): Promise<void> {
    const [row] = await this.session((query) => query<{ role: string }>('SELECT current_user AS role'));
    if (row?.role === this.#roles.service) return;
    throw new Error(
      `works as ${row?.role} instead of ${this.#roles.service}: something on the way to the database drops the option role`,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.#watch.stop();
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }

  /** Rows of one statement outside any transaction; where the scope is not all rows, in one of its own. */
  query<Row = unknown>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    if (this.#roles.scoped && rowScope()) return this.transaction(({ query }) => query<Row>(sql, parameters));
    return this.session((query) => query<Row>(sql, parameters));
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>, sending = ONCE): Promise<T> {
    return this.#over(sending, (session) => inTransaction(session, this.#roles, work));
  }

  /** One connection of its own for the time of `work`: what session locks and cursors need. It sees all rows. */
  async session<T>(work: (query: Transaction['query']) => Promise<T>, sending = ONCE): Promise<T> {
    if (this.#roles.scoped && rowScope()) {
      throw Object.assign(new Error('a session would see rows beyond the scope'), { code: INSUFFICIENT_PRIVILEGE });
    }
    return this.#over(sending, (session) => work((sql, parameters) => session.rows(sql, parameters)));
  }

  /**
   * A transaction over a connection beside the pools': no request waits for one while it takes its minutes.
   * @param signal ends it, and within a second what the server does for it
   */
  async transactionApart<T>(
    work: (transaction: Transaction) => Promise<T>,
    sending: Sending,
    signal: AbortSignal,
  ): Promise<T> {
    const client = new pg.Client(this.#configFor(sending, { client_connection_check_interval: 1_000 }));
    client.on('error', tellNobody);
    const end = () =>
      void (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', end);
    try {
      await client.connect();
      void this.#watch.meet(client).catch(tellNobody);
      return await inTransaction(new Session(client, this.#watch, sending), this.#roles, work);
    } finally {
      signal.removeEventListener('abort', end);
      await client.end().catch(tellNobody);
    }
  }

  /** Of the pool; one that a router has forgotten with another that was given up is not found out by somebody's waiting. */
  async #connection(sending: Sending): Promise<pg.PoolClient> {
    const pool = this.#poolFor(sending);
    for (;;) {
      const client = await pool.connect();
      if ((this.#openedAt.get(client) ?? 0) > this.#watch.lastLossAt) return client;
      client.release(true);
    }
  }

  #configFor({ statementDeadlineMs, prepared }: Sending, more: Readonly<Record<string, number>> = {}) {
    const settings = {
      role: this.#roles.service,
      idle_in_transaction_session_timeout: statementDeadlineMs,
      ...PLANNED[prepared ?? 'each time'],
      ...more,
    };
    return {
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      options: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      pipeline: true,
    };
  }

  #poolFor(sending: Sending): pg.Pool {
    const way = `${sending.prepared} ${sending.statementDeadlineMs}`;
    const known = this.#pools.get(way);
    if (known) return known;
    const pool = new pg.Pool({
      ...this.#configFor(sending),
      max: POOL_CONNECTIONS_MAX,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
    });
    pool.on('connect', (client) => {
      this.#openedAt.set(client, performance.now());
      void this.#watch.meet(client).catch(tellNobody);
    });
    pool.on('error', () => {}); // an idle connection that breaks is replaced at the next query
    this.#pools.set(way, pool);
    return pool;
  }

  async #over<T>(sending: Sending, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connection(sending);
    const session = new Session(client, this.#watch, sending);
    client.on('error', tellNobody);
    try {
      return await work(session);
    } finally {
      client.off('error', tellNobody);
      client.release(session.hasFailed);
    }
  }
}

/** Whoever waits for an answer is told. */
const tellNobody = (): void => {};
