import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, REPEATED, type Transaction } from '#libs/database';
import { endSpans, log, spanOf } from '#libs/observability';
import { type Publisher, Refusal } from './broker.ts';
import type { Hearers } from './hearers.ts';
import { sentTotal } from './metrics.ts';
import { deleteRows, type Outbox, type OutboxRow, unsentRows } from './outbox.ts';
import { recordBytes } from './record-size.ts';
import { setAside, setAsideBehind } from './undeliverable.ts';

/** Any constant: advisory locks are per database, and a database has one outbox. */
const LEADER_LOCK = 7_301_998_202;

const BATCH_ROWS_MAX = 1_000;
/** Far below what a broker takes of one partition as one batch; a larger message goes alone. */
const PUBLISH_BYTES_MAX = 500_000;
/** Another instance's commits do not wake us; a follower looks this often whether the leader is gone. */
const POLL_INTERVAL_MS = 100;
const RETRY_DELAY_MS = 500;
/** The server ends the session of a leader from which it has not heard for so long: it is lost, and its lock must not be. */
const LEADER_SILENT_MAX = '2s';
/** A leader that waits for its broker says so often that it is there. */
const SIGN_OF_LIFE_INTERVAL_MS = 500;

/**
 * Sends what the outbox holds to the broker, one part of a batch at a time, and deletes what the broker has acknowledged.
 * What the broker refuses for good is set aside; what comes later under its key waits behind it, all else leaves. What not
 * all who read it know yet waits in its place, likewise.
 *
 * Of all instances of a service one leads, by a session advisory lock that dies with its connection; so events of a
 * key are never sent by two at once. A crash between the acknowledgement and the deletion sends rows again: consumers
 * tell duplicates by event id.
 */
export class OutboxRelay {
  #stopping = false;
  #stopped: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #woken = false;
  #deleted: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    outbox: Outbox,
    private readonly hearers: Hearers,
  ) {
    outbox.onCommitted(() => {
      this.#woken = true;
      this.#wake();
    });
  }

  start(): void {
    this.#stopped = this.#run();
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#stopped;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.database.session((query) => this.#leadOrFollow(query), REPEATED);
      } catch (error) {
        log.warn({ err: error }, 'outbox relay interrupted, trying again');
        await sleep(RETRY_DELAY_MS);
      }
    }
  }

  async #leadOrFollow(query: Transaction['query']): Promise<void> {
    const [lock] = await query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [LEADER_LOCK]);
    if (!lock?.leads) return this.#pause();
    this.#deleted = Promise.resolve();
    try {
      // A deletion that a crash undoes is an event that is sent twice: it needs no sync of its own.
      await query(
        `SELECT set_config('idle_session_timeout', $1, false), set_config('synchronous_commit', 'off', false)`,
        [LEADER_SILENT_MAX],
      );
      while (!this.#stopping) {
        this.#woken = false;
        const unheard = await this.hearers.waiting(query);
        const [rows] = await Promise.all([unsentRows(query, BATCH_ROWS_MAX, unheard), this.#deleted]);
        if (this.hearers.haveNews(rows.map(({ message }) => message))) continue;
        await setAsideBehind(
          query,
          rows.filter(({ waits }) => waits),
        );
        const sent = await this.#publish(
          query,
          rows.filter(({ waits }) => !waits),
        );
        if (!sent || rows.length === BATCH_ROWS_MAX) continue;
        // What waits is all read by each look, so that no commit wakes us.
        if (unheard.length > 0) await sleep(POLL_INTERVAL_MS);
        else if (!this.#woken) await this.#pause();
      }
      await this.#deleted;
    } finally {
      await query(
        `SELECT pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false),
                set_config('synchronous_commit', 'on', false)`,
        [LEADER_LOCK],
      ).catch(() => {});
    }
  }

  /** False: something was refused. What is left is to be read again, since some may stand behind it now. */
  async #publish(query: Transaction['query'], rows: readonly OutboxRow[]): Promise<boolean> {
    const signs = setInterval(() => void query('SELECT 1').catch(() => {}), SIGN_OF_LIFE_INTERVAL_MS);
    try {
      for (const part of partsOf(rows)) {
        if (!(await this.#send(query, part))) return false;
      }
      return true;
    } finally {
      clearInterval(signs);
    }
  }

  async #send(query: Transaction['query'], rows: readonly OutboxRow[]): Promise<boolean> {
    const spans = rows.map(({ message: { topic, key, headers } }) => {
      const { ce_id: id = '', ce_type: type = '', ce_correlationid: correlationId = '', ce_traceparent } = headers;
      return spanOf('publish', { id, type, topic, key: key ?? '', correlationId, traceparent: ce_traceparent });
    });
    try {
      await this.publisher.publish(rows.map(({ message }) => message));
      endSpans(spans);
    } catch (error) {
      endSpans(spans, true);
      if (!(error instanceof Refusal)) throw error;
      const refused = rows.find(({ message }) => error.refused.includes(message));
      if (refused) await this.#setAside(query, refused, error.message);
      else await this.#sendOneByOne(query, rows);
      return false;
    }
    this.#deleted = deleteRows(query, rows); // one round trip with what is read next
    this.#deleted.catch(() => {}); // told there
    for (const { message } of rows) sentTotal.inc({ topic: message.topic });
    return true;
  }

  async #sendOneByOne(query: Transaction['query'], rows: readonly OutboxRow[]): Promise<void> {
    for (const row of rows) if (!(await this.#send(query, [row]))) return;
  }

  async #setAside(query: Transaction['query'], row: OutboxRow, cause: string): Promise<void> {
    await setAside(query, row, cause);
    const { ce_type: type, ce_id: id } = row.message.headers;
    log.error({ topic: row.message.topic, type, id, cause }, 'message refused by the broker, set aside');
  }

  /** Until the next commit of this process, at most one poll interval. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_INTERVAL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Consecutive rows in parts of bounded size; a larger message is a part of its own. */
export function partsOf<Row extends Pick<OutboxRow, 'message'>>(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const part = parts.at(-1);
    const rowBytes = recordBytes(row.message);
    bytes += rowBytes;
    if (part && bytes <= PUBLISH_BYTES_MAX) part.push(row);
    else {
      parts.push([row]);
      bytes = rowBytes;
    }
  }
  return parts;
}
