import { type Event, eventDefinition, topicNamed } from '#libs/contracts';
import { type Database, isTransient, REPEATED, REPEATED_FOR_MANY, type Transaction } from '#libs/database';
import { endSpans, log, spanOf, traceparentOf } from '#libs/observability';
import type { Position, ReceivedMessage } from './broker.ts';
import { type Identity, identityOf, type Reading, readingOf } from './cloud-events.ts';
import { type DeadLetter, type DeadLetters, keyOf, noticeOf } from './dead-letters.ts';
import { deliveriesOf } from './delivery-order.ts';
import { envelopeOf } from './envelope.ts';
import { admitNew, admitUnlessBlocked, heardBefore } from './inbox.ts';
import { deadLettersTotal, duplicatesTotal, eventAgeSeconds, processedTotal } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import { LostPast, placeOf, positionsAfter, rememberPositions } from './positions.ts';
import { causeOf, HANDFUL, isOfNewerSchema, reasonOf, SystemicFailure, SystemicFailures } from './systemic-failure.ts';

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
  /** What this process has written down in the database, by partition. */
  readonly #reached = new Map<string, bigint>();

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly letters: DeadLetters,
    private readonly consumer: string,
    private readonly handlers: ReadonlyMap<string, EventBatchHandler>,
  ) {}

  /** Types of events that wait until something is mended, and for what. */
  get waiting(): string[] {
    return this.#failures.waiting;
  }

  /**
   * `messages`: those of each partition in its order.
   * @returns false: none of them is for us, and nothing was written
   * @throws LostPast if the database has been exchanged for an older one
   */
  async process(messages: readonly ReceivedMessage[]): Promise<boolean> {
    const batch = messages.flatMap((message) => this.#read(message) ?? []);
    if (batch.length === 0) return false;
    for (const [partition, reads] of Map.groupBy(batch, partitionOf)) {
      this.#failures.awaitTurn(partition, new Set(reads.map(typeOf)));
    }
    const beyond = firstUnknownToUs(batch);
    if (beyond.size === 0) return this.#processAll(messages, batch);
    const isUnderstood = (message: ReceivedMessage): boolean => {
      const first = beyond.get(placeOf(message));
      return first === undefined || BigInt(message.offset) < BigInt(first.message.offset);
    };
    await this.#processAll(
      messages.filter(isUnderstood),
      batch.filter(({ message }) => isUnderstood(message)),
    );
    const [failure] = [...beyond.values()].map((read) =>
      this.#failures.defer(typeOf(read), 'is of a type that this version does not know', read.cause),
    );
    throw failure;
  }

  async #processAll(messages: readonly ReceivedMessage[], batch: readonly Read[]): Promise<boolean> {
    if (batch.length === 0) return false;
    const reached = positionsAfter(messages);
    const { stops } = this.#failures;
    const failed: DeadLetter[] = [];
    if (await this.#attempt(batch, failed, batch, reached)) return true;
    if (this.#failures.stops > stops) throw new SystemicFailure('found meanwhile in another partition: tried again');
    await this.database.transaction(async (transaction) => {
      await this.#remember(transaction, reached);
      await this.#bury(transaction, failed);
    });
    return true;
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

  /**
   * @param reached with this part; undefined: it is not all of the batch
   * @returns whether all of it is committed, what was reached included
   */
  async #attempt(
    part: readonly Read[],
    failed: DeadLetter[],
    batch: readonly Read[],
    reached?: readonly Position[],
  ): Promise<boolean> {
    const failedKeys = new Set(failed.map(({ message }) => keyOf(message)));
    const reads = part.filter((read) => {
      if (read.key === '' || !failedKeys.has(read.key)) return true;
      failed.push(parkedOf(read));
      return false;
    });
    if (reads.length === 0) return false;
    try {
      await this.#commit(reads, reached);
      return reached !== undefined;
    } catch (error) {
      if (isTransient(error) || error instanceof LostPast) throw error;
      const [only, ...others] = reads;
      if (only && others.length === 0) {
        if (isOfNewerSchema(error)) throw this.#failures.defer(typeOf(only), 'meets a newer schema', causeOf(error));
        failed.push({ message: only.message, identity: identityIn(only), status: 'poison', cause: causeOf(error) });
        log.error(
          { err: error, topic: only.message.topic, offset: only.message.offset },
          'message cannot be processed',
        );
        if (!this.#failures.failed(typeOf(only), offsetOf(only), reasonOf(error))) return false;
        if (!(await this.#anyOther(typeOf(only), failed, batch.slice(batch.indexOf(only) + 1)))) {
          throw this.#failures.stop(typeOf(only));
        }
        return false;
      }
      for (const smaller of partsOf(reads)) await this.#attempt(smaller, failed, batch);
      return false;
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

  #commit(reads: readonly Read[], reached: readonly Position[] = []): Promise<void> {
    const sending = reads.length > FEW ? REPEATED_FOR_MANY : REPEATED;
    return this.database.transaction((transaction) => this.#processIn(transaction, reads, reached), sending);
  }

  /** Asks for it together with whatever else begins the transaction. */
  async #remember(transaction: Transaction, reached: readonly Position[]): Promise<void> {
    if (reached.length === 0) return;
    const before = await rememberPositions(transaction, this.consumer, reached);
    const known = new Map(before.map((position) => [placeOf(position), position.next]));
    for (const place of reached.map(placeOf)) {
      const written = this.#reached.get(place) ?? 0n;
      if (written > (known.get(place) ?? 0n)) {
        throw new LostPast(
          `the database was exchanged for an older one: it has ${known.get(place) ?? 0} of ${place}, and had ${written}`,
        );
      }
    }
    transaction.afterCommit(() => {
      for (const position of reached) this.#reached.set(placeOf(position), position.next);
    });
  }

  async #processIn(transaction: Transaction, reads: readonly Read[], reached: readonly Position[]): Promise<void> {
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
      this.#remember(transaction, reached),
    ]);
    const behind = readable.filter(({ key }) => blocked.has(key));
    // What was done before its key was blocked may come again; it stands before the dead letter, not behind it.
    const done = await heardBefore(
      transaction,
      this.consumer,
      behind.map(({ reading }) => reading),
    );
    await this.#bury(transaction, [
      ...behind.filter(({ reading }) => !done.has(reading)).map(parkedOf),
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
    const spans = fresh.map(({ event, message }) => spanOf('process', { ...event, topic: message.topic }));
    const events = fresh.map(({ event }, index) => {
      const span = spans[index];
      return span ? { ...event, traceparent: traceparentOf(span) } : event;
    });
    try {
      await this.#deliver(transaction, events);
    } catch (error) {
      endSpans(spans, true);
      throw error;
    }
    transaction.afterCommit(() => {
      endSpans(spans);
      this.#failures.succeeded(new Set(events.map(({ type }) => type)));
      duplicatesTotal.inc(heard - fresh.length);
      for (const event of events) {
        processedTotal.inc({ type: event.type });
        const ageSeconds = (Date.now() - Date.parse(event.time)) / 1000;
        if (ageSeconds >= 0) eventAgeSeconds.observe(ageSeconds); // others may say any time, or none
      }
    });
  }

  async #deliver(transaction: Transaction, events: Event[]): Promise<void> {
    for (const { handler, events: together } of deliveriesOf(events, (type) => this.#handlerOf(type), [
      ...new Set(this.handlers.values()),
    ])) {
      await handler(together, transaction);
    }
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

type Unreadable = Exclude<Read, { reading: Reading }>;

/**
 * By partition, the first event of a type that one of our own services sends and we do not know: the next version of us
 * does, so it waits, and what follows it in its partition too.
 */
function firstUnknownToUs(batch: readonly Read[]): Map<string, Unreadable> {
  const first = new Map<string, Unreadable>();
  for (const read of batch) {
    if ('reading' in read || !read.identity.isOurs || !read.identity.type) continue;
    if (eventDefinition(read.identity.type) !== undefined) continue;
    const partition = partitionOf(read);
    if (!first.has(partition)) first.set(partition, read);
  }
  return first;
}

function identityIn(read: Read): Identity {
  return 'reading' in read ? read.reading : read.identity;
}

function typeOf(read: Read): string {
  return identityIn(read).type ?? '';
}

function partitionOf({ message }: Read): string {
  return placeOf(message);
}

/** By partition, those of one partition in halves: so that poison holds up its own partition at most. */
function partsOf(reads: readonly Read[]): (readonly Read[])[] {
  const partitions = [...Map.groupBy(reads, partitionOf).values()];
  if (partitions.length > 1) return partitions;
  const middle = reads.length >> 1;
  return [reads.slice(0, middle), reads.slice(middle)];
}

function offsetOf({ message: { topic, partition, offset } }: Read): string {
  return `${topic}/${partition}/${offset}`;
}

function parkedOf(read: Read): DeadLetter {
  return { message: read.message, identity: identityIn(read), ...PARKED };
}

function poisonOf({ message, identity, cause }: Unreadable): DeadLetter {
  return { message, identity, status: 'poison', cause };
}
