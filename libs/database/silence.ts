import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import pg, { type ClientBase } from 'pg';

/** An answer that takes longer is asked after. */
const SILENCE_MS = 1_000;
const LOOK_INTERVAL_MS = 250;
/** An answer that the server gave so long ago and that is not here was lost on the way. */
const ON_THE_WAY_MS_MAX = 300;
const ASKING_DEADLINE_MS = 2_000;

/** What pg has of a connection and does not declare. */
interface Connection {
  /** Of the server's process. */
  readonly processID: number;
  readonly connection: { readonly stream: Socket };
}

/** SQL: when the server was started, which no two servers behind one address were at once. */
const SERVER = 'SELECT pg_postmaster_start_time()::text AS server';

interface Wait {
  readonly connection: Connection;
  /** Begun, or when the last sign of life came. */
  since: number;
  progress: number;
  readonly deadlineMs: number;
}

/**
 * Gives up connections that are lost without a word: a router that has forgotten a connection says so to neither side,
 * so its statement, and the locks of its transaction, would stay for ever.
 *
 * When an answer is late, the server is asked over another connection what became of the statement. One at which it is
 * at work, or that waits for a lock, may take as long as it takes, on however slow a machine; when it is not, or has an
 * answer that nobody takes from it while nothing of it comes here, the connection is closed at both ends. A server that
 * cannot be asked is waited for until the statement's deadline.
 *
 * After a failover another server answers at the address, and what it calls by the number of our session is somebody
 * else's: nothing of it is touched, and our connection, which leads to a server that is none any more, is closed here.
 */
export class SilenceWatch {
  readonly #waits = new Set<Wait>();
  readonly #url: string;
  /** When a connection was given up last, by the monotonic clock: those that are older are lost as well. */
  lastLossAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  /** Of each connection; not there: it has not said so yet. */
  readonly #servers = new WeakMap<object, string>();

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks a new connection where it leads, before anything else is asked over it. */
  async meet(client: ClientBase): Promise<void> {
    const { rows } = await client.query<{ server: string }>(SERVER);
    if (rows[0]) this.#servers.set(client, rows[0].server);
  }

  /** The answer to what is asked over a connection. */
  async answer<T>(client: ClientBase, deadlineMs: number, ask: () => Promise<T>): Promise<T> {
    const connection = client as unknown as Connection;
    this.#timer ??= setInterval(() => void this.#look(), LOOK_INTERVAL_MS).unref();
    const wait = { connection, since: performance.now(), progress: progressOf(connection), deadlineMs };
    this.#waits.add(wait);
    try {
      return await ask();
    } finally {
      this.#waits.delete(wait);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const now = performance.now();
    for (const wait of this.#waits) {
      const progress = progressOf(wait.connection);
      if (progress !== wait.progress) Object.assign(wait, { progress, since: now });
    }
    const silent = [...this.#waits].filter(({ since }) => now - since > SILENCE_MS);
    for (const { connection, since, deadlineMs } of silent) {
      const patienceMs = Math.max(deadlineMs, SILENCE_MS + ASKING_DEADLINE_MS); // it may just be asked about
      if (now - since > patienceMs) this.#giveUp(connection, `no answer in ${patienceMs} ms`);
    }
    if (silent.length === 0 || this.#asking) return;
    this.#asking = true;
    try {
      await this.#ask(silent);
    } catch {
      // No answer here either: the server is away, or too busy.
    } finally {
      this.#asking = false;
    }
  }

  async #ask(silent: readonly Wait[]): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: ASKING_DEADLINE_MS,
      query_timeout: ASKING_DEADLINE_MS,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows: servers } = await client.query<{ server: string }>(SERVER);
      const isElsewhere = ({ connection }: Wait): boolean =>
        this.#servers.has(connection) && this.#servers.get(connection) !== servers[0]?.server;
      for (const { connection } of silent.filter(isElsewhere))
        this.#giveUp(connection, 'another server has taken over');
      const ours = silent.filter((wait) => this.#servers.has(wait.connection) && !isElsewhere(wait));
      const { rows } = await client.query<{ pid: number; lost: boolean; since: string }>(
        `SELECT pid, wait_event IS NOT DISTINCT FROM 'ClientWrite'
                  OR state <> 'active' AND state_change < clock_timestamp() - $2 * interval '1 ms' AS lost,
                state_change::text AS since
           FROM pg_stat_activity WHERE pid = ANY ($1) AND usename = current_user`,
        [ours.map(({ connection }) => connection.processID), ON_THE_WAY_MS_MAX],
      );
      await setImmediate(); // what has arrived while we were too busy to read it
      const sessions = new Map(rows.map((session) => [session.pid, session]));
      const lost = ours.filter((wait) => {
        const session = sessions.get(wait.connection.processID); // behind a pooler it is not known
        if (session?.lost === false) wait.since = performance.now();
        return session?.lost === true && this.#waits.has(wait) && progressOf(wait.connection) === wait.progress;
      });
      for (const { connection } of lost) this.#giveUp(connection, 'the server is not at work on what was asked');
      const ended = lost.map(({ connection }) => sessions.get(connection.processID));
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE (pid, state_change) IN (SELECT * FROM unnest($1::int[], $2::timestamptz[]))`,
        [ended.map((session) => session?.pid), ended.map((session) => session?.since)],
      );
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Fails what is under way as any lost connection does. */
  #giveUp({ connection }: Connection, why: string): void {
    this.lastLossAt = performance.now();
    connection.stream.destroy(new Error(`Connection terminated: ${why}`));
  }
}

/** Changes with every byte that comes, and with every one that goes. */
function progressOf({ connection: { stream } }: Connection): number {
  return stream.bytesRead - stream.writableLength;
}
