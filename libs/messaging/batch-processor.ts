import { type Event, eventDefinition } from '#libs/contracts';
import { type Database, isTransient, SHORT_STATEMENT_DEADLINE_MS, type Transaction } from '#libs/database';
import { log } from '#libs/observability';
import { toEvent, typeOf, UnreadableMessage } from './cloud-events.ts';
import { blockedKeys, bury, type DeadLetter, isResolved } from './dead-letters.ts';
import { deliveriesOf } from './delivery-order.ts';
import { admitNew } from './inbox.ts';
import type { Message, ReceivedMessage } from './message.ts';
import { deadLettersTotal, duplicatesTotal, eventAgeSeconds, processedTotal } from './metrics.ts';
import type { Outbox } from './outbox.ts';

/** Does what a service does about events of one type; all its writes go through the transaction. */
export type EventBatchHandler = (events: Event[], transaction: Transaction) => Promise<unknown>;

/**
 * Turns a partition's messages into effects, exactly once: inbox rows, effects and outbox rows commit together.
 *
 * A batch that fails for a reason of its own is halved until the poison is alone; that message goes to the dead
 * letters, and later ones of its key are parked behind it. A failure that will pass is thrown; what was done until then
 * is remembered, so trying again does the rest.
 */
export class BatchProcessor {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly consumer: string,
    private readonly handlers: ReadonlyMap<string, EventBatchHandler>,
  ) {}

  /** `messages`: of one partition, in its order. */
  async process(messages: readonly ReceivedMessage[]): Promise<void> {
    try {
      await this.database.transaction(
        (transaction) => this.#processIn(transaction, messages),
        SHORT_STATEMENT_DEADLINE_MS,
      );
    } catch (error) {
      if (isTransient(error)) throw error;
      const [only, ...others] = messages;
      if (only && others.length === 0) return this.#buryPoison(only, error);
      const middle = messages.length >> 1;
      await this.process(messages.slice(0, middle));
      await this.process(messages.slice(middle));
    }
  }

  async #processIn(transaction: Transaction, messages: readonly ReceivedMessage[]): Promise<void> {
    const topic = messages[0]?.topic;
    if (topic === undefined) return;
    const keys = messages.flatMap(({ key }) => (key === null ? [] : [key]));
    const blocked = await blockedKeys(transaction, this.consumer, topic, keys);

    const events: Event[] = [];
    const letters: DeadLetter[] = [];
    for (const message of messages) {
      if (this.#isForOthers(message)) continue;
      if (message.key !== null && blocked.has(message.key)) {
        letters.push({
          message,
          status: 'parked',
          cause: 'an earlier message of this key is a dead letter',
        });
        continue;
      }
      try {
        events.push(toEvent(message));
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        if (await isResolved(transaction, this.consumer, message)) continue;
        letters.push({ message, status: 'poison', cause: error.message });
        if (message.key !== null) blocked.add(message.key);
      }
    }
    await this.#bury(transaction, letters);
    await this.perform(transaction, events);
  }

  /** The effects of those events that this consumer has not seen yet. Any failure is thrown. */
  async perform(transaction: Transaction, events: readonly Event[]): Promise<void> {
    const fresh = await admitNew(transaction, this.consumer, events);
    for (const { handler, events } of deliveriesOf(fresh, (type) => this.#handlerOf(type))) {
      await handler(events, transaction);
    }
    transaction.afterCommit(() => {
      duplicatesTotal.inc(events.length - fresh.length);
      for (const event of fresh) {
        processedTotal.inc({ type: event.type });
        const ageSeconds = (Date.now() - Date.parse(event.time)) / 1000;
        if (ageSeconds >= 0) eventAgeSeconds.observe(ageSeconds); // others may say any time, or none
      }
    });
  }

  #handlerOf(type: string): EventBatchHandler {
    const handler = this.handlers.get(type);
    if (!handler) throw new Error(`${type} has no handler in ${this.consumer}`);
    return handler;
  }

  /** A topic carries events for several services: a known type that we have no handler for is none of our business. */
  #isForOthers(message: ReceivedMessage): boolean {
    const type = typeOf(message);
    return type !== undefined && !this.handlers.has(type) && eventDefinition(type) !== undefined;
  }

  async #buryPoison(message: ReceivedMessage, error: unknown): Promise<void> {
    log.error({ err: error, topic: message.topic, offset: message.offset }, 'message cannot be processed');
    const cause = causeOf(error);
    await this.database.transaction((transaction) => this.#bury(transaction, [{ message, status: 'poison', cause }]));
  }

  async #bury(transaction: Transaction, letters: readonly DeadLetter[]): Promise<void> {
    const buried = await bury(transaction, this.consumer, letters);
    await this.outbox.appendMessages(
      transaction,
      buried.map((letter) => deadLetterMessage(this.consumer, letter)),
    );
    transaction.afterCommit(() => {
      for (const { status } of buried) deadLettersTotal.inc({ status });
    });
  }
}

/** One line for an operator. */
export function causeOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export function deadLetterTopic(topic: string, consumer: string): string {
  return `${topic}.${consumer}.dlq`;
}

/** The message as it was, with where it stood and why it stopped there. */
function deadLetterMessage(consumer: string, { message, status, cause }: DeadLetter): Message {
  return {
    topic: deadLetterTopic(message.topic, consumer),
    key: message.key,
    headers: {
      ...message.headers,
      dlq_topic: message.topic,
      dlq_partition: String(message.partition),
      dlq_offset: message.offset,
      dlq_status: status,
      dlq_attempts: status === 'poison' ? '1' : '0',
      dlq_cause: cause,
    },
    value: message.value,
  };
}
