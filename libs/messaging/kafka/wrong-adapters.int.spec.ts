import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { BatchHandler, Broker, ReceivedMessage } from '../broker.ts';
import { conformance, LATER, Trial } from '../conformance.ts';
import { KafkaBroker } from './kafka-broker.ts';

/* The cases of conformance are good for something: each fails for an adapter that does wrong. */

const kafka = (clientId: string): Broker => new KafkaBroker(clientId);

/** Kafka, but for a part of it. */
const kafkaBut =
  (change: (right: Broker) => Partial<Broker>) =>
  (clientId: string): Broker => {
    const right = kafka(clientId);
    return {
      createTopics: (topics) => right.createTopics(topics),
      misfitsOf: (topics) => right.misfitsOf(topics),
      committed: (group) => right.committed(group),
      unheard: (told) => right.unheard(told),
      publisher: () => right.publisher(),
      subscription: (group, topics, handle) => right.subscription(group, topics, handle),
      feed: (principal, topics, handle) => right.feed(principal, topics, handle),
      ...change(right),
    };
  };
/** What it hands over goes through `change` first, and a group gets another name. */
const wrong = (change: (handle: BatchHandler) => BatchHandler, groupOf = (group: string) => group) =>
  kafkaBut((right) => ({
    subscription: (group, topics, handle) => right.subscription(groupOf(group), topics, change(handle)),
    feed: (_, topics, handle) => right.subscription(groupOf('feed'), topics, handle),
  }));
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
    last = last.then(async () => void (await handle(batch))).catch(() => {});
  };
});
const everyMemberAlone = () => {
  let members = 0;
  return wrong(asIs, (group) => `${group}-${++members}`);
};

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

/** What is wrong, the case that must notice it, and an adapter that does so. */
const WRONG: readonly [string, keyof typeof conformance, (clientId: string) => Broker][] = [
  [
    'loses a message',
    'loses, doubles or changes nothing, and keeps the order of each key',
    changing((batch) => batch.slice(1)),
  ],
  [
    'doubles a message',
    'loses, doubles or changes nothing, and keeps the order of each key',
    changing((batch) => [...batch, ...batch.slice(-1)]),
  ],
  [
    'changes a message',
    'loses, doubles or changes nothing, and keeps the order of each key',
    changing((batch) => batch.map((each) => ({ ...each, value: null }))),
  ],
  [
    'turns the order round',
    'loses, doubles or changes nothing, and keeps the order of each key',
    changing((batch) => batch.toReversed()),
  ],
  [
    'makes a key of none',
    'keeps a message without a key',
    changing((batch) => batch.map((each) => ({ ...each, key: Buffer.alloc(0) }))),
  ],
  [
    'hands over one partition after another',
    'hands over the messages of each partition in its order, and what waits of several partitions at once',
    partitionByPartition,
  ],
  [
    'keeps what comes meanwhile apart',
    'fetches while a batch is handled: what comes meanwhile goes with the next one, whatever its partition',
    partitionByPartition,
  ],
  [
    'skips what failed',
    'skips nothing when a batch fails: the partition waits and gets it again, the others go on',
    wrong((handle) => (batch) => handle(batch).catch(() => {})),
  ],
  [
    'lets one partition keep all others waiting',
    'skips nothing when a batch fails: the partition waits and gets it again, the others go on',
    wrong(tryingOnAndOn),
  ],
  [
    'gives a batch to another member as well',
    'says that it lives while a batch takes long: nobody else gets it meanwhile',
    everyMemberAlone(),
  ],
  [
    'hands over several batches at once',
    'hands over one batch at a time, however many partitions there are: what it asks of a database is bounded',
    wrong(allAtOnce),
  ],
  [
    'takes what its handler has no time for',
    'does not fetch what its handler has no time for: memory stays flat however far it is behind',
    handsOverWithoutWaiting,
  ],
  [
    'begins again at every start',
    'goes on where the group left off after a stop, without repeating what was handled',
    everyMemberAlone(),
  ],
  [
    'commits before the handler is done',
    'delivers again what was under way when a member was stopped before its handler finished',
    handsOverWithoutWaiting,
  ],
  [
    'gives a partition to two members',
    'never has a partition handled by two members at a time while members come and go',
    everyMemberAlone(),
  ],
  [
    'knows only the topics that were there when it began',
    'joins a topic of its form that comes later, with all members, and goes on with those it had',
    kafkaBut((right) => {
      const known = (topic: string | RegExp) =>
        typeof topic === 'string' ? topic : new RegExp(topic.source.replace(LATER, ''));
      return { subscription: (group, topics, handle) => right.subscription(group, topics.map(known), handle) };
    }),
  ],
  [
    'divides the messages among groups',
    'lets every group have every message',
    wrong(asIs, (group) => group.replace(/^[a-z]+/, '')),
  ],
  [
    'divides the messages among feeds',
    'tells each feed all that comes from now on, and nothing of before',
    wrong(asIs),
  ],
];

/** What is measured as memory is of all that runs: by itself, when the others are done. */
const isMeasured = ([, name]: (typeof WRONG)[number]): boolean => name.includes('memory');

describe('the cases notice an adapter that', () => {
  const isNoticed = async (_: string, name: keyof typeof conformance, adapter: (clientId: string) => Broker) => {
    await expect(Trial.of(conformance[name], adapter, 5_000)).rejects.toHaveProperty('matcherResult');
  };
  it.concurrent.each(WRONG.filter((each) => !isMeasured(each)))('%s', isNoticed); // most wait for what never comes
  it.each(WRONG.filter(isMeasured))('%s', isNoticed);

  it('does wrong, whatever it is: no case is without one', () => {
    expect(new Set(WRONG.map(([, name]) => name))).toEqual(new Set(Object.keys(conformance)));
  });
});
