import { Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable } from 'rxjs';
import { type Event, eventDefinition, formOf, isPerChannel, type Topic, topicsWrittenBy } from '#libs/contracts';
import type { Database } from '#libs/database';
import { log } from '#libs/observability';
import { BatchProcessor, type EventBatchHandler } from './batch-processor.ts';
import type { Broker, Misfit, Subscription } from './broker.ts';
import type { DeadLetters } from './dead-letters.ts';
import { EVENT_TRANSPORT, type HandlerExtras } from './event-handler.ts';
import { processDurationSeconds, topicMisfit } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import { LostPast, requirePast } from './positions.ts';

/**
 * Brings the broker's events to the methods marked with @EventHandler.
 *
 * Nest's own Kafka server takes one message at a time, retries any error for ever and drops what nobody handles; here
 * a handler takes a batch in one transaction (see BatchProcessor and docs/adr).
 */
@Injectable()
export class EventTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = EVENT_TRANSPORT;
  #consumer: Subscription | undefined;
  readonly #handlers = new Map<string, EventBatchHandler>();
  /** Nest wraps a method once for each of its types; here it is one handler. */
  readonly #handlerOfMethod = new Map<string, EventBatchHandler>();
  readonly processor: BatchProcessor;
  /** Settings of the topics that this service reads and writes that are not as we make them, as they were at the start. */
  topicMisfits: readonly Misfit[] = [];

  constructor(
    private readonly broker: Broker,
    private readonly service: string,
    private readonly database: Database,
    outbox: Outbox,
    letters: DeadLetters,
  ) {
    super();
    this.processor = new BatchProcessor(database, outbox, letters, service, this.#handlers);
  }

  /** One handler per event type in a consumer group: a second one would run again whenever the first fails. */
  override addHandler(type: string, handler: MessageHandler, isEventHandler?: boolean, extras?: HandlerExtras): void {
    if (!eventDefinition(type)) throw new Error(`${type} has a handler but is not in the registry of events`);
    if (this.messageHandlers.has(type)) throw new Error(`${type} has two handlers in ${this.service}`);
    super.addHandler(type, handler, isEventHandler);
    const method = extras?.method ?? type;
    const batchHandler =
      this.#handlerOfMethod.get(method) ?? ((events, transaction) => settled(handler(events as Event[], transaction)));
    this.#handlerOfMethod.set(method, batchHandler);
    this.#handlers.set(type, batchHandler);
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.#start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await this.#consumer?.stop();
  }

  /** Nothing to consume, or member of the group; and no events that fail for everybody. */
  get isReady(): boolean {
    return (this.#consumer?.isReady ?? this.#handlers.size === 0) && this.waiting.length === 0;
  }

  /** Types of events that wait until something is mended, each with why. */
  get waiting(): string[] {
    return this.processor.waiting;
  }

  on(): never {
    throw new Error('EventTransport has no events of its own');
  }

  unwrap<T>(): T {
    return this.#consumer as T;
  }

  /** What it would go on with is not what it had: it is started again, and looks at its past first. */
  #end(error: LostPast): never {
    log.fatal(error.message);
    process.exit(1);
  }

  async #start(): Promise<void> {
    const consumed = new Set<Topic>([...this.#handlers.keys()].flatMap((type) => eventDefinition(type)?.topic ?? []));
    await this.#compare([...new Set([...consumed, ...topicsWrittenBy(this.service)])]);
    if (consumed.size === 0) return;
    const committed = await this.broker.committed(this.service);
    await this.database.transaction((transaction) => requirePast(transaction, this.service, committed));
    const names = [...consumed].map((topic) => (isPerChannel(topic) ? formOf(topic) : topic.name));
    this.#consumer = this.broker.subscription(this.service, names, async (messages) => {
      const ended = processDurationSeconds.startTimer();
      try {
        return await this.processor.process(messages);
      } catch (error) {
        if (error instanceof LostPast) this.#end(error);
        throw error;
      } finally {
        ended();
      }
    });
    await this.#consumer.start();
  }

  async #compare(wanted: readonly Topic[]): Promise<void> {
    try {
      this.topicMisfits = await this.broker.misfitsOf(wanted);
    } catch (error) {
      log.warn({ err: error }, 'settings of topics not compared');
    }
    for (const { topic, setting, is, wanted } of this.topicMisfits) {
      log.warn({ topic, setting, is, wanted }, 'a setting of a topic does not fit');
      topicMisfit.set({ topic, setting }, 1);
    }
  }
}

/** Nest's handlers may answer with a stream; errors arrive through it. */
async function settled(answer: Promise<Observable<unknown>> | Promise<unknown>): Promise<void> {
  const result = await answer;
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
