import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, SHORT_STATEMENT_DEADLINE_MS, type Transaction } from '#libs/database';
import { log } from '#libs/observability';
import type { Message, Publisher } from './message.ts';
import { sentTotal } from './metrics.ts';
import { deleteRows, type Outbox, type OutboxRow, unsentRows } from './outbox.ts';

/** Any constant: advisory locks are per database, and a database has one outbox. */
const LEADER_LOCK = 7_301_998_202;

const BATCH_ROWS_MAX = 1_000;
/** A broker takes the messages of one partition as one batch and bounds its size (topics.ts); more go one by one. */
const PUBLISH_CHARACTERS_MAX = 500_000;
/** Another instance's commits do not wake us; a follower looks this often whether the leader is gone. */
const POLL_INTERVAL_MS = 100;
const RETRY_DELAY_MS = 500;
/** The server ends the session of a leader from which it has not heard for so long: it is lost, and its lock must not be. */
const LEADER_SILENT_MAX = '2s';
/** A leader that waits for its broker says so often that it is there. */
const SIGN_OF_LIFE_INTERVAL_MS = 500;

/**
 * Sends what the outbox holds to the broker, one batch at a time, and deletes what the broker has acknowledged.
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

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    outbox: Outbox,
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
        await this.database.session((query) => this.#leadOrFollow(query), SHORT_STATEMENT_DEADLINE_MS);
      } catch (error) {
        log.warn({ err: error }, 'outbox relay interrupted, trying again');
        await sleep(RETRY_DELAY_MS);
      }
    }
  }

  async #leadOrFollow(query: Transaction['query']): Promise<void> {
    const [lock] = await query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [LEADER_LOCK]);
    if (!lock?.leads) return this.#pause();
    try {
      await query(`SET idle_session_timeout = '${LEADER_SILENT_MAX}'`);
      while (!this.#stopping) {
        this.#woken = false;
        const rows = await unsentRows(query, BATCH_ROWS_MAX);
        if (rows.length > 0) {
          await this.#publish(query, rows);
          await deleteRows(query, rows);
          for (const { message } of rows) sentTotal.inc({ topic: message.topic });
        }
        if (rows.length < BATCH_ROWS_MAX && !this.#woken) await this.#pause();
      }
    } finally {
      await query(`SELECT pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)`, [LEADER_LOCK]).catch(
        () => {},
      );
    }
  }

  async #publish(query: Transaction['query'], rows: readonly OutboxRow[]): Promise<void> {
    const signs = setInterval(() => void query('SELECT 1').catch(() => {}), SIGN_OF_LIFE_INTERVAL_MS);
    try {
      for (const messages of partsOf(rows.map(({ message }) => message))) await this.publisher.publish(messages);
    } finally {
      clearInterval(signs);
    }
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

/** Consecutive messages in parts of bounded size; a larger message is a part of its own. */
export function partsOf(messages: readonly Message[]): Message[][] {
  const parts: Message[][] = [];
  let characters = 0;
  for (const message of messages) {
    const part = parts.at(-1);
    characters += message.value.length;
    if (part && characters <= PUBLISH_CHARACTERS_MAX) part.push(message);
    else {
      parts.push([message]);
      characters = message.value.length;
    }
  }
  return parts;
}
