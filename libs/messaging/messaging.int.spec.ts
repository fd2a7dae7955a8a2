import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Event, orderCancelled, orderPaid } from '#libs/contracts';
import { Database, DatabaseModule, type Transaction } from '#libs/database';
import {
  DeadLetterDesk,
  EventHandler,
  KafkaTransport,
  MessagingModule,
  messagingMigrations,
  NotFirstOfKey,
  newEvent,
  newId,
  Outbox,
} from '#libs/messaging';
import { connectKafka, KafkaPublisher, toMessage } from '#libs/messaging/kafka';
import { createDatabase, kafkaBrokers, type TestDatabase } from '../../test/kit/database.ts';
import { eventually } from '../../test/kit/service.ts';
import { pruneInbox } from './inbox.ts';

const run = randomUUID().slice(0, 8);
const orderId = (name: string) => `test/${run}-${name}`;

/** A key that holds "bug" fails while this is set. */
let broken = true;

/** Writes what it is told into a table. */
@Controller()
class Recorder {
  @EventHandler(orderPaid)
  onPaid(events: Event<{ orderId: string }>[], transaction: Transaction) {
    return record(events, transaction);
  }

  @EventHandler(orderCancelled)
  onCancelled(events: Event<{ orderId: string }>[], transaction: Transaction) {
    return record(events, transaction);
  }
}

async function record(events: Event<{ orderId: string }>[], transaction: Transaction): Promise<void> {
  await transaction.query(
    'INSERT INTO effect (event_id, type, order_id) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])',
    [events.map(({ id }) => id), events.map(({ type }) => type), events.map(({ data }) => data.orderId)],
  );
  if (broken && events.some(({ data }) => data.orderId.includes('bug')))
    throw new TypeError('undefined is not a function');
}

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let outbox: Outbox;

class CreateEffect1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE effect (seq bigint GENERATED ALWAYS AS IDENTITY, event_id uuid, type text, order_id text)',
    );
  }

  async down(): Promise<void> {}
}

beforeAll(async () => {
  testDatabase = await createDatabase();
  process.env.DATABASE_URL = testDatabase.url;
  process.env.KAFKA_BROKERS = kafkaBrokers();
  process.env.LOG_LEVEL = 'silent';

  @Module({
    imports: [
      DatabaseModule.forRoot({ migrations: [...messagingMigrations, CreateEffect1764000009000] }),
      MessagingModule.forRoot({ service: `recorder-${run}` }),
    ],
    controllers: [Recorder],
  })
  class TestModule {}

  app = await NestFactory.create(TestModule, { logger: false });
  database = app.get(Database);
  outbox = app.get(Outbox);
  app.connectMicroservice({ strategy: app.get(KafkaTransport) });
  await app.startAllMicroservices();
  await app.init();
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

const paid = (name: string) => newEvent(orderPaid, { orderId: orderId(name) }, { correlationId: newId() });
const cancelled = (name: string) =>
  newEvent(orderCancelled, { orderId: orderId(name), reason: 'out-of-stock' }, { correlationId: newId() });

const send = (events: Event[]) => database.transaction((transaction) => outbox.append(transaction, events));

const effectsOf = (prefix: string) =>
  database.query<{ event_id: string; type: string; order_id: string }>(
    'SELECT event_id, type, order_id FROM effect WHERE starts_with(order_id, $1) ORDER BY seq',
    [orderId(prefix)],
  );

const lettersOf = (prefix: string) =>
  database.query<{
    key: string;
    status: string;
    cause: string;
    headers: Record<string, string>;
  }>(
    'SELECT key, status, cause, headers FROM dead_letter WHERE starts_with(key, $1) ORDER BY topic, partition, message_offset',
    [orderId(prefix)],
  );

describe('events from a transaction', () => {
  it('reach the handler once, in order per key', async () => {
    const events = Array.from({ length: 50 }, (_, index) => [
      paid(`order-${index}`),
      cancelled(`order-${index}`),
    ]).flat();
    await send(events);
    const effects = await eventually(
      () => effectsOf('order-'),
      (rows) => rows.length >= events.length,
    );
    expect(effects).toHaveLength(events.length);
    for (let index = 0; index < 50; index += 1) {
      const types = effects.filter(({ order_id }) => order_id === orderId(`order-${index}`)).map(({ type }) => type);
      expect(types).toEqual([orderPaid.type, orderCancelled.type]);
    }
  });

  it('are never sent when the transaction rolls back', async () => {
    const rollback = database.transaction(async (transaction) => {
      await outbox.append(transaction, [paid('rolled-back')]);
      throw new Error('no');
    });
    await expect(rollback).rejects.toThrow('no');
    await send([paid('rolled-back-sentinel')]);
    const effects = await eventually(
      () => effectsOf('rolled-back'),
      (rows) => rows.length > 0,
    );
    expect(effects.map(({ order_id }) => order_id)).toEqual([orderId('rolled-back-sentinel')]);
  });

  it('leave within milliseconds of the commit, not with the next poll', async () => {
    const latenciesMs: number[] = [];
    for (let index = 0; index < 31; index += 1) {
      await send([paid(`latency-${index}`)]);
      const committed = performance.now();
      while ((await database.query('SELECT FROM outbox')).length > 0) await new Promise(setImmediate);
      latenciesMs.push(performance.now() - committed);
    }
    expect(latenciesMs.sort((a, b) => a - b)[15]).toBeLessThan(50); // 5 ms on an idle machine; the poll alone takes 100
  });

  it('arrive although together they are larger than a broker takes at once', async () => {
    const events = Array.from({ length: 40 }, (_, index) => {
      const event = paid(`large-${index % 2}-${index}`);
      return { ...event, key: orderId('large'), data: { ...event.data, padding: 'x'.repeat(200_000) } };
    });
    const largest = paid('large-largest');
    await send([
      ...events,
      { ...largest, data: { orderId: largest.data.orderId, padding: 'x'.repeat(1_900_000) } } as Event,
    ]);
    const effects = await eventually(
      () => effectsOf('large-'),
      (rows) => rows.length >= 41,
    );
    expect(effects).toHaveLength(41);
  });

  it('are refused at once when they break their schema or are too large', async () => {
    const broken = { ...paid('broken'), data: { orderId: 7 } };
    await expect(send([broken])).rejects.toThrow('orders.order-paid.v1 breaks its schema: orderId must be string');
    const large = {
      ...paid('large'),
      data: { orderId: orderId('large'), padding: 'x'.repeat(2_000_001) },
    };
    await expect(send([large])).rejects.toThrow('too many');
  });
});

describe('messages on the broker', () => {
  const publish = async (messages: ReturnType<typeof toMessage>[]) => {
    const publisher = new KafkaPublisher(connectKafka('marketplace'));
    await publisher.publish(messages);
    await publisher.close();
  };

  it('that come twice have their effects once', async () => {
    const event = paid('twice');
    await publish([toMessage(event), toMessage(event)]);
    await publish([toMessage(event), toMessage(paid('twice-sentinel'))]);
    await eventually(
      () => effectsOf('twice-sentinel'),
      (rows) => rows.length > 0,
    );
    const effects = await eventually(
      () => effectsOf('twice'),
      (rows) => rows.length >= 2,
    );
    expect(effects.map(({ order_id }) => order_id).sort()).toEqual([orderId('twice'), orderId('twice-sentinel')]);
  });

  it('that are poison are set aside with their cause; later ones of the key wait, other keys flow', async () => {
    const healthy = Array.from({ length: 20 }, (_, index) => toMessage(paid(`poison-healthy-${index}`)));
    const unreadable = {
      ...toMessage(paid('poison-unreadable')),
      value: '{"orderId":',
    };
    await publish([
      ...healthy.slice(0, 10),
      toMessage(paid('poison-bug')),
      unreadable,
      toMessage(cancelled('poison-bug')),
      ...healthy.slice(10),
    ]);
    const letters = await eventually(
      () => lettersOf('poison-'),
      (rows) => rows.length >= 3,
    );
    const effects = await eventually(
      () => effectsOf('poison-'),
      (rows) => rows.length >= 20,
    );
    expect(effects).toHaveLength(20);
    expect(effects.every(({ order_id }) => order_id.includes('healthy'))).toBe(true);
    const of = (name: string) => letters.filter(({ key }) => key === orderId(name));
    expect(of('poison-bug').map(({ status }) => status)).toEqual(['poison', 'parked']);
    expect(of('poison-bug')[0]?.cause).toBe('TypeError: undefined is not a function');
    expect(of('poison-unreadable')[0]?.cause).toContain('is not JSON');
    expect(of('poison-bug')[0]?.headers.ce_type).toBe(orderPaid.type);
  });
});

describe('dead letters', () => {
  const decision = { by: 'operator-1', reason: 'handler mended' };
  const poisonedKey = async (name: string) => {
    broken = true;
    await send([paid(name), cancelled(name), paid(name)]);
    await eventually(
      () => lettersOf(name),
      (rows) => rows.length === 3,
    );
    const desk = app.get(DeadLetterDesk);
    const letters = await desk.list({ all: true, after: undefined, limit: 1_000 });
    return { desk, letters: letters.filter(({ message }) => message.key === orderId(name)) };
  };

  it('are redriven in order, with who decided and why, and the key flows again', async () => {
    const { desk, letters } = await poisonedKey('bug-redrive');
    const [first, second] = letters;
    if (!first || !second) throw new Error('no letters');
    await expect(desk.redrive(second, decision)).rejects.toThrow(NotFirstOfKey);
    expect(await desk.redrive(first, decision)).toEqual({
      resolved: 0,
      stoppedAt: { id: first.id, cause: 'TypeError: undefined is not a function' },
    });
    broken = false;
    expect(await desk.redrive(first, decision)).toEqual({ resolved: 3 });
    await send([cancelled('bug-redrive')]);
    const effects = await eventually(
      () => effectsOf('bug-redrive'),
      (rows) => rows.length === 4,
    );
    expect(effects.map(({ type }) => type)).toEqual([
      orderPaid.type,
      orderCancelled.type,
      orderPaid.type,
      orderCancelled.type,
    ]);
    expect(await desk.find(first.id)).toMatchObject({
      attempts: 2,
      resolution: { action: 'redriven', ...decision },
    });
  });

  it('are discarded alone: those behind them follow', async () => {
    const { desk, letters } = await poisonedKey('bug-discard');
    const [first] = letters;
    if (!first) throw new Error('no letters');
    broken = false;
    expect(await desk.discard(first, decision)).toEqual({ resolved: 3 });
    expect((await effectsOf('bug-discard')).map(({ type }) => type)).toEqual([orderCancelled.type, orderPaid.type]);
  });
});

describe('the inbox', () => {
  it('forgets only what no topic can deliver again', async () => {
    const [young, old] = [newId(), newId()];
    await database.query(
      `INSERT INTO inbox VALUES ('pruning', $1, now() - interval '7 days 23 hours'), ('pruning', $2, now() - interval '8 days 1 hour')`,
      [young, old],
    );
    expect(await pruneInbox(database)).toBe(1);
    expect(await database.query(`SELECT event_id FROM inbox WHERE consumer = 'pruning'`)).toEqual([
      { event_id: young },
    ]);
  });
});
