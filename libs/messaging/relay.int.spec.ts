import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { orderPaid, unitsReleased } from '#libs/contracts';
import { Database } from '#libs/database';
import { startProxy, type TcpProxy } from '../../test/faults/proxy.ts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { eventually } from '../../test/kit/service.ts';
import type { Message, Publisher, ToldType, UnheardType } from './broker.ts';
import { newEvent, newId } from './event.ts';
import { Hearers } from './hearers.ts';
import { messagingMigrations } from './migration.ts';
import { Outbox } from './outbox.ts';
import { OutboxRelay } from './relay.ts';

/** Slow, and takes note of who is there at the same time. */
class SlowBroker implements Publisher {
  static publishing = 0;
  static atOnceMax = 0;
  static fails = false;
  static delayMs = 20;
  static readonly received: string[] = [];
  /** Types that not everybody knows. */
  static unheard: string[] = [];
  published = 0;

  async unheard(told: readonly ToldType[]): Promise<UnheardType[]> {
    return told
      .filter(({ type }) => SlowBroker.unheard.includes(type))
      .map(({ type }) => ({ type, because: ['somebody does not know it'] }));
  }

  async publish(messages: readonly Message[]): Promise<void> {
    SlowBroker.publishing += 1;
    SlowBroker.atOnceMax = Math.max(SlowBroker.atOnceMax, SlowBroker.publishing);
    await sleep(SlowBroker.delayMs);
    SlowBroker.publishing -= 1;
    if (SlowBroker.fails) throw new Error('broker away');
    this.published += 1;
    SlowBroker.received.push(...messages.map(({ key }) => key ?? ''));
  }

  async close(): Promise<void> {}
}

/** One instance of a service, behind a proxy of its own. */
interface Instance {
  readonly database: Database;
  readonly proxy: TcpProxy;
  readonly outbox: Outbox;
  readonly broker: SlowBroker;
  readonly relay: OutboxRelay;
}

let testDatabase: TestDatabase;
let instances: Instance[];

async function startInstance(): Promise<Instance> {
  const url = new URL(testDatabase.url);
  const proxy = await startProxy(Number(url.port));
  url.port = `${proxy.port}`;
  const database = await Database.open(url.href, messagingMigrations);
  const [outbox, broker] = [new Outbox(), new SlowBroker()];
  const relay = new OutboxRelay(database, broker, outbox, new Hearers(broker));
  relay.start();
  return { database, proxy, outbox, broker, relay };
}

beforeEach(async () => {
  testDatabase = await createDatabase();
  Object.assign(SlowBroker, { publishing: 0, atOnceMax: 0, fails: false, delayMs: 20, unheard: [] });
  SlowBroker.received.splice(0);
  instances = [await startInstance(), await startInstance()];
});

afterEach(async () => {
  SlowBroker.fails = false;
  for (const { relay, proxy, database } of instances) {
    await proxy.close();
    await relay.stop();
    await database.onApplicationShutdown();
  }
  await testDatabase.drop();
});

const write = ({ database, outbox }: Instance, orderId: string): Promise<void> =>
  database.transaction((transaction) =>
    outbox.append(transaction, [newEvent(orderPaid, { orderId }, { correlationId: newId() })]),
  );

const [first, second] = [() => instances[0] as Instance, () => instances[1] as Instance];

it('of two instances one sends, so that events of a key are never sent by two at once', async () => {
  const ids = Array.from({ length: 40 }, (_, number) => `test/${String(number).padStart(2, '0')}-${randomUUID()}`);
  for (const [number, id] of ids.entries()) await write(number % 2 === 0 ? first() : second(), id);
  await eventually(
    () => SlowBroker.received.length,
    (count) => count >= ids.length,
  );
  expect(SlowBroker.received).toEqual(ids);
  expect(SlowBroker.atOnceMax).toBe(1);
});

it('what the broker did not take stays and is sent again', async () => {
  SlowBroker.fails = true;
  await write(first(), 'test/refused');
  await sleep(200);
  expect(SlowBroker.received).toEqual([]);
  SlowBroker.fails = false;
  await eventually(
    () => SlowBroker.received.length,
    (count) => count > 0,
  );
  expect(SlowBroker.received).toEqual(['test/refused']);
});

it('a leader that waits long for its broker stays the leader, and sends nothing twice', async () => {
  SlowBroker.delayMs = 3_000;
  await write(first(), 'test/slow');
  await eventually(
    () => SlowBroker.received.length,
    (count) => count > 0,
  );
  SlowBroker.delayMs = 20;
  await write(second(), 'test/next');
  await eventually(
    () => SlowBroker.received.includes('test/next'),
    (isThere) => isThere,
  );
  expect(SlowBroker.received).toEqual(['test/slow', 'test/next']);
  expect(SlowBroker.atOnceMax).toBe(1);
});

it('what was sent leaves no room behind: vacuum takes it while the leader leads', async () => {
  const write2000 = async (): Promise<number> => {
    const events = Array.from({ length: 2_000 }, () =>
      newEvent(orderPaid, { orderId: 'test/many' }, { correlationId: newId() }),
    );
    const { database, outbox } = first();
    await database.transaction((transaction) => outbox.append(transaction, events));
    await eventually(
      () => database.query<{ rows: number }>('SELECT count(*) AS rows FROM outbox'),
      ([row]) => row?.rows === 0,
    );
    await owner.query('VACUUM outbox');
    const [size] = (await owner.query<{ bytes: string }>(`SELECT pg_relation_size('outbox') AS bytes`)).rows;
    return Number(size?.bytes);
  };
  const owner = new pg.Client(testDatabase.url);
  await owner.connect();
  const firstBytes = await write2000();
  for (let round = 0; round < 5; round += 1)
    expect(await write2000()).toBeLessThanOrEqual(Math.max(firstBytes, 8_192) * 1.5);
  const [options] = (await owner.query(`SELECT reloptions FROM pg_class WHERE relname = 'outbox'`)).rows;
  await owner.end();
  expect(options.reloptions).toContain('autovacuum_vacuum_scale_factor=0'); // by the number of rows, not their share
});

it.each(['cut', 'strand', 'freeze'] as const)(
  'when the leader is lost (%s) the other takes over within seconds',
  async (how) => {
    await write(first(), 'test/before');
    await eventually(
      () => SlowBroker.received.length,
      (count) => count > 0,
    );
    const [leader, follower] = first().broker.published > 0 ? [first(), second()] : [second(), first()];
    leader.proxy[how]();
    const lost = performance.now();
    await write(follower, 'test/after');
    await eventually(
      () => SlowBroker.received.includes('test/after'),
      (isThere) => isThere,
    );
    expect(performance.now() - lost).toBeLessThan(how === 'cut' ? 1_000 : 5_000);
  },
);

/** The only one that sends, with something in its outbox that not all know. */
async function startWaiting(orderId: string): Promise<Instance> {
  for (const { relay } of instances) await relay.stop();
  await first().database.query('DELETE FROM heard_type WHERE type = $1', [unitsReleased.type]);
  SlowBroker.unheard = [unitsReleased.type];
  const sender = await startInstance();
  instances.push(sender);
  const released = newEvent(unitsReleased, { orderId, lineRef: '1', quantity: 1 }, { correlationId: newId() });
  await sender.database.transaction((transaction) => sender.outbox.append(transaction, [released]));
  return sender;
}

it('a new type waits until all who read it know it, what follows under its key behind it; all else leaves', async () => {
  const [waiting, other] = ['test/waiting', 'test/other'];
  const sender = await startWaiting(waiting);
  await write(sender, waiting);
  for (const id of [other, other]) await write(sender, id);
  const received = (count: number) =>
    eventually(
      () => [...SlowBroker.received],
      (keys) => keys.length >= count,
    );
  expect(await received(2)).toEqual([other, other]);
  SlowBroker.unheard = [];
  expect(await received(4)).toEqual([other, other, waiting, waiting]);
  expect(await sender.database.query('SELECT FROM heard_type WHERE type = $1', [unitsReleased.type])).toHaveLength(1);
});

it('while a type waits, the outbox is read no more often than the relay polls, however often is written', async () => {
  SlowBroker.delayMs = 0;
  const sender = await startWaiting('test/waiting');
  const written = 200;
  await write(sender, 'test/other');
  await eventually(
    () => SlowBroker.received.length,
    (count) => count === 1,
  );
  const [before, began] = [sender.broker.published, performance.now()];
  for (let number = 1; number < written; number += 1) await write(sender, 'test/other');
  await eventually(
    () => SlowBroker.received.length,
    (count) => count === written,
  );
  const polls = (performance.now() - began) / 100;
  expect(SlowBroker.received).toHaveLength(written);
  expect(sender.broker.published - before).toBeLessThan(polls * 1.1 + 2);
});
