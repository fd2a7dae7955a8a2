import { randomUUID } from 'node:crypto';
import { kafkaBrokers } from '../../../test/kit/database.ts';
import { brokerConformance } from '../conformance.ts';
import { connectKafka } from './client.ts';
import { KafkaConsumer } from './consumer.ts';
import { KafkaPublisher } from './publisher.ts';
import { createTopics } from './topics.ts';

brokerConformance('Kafka', async () => {
  process.env.KAFKA_BROKERS = kafkaBrokers();
  const kafka = connectKafka('conformance');
  const run = randomUUID().slice(0, 8);
  let members = 0;
  return {
    createTopic: (name, partitions) => createTopics(kafka, [{ name, key: 'any', partitions, retentionDays: 1 }]),
    publisher: () => new KafkaPublisher(kafka),
    subscription: (group, topic, handle) => {
      const member = `conformance-${++members}`;
      return new KafkaConsumer(connectKafka(member), member, `${group}-${run}`, [topic], handle);
    },
  };
});
