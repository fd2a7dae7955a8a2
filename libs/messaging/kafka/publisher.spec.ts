import { expect, it, jest } from '@jest/globals';
import type { Kafka, Message as KafkaMessage, ProducerBatch, ProducerConfig } from 'kafkajs';
import { KafkaPublisher } from './publisher.ts';

const PARTITIONS = [0, 1, 2, 3];

/** A client that loses the messages of one partition and reports success, as kafkajs 2.2.4 does when a leader dies. */
function forgetful({ createPartitioner }: ProducerConfig, forgotten: number | undefined) {
  const partitionOf = createPartitioner?.();
  const partitionMetadata = PARTITIONS.map((partitionId) => ({ partitionId, leader: 1 }));
  const partitionsOf = (topic: string, messages: KafkaMessage[]): number[] =>
    messages.map((message) => partitionOf?.({ topic, message, partitionMetadata: partitionMetadata as never }) ?? -1);
  return {
    connect: async () => {},
    disconnect: async () => {},
    on: () => {},
    sendBatch: async ({ topicMessages = [] }: ProducerBatch) =>
      topicMessages.flatMap(({ topic, messages }) =>
        [...new Set(partitionsOf(topic, messages))]
          .filter((partition) => partition !== forgotten)
          .map((partition) => ({ topicName: topic, partition, errorCode: 0 })),
      ),
  };
}

const publisherThatForgets = (partition?: number): KafkaPublisher =>
  new KafkaPublisher({ producer: (config: ProducerConfig) => forgetful(config, partition) } as unknown as Kafka);

const messages = Array.from({ length: 20 }, (_, number) => ({
  topic: 'sales',
  key: `key-${number}`,
  headers: {},
  value: '{}',
}));

it('a batch that was sent to all its partitions is sent', async () => {
  await publisherThatForgets().publish(messages);
});

it.each(PARTITIONS)(
  'a batch of which a part was never sent is not sent, whatever kafkajs says (partition %i)',
  async (partition) => {
    await expect(publisherThatForgets(partition).publish(messages)).rejects.toThrow(`not sent to sales/${partition}`);
  },
);

it('a batch is sent by an idempotent producer, one at a time, and counts when all in-sync replicas have it', async () => {
  const sendBatch = jest.fn(async (_: ProducerBatch) => [{ topicName: 'sales', partition: 0, errorCode: 0 }]);
  const producer = jest.fn((_: ProducerConfig) => ({
    connect: async () => {},
    on: () => {},
    disconnect: async () => {},
    sendBatch,
  }));
  await new KafkaPublisher({ producer } as unknown as Kafka).publish([]);
  expect(producer).toHaveBeenCalledWith(expect.objectContaining({ idempotent: true, maxInFlightRequests: 1 }));
  expect(sendBatch).toHaveBeenCalledWith(expect.objectContaining({ acks: -1 }));
});
