import type { Transaction } from '#libs/database';
import { log } from '#libs/observability';
import type { Broker, Message, ToldType } from './broker.ts';

const LOOK_INTERVAL_MS = 1_000;
/** Somebody may have to do something about it: what was said once is said again. */
const SAY_AGAIN_MS = 60_000;

/**
 * A type that is new is sent only when every instance of every service that reads its topic knows it; the portal and
 * marketplaces are not asked. While an instance of an earlier version reads it, or a service that has read it is away,
 * such an event waits in the outbox, and what comes after it under its key; all else leaves. Sent at once, it would keep
 * a whole partition waiting until that instance is exchanged. One instance that is away while others of its service are
 * of this version is not waited for.
 *
 * The database remembers which types were known to all once, and nobody is asked about them again. What is new is what it
 * does not remember: so a relay of an earlier version, too, sends nothing of a later one before its time, if that earlier
 * version has this memory.
 */
export class Hearers {
  /** What all know; undefined: the database was not asked yet. */
  #heard: Set<string> | undefined;
  /** By type. */
  readonly #waiting = new Map<string, ToldType>();
  /** Of what waits, what the broker has said all know. */
  #found: string[] = [];
  /** Last. */
  #said = '';
  #saidAt = 0;
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
      this.#found = told.map(({ type }) => type).filter((type) => !unheard.some((each) => each.type === type));
      if (unheard.length > 0 && this.#isToSay(JSON.stringify(unheard)))
        log.info({ unheard }, 'new types of events that not all know, and wait');
    } catch (error) {
      const types = told.map(({ type }) => type);
      if (this.#isToSay(`${error}`)) {
        log.warn({ err: error, types }, 'whether all know new types of events cannot be said, and they wait');
      }
    } finally {
      this.#isLooking = false;
      this.#nextLook = performance.now() + LOOK_INTERVAL_MS;
    }
  }

  #isToSay(what: string): boolean {
    const now = performance.now();
    if (what === this.#said && now < this.#saidAt + SAY_AGAIN_MS) return false;
    [this.#said, this.#saidAt] = [what, now];
    return true;
  }
}
