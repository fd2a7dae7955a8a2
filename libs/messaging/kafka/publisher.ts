import kafkajs, { CompressionTypes, type ICustomPartitioner, type Kafka, Partitioners, type Producer } from 'kafkajs';
import { topicNamed, topicOf } from '#libs/contracts';
import { type Message, type Publisher, Refusal } from '../broker.ts';
import { dropConnections } from './client.ts';
import { createTopics, topicNames } from './topics.ts';

/** Of the broker's answers, those that it would give again: the message, not the moment, is what it does not like. */
const FINAL = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'POLICY_VIOLATION',
];

/** A topic that is not there for us. One of ours is to be: somebody makes it, or lets us write it (kafka:access). */
const ABSENT = ['UNKNOWN_TOPIC_OR_PARTITION', 'TOPIC_AUTHORIZATION_FAILED'];

/**
 * Idempotent, acknowledged by all in-sync replicas, one batch in flight: order per key survives retries.
 * An idempotent producer that failed may have left a gap in its sequence numbers, so it is replaced by a new one.
 *
 * What kafkajs reports as sent is compared with what it was given. When a partition moves, in the middle of a batch,
 * from a broker that died to one that has already answered, kafkajs 2.2.4 counts that answer and never sends the
 * partition's messages.
 */
export class KafkaPublisher implements Publisher {
  readonly #kafka: Kafka;
  #producer: Producer | undefined;
  /** Where each message was to go at last: without a key it may go elsewhere when it is sent again. */
  readonly #destinations = new WeakMap<object, string>();

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  async publish(messages: readonly Message[]): Promise<void> {
    this.#producer ??= await this.#connect();
    const byTopic = Map.groupBy(messages, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, group]) => ({
      topic,
      messages: group.map(({ key, headers, value }) => ({ key, headers, value })),
    }));
    try {
      const sent = await this.#producer.sendBatch({
        acks: -1,
        compression: CompressionTypes.None,
        topicMessages,
      });
      const confirmed = new Set(sent.map(({ topicName, partition }) => `${topicName}/${partition}`));
      const destinations = topicMessages.flatMap(({ messages }) =>
        messages.map((each) => this.#destinations.get(each)),
      );
      const missing = [...new Set(destinations)].filter((partition) => !partition || !confirmed.has(partition));
      if (missing.length > 0) throw new Error(`not sent to ${missing.join(', ')}`);
    } catch (error) {
      await this.close();
      throw (await this.#refusal(error, messages)) ?? error;
    }
  }

  async #refusal(error: unknown, messages: readonly Message[]): Promise<Refusal | undefined> {
    const answer = answerIn(error);
    if (!answer) return undefined;
    const cause = `${answer.type}: ${answer.message}`;
    if (FINAL.includes(answer.type)) return new Refusal(cause, messages.length === 1 ? messages : []);
    if (!ABSENT.includes(answer.type)) return undefined;
    const existing = await topicNames(this.#kafka);
    const absent = messages.filter(({ topic }) => !existing.has(topic));
    const lost: Message[] = [];
    for (const [name, group] of Map.groupBy(absent, ({ topic }) => topic)) {
      if (!(await this.#isToCome(name))) lost.push(...group);
    }
    return lost.length > 0 ? new Refusal(cause, lost) : undefined;
  }

  /**
   * Whether a topic will be there when its messages are sent again. A channel is data, so what it is told gets its topic
   * with the first message; any other of ours is for somebody to make.
   */
  async #isToCome(name: string): Promise<boolean> {
    const { topic, channel } = topicNamed(name) ?? {};
    if (!topic || topic.outside) return false;
    if (channel === undefined) return true;
    try {
      await createTopics(this.#kafka, [topicOf(topic, channel)]);
      return true;
    } catch (error) {
      const { errors = [] } = error as { errors?: { type?: string }[] };
      return !errors.some(
        ({ type }) => type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'CLUSTER_AUTHORIZATION_FAILED',
      );
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => {});
  }

  /** By key, as every Kafka client does by default. */
  readonly #noticing: ICustomPartitioner = () => {
    const partitionOf = Partitioners.DefaultPartitioner();
    return (choice) => {
      const partition = partitionOf(choice);
      this.#destinations.set(choice.message, `${choice.topic}/${partition}`);
      return partition;
    };
  };

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 5 },
      createPartitioner: this.#noticing,
    });
    producer.on('producer.network.request_timeout', ({ payload }) => dropConnections(this.#kafka, payload.broker));
    await producer.connect();
    return producer;
  }
}

/** What the broker said, however often kafkajs has asked. */
function answerIn(error: unknown): { type: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof kafkajs.KafkaJSProtocolError) return error;
  return answerIn(error.cause);
}
