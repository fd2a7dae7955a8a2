import { type Event, eventDefinition, topicNamed } from '#libs/contracts';
import { type Database, isTransient, REPEATED, REPEATED_FOR_MANY, type Transaction } from '#libs/database';
import { log } from '#libs/observability';
import type { ReceivedMessage } from './broker.ts';
import { type Identity, identityOf, type Reading, readingOf } from './cloud-events.ts';
import { type DeadLetter, type DeadLetters, keyOf, noticeOf } from './dead-letters.ts';
import { deliveriesOf } from './delivery-order.ts';
import { envelopeOf } from './envelope.ts';
import { admitNew, admitUnlessBlocked } from './inbox.ts';
import { deadLettersTotal, duplicatesTotal, eventAgeSeconds, processedTotal } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import { causeOf, HANDFUL, reasonOf, SystemicFailure, SystemicFailures } from './systemic-failure.ts';

/** Does what a service does about events of one type; all its writes go through the transaction. */
export type EventBatchHandler = (events: Event[], transaction: Transaction) => Promise<unknown>;

/** A message with what it says, or why nothing can be made of it. */
type Read = { readonly message: ReceivedMessage; readonly key: string } & (
  | { readonly reading: Reading }
  | { readonly identity: Identity; readonly cause: string }
);

/** Messages whose rows a plan for a few takes well. */
const FEW = 30;

const PARKED = { status: 'parked', cause: 'an earlier message of this key is a dead letter' } as const;

/**
 * Turns messages into effects, exactly once: inbox rows, effects and outbox rows commit together.
 *
 * A batch that fails for a reason of its own is taken apart, by partition and then by halves, until the poison is alone;
 * when the batch is through, it goes to the dead letters, and later ones of its key are parked behind it. A failure that
 * will pass, or that is everybody's, is thrown; what was done until then is remembered, so trying again does the rest.
 */
export class BatchProcessor {
  readonly #failures = new SystemicFailures();

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly letters: DeadLetters,
    private readonly consumer: string,
    private readonly handlers: ReadonlyMap<string, EventBatchHandler>,
  ) {}

  /** Events of some type fail for everybody. */
  get isStopped(): boolean {
    return this.#failures.any;
  }

  /** `messages`: those of each partition in its order. */
  async process(messages: readonly ReceivedMessage[]): Promise<void> {
    const batch = messages.flatMap((message) => this.#read(message) ?? []);
    if (batch.length === 0) return;
    for (const [partition, reads] of Map.groupBy(batch, partitionOf)) {
      this.#failures.awaitTurn(partition, new Set(reads.map(typeOf)));
    }
    this.#refuseUnknownToAll(batch);
    const { stops } = this.#failures;
    const failed: DeadLetter[] = [];
    await this.#attempt(batch, failed, batch);
    if (failed.length === 0) return;
    if (this.#failures.stops > stops) throw new SystemicFailure('found meanwhile in another partition: tried again');
    await this.database.transaction((transaction) => this.#bury(transaction, failed));
  }

  /** Undefined: a topic carries events for several services, and a known type that we do not handle is not for us. */
  #read(message: ReceivedMessage): Read | undefined {
    const key = keyOf(message);
    let identity: Identity = {};
    try {
      const envelope = envelopeOf(message);
      identity = identityOf(message, envelope);
      const { type = '' } = identity;
      const known = eventDefinition(type);
      if (known && !this.handlers.has(type) && topicNamed(message.topic)?.topic === known.topic) return undefined;
      return { message, key, reading: readingOf(message, envelope, identity) };
    } catch (error) {
      return { message, key, identity, cause: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A type that one of our own services sends and we do not know: we are older than it, and the next version knows it. */
  #refuseUnknownToAll(batch: readonly Read[]): void {
    for (const read of batch) {
      if ('reading' in read || !read.identity.type || !read.identity.isOurs) continue;
      const { type } = read.identity;
      if (eventDefinition(type) === undefined && this.#failures.failed(type, placeOf(read), read.cause)) {
        throw this.#failures.stop(type);
      }
    }
  }

  async #attempt(part: readonly Read[], failed: DeadLetter[], batch: readonly Read[]): Promise<void> {
    const failedKeys = new Set(failed.map(({ message }) => keyOf(message)));
    const reads = part.filter((read) => {
      if (read.key === '' || !failedKeys.has(read.key)) return true;
      failed.push(parkedOf(read));
      return false;
    });
    if (reads.length === 0) return;
    try {
      await this.#commit(reads);
    } catch (error) {
      if (isTransient(error)) throw error;
      const [only, ...others] = reads;
      if (only && others.length === 0) {
        failed.push({ message: only.message, identity: identityIn(only), status: 'poison', cause: causeOf(error) });
        log.error(
          { err: error, topic: only.message.topic, offset: only.message.offset },
          'message cannot be processed',
        );
        if (!this.#failures.failed(typeOf(only), placeOf(only), reasonOf(error))) return;
        if (!(await this.#anyOther(typeOf(only), failed, batch.slice(batch.indexOf(only) + 1)))) {
          throw this.#failures.stop(typeOf(only));
        }
        return;
      }
      for (const smaller of partsOf(reads)) await this.#attempt(smaller, failed, batch);
    }
  }

  /** Whether any of a few later events of a type, the first of their keys, can be processed: the last one, and others. */
  async #anyOther(type: string, failed: readonly DeadLetter[], later: readonly Read[]): Promise<boolean> {
    const taken = new Set(failed.map(({ message }) => keyOf(message)));
    const candidates = later.filter((read) => {
      const isFirst = !taken.has(read.key);
      taken.add(read.key);
      return isFirst && 'reading' in read && typeOf(read) === type;
    });
    for (let tries = 0; tries < HANDFUL && candidates.length > 0; tries += 1) {
      const index = tries === 0 ? -1 : Math.floor(Math.random() * candidates.length);
      try {
        await this.#commit(candidates.splice(index, 1));
        if (!this.#failures.suspects(type)) return true; // else it was done before, or is parked
      } catch (error) {
        if (isTransient(error)) throw error;
      }
    }
    return false;
  }

  #commit(reads: readonly Read[]): Promise<void> {
    const sending = reads.length > FEW ? REPEATED_FOR_MANY : REPEATED;
    return this.database.transaction((transaction) => this.#processIn(transaction, reads), sending);
  }

  async #processIn(transaction: Transaction, reads: readonly Read[]): Promise<void> {
    const unreadable = reads.flatMap((read) => ('reading' in read ? [] : [poisonOf(read)]));
    const settled = await this.letters.settled(transaction, unreadable);
    const settledMessages = new Set([...settled].map(({ message }) => message));

    const readable: (Read & { reading: Reading })[] = [];
    const unhandled: { key: string; letter: DeadLetter }[] = [];
    const poisoned = new Set<string>();
    for (const read of reads) {
      const { key } = read;
      if (poisoned.has(key)) unhandled.push({ key, letter: parkedOf(read) });
      else if ('reading' in read) readable.push(read);
      else if (!settledMessages.has(read.message)) {
        unhandled.push({ key, letter: poisonOf(read) });
        if (key !== '') poisoned.add(key);
      }
    }
    const readings = readable.map(({ reading }) => reading);
    const [blocked, fresh] = await Promise.all([
      this.letters.blockedKeys(
        transaction,
        reads.map(({ message }) => message),
      ),
      admitUnlessBlocked(transaction, this.consumer, readings),
    ]);
    await this.#bury(transaction, [
      ...readable.filter(({ key }) => blocked.has(key)).map(parkedOf),
      ...unhandled.map(({ key, letter }) => (blocked.has(key) ? { ...letter, ...PARKED } : letter)),
    ]);
    await this.#handle(transaction, readings.length, fresh);
  }

  /** The effects of those events that this consumer has not seen yet. Any failure is thrown. */
  async perform(transaction: Transaction, readings: readonly Reading[]): Promise<void> {
    await this.#handle(transaction, readings.length, await this.admit(transaction, readings));
  }

  /** Those that this consumer has not seen yet; from now on it has. Their effects are the caller's to see to. */
  admit(transaction: Transaction, readings: readonly Reading[]): Promise<Reading[]> {
    return admitNew(transaction, this.consumer, readings);
  }

  async #handle(transaction: Transaction, heard: number, fresh: readonly Reading[]): Promise<void> {
    const events = fresh.map(({ event }) => event);
    for (const { handler, events: together } of deliveriesOf(events, (type) => this.#handlerOf(type), [
      ...new Set(this.handlers.values()),
    ])) {
      await handler(together, transaction);
    }
    transaction.afterCommit(() => {
      this.#failures.succeeded(new Set(events.map(({ type }) => type)));
      duplicatesTotal.inc(heard - fresh.length);
      for (const event of events) {
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

  async #bury(transaction: Transaction, letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const buried = await this.letters.bury(transaction, letters);
    await this.outbox.appendMessages(
      transaction,
      buried.map((letter) => noticeOf(this.consumer, letter)),
    );
    transaction.afterCommit(() => {
      for (const { status } of buried) deadLettersTotal.inc({ status });
    });
  }
}

function identityIn(read: Read): Identity {
  return 'reading' in read ? read.reading : read.identity;
}

function typeOf(read: Read): string {
  return identityIn(read).type ?? '';
}

function partitionOf({ message: { topic, partition } }: Read): string {
  return `${topic}/${partition}`;
}

/** By partition, those of one partition in halves: so that poison holds up its own partition at most. */
function partsOf(reads: readonly Read[]): (readonly Read[])[] {
  const partitions = [...Map.groupBy(reads, partitionOf).values()];
  if (partitions.length > 1) return partitions;
  const middle = reads.length >> 1;
  return [reads.slice(0, middle), reads.slice(middle)];
}

function placeOf({ message: { topic, partition, offset } }: Read): string {
  return `${topic}/${partition}/${offset}`;
}

function parkedOf(read: Read): DeadLetter {
  return { message: read.message, identity: identityIn(read), ...PARKED };
}

function poisonOf({ message, identity, cause }: Exclude<Read, { reading: Reading }>): DeadLetter {
  return { message, identity, status: 'poison', cause };
}
