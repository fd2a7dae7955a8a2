import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from '@jest/globals';
import { eventually } from '../../../test/kit/service.ts';
import { connectKafka } from './client.ts';
import { KafkaBroker } from './kafka-broker.ts';

const topic = `predecessors-${randomUUID()}`;
const member = `member-${randomUUID()}`;

/** Has all partitions and says nothing any more: what a killed process is to its group until its session ends. */
const dead = connectKafka(member).consumer({ groupId: topic, sessionTimeout: 30_000 });
const received: string[] = [];
const successor = new KafkaBroker(member).subscription(topic, [topic], async (messages) => {
  received.push(...messages.map(({ value }) => String(value)));
});

afterAll(async () => {
  await successor.stop();
  void dead.disconnect(); // its batch never ends
});

it('a process that takes the place of a killed one has its partitions at once, not when the old session ends', async () => {
  const publisher = new KafkaBroker('predecessors').publisher();
  await new KafkaBroker('predecessors').createTopics([{ name: topic, key: 'any', partitions: 1, retentionDays: 1 }]);
  await publisher.publish([{ topic, key: 'a', headers: {}, value: 'message' }]);
  let isStuck = false;
  await dead.connect();
  await dead.subscribe({ topics: [topic], fromBeginning: true });
  await dead.run({
    autoCommit: false,
    eachBatch: () => {
      isStuck = true;
      return new Promise(() => {});
    },
  });
  await eventually(
    () => isStuck,
    (stuck) => stuck,
  );

  const started = performance.now();
  await successor.start();
  await eventually(
    () => received.length,
    (count) => count > 0,
  );
  await publisher.close();
  expect(received).toEqual(['message']);
  expect(performance.now() - started).toBeLessThan(5_000);
});
