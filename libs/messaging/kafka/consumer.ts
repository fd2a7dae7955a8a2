import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerEvents, EachBatchPayload, Kafka } from 'kafkajs';
import { log } from '#libs/observability';
import type { BatchHandler, ReceivedMessage, Subscription } from '../broker.ts';
import { DeliveryQueue } from '../delivery-queue.ts';
import { consumerLagMessages } from '../metrics.ts';
import { dropConnections } from './client.ts';
import type { FetchedMessage } from './fetched.ts';
import { announcing } from './hearers.ts';
import { dismissPredecessors } from './predecessors.ts';
import { joiningAfter } from './rejoin.ts';
import { topicNames } from './topics.ts';

/** A message ends the wait at once; it bounds how often an idle consumer asks, and how long a stop takes. */
const FETCH_WAIT_MS = 250;
/** The least that brokers allow by default: until then nobody gets what a killed member had, unless it comes back first. */
const SESSION_TIMEOUT_MS = 6_000;
/** Also how long the others wait for a member when the group is formed anew: it learns of it by a heartbeat. */
const HEARTBEAT_INTERVAL_MS = 1_000;
/** kafkajs asks nobody about a partition whose leader it does not know, until it looks again. */
const METADATA_MAX_AGE_MS = 1_000;
/** What is handled is told the broker so often: as much comes again after a crash, for the inbox to leave out. */
const COMMIT_INTERVAL_MS = 250;
/** A coordinator that is away must not keep us from looking for the next one. */
const LAST_COMMIT_MS_MAX = 1_000;
/** What a fetch brings only needs to be put into the queue; kafkajs wakes all of its workers for every fetch. */
const WORKERS = 4;
/**
 * Longer than any rebalance: a consumer that has not heard of its group for so long does nothing any more, or sends no
 * heartbeats, as kafkajs does until its process's clock is again where it was before it was set back.
 */
const SILENT_MS_MAX = 25_000;
const RESTART_DELAY_MS = 250;
const RESTARTS_MAX = 30;
/** kafkajs resolves a form of names once. A topic that comes later is found by looking again; what it holds waits. */
const LOOK_AGAIN_MS = 10_000;
/** What a heartbeat is answered when the group is formed anew, or without us. */
const DISMISSALS = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'NOT_COORDINATOR_FOR_GROUP'];

/**
 * Consumes topics as one member of a group. What is fetched waits in a queue; its offsets are committed after the
 * handler's transaction, so a crash delivers again and never skips. When the group is formed anew, or on a stop, what
 * waits is dropped and what runs is waited for: another member gets it only then.
 *
 * kafkajs gives up when it loses its last broker, and on errors that it does not know: then a new consumer takes over, as
 * for one that falls silent, and when there are other topics of a form than before. When RESTARTS_MAX in a row have not
 * handled one batch the process ends, for its supervisor to start it again; a broker that is away is waited for.
 */
export class KafkaConsumer implements Subscription {
  readonly #queue: DeliveryQueue;
  /** By partition, the last message that was handled and that the broker has not been told of. */
  readonly #handled = new Map<string, ReceivedMessage>();
  #committing: Promise<void> = Promise.resolve();
  #commitTimer: NodeJS.Timeout | undefined;
  #consumer: Consumer | undefined;
  #stopping = false;
  #restarts = 0;
  #isMember = false;
  /** Of kafkajs, which sends one only while it fetches. */
  #heartbeat: () => Promise<void> = async () => {};
  /** When we last heard of the group, or began to look for it. */
  #lastSignAt = 0;
  #watchdog: NodeJS.Timeout | undefined;
  #lookout: NodeJS.Timeout | undefined;
  #names: readonly string[] = [];

  readonly #kafka: Kafka;
  readonly #member: string;
  readonly #group: string;
  readonly #topics: readonly (string | RegExp)[];
  readonly #from: 'beginning' | 'end';

  /**
   * `member`: client id of `kafka`, which no other living member of the group has. `from`: where a group begins that has
   * not been here before.
   */
  constructor(
    kafka: Kafka,
    member: string,
    group: string,
    topics: readonly (string | RegExp)[],
    handle: BatchHandler,
    from: 'beginning' | 'end' = 'beginning',
  ) {
    this.#from = from;
    this.#kafka = kafka;
    this.#member = member;
    this.#group = group;
    this.#topics = topics;
    this.#queue = new DeliveryQueue(handle, (messages) => this.#remember(messages));
  }

  get isReady(): boolean {
    return this.#isMember && performance.now() - this.#lastSignAt < SESSION_TIMEOUT_MS;
  }

  async start(): Promise<void> {
    await dismissPredecessors(this.#kafka, this.#group, this.#member);
    const consumer = this.#kafka.consumer({
      groupId: this.#group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      rebalanceTimeout: 15_000,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      partitionAssigners: [(options) => announcing(joiningAfter(() => this.#settle())(options))],
      retry: { retries: 10, restartOnFailure: async () => false }, // it would come back as another, behind its own ghost
    });
    consumer.on('consumer.network.request_timeout', ({ payload }) => dropConnections(this.#kafka, payload.broker));
    this.#consumer = consumer;
    this.#lastSignAt = performance.now();
    const isCurrent = (): boolean => this.#consumer === consumer; // one that was replaced may say much later what it was
    const says = (event: ConsumerEvents[keyof ConsumerEvents], isMember: boolean): void => {
      consumer.on(event, () => {
        if (!isCurrent()) return;
        this.#isMember = isMember;
        this.#lastSignAt = performance.now();
      });
    };
    says('consumer.group_join', true);
    says('consumer.heartbeat', true);
    says('consumer.rebalancing', false);
    says('consumer.stop', false);
    says('consumer.disconnect', false);
    consumer.on('consumer.crash', ({ payload: { error } }) => {
      log.warn({ err: error }, 'kafka consumer crashed');
      if (isCurrent()) void this.#replace(consumer);
    });
    this.#watchdog ??= setInterval(() => this.#replaceIfSilent(), HEARTBEAT_INTERVAL_MS).unref();
    if (this.#topics.some((topic) => topic instanceof RegExp)) {
      this.#lookout ??= setInterval(() => void this.#lookAgain(), LOOK_AGAIN_MS).unref();
    }
    try {
      this.#names = await this.#resolved();
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.#names], fromBeginning: this.#from === 'beginning' });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: WORKERS,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
    } catch (error) {
      this.#consumer = undefined;
      void consumer.disconnect().catch(() => {});
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watchdog);
    clearInterval(this.#lookout);
    await this.#settle();
    await this.#consumer?.disconnect();
  }

  #replaceIfSilent(): void {
    if (!this.#consumer || performance.now() - this.#lastSignAt < SILENT_MS_MAX) return;
    log.warn('kafka consumer has fallen silent');
    void this.#replace(this.#consumer);
  }

  async #resolved(): Promise<string[]> {
    const names = this.#topics.filter((topic) => typeof topic === 'string');
    if (names.length === this.#topics.length) return names;
    const existing = [...(await topicNames(this.#kafka))].sort();
    return this.#topics.flatMap((topic) =>
      typeof topic === 'string' ? topic : existing.filter((name) => topic.test(name)),
    );
  }

  async #lookAgain(): Promise<void> {
    const consumer = this.#consumer;
    try {
      const names = await this.#resolved();
      if (!consumer || this.#consumer !== consumer || this.#stopping || `${names}` === `${this.#names}`) return;
      log.info({ topics: names }, 'kafka consumer joins other topics than before');
      await this.#settle();
      if (this.#consumer === consumer) await this.#replace(consumer);
    } catch (error) {
      log.debug({ err: error }, 'topics not looked at again'); // soon they are
    }
  }

  async #replace(lost: Consumer): Promise<void> {
    this.#consumer = undefined;
    this.#isMember = false;
    void lost.disconnect().catch(() => {}); // may wait long for a broker that does not answer
    this.#handled.clear(); // its partitions may be another member's
    this.#restarts += 1;
    if (this.#restarts > RESTARTS_MAX) {
      log.fatal('kafka consumer cannot be kept running, giving up');
      process.exit(1);
    }
    while (!this.#stopping) {
      await sleep(RESTART_DELAY_MS);
      try {
        await this.#queue.drop();
        return await this.start();
      } catch (error) {
        log.warn({ err: error }, 'kafka consumer not restarted yet');
      }
    }
  }

  async #eachBatch({ batch, heartbeat, resolveOffset, isRunning }: EachBatchPayload): Promise<void> {
    if (this.#stopping) await sleep(FETCH_WAIT_MS); // it is fetched again and again until we have left
    if (this.#stopping || !isRunning()) return;
    const { topic, partition, messages } = batch;
    consumerLagMessages.set({ topic, partition }, Number(batch.offsetLag()));
    this.#queue.put(messages.map((message) => toReceived(topic, partition, message as unknown as FetchedMessage)));
    resolveOffset(batch.lastOffset());
    this.#heartbeat = heartbeat;
    if (!this.#queue.hasRoom) await this.#beatingUntil(this.#queue.room());
  }

  /** Says meanwhile that we live, so that nobody else gets what is ours; ends early when the group is formed anew. */
  async #beatingUntil(done: Promise<unknown>): Promise<void> {
    let beat: NodeJS.Timeout | undefined;
    const dismissal = new Promise<void>((resolve) => {
      beat = setInterval(
        () => this.#heartbeat().catch(({ type }) => DISMISSALS.includes(type) && resolve()),
        HEARTBEAT_INTERVAL_MS,
      );
    });
    await Promise.race([done, dismissal]);
    clearInterval(beat);
  }

  /** Drops what waits, waits for what runs, and tells the broker what is handled. */
  async #settle(): Promise<void> {
    const beat = setInterval(() => this.#heartbeat().catch(() => {}), HEARTBEAT_INTERVAL_MS);
    await this.#queue.drop();
    clearInterval(beat);
    await Promise.race([this.#commit(), sleep(LAST_COMMIT_MS_MAX)]);
    this.#handled.clear();
  }

  #remember(messages: readonly ReceivedMessage[]): void {
    for (const message of messages) this.#handled.set(`${message.topic}/${message.partition}`, message);
    this.#restarts = 0;
    this.#commitTimer ??= setTimeout(() => void this.#commit(), COMMIT_INTERVAL_MS);
  }

  /** One commit at a time: an older one must not come after a newer one. */
  #commit(): Promise<void> {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    this.#committing = this.#committing.then(async () => {
      const handled = [...this.#handled];
      if (handled.length === 0) return;
      this.#handled.clear();
      try {
        await this.#consumer?.commitOffsets(
          handled.map(([, { topic, partition, offset }]) => ({
            topic,
            partition,
            offset: String(BigInt(offset) + 1n),
          })),
        );
      } catch (error) {
        log.debug({ err: error }, 'offsets not committed'); // what comes again is left out
      }
    });
    return this.#committing;
  }
}

function toReceived(topic: string, partition: number, message: FetchedMessage): ReceivedMessage {
  const { offset, timestamp, key, headers, value, damage } = message;
  return { topic, partition, offset, timestamp, key, headers, value, ...(damage !== undefined && { damage }) };
}
