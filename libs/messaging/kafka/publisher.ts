import { CompressionTypes, type Kafka, type Producer } from 'kafkajs';
import type { Message, Publisher } from '../message.ts';
import { dropConnections } from './client.ts';

/**
 * Idempotent, acknowledged by all in-sync replicas, one batch in flight: order per key survives retries.
 * An idempotent producer that failed may have left a gap in its sequence numbers, so it is replaced by a new one.
 */
export class KafkaPublisher implements Publisher {
  readonly #kafka: Kafka;
  #producer: Producer | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  async publish(messages: readonly Message[]): Promise<void> {
    this.#producer ??= await this.#connect();
    const byTopic = Map.groupBy(messages, ({ topic }) => topic);
    try {
      await this.#producer.sendBatch({
        acks: -1,
        compression: CompressionTypes.None,
        topicMessages: [...byTopic].map(([topic, group]) => ({
          topic,
          messages: group.map(({ key, headers, value }) => ({
            key,
            headers,
            value,
          })),
        })),
      });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => {});
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 5 },
    });
    producer.on('producer.network.request_timeout', () => dropConnections(this.#kafka));
    await producer.connect();
    return producer;
  }
}
