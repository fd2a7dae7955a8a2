import type { Transaction } from '#libs/database';
import { log } from '#libs/observability';
import type { Broker, Message, ToldType } from './broker.ts';

const LOOK_INTERVAL_MS = 1_000;

/**
 * A type that is new is sent only when all who read its topic know it. While an instance of an earlier version reads it,
 * such an event waits in the outbox, and what comes after it under its key; all else leaves. Sent at once, it would keep
 * a whole partition waiting until that instance is exchanged.
 *
 * The database remembers which types were known to all once, and nobody is asked about them again. What is new is what it
 * does not remember: so a relay of an earlier version, too, sends nothing of a later one before its time.
 */
export class Hearers {
  /** What all know; undefined: the database was not asked yet. */
  #heard: Set<string> | undefined;
  /** By type. */
  readonly #waiting = new Map<string, ToldType>();
  /** Of what waits, what the broker has said all know. */
  #found: string[] = [];
  /** Last, so that it is said once. */
  #said = '';
  #isLooking = false;
  #nextLook = 0;

  constructor(private readonly broker: Pick<Broker, 'unheard'>) {}

  /** Types of which nothing may be sent yet. The broker is not waited for: what it says counts from the next call on. */
  async waiting(query: Transaction['query']): Promise<string[]> {
    this.#heard ??= new Set((await query<{ type: string }>('SELECT type FROM heard_type')).map(({ type }) => type));
    if (this.#found.length > 0) {
      await query('INSERT INTO heard_type SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [this.#found]);
      log.info({ types: this.#found }, 'new types of events are known to all who read them, and are sent');
      for (const type of this.#found) {
        this.#heard.add(type);
        this.#waiting.delete(type);
      }
      this.#found = [];
    }
    if (this.#waiting.size > 0) void this.#look([...this.#waiting.values()]);
    return [...this.#waiting.keys()];
  }

  /** Whether any of them is of a type that is new; from now on it waits. */
  haveNews(messages: readonly Message[]): boolean {
    const before = this.#waiting.size;
    for (const { topic, headers } of messages) {
      const { ce_type: type } = headers; // a notice has none
      if (type !== undefined && !this.#heard?.has(type)) this.#waiting.set(type, { type, topic });
    }
    return this.#waiting.size > before;
  }

  async #look(told: readonly ToldType[]): Promise<void> {
    if (this.#isLooking || performance.now() < this.#nextLook) return;
    this.#isLooking = true;
    try {
      const unheard = await this.broker.unheard(told);
      this.#found = told.map(({ type }) => type).filter((type) => !unheard.includes(type));
      if (`${unheard}` !== this.#said) log.info({ types: unheard }, 'new types of events that not all know, and wait');
      this.#said = `${unheard}`;
    } catch (error) {
      if (`${error}` !== this.#said) log.warn({ err: error }, 'whether all know new types of events cannot be said');
      this.#said = `${error}`;
    } finally {
      this.#isLooking = false;
      this.#nextLook = performance.now() + LOOK_INTERVAL_MS;
    }
  }
}
