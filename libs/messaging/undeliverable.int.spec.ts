import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfigResourceTypes, type ITopicConfig, type Kafka } from 'kafkajs';
import { register } from 'prom-client';
import { Database } from '#libs/database';
import { observe } from '#libs/observability';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { eventually } from '../../test/kit/service.ts';
import type { Broker, Message, Publisher, Subscription } from './broker.ts';
import { Hearers } from './hearers.ts';
import { connectKafka } from './kafka/client.ts';
import { KafkaBroker } from './kafka/kafka-broker.ts';
import { messagingMigrations } from './migration.ts';
import { Outbox } from './outbox.ts';
import { BATCH_BYTES_MAX, RECORD_BYTES_MAX, recordBytes } from './record-size.ts';
import { OutboxRelay } from './relay.ts';
import { UndeliverableDesk, undeliverableCount } from './undeliverable.ts';

const LIMIT_BYTES = 5_000;
/** The key of what nobody listens to. */
const UNHEARD = 'unheard';
const DECISION = { by: 'operator', reason: 'mended' };

let kafka: Kafka;
let broker: Broker;
let testDatabase: TestDatabase;
let database: Database;
let outbox: Outbox;
let relay: OutboxRelay;
let publisher: Publisher;
let desk: UndeliverableDesk;
let topic: string;
let unknown: string;
const consumers: Subscription[] = [];

beforeAll(() => {
  kafka = connectKafka('undeliverable');
  broker = new KafkaBroker('undeliverable');
});

beforeEach(async () => {
  topic = `small-${randomUUID()}`;
  unknown = `unknown-${randomUUID()}`;
  await makeTopic({ topic, configEntries: [{ name: 'max.message.bytes', value: `${LIMIT_BYTES}` }] });
  testDatabase = await createDatabase();
  database = await Database.open(testDatabase.url, messagingMigrations);
  outbox = new Outbox();
  publisher = broker.publisher();
  relay = new OutboxRelay(database, publisher, outbox, new Hearers(broker));
  desk = new UndeliverableDesk(database, outbox);
  relay.start();
});

afterEach(async () => {
  await relay.stop();
  await publisher.close();
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

afterAll(() => register.clear());

async function makeTopic(config: ITopicConfig): Promise<void> {
  const admin = kafka.admin();
  await admin.createTopics({ topics: [{ numPartitions: 2, ...config }] });
  await admin.disconnect();
}

/** Until the broker has taken it up, which it does some time after it has said that it will. */
async function raiseLimit(): Promise<void> {
  const admin = kafka.admin();
  const configEntries = [{ name: 'max.message.bytes', value: `${BATCH_BYTES_MAX}` }];
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
  const isTaken = () =>
    publisher.publish([large(UNHEARD, 'tried')]).then(
      () => true,
      () => false,
    );
  expect(await eventually(isTaken, Boolean)).toBe(true);
}

const small = (key: string | null, value: string, to = topic): Message => ({ topic: to, key, headers: {}, value });
const large = (key: string | null, value: string): Message => small(key, value.padEnd(LIMIT_BYTES, '.'));

const write = (...messages: Message[]): Promise<void> =>
  database.transaction((transaction) => outbox.appendMessages(transaction, messages));

/** The names (what stands before the padding) that have arrived, by key; as in an inbox, what comes again is no news. */
async function listen(): Promise<Map<string, string[]>> {
  const received = new Map<string, string[]>();
  const member = `undeliverable-${randomUUID()}`;
  const consumer = new KafkaBroker(member).subscription(member, [topic], async (messages) => {
    for (const { key, value } of messages) {
      if (String(key) === UNHEARD) continue;
      const names = received.get(`${key}`) ?? [];
      received.set(`${key}`, [...new Set([...names, String(value).replace(/\.+$/, '')])]);
    }
  });
  consumers.push(consumer);
  await consumer.start();
  return received;
}

const emptyOutbox = async (): Promise<void> => {
  const read = async () => (await database.query<{ rows: number }>('SELECT count(*) AS rows FROM outbox'))[0]?.rows;
  expect(await eventually(read, (rows) => rows === 0)).toBe(0);
};

const waiting = () => desk.list({ all: false, after: undefined, limit: 100 });

describe('a message that the broker refuses for good', () => {
  it.each<[string, () => Promise<Message>, string]>([
    ['too large', async () => large('a', 'refused'), 'MESSAGE_TOO_LARGE'],
    ['to a topic that is not there', async () => small('a', 'refused', unknown), 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['to what is no name of a topic', async () => small('a', 'refused', 'a b'), 'INVALID_TOPIC_EXCEPTION'],
    [
      'without a key, to a topic that needs one',
      async () => {
        const compacted = `compacted-${randomUUID()}`;
        await makeTopic({ topic: compacted, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] });
        return small(null, 'refused', compacted);
      },
      'INVALID_RECORD',
    ],
  ])('(%s) is set aside with its cause, and everything else leaves', async (_, message, cause) => {
    const others = Array.from({ length: 300 }, (_, number) => small(`k${number % 7}`, `${number}`));
    const received = await listen();
    await write(...others.slice(0, 200), await message(), ...others.slice(200));
    await emptyOutbox();
    await eventually(
      () => [...received.values()].flat().length,
      (count) => count >= others.length,
    );
    const expected = Map.groupBy(others, ({ key }) => key ?? '');
    for (const [key, messages] of expected) expect(received.get(key)).toEqual(messages.map(({ value }) => value));
    expect(await waiting()).toMatchObject([{ cause: expect.stringContaining(cause), attempts: 1, resolution: null }]);
  });

  it('keeps the later ones of its key behind it, until somebody decides: redriven, all arrive in order', async () => {
    const received = await listen();
    const arrived = (key: string, count: number) =>
      eventually(
        () => received.get(key),
        (names) => names?.length === count,
      );
    await write(small('a', '1'), large('a', '2'), small('a', '3'), small('b', 'other'));
    await emptyOutbox();
    await write(small('a', '4'), large('a', '5'));
    await emptyOutbox();
    expect(await arrived('b', 1)).toEqual(['other']);
    expect(await arrived('a', 1)).toEqual(['1']);
    const [refused] = await waiting();
    expect(await desk.find(refused?.id ?? '')).toMatchObject({ message: { key: 'a' } });

    await desk.redrive(refused?.id, DECISION); // too early
    await eventually(waiting, ([again]) => again?.attempts === 2);
    expect(received.get('a')).toEqual(['1']);

    await raiseLimit();
    expect(await desk.redrive(undefined, DECISION)).toBe(1);
    expect(await arrived('a', 5)).toEqual(['1', '2', '3', '4', '5']);
    expect(await waiting()).toEqual([]);
    const [resolved] = await desk.list({ all: true, after: undefined, limit: 1 });
    expect(resolved?.resolution).toMatchObject({ action: 'redriven', ...DECISION });
  });

  it('is given up by another person than who asked for it, and not by one alone', async () => {
    await write(large('a', '1'), small('a', '2'));
    await emptyOutbox();
    const [refused] = await eventually(waiting, ({ length }) => length === 1);
    const id = refused?.id as string;
    for (const _ of [1, 2]) expect(await desk.discard(id, DECISION)).toEqual({ resolved: 0, askedBy: 'operator' });
    expect(await waiting()).toMatchObject([{ id, discardAskedBy: 'operator', resolution: null }]);
    const alone = `UPDATE undeliverable SET resolution = 'discarded', resolved_by = discard_asked_by, resolved_at = now(),
                     reason = '-' WHERE seq = $1`;
    await expect(database.query(alone, [id])).rejects.toMatchObject({ constraint: 'given_up_by_another' });
    expect(await desk.discard(id, { ...DECISION, by: 'another' })).toEqual({ resolved: 1 });
    const [given] = await desk.list({ all: true, after: undefined, limit: 1 });
    expect(given).toMatchObject({ discardAskedBy: 'operator', resolution: { action: 'discarded', by: 'another' } });
  });

  it('put back and refused anew, is asked about anew', async () => {
    await write(large('a', '1'));
    await emptyOutbox();
    const [refused] = await eventually(waiting, ({ length }) => length === 1);
    const id = refused?.id as string;
    await desk.discard(id, DECISION);
    await desk.redrive(id, DECISION);
    await emptyOutbox();
    expect(await eventually(waiting, ([again]) => again?.attempts === 2)).toMatchObject([{ id, discardAskedBy: null }]);
    expect(await desk.discard(id, { ...DECISION, by: 'another' })).toEqual({ resolved: 0, askedBy: 'another' });
  });

  it('discarded, lets those behind it go, and stays to be seen', async () => {
    const received = await listen();
    await write(large('a', '1'), small('a', '2'), large('a', '3'), small('a', '4'));
    await emptyOutbox();
    for (const _ of [1, 3]) {
      const [refused] = await eventually(waiting, ({ length }) => length === 1);
      await desk.discard(refused?.id as string, DECISION);
      expect(await desk.discard(refused?.id as string, { ...DECISION, by: 'another' })).toEqual({ resolved: 1 });
      await emptyOutbox();
    }
    await eventually(
      () => received.get('a')?.length,
      (count) => count === 2,
    );
    expect(received.get('a')).toEqual(['2', '4']);
    expect(await desk.list({ all: true, after: undefined, limit: 10 })).toHaveLength(2);
  });

  it('is counted while it waits', async () => {
    observe({ name: 'outbox_undeliverable_messages', help: '-', read: () => database.session(undeliverableCount) });
    await write(large('a', '1'), large('a', '2'), large('b', '3'));
    await emptyOutbox();
    expect(await register.getSingleMetricAsString('outbox_undeliverable_messages')).toContain('messages 2');
  });

  it('among any others, in whatever order and with decisions in between: each key keeps its order, nothing is lost', async () => {
    const received = await listen();
    const writes = fc.array(
      fc.oneof(
        { weight: 5, arbitrary: fc.record({ key: fc.constantFrom('a', 'b', 'c'), large: fc.boolean() }) },
        { weight: 1, arbitrary: fc.constant('decide' as const) },
      ),
      { minLength: 5, maxLength: 25 },
    );
    const [steps = []] = fc.sample(writes, { numRuns: 1, seed: Number(process.env.TEST_SEED ?? Date.now()) });
    const written = new Map<string, string[]>();
    for (const [number, step] of steps.entries()) {
      if (step === 'decide') await desk.redrive(undefined, DECISION);
      else {
        written.set(step.key, [...(written.get(step.key) ?? []), `${number}`]);
        await write((step.large ? large : small)(step.key, `${number}`));
      }
    }
    await raiseLimit();
    const arrived = async () => {
      await desk.redrive(undefined, DECISION);
      return [...received.values()].flat().length;
    };
    await eventually(arrived, (count) => count >= [...written.values()].flat().length);
    expect(new Map([...received].sort())).toEqual(new Map([...written].sort()));
  });
});

it('what the outbox takes, a topic of ours takes', async () => {
  const ours = { name: `ours-${randomUUID()}`, key: 'any', partitions: 1, retentionDays: 1 };
  await broker.createTopics([ours]);
  const message = { ...small('é'.repeat(100), '', ours.name), headers: { ce_subject: 'é'.repeat(100) } };
  const largest = { ...message, value: 'x'.repeat(RECORD_BYTES_MAX - recordBytes(message)) };
  await publisher.publish([largest]);
  await expect(write({ ...largest, value: `${largest.value}x` })).rejects.toThrow(
    `${RECORD_BYTES_MAX + 1} bytes are more than`,
  );
});

it('settings of a topic that are not as we make them are told', async () => {
  const ours = { name: `ours-${randomUUID()}`, key: 'any', partitions: 3, retentionDays: 1 };
  const theirs = { name: topic, key: 'any', partitions: 4, retentionDays: 1 };
  await broker.createTopics([ours, theirs]);
  expect(await broker.misfitsOf([ours, theirs])).toEqual([
    { topic, setting: 'max.message.bytes', is: `${LIMIT_BYTES}`, wanted: `${BATCH_BYTES_MAX}` },
    { topic, setting: 'retention.ms', is: '604800000', wanted: '86400000' },
    { topic, setting: 'partitions', is: '2', wanted: '4' },
  ]);
});
