import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerEvents, EachBatchPayload, Kafka } from 'kafkajs';
import { log } from '#libs/observability';
import type { BatchHandler, ReceivedMessage, Subscription } from '../message.ts';
import { consumerLagMessages, processDurationSeconds } from '../metrics.ts';
import { dropConnections } from './client.ts';
import type { FetchedMessage } from './fetched.ts';
import { dismissPredecessors } from './predecessors.ts';

const PARTITIONS_AT_ONCE_MAX = 4;
/** Rows a transaction should hold: large enough to be cheap per event, small enough to commit in well under a second. */
const BATCH_MESSAGES_MAX = 500;
/** A message ends the wait at once; it bounds how often an idle consumer asks, and how long a stop takes. */
const FETCH_WAIT_MS = 250;
/** The least that brokers allow by default: until then nobody gets what a killed member had, unless it comes back first. */
const SESSION_TIMEOUT_MS = 6_000;
/** Also how long the others wait for a member when the group is formed anew: it learns of it by a heartbeat. */
const HEARTBEAT_INTERVAL_MS = 1_000;
/** kafkajs asks nobody about a partition whose leader it does not know, until it looks again. */
const METADATA_MAX_AGE_MS = 1_000;
const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 500;
const RETRIES_IN_PLACE = 5;
const PAUSE_MS = 500;
/**
 * Longer than any rebalance: a consumer that has not heard of its group for so long does nothing any more, or sends no
 * heartbeats, as kafkajs does until its process's clock is again where it was before it was set back.
 */
const SILENT_MS_MAX = 25_000;
const RESTART_DELAY_MS = 250;
const RESTARTS_MAX = 30;

/**
 * Consumes topics as one member of a group. Offsets are committed after the handler's transaction, so a crash delivers
 * again and never skips.
 *
 * While the handler's failure may pass, a batch is retried in place with heartbeats; then its partition pauses, the
 * others go on. kafkajs gives up when it loses its last broker, and on errors that it does not know: then a new consumer
 * takes over, as for one that falls silent. When RESTARTS_MAX in a row have not handled one batch the process ends, for
 * its supervisor to start it again; a broker that is away is waited for.
 */
export class KafkaConsumer implements Subscription {
  #consumer: Consumer | undefined;
  #stopping = false;
  #restarts = 0;
  #isMember = false;
  /** When we last heard of the group, or began to look for it. */
  #lastSignAt = 0;
  #watchdog: NodeJS.Timeout | undefined;

  /** `member`: client id of `kafka`, which no other living member of the group has. */
  constructor(
    private readonly kafka: Kafka,
    private readonly member: string,
    private readonly group: string,
    private readonly topics: readonly string[],
    private readonly handle: BatchHandler,
  ) {}

  get isReady(): boolean {
    return this.#isMember && performance.now() - this.#lastSignAt < SESSION_TIMEOUT_MS;
  }

  async start(): Promise<void> {
    await dismissPredecessors(this.kafka, this.group, this.member);
    const consumer = this.kafka.consumer({
      groupId: this.group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      rebalanceTimeout: 15_000,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      retry: { retries: 10, restartOnFailure: async () => false }, // it would come back as another, behind its own ghost
    });
    consumer.on('consumer.network.request_timeout', ({ payload }) => dropConnections(this.kafka, payload.broker));
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
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
      await consumer.run({
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE_MAX,
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
    await this.#consumer?.disconnect();
  }

  #replaceIfSilent(): void {
    if (!this.#consumer || performance.now() - this.#lastSignAt < SILENT_MS_MAX) return;
    log.warn('kafka consumer has fallen silent');
    void this.#replace(this.#consumer);
  }

  async #replace(lost: Consumer): Promise<void> {
    this.#consumer = undefined;
    this.#isMember = false;
    void lost.disconnect().catch(() => {}); // may wait long for a broker that does not answer
    this.#restarts += 1;
    if (this.#restarts > RESTARTS_MAX) {
      log.fatal('kafka consumer cannot be kept running, giving up');
      process.exit(1);
    }
    while (!this.#stopping) {
      await sleep(RESTART_DELAY_MS);
      try {
        return await this.start();
      } catch (error) {
        log.warn({ err: error }, 'kafka consumer not restarted yet');
      }
    }
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
    consumerLagMessages.set({ topic: batch.topic, partition: batch.partition }, Number(batch.offsetLag()));
    const beat = setInterval(() => void heartbeat().catch(() => {}), HEARTBEAT_INTERVAL_MS);
    try {
      for (let start = 0; start < batch.messages.length; start += BATCH_MESSAGES_MAX) {
        if (!isRunning() || isStale()) return;
        const messages = batch.messages.slice(start, start + BATCH_MESSAGES_MAX);
        const received = messages.map((message) =>
          toReceived(batch.topic, batch.partition, message as unknown as FetchedMessage),
        );
        if (!(await this.#handleWithRetries(received, payload))) return;
        // biome-ignore lint/style/noNonNullAssertion: the slice is not empty
        resolveOffset(messages.at(-1)!.offset);
        this.#restarts = 0;
        await heartbeat();
      }
    } finally {
      clearInterval(beat);
    }
  }

  /** False: the failure has not passed, the partition pauses and gets the same messages again. */
  async #handleWithRetries(
    messages: ReceivedMessage[],
    { batch, isRunning, pause }: EachBatchPayload,
  ): Promise<boolean> {
    for (let retry = 0; ; retry += 1) {
      try {
        const ended = processDurationSeconds.startTimer({ topic: batch.topic });
        await this.handle(messages);
        ended();
        return true;
      } catch (error) {
        log.warn({ err: error, topic: batch.topic, partition: batch.partition, retry }, 'batch failed, trying again');
        if (!isRunning()) return false;
        if (retry === RETRIES_IN_PLACE) {
          setTimeout(pause(), PAUSE_MS);
          return false;
        }
        await sleep(Math.min(RETRY_DELAY_MS * 2 ** retry, RETRY_DELAY_MAX_MS));
      }
    }
  }
}

function toReceived(topic: string, partition: number, message: FetchedMessage): ReceivedMessage {
  const { offset, timestamp, key, headers, value, damage } = message;
  return { topic, partition, offset, timestamp, key, headers, value, ...(damage !== undefined && { damage }) };
}
