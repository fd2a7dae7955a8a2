import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { kafkaBrokers } from '../../../test/kit/database.ts';
import type { BatchHandler, Broker, ReceivedMessage } from '../broker.ts';
import { conformance, Trial } from '../conformance.ts';
import { KafkaBroker } from './kafka-broker.ts';

const kafka = (clientId: string): Broker => new KafkaBroker(clientId, kafkaBrokers());

describe('Kafka', () => {
  it.each(Object.keys(conformance))('%s', (name) => Trial.of(name, kafka, 30_000));
});

/** Kafka, but what it hands over goes through `change` first, and a group gets another name. */
const wrong =
  (change: (handle: BatchHandler) => BatchHandler, groupOf = (group: string) => group) =>
  (clientId: string): Broker => {
    const right = kafka(clientId);
    return {
      createTopics: (topics) => right.createTopics(topics),
      misfitsOf: (topics) => right.misfitsOf(topics),
      publisher: () => right.publisher(),
      subscription: (group, topics, handle) => right.subscription(groupOf(group), topics, change(handle)),
    };
  };
const asIs = (handle: BatchHandler): BatchHandler => handle;
const changing = (change: (batch: readonly ReceivedMessage[]) => readonly ReceivedMessage[]) =>
  wrong((handle) => (batch) => handle(change(batch)));
const byPartition = (batch: readonly ReceivedMessage[]) => Map.groupBy(batch, ({ partition }) => partition).values();

const partitionByPartition = wrong((handle) => async (batch) => {
  for (const messages of byPartition(batch)) await handle(messages);
});
const handsOverWithoutWaiting = wrong((handle) => {
  let last = Promise.resolve();
  return async (batch) => {
    last = last.then(() => handle(batch)).catch(() => {});
  };
});
const everyMemberAlone = () => {
  let members = 0;
  return wrong(asIs, (group) => `${group}-${++members}`);
};

const [EVERYTHING, KEYLESS, MERGED, FAILING, LONG, BOUNDED, MEANWHILE, BEHIND, RESUMED, INTERRUPTED, MEMBERS, GROUPS] =
  Object.keys(conformance) as [string, ...string[]];

describe('the cases notice an adapter that', () => {
  it.each([
    ['loses a message', EVERYTHING, changing((batch) => batch.slice(1))],
    ['doubles a message', EVERYTHING, changing((batch) => [...batch, ...batch.slice(-1)])],
    ['changes a message', EVERYTHING, changing((batch) => batch.map((each) => ({ ...each, value: null })))],
    ['turns the order round', EVERYTHING, changing((batch) => batch.toReversed())],
    ['makes a key of none', KEYLESS, changing((batch) => batch.map((each) => ({ ...each, key: Buffer.alloc(0) })))],
    ['hands over one partition after another', MERGED, partitionByPartition],
    ['keeps what comes meanwhile apart', MEANWHILE, partitionByPartition],
    ['skips what failed', FAILING, wrong((handle) => (batch) => handle(batch).catch(() => {}))],
    ['lets one partition keep all others waiting', FAILING, wrong(tryingOnAndOn)],
    ['gives a batch to another member as well', LONG, everyMemberAlone()],
    ['hands over several batches at once', BOUNDED, wrong(allAtOnce)],
    ['takes what its handler has no time for', BEHIND, handsOverWithoutWaiting],
    ['begins again at every start', RESUMED, everyMemberAlone()],
    ['commits before the handler is done', INTERRUPTED, handsOverWithoutWaiting],
    ['gives a partition to two members', MEMBERS, everyMemberAlone()],
    ['divides the messages among groups', GROUPS, wrong(asIs, (group) => group.replace(/^[a-z]+/, ''))],
  ] as const)('%s', async (_, name, adapter) => {
    await expect(Trial.of(name as string, adapter, 5_000)).rejects.toHaveProperty('matcherResult');
  });
});

function tryingOnAndOn(handle: BatchHandler): BatchHandler {
  return async (batch) => {
    for (let tries = 1; tries < 400; tries += 1) {
      const isDone = await handle(batch).then(
        () => true,
        () => false,
      );
      if (isDone) return;
      await sleep(20);
    }
    throw new Error('still failing');
  };
}

function allAtOnce(handle: BatchHandler): BatchHandler {
  return async (batch) => void (await Promise.all([...byPartition(batch)].map(handle)));
}
