/** What strangers send, over a real broker and a real database: everything is handled or listed, everything else flows. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import fc from 'fast-check';
import { type Admin, ConfigResourceTypes, type IHeaders, type Producer } from 'kafkajs';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Checkout, checkoutCompleted, type Event, topicOf, topics } from '#libs/contracts';
import { Database, DatabaseModule, type Transaction } from '#libs/database';
import { DeadLetterDesk, EventHandler, EventTransport, MessagingModule, messagingMigrations } from '#libs/messaging';
import { connectKafka } from '#libs/messaging/kafka';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { eventually, makeTopics } from '../../test/kit/service.ts';

const CHECKOUTS = topicOf(topics.checkout, 'blanja').name;

/** Asked by kafkajs for the length of a header without a value, which other clients send, and refused. */
const byteLength = Buffer.byteLength;
Buffer.byteLength = (value, encoding) => (value === null ? 0 : byteLength(value, encoding));

@Controller()
class Recorder {
  @EventHandler(checkoutCompleted)
  async hear(events: Event<Checkout>[], transaction: Transaction) {
    await transaction.query('INSERT INTO effect (order_ref) SELECT * FROM unnest($1::text[])', [
      events.map(({ data }) => data.orderRef),
    ]);
  }
}

class CreateEffect1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE effect (order_ref text)');
  }

  async down(): Promise<void> {}
}

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let producer: Producer;
let admin: Admin;

beforeAll(async () => {
  testDatabase = await createDatabase();
  process.env.DATABASE_URL = testDatabase.url;
  const service = `strangers-${randomUUID().slice(0, 8)}`;
  await makeTopics(service);

  @Module({
    imports: [
      DatabaseModule.forRoot({ migrations: [...messagingMigrations, CreateEffect1764000009000] }),
      MessagingModule.forRoot({ service }),
    ],
    controllers: [Recorder],
  })
  class TestModule {}

  app = await NestFactory.create(TestModule, { logger: false });
  database = app.get(Database);
  app.connectMicroservice({ strategy: app.get(EventTransport) });
  await app.startAllMicroservices();
  await app.init();
  const kafka = connectKafka('stranger');
  producer = kafka.producer({ allowAutoTopicCreation: false });
  admin = kafka.admin();
  await producer.connect();
  await admin.connect();
});

afterAll(async () => {
  await producer.disconnect();
  await admin.disconnect();
  await app.close();
  await testDatabase.drop();
});

interface Sent {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[] | null>>;
}

const send = (messages: readonly Sent[]) =>
  producer.send({
    topic: CHECKOUTS,
    messages: messages.map((message) => ({ ...message, headers: message.headers as IHeaders })),
  });

/** The broker compresses what comes, as Java does. */
const setTopic = (settings: Record<string, string>) =>
  admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: CHECKOUTS,
        configEntries: Object.entries({ 'max.message.bytes': '20000000', ...settings }).map(([name, value]) => ({
          name,
          value,
        })),
      },
    ],
  });

function sound(orderRef: string = randomUUID()): Sent {
  const text = (value: string) => Buffer.from(value);
  return {
    key: text(`blanja/${orderRef}`),
    headers: {
      ...{ 'content-type': text('application/json'), ce_id: text(orderRef) },
      ...{ ce_source: text('/blanja'), ce_type: text(checkoutCompleted.type), ce_traceparent: null },
    },
    value: text(
      JSON.stringify({
        ...{ channel: 'blanja', orderRef, placedAt: '2026-01-05T10:00:00+07:00' },
        lines: [{ lineRef: '1', sku: 'BATIK', quantity: 1, unitPrice: 40_000 }],
      }),
    ),
  };
}

const refOf = ({ key }: Sent) => String(key).replace('blanja/', '');

/** How many of these were handled, and how many messages are handled or listed in all. */
async function accounts(messages: readonly Sent[]) {
  const [sum] = await database.query<{ handled: number; all: number }>(
    `SELECT (SELECT count(*) FROM effect WHERE order_ref = ANY($1::text[])) AS handled,
            (SELECT count(*) FROM effect) + (SELECT count(*) FROM dead_letter) AS all`,
    [messages.map(refOf)],
  );
  return sum as { handled: number; all: number };
}

let sentInAll = 0;

/** Sends strange messages among sound ones; all are handled or listed, and the sound ones handled. */
async function expectAllAccountedFor(strange: readonly Sent[]): Promise<void> {
  const healthy = Array.from({ length: strange.length + 4 }, () => sound());
  await send(healthy.flatMap((each, index) => [each, ...strange.slice(index, index + 1)]));
  sentInAll += healthy.length + strange.length;
  const found = await eventually(
    () => accounts(healthy),
    ({ all, handled }) => all >= sentInAll && handled >= healthy.length,
  );
  expect(found).toEqual({ handled: healthy.length, all: sentInAll });
}

it.each(['producer', 'gzip', 'snappy', 'lz4', 'zstd'])(
  'a topic whose compression is %s is read',
  async (compression) => {
    await setTopic({ 'compression.type': compression });
    await expectAllAccountedFor(Array.from({ length: 200 }, () => sound()));
  },
);

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.constantFrom(Buffer.alloc(0), Buffer.from([0]), Buffer.from([0xed, 0xa0, 0xbd]), Buffer.from([0xef, 0xbb, 0xbf])),
);
const place = fc.oneof(
  fc.record({ key: fc.option(anyBytes) }),
  fc.record({ value: fc.option(anyBytes) }),
  fc.record({
    name: fc.oneof(
      fc.constantFrom(
        'ce_id',
        'ce-id',
        'CE_TYPE',
        'ce_source',
        'ce_time',
        'ce_traceparent',
        'content-type',
        '__proto__',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
    header: fc.oneof(
      fc.option(anyBytes),
      fc.array(anyBytes, { minLength: 2, maxLength: 3 }),
      fc
        .constantFrom('application/cloudevents+json', 'application/cloudevents-batch+json')
        .map((text) => Buffer.from(text)),
    ),
  }),
);

/** A sound message, but for a few places. */
function changed(changes: readonly object[]): Sent {
  const message = sound();
  const headers = { ...message.headers };
  for (const change of changes) {
    if ('header' in change && 'name' in change) Object.defineProperty(headers, String(change.name), own(change.header));
    else Object.assign(message, change);
  }
  return { ...message, headers };
}

/** Also of a name that objects have already. */
const own = (value: unknown) => ({ value, enumerable: true, configurable: true, writable: true });

it('any bytes in any place: all other keys and partitions flow on, and everything is handled or listed', async () => {
  const strange = fc.array(fc.array(place, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 20 });
  const compression = fc.constantFrom('producer', 'gzip', 'snappy', 'lz4', 'zstd');
  await fc.assert(
    fc.asyncProperty(strange, compression, async (messages, type) => {
      await setTopic({ 'compression.type': type });
      await expectAllAccountedFor(messages.map(changed));
    }),
    { numRuns: 12, endOnFailure: true },
  );
  const desk = app.get(DeadLetterDesk);
  for (const letter of await desk.list({ all: false, after: undefined, limit: 10_000 })) {
    expect((await desk.find(letter.id))?.message).toMatchObject(letter.message);
    for (const by of ['one', 'other']) await desk.discard(letter, { by, reason: 'strange' }).catch(() => {}); // followers of one come with it
  }
  expect(await desk.list({ all: false, after: undefined, limit: 1 })).toEqual([]);
});

describe('what is large', () => {
  it.each<[string, Partial<Sent>]>([
    ['ten megabytes', { value: Buffer.alloc(10_000_000, 'x') }],
    ['a key of 100 kB', { key: Buffer.alloc(100_000, 'k') }],
    [
      '5,000 headers',
      { headers: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`h${index}`, Buffer.from('x')])) },
    ],
  ])('is set aside, and holds nobody up: %s', async (_, parts) => {
    await setTopic({ 'compression.type': 'producer' });
    await expectAllAccountedFor([{ ...sound(), ...parts }]);
  });
});
