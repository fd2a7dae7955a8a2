import { setTimeout as sleep } from 'node:timers/promises';
import type { Event, EventDefinition } from '#libs/contracts';
import { log } from '#libs/observability';
import type { Broker, ReceivedMessage, Subscription } from './broker.ts';
import { read } from './cloud-events.ts';

const RETRY_DELAY_MS = 1_000;

/**
 * Events as they happen, for who only tells somebody who looks on: each process gets all of them, from when it came. What
 * it missed does not come again, nothing is written down, and what cannot be read is passed over. Whoever changes
 * something by an event handles it with EventHandler instead.
 */
export class EventFeed {
  readonly #subscription: Subscription;
  readonly #stopping = new AbortController();
  readonly #types: ReadonlySet<string>;
  readonly #tell: (event: Event) => void;
  #started: Promise<void> = Promise.resolve();

  /** @param principal as whom it comes to the broker: its groups are named after it */
  constructor(
    broker: Broker,
    principal: string,
    definitions: readonly EventDefinition<never>[],
    tell: (event: Event) => void,
  ) {
    this.#types = new Set(definitions.map(({ type }) => type));
    this.#tell = tell;
    const topics = [...new Set(definitions.map(({ topic }) => topic.name))];
    this.#subscription = broker.feed(principal, topics, async (messages) => this.#take(messages));
  }

  /** Whether everything is told that happens. */
  get isReady(): boolean {
    return this.#subscription.isReady;
  }

  /** A broker that is away is waited for, in the background. */
  start(): void {
    this.#started = this.#start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#started;
    await this.#subscription.stop();
  }

  async #start(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        return await this.#subscription.start();
      } catch (error) {
        log.warn({ err: error }, 'the feed has not begun, trying again');
        await sleep(RETRY_DELAY_MS, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
      }
    }
  }

  #take(messages: readonly ReceivedMessage[]): void {
    for (const message of messages) {
      try {
        const { event } = read(message);
        if (this.#types.has(event.type)) this.#tell(event);
      } catch (error) {
        log.debug({ err: error }, 'a message of the feed is passed over');
      }
    }
  }
}
