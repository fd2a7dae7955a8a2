import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { checkoutCompleted, type Event, orderPaid } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { log } from '#libs/observability';
import { configuredKeys, Sealer } from '#libs/sealing';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { BatchProcessor } from './batch-processor.ts';
import type { ReceivedMessage } from './broker.ts';
import { toMessage } from './cloud-events.ts';
import { DeadLetters, SEALED_FOR } from './dead-letters.ts';
import { newEvent, newId } from './event.ts';
import { messagingMigrations } from './migration.ts';
import { Outbox } from './outbox.ts';
import { DeadLetterDesk } from './redrive.ts';
import { SystemicFailure } from './systemic-failure.ts';

const decision = { by: 'operator-1', reason: 'mended' };
/** It takes two persons. */
async function giveUp(letter: unknown) {
  const first = { ...decision, by: 'operator-2' };
  expect(await desk.discard(letter as never, first)).toEqual({ resolved: 0, askedBy: first.by });
  return desk.discard(letter as never, decision);
}

class CreateEffect1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE effect (seq bigint GENERATED ALWAYS AS IDENTITY, event_id uuid, name text)');
  }

  async down(): Promise<void> {}
}

let testDatabase: TestDatabase;
let database: Database;
/** As a process starts: nothing is remembered but what is in the database. */
let processor: BatchProcessor;
let desk: DeadLetterDesk;
let offset = 0;
/** What handling an event of this key does, but record it. */
const faults = new Map<string, () => unknown>();

beforeAll(async () => {
  testDatabase = await createDatabase();
  database = await Database.open(testDatabase.url, [...messagingMigrations, CreateEffect1764000009000]);
});

beforeEach(async () => {
  faults.clear();
  await database.query('DELETE FROM dead_letter');
  await database.query('DELETE FROM blocked_key');
  await database.query('DELETE FROM effect');
  await database.query('DELETE FROM outbox');
  start();
});

afterAll(async () => {
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

function start(): void {
  const handler = async (events: Event[], transaction: Transaction) => {
    await transaction.query('INSERT INTO effect (event_id, name) SELECT * FROM unnest($1::uuid[], $2::text[])', [
      events.map(({ id }) => id),
      events.map(({ key }) => key),
    ]);
    for (const { key } of events) await faults.get(key.replace(/.*\//, '').replace(/-.*/, ''))?.();
  };
  const handlers = new Map([orderPaid, checkoutCompleted].map(({ type }) => [type, handler]));
  const letters = new DeadLetters('test', new Sealer(configuredKeys('SEALING_KEYS'), SEALED_FOR));
  processor = new BatchProcessor(database, new Outbox(), letters, 'test', handlers);
  desk = new DeadLetterDesk(database, letters, processor);
}

function received(event: Event, place: Partial<ReceivedMessage> = {}): ReceivedMessage {
  const { topic, key, headers, value } = toMessage(event);
  return {
    ...{ topic, partition: 0, offset: String(++offset), timestamp: '1767582000000' },
    key: Buffer.from(key as string),
    headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const),
    value: Buffer.from(value),
    ...place,
  };
}

const paid = (name: string) => newEvent(orderPaid, { orderId: `test/${name}` }, { correlationId: newId() });
const checkout = (orderRef: string, unitPrice = 1_000) =>
  newEvent(
    checkoutCompleted,
    {
      ...{ channel: 'blanja', orderRef, placedAt: '2026-01-05T10:00:00+07:00' },
      lines: [{ lineRef: '1', sku: 'BATIK', quantity: 1, unitPrice }],
    },
    { correlationId: newId() },
  );

const effects = async () =>
  (await database.query<{ name: string }>('SELECT name FROM effect ORDER BY seq')).map(({ name }) => name);
const letters = (all = false) => desk.list({ all, after: undefined, limit: 10_000 });
const fails = () => {
  throw new TypeError('undefined is not a function');
};

describe('what a dead letter may be made of', () => {
  const anyBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const zero = Buffer.from([0]);
  const halfEmoji = Buffer.from([0xed, 0xa0, 0xbd]);
  const whole: Partial<ReceivedMessage> = { key: anyBytes, headers: [['ce_id', anyBytes]], value: anyBytes };

  it.each<[string, Partial<ReceivedMessage>]>([
    ['zero bytes', { key: zero, headers: [['\0', zero]], value: zero }],
    ['any bytes', whole],
    ['halves of an emoji', { key: halfEmoji, headers: [['ce_type', halfEmoji]], value: halfEmoji }],
    ['nothing', { key: null, headers: [], value: null }],
    ['empty parts', { key: Buffer.alloc(0), headers: [['', Buffer.alloc(0)]], value: Buffer.alloc(0) }],
    ['a key of 100 kB', { ...whole, key: Buffer.alloc(100_000, 7) }],
    [
      '10,000 headers',
      { ...whole, headers: Array.from({ length: 10_000 }, (_, index) => [`h${index}`, zero] as const) },
    ],
    [
      'names of prototypes',
      {
        headers: [
          ['__proto__', zero],
          ['constructor', zero],
          ['__proto__', anyBytes],
        ],
      },
    ],
    ['a time before time', { timestamp: '-9223372036854775808' }],
    ['an offset at the end of time', { offset: '9223372036854775807' }],
    ['a cause with zero bytes', { damage: 'a batch \0 \ud83d' }],
  ])('%s: it is kept, listed, shown as it came, and given up', async (_, parts) => {
    const message = { ...received(paid('any')), headers: [], ...parts };
    await processor.process([message]);
    const [letter] = await letters();
    const { damage, ...shown } = message;
    expect(await desk.find(letter?.id as string)).toMatchObject({ status: 'poison', isWhole: true, message: shown });
    if (damage) expect(letter?.cause).toBe('a batch \uFFFD \uFFFD');
    expect(await giveUp(letter)).toEqual({ resolved: 1 });
    expect(await letters()).toEqual([]);
  });

  it('ten megabytes: kept are its place, its size, its digest and the beginning; it can be given up, not redriven', async () => {
    const value = Buffer.alloc(10_000_000, 'x');
    await processor.process([received(paid('large'), { value }), received(paid('large'))]);
    const [letter] = await letters();
    const found = await desk.find(letter?.id as string);
    expect(found).toMatchObject({ isWhole: false, digest: expect.stringMatching(/^[\da-f]{64}$/) });
    expect(found?.bytes).toBeGreaterThan(10_000_000);
    expect(found?.message.value).toEqual(value.subarray(0, 65_536));
    expect(await desk.redrive(letter as never, decision)).toMatchObject({
      resolved: 0,
      stoppedAt: { cause: expect.stringContaining('only a part was kept') },
    });
    expect(await giveUp(letter)).toEqual({ resolved: 2 });
    expect(await effects()).toEqual(['test/large']);
  });

  it('is sealed at rest, and the notice to others says where it stands, not what is in it', async () => {
    await processor.process([received(paid('Warga-Binaan'), { value: Buffer.from('"nama: Warga Binaan"') })]);
    const rows = await database.query<{ text: string }>(
      'SELECT dead_letter::text AS text FROM dead_letter UNION ALL SELECT outbox::text FROM outbox',
    );
    const text = rows.map((row) =>
      row.text.replaceAll(/\\\\x([\da-f]+)/g, (_, hex) => Buffer.from(hex, 'hex').toString('latin1')),
    );
    expect(text).toHaveLength(2);
    expect(text.join()).not.toMatch(/Warga/);
    const [letter] = await letters();
    expect(text[1]).toContain(letter?.id);
  });

  it('sealed under the key before is opened and redriven under the next; what is under which can be counted', async () => {
    const byKey = () =>
      database.query(
        'SELECT get_byte(headers, 1) AS key, count(*)::int AS letters FROM dead_letter GROUP BY 1 ORDER BY 1',
      );
    faults.set('before', fails);
    await processor.process([received(paid('before'))]);
    const before = process.env.SEALING_KEYS as string;
    try {
      process.env.SEALING_KEYS = `2:${Buffer.alloc(32, 8).toString('base64')},${before}`;
      start();
      faults.set('after', fails);
      await processor.process([received(paid('after'))]);
      expect(await byKey()).toEqual([
        { key: 1, letters: 1 },
        { key: 2, letters: 1 },
      ]);
      faults.clear();
      for (const letter of await letters())
        expect(await desk.redrive(letter as never, decision)).toEqual({ resolved: 1 });
      expect((await effects()).sort()).toEqual(['test/after', 'test/before']);
    } finally {
      process.env.SEALING_KEYS = before;
      start();
    }
  });
});

describe('a key with dead letters', () => {
  it('costs the same however much waits behind it: one row is locked', async () => {
    faults.set('bug', fails);
    await processor.process([received(paid('bug')), ...Array.from({ length: 600 }, () => received(paid('bug')))]);
    expect(await letters()).toHaveLength(601);
    await processor.process([received(paid('bug'))]);
    expect(await database.query('SELECT FROM dead_letter WHERE xmax <> 0')).toEqual([]); // no letter was locked
    expect(await database.query('SELECT FROM blocked_key')).toHaveLength(1);
  });

  it('stands behind what was done before it, which may come again and is no letter', async () => {
    const done = received(paid('bug'));
    await processor.process([done]);
    faults.set('bug', fails);
    const [poison, behind] = [received(paid('bug')), received(paid('bug'))];
    for (const messages of [[poison, behind], [done], [done, poison, behind]]) {
      await processor.process(messages);
      expect((await letters()).map(({ status }) => status)).toEqual(['poison', 'parked']);
    }
    expect(await effects()).toEqual(['test/bug']);
  });

  it('is redriven in the order in which it came, also from partitions that were added meanwhile', async () => {
    faults.set('bug', fails);
    const events = Array.from({ length: 4 }, () => paid('bug'));
    await processor.process([received(events[0] as Event, { partition: 3, offset: '900' })]);
    await processor.process([received(events[1] as Event, { partition: 3, offset: '901' })]);
    for (const [index, event] of events.slice(2).entries()) {
      await processor.process([received(event, { partition: 1, offset: String(index) })]);
    }
    faults.clear();
    const buried = await letters();
    expect(buried.map(({ status }) => status)).toEqual(['poison', ...Array(3).fill('parked')]);
    expect(await desk.redrive(buried[0] as never, decision)).toEqual({ resolved: 4 });
    const order = await database.query<{ event_id: string }>('SELECT event_id FROM effect ORDER BY seq');
    expect(order.map(({ event_id }) => event_id)).toEqual(events.map(({ id }) => id));
    expect(await database.query('SELECT FROM blocked_key')).toEqual([]);
  });

  it('is free again with its last letter, and blocked by the next poison', async () => {
    faults.set('bug', fails);
    for (let time = 0; time < 2; time += 1) {
      await processor.process([received(paid('bug'))]);
      const [letter] = await letters();
      await giveUp(letter);
      expect(await database.query('SELECT FROM blocked_key')).toEqual([]);
    }
    faults.clear();
    await processor.process([received(paid('bug'))]);
    expect(await effects()).toEqual(['test/bug']);
  });
});

describe('a dead letter that was discarded', () => {
  it('is given up for good: its sender repeats it in vain', async () => {
    faults.set('bug', fails);
    const event = checkout('bug');
    await processor.process([received(event)]);
    const [letter] = await letters();
    await giveUp(letter);
    faults.clear();
    await processor.process([received(event), received(checkout('bug'))]);
    expect(await effects()).toEqual(['blanja/bug']); // the other one
    expect(await letters()).toEqual([]);
  });

  it('so is one that cannot be read, and its key is not blocked by the repetition', async () => {
    const event = checkout('unreadable');
    const unreadable = () => received(event, { value: Buffer.from('{') });
    await processor.process([unreadable()]);
    const [letter] = await letters();
    await giveUp(letter);
    await processor.process([unreadable(), received(checkout('unreadable'))]);
    expect(await letters()).toEqual([]);
    expect(await effects()).toEqual(['blanja/unreadable']);
  });
});

it('letters of a topic that was made anew are others than those in the same places before', async () => {
  const message = received(paid('before'), { offset: '7', value: Buffer.from('{') });
  await processor.process([message]);
  await processor.process([message]); // once more, as after a crash
  await processor.process([{ ...message, key: Buffer.from('test/after') }]);
  await processor.process([{ ...message, timestamp: '1767582000001' }]);
  expect((await letters()).map(({ message, status }) => [String(message.key), status])).toEqual([
    ['test/before', 'poison'],
    ['test/after', 'poison'],
    ['test/before', 'parked'],
  ]);
});

describe('an id that is used again', () => {
  const claimed = (event: Event, id: string, source = '/blanja') => received({ ...event, id, source });

  it('for something else: both have their effects, and the second is listed', async () => {
    const id = randomUUID();
    await processor.process([claimed(checkout('first'), id)]);
    await processor.process([claimed(checkout('second'), id), claimed(checkout('lapak'), id, '/lapak')]);
    expect((await effects()).sort()).toEqual(['blanja/first', 'blanja/lapak', 'blanja/second']);
    const reused = await desk.reusedEventIds({ before: undefined, limit: 10 });
    expect(reused).toMatchObject([{ claimedId: id, source: '/blanja', key: 'blanja/second' }]);
  });

  it('at the same time in two partitions: still none is swallowed, and one is listed', async () => {
    const id = randomUUID();
    await Promise.all([
      processor.process([claimed(checkout('one'), id)]),
      processor.process([claimed(checkout('other'), id, '/blanja')].map((each) => ({ ...each, partition: 1 }))),
    ]);
    expect((await effects()).sort()).toEqual(['blanja/one', 'blanja/other']);
    const reused = await desk.reusedEventIds({ before: undefined, limit: 100 });
    expect(reused.filter(({ claimedId }) => claimedId === id)).toHaveLength(1);
  });

  it('for the same is a repetition, however its JSON is written', async () => {
    const id = randomUUID();
    const event = checkout('same');
    const value = JSON.stringify(Object.fromEntries(Object.entries(event.data).reverse()), null, 2);
    await processor.process([claimed(event, id), { ...claimed(event, id), value: Buffer.from(value) }]);
    expect(await effects()).toEqual(['blanja/same']);
  });

  it('what an earlier version has processed is not processed again', async () => {
    const id = randomUUID();
    await database.query(`INSERT INTO inbox (consumer, event_id) VALUES ('test', $1)`, [id]);
    await processor.process([{ ...claimed(checkout('before the upgrade'), id), topic: 'checkout.v1' }]);
    expect(await effects()).toEqual([]);
  });
});

describe('what fails for everybody', () => {
  const missing = () => database.query('SELECT FROM missing_table');
  const batch = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => received(paid(`${kind}-${index}`)));

  it('is no poison: a batch of it stops the consumer with an alarm, and nothing is buried', async () => {
    const alarm = jest.spyOn(log, 'fatal');
    faults.set('sick', missing);
    const messages = batch('sick', 200);
    await expect(processor.process(messages)).rejects.toThrow(SystemicFailure);
    expect(alarm).toHaveBeenCalledTimes(1);
    expect(processor.waiting).not.toEqual([]);
    expect(await letters()).toEqual([]);
    faults.clear();
    start(); // mended, and started again
    await processor.process(messages);
    expect(await effects()).toHaveLength(200);
    expect(processor.waiting).toEqual([]);
  });

  it('is found one by one as well: after a handful nothing is buried', async () => {
    faults.set('sick', missing);
    const messages = batch('sick', 8);
    const outcomes = [];
    for (const message of messages)
      outcomes.push(
        await processor.process([message]).then(
          () => 'buried',
          () => 'stopped',
        ),
      );
    expect(outcomes).toEqual([...Array(4).fill('buried'), ...Array(4).fill('stopped')]);
    expect(await letters()).toHaveLength(4);
  });

  it('is told from what was done before: a repetition of that is no sign that anything can be processed', async () => {
    const done = received(paid('done'));
    await processor.process([done]);
    faults.set('sick', missing);
    const messages = [...batch('sick', 20), { ...done, offset: String(++offset) }];
    await expect(processor.process(messages)).rejects.toThrow(SystemicFailure);
    expect(await letters()).toEqual([]);
  });

  it('ends by itself when it is mended, tried again every few seconds', async () => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'nextTick', 'setTimeout', 'setInterval', 'queueMicrotask', 'Date'],
    });
    try {
      faults.set('sick', missing);
      const messages = batch('sick', 6);
      await expect(processor.process(messages)).rejects.toThrow(SystemicFailure);
      jest.advanceTimersByTime(6_000);
      await expect(processor.process(messages)).rejects.toThrow('missing_table');
      faults.clear();
      await expect(processor.process(messages)).rejects.toThrow(SystemicFailure); // not yet
      jest.advanceTimersByTime(6_000);
      await processor.process(messages);
      expect(processor.waiting).toEqual([]);
      expect(await effects()).toHaveLength(6);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is not what others are spared: poison in a row, with something sound behind it, is buried', async () => {
    faults.set('bug', fails);
    const messages = [...batch('bug', 40), received(paid('sound'))];
    await expect(processor.process(messages)).resolves.toBe(true);
    expect(await letters()).toHaveLength(40);
    expect(await effects()).toEqual(['test/sound']);
  });

  it('nor is it for everybody if another partition brings what can be processed', async () => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'nextTick', 'setTimeout', 'setInterval', 'queueMicrotask', 'Date'],
    });
    try {
      faults.set('bug', fails);
      const messages = batch('bug', 7);
      await expect(processor.process(messages)).rejects.toThrow(SystemicFailure);
      await processor.process([received(paid('sound'), { partition: 1 })]);
      expect(processor.waiting).toEqual([]);
      await processor.process(messages);
      expect(await letters()).toHaveLength(7);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is not what is wrong with values, however many in a row have it', async () => {
    faults.set('odd', () => database.query(`SELECT '0000-01-01'::timestamptz`));
    await processor.process(batch('odd', 12));
    expect(await letters()).toHaveLength(12);
  });

  it('nor an unreadable message of a stranger', async () => {
    const stranger = (type: string) => received(checkout('x'), { headers: [['ce_type', Buffer.from(type)]] });
    await processor.process(Array.from({ length: 20 }, () => stranger('gossip.v1')));
    expect(await letters()).toHaveLength(20);
  });

  const newer = (name: string, place: Partial<ReceivedMessage> = {}): ReceivedMessage => {
    const message = received(paid(name), place);
    const headers = message.headers.map(
      ([header, value]) => [header, header === 'ce_type' ? Buffer.from('orders.order-praised.v1') : value] as const,
    );
    return { ...message, headers };
  };

  it('is not what a later version says: it waits with what follows in its partition, and the rest goes on', async () => {
    const batch = [
      ...[received(paid('before')), newer('praised'), received(paid('behind'))],
      received(paid('beside'), { partition: 1 }),
    ];
    await expect(processor.process(batch)).rejects.toThrow(
      'orders.order-praised.v1 is of a type that this version does not know',
    );
    expect((await effects()).sort()).toEqual(['test/before', 'test/beside']);
    expect(await letters()).toEqual([]);
    expect(processor.waiting).toEqual(['orders.order-praised.v1 is of a type that this version does not know']);
  });

  it.each([
    ['23502', 'has a column that wants a value'],
    ['42703', 'has a column no more'],
  ])('is not what a newer schema refuses (%s: it %s): one is enough to wait, and nothing is buried', async (code) => {
    faults.set('newer', () => database.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`));
    const batch = [received(paid('sound')), received(paid('newer')), received(paid('behind'))];
    await expect(processor.process(batch)).rejects.toThrow(/meets a newer schema/);
    expect(await effects()).toEqual(['test/sound']);
    expect(await letters()).toEqual([]);
    expect(processor.waiting).toEqual([`${orderPaid.type} meets a newer schema`]);
    faults.clear();
    start(); // the next version
    await processor.process(batch);
    expect(await effects()).toEqual(['test/sound', 'test/newer', 'test/behind']);
  });
});

it('all letters of one cause are redriven in one call, each with what waits behind it', async () => {
  faults.set('one', fails);
  faults.set('other', () => {
    throw new RangeError('too far');
  });
  for (const name of ['one-1', 'other-1', 'one-2', 'other-2', 'one-3']) {
    await processor.process([received(paid(name)), received(paid(name))]);
  }
  expect(await desk.summary()).toEqual({ poison: 5, parked: 5, since: expect.any(Date) });
  const [cause] = await desk.causes();
  expect(cause).toMatchObject({ cause: 'TypeError: undefined is not a function', letters: 3 });
  expect(await desk.redriveCause(cause?.cause as string, decision)).toMatchObject({
    resolved: 0,
    failed: { length: 3 },
  });
  faults.delete('one');
  expect(await desk.redriveCause(cause?.cause as string, decision)).toEqual({ resolved: 6, failed: [] });
  expect(await letters()).toHaveLength(4);
});
