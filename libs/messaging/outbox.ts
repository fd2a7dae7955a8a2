import type { Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { endSpans, spanOf, traceparentOf } from '#libs/observability';
import type { Message } from './broker.ts';
import { toMessage } from './cloud-events.ts';
import { idOf } from './event.ts';
import { RECORD_BYTES_MAX, recordBytes } from './record-size.ts';

export interface OutboxRow {
  readonly seq: number;
  readonly message: Message;
  /** An earlier one of its key is undeliverable. */
  readonly waits: boolean;
}

/** Events that commit with the transaction that caused them and leave for the broker afterwards, in order per key. */
export class Outbox {
  readonly #listeners: (() => void)[] = [];
  /** Of the database; undefined: not read yet. */
  #namespace: string | undefined;
  /** How many events of a type and key each cause has had in a transaction. */
  readonly #ordinals = new WeakMap<Transaction, Map<string, number>>();

  /**
   * Writes events in the caller's transaction. Call it after the aggregate's row lock: then rows of one key get their
   * sequence numbers in the order of their transactions. Throws on an event that could never be sent.
   */
  async append(transaction: Transaction, events: readonly Event[]): Promise<void> {
    const told = (await this.named(transaction, events)).map((event) => {
      const message = toMessage(event);
      const span = spanOf('append', { ...event, topic: message.topic });
      if (!span) return { message };
      return { span, message: { ...message, headers: { ...message.headers, ce_traceparent: traceparentOf(span) } } };
    });
    transaction.afterCommit(() => endSpans(told.map(({ span }) => span)));
    return this.appendMessages(
      transaction,
      told.map(({ message }) => message),
    );
  }

  /**
   * Gives events the ids under which they are sent; `append` does it by itself.
   *
   * What an event caused has an id that is made of its cause: when the same is done again, from a database that was put
   * back, it is told under the same id, and who has heard it leaves it out. Nobody can make it who has not the database.
   */
  async named<Data>(transaction: Transaction, events: readonly Event<Data>[]): Promise<Event<Data>[]> {
    const namespace = events.some(({ causedAt }) => causedAt) ? await this.#namespaceOf(transaction) : '';
    const ordinals = this.#ordinals.get(transaction) ?? new Map<string, number>();
    this.#ordinals.set(transaction, ordinals);
    return events.map(({ causedAt, ...event }) => {
      if (causedAt === undefined) return event;
      const kind = JSON.stringify([event.causationId, event.type, event.key]);
      const ordinal = ordinals.get(kind) ?? 0;
      ordinals.set(kind, ordinal + 1);
      return { ...event, id: idOf(`${namespace} ${kind} ${ordinal}`, causedAt) };
    });
  }

  async #namespaceOf({ query }: Transaction): Promise<string> {
    if (this.#namespace === undefined) {
      const [row] = await query<{ namespace: string }>('SELECT namespace FROM event_namespace');
      if (!row) throw new Error('the database has no namespace for events');
      this.#namespace = row.namespace;
    }
    return this.#namespace;
  }

  async appendMessages(transaction: Transaction, messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    for (const message of messages) {
      const bytes = recordBytes(message);
      if (bytes > RECORD_BYTES_MAX) {
        const { ce_type, ce_id } = message.headers;
        throw new RangeError(`${ce_type} ${ce_id}: ${bytes} bytes are more than ${RECORD_BYTES_MAX}`);
      }
    }
    transaction.write(
      `INSERT INTO outbox (topic, key, headers, value)
       SELECT * FROM unnest($1::text[], $2::text[], string_to_array($3, E'\\n'), string_to_array($4, E'\\n'))`,
      [
        messages.map(({ topic }) => topic),
        messages.map(({ key }) => key),
        messages.map(({ headers }) => JSON.stringify(headers)).join('\n'), // JSON has no line breaks: a line each, without escapes
        messages.map(({ value }) => value).join('\n'),
      ],
    );
    this.announce(transaction);
  }

  /** Tells the relay of this process, once the transaction is committed, that there is something to send. */
  announce(transaction: Transaction): void {
    transaction.afterCommit(() => {
      for (const listener of this.#listeners) listener();
    });
  }

  /** Whether so many events wait to be sent: who can wait adds none to them. */
  async hasBacklog({ query }: Pick<Transaction, 'query'>, events: number): Promise<boolean> {
    const [last] = await query('SELECT FROM outbox ORDER BY seq OFFSET $1 LIMIT 1', [events - 1]);
    return last !== undefined;
  }

  onCommitted(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

const WAITS = `EXISTS (SELECT FROM undeliverable AS earlier WHERE earlier.resolved_at IS NULL
                   AND earlier.topic = outbox.topic AND earlier.key = outbox.key)`;

const ALL = `SELECT seq, topic, key, headers, value, ${WAITS} AS waits FROM outbox ORDER BY seq LIMIT $1`;

/** A statement for the time in which types wait: it reads the whole outbox, so it is asked no more often than the relay polls. */
const BUT_UNHEARD = `
  WITH unheard AS (SELECT topic, key, min(seq) AS seq FROM outbox WHERE headers::json ->> 'ce_type' = ANY ($2) GROUP BY 1, 2)
  SELECT seq, topic, key, headers, value, ${WAITS} AS waits FROM outbox
   WHERE NOT EXISTS (SELECT FROM unheard
                      WHERE unheard.topic = outbox.topic AND unheard.key = outbox.key AND unheard.seq <= outbox.seq)
   ORDER BY seq LIMIT $1`;

/** The oldest rows that no relay has sent yet, but for those of types that nobody may hear yet and what follows under their key. */
export async function unsentRows(
  query: Transaction['query'],
  limit: number,
  unheard: readonly string[],
): Promise<OutboxRow[]> {
  const rows = await query<{
    seq: number;
    topic: string;
    key: string | null;
    headers: string;
    value: string;
    waits: boolean;
  }>(unheard.length === 0 ? ALL : BUT_UNHEARD, unheard.length === 0 ? [limit] : [limit, unheard]);
  return rows.map(({ seq, topic, key, headers, value, waits }) => ({
    seq,
    message: { topic, key, headers: JSON.parse(headers), value },
    waits,
  }));
}

export async function deleteRows(query: Transaction['query'], rows: readonly OutboxRow[]): Promise<void> {
  await query('DELETE FROM outbox WHERE seq = ANY($1::bigint[])', [rows.map(({ seq }) => seq)]);
}

export async function unsentCount(query: Transaction['query']): Promise<number> {
  const [row] = await query<{ rows: number }>('SELECT count(*) AS rows FROM outbox');
  return row?.rows ?? 0;
}

/** Of the first row: within a key it is the oldest. */
export async function oldestAgeSeconds(query: Transaction['query']): Promise<number> {
  const [row] = await query<{ age: number }>(
    `SELECT extract(epoch FROM clock_timestamp() - written_at)::float8 AS age FROM outbox ORDER BY seq LIMIT 1`,
  );
  return row?.age ?? 0;
}
