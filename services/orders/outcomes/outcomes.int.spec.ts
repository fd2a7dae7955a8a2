import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import {
  checkoutCompleted,
  checkoutRefunded,
  type Event,
  type EventDefinition,
  type OutcomeTold,
  outcomeTold,
  settlementConfirmed,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { KafkaBroker } from '#libs/messaging/kafka';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { eventually, send as sendTo, startTested } from '../../../test/kit/service.ts';
import { signedFetch } from '../../../test/kit/sign-in.ts';
import { saidOf, WillingHouses } from '../../../test/kit/willing-houses.ts';
import { ordersMigrations } from '../migrations/index.ts';
import { OrdersModule } from '../orders.module.ts';
import { ordersPolicy } from '../policy.ts';
import { OutcomeRepository } from './outcome.repository.ts';

const run = randomUUID().slice(0, 8);
let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  const service = { module: OrdersModule, policy: ordersPolicy, migrations: ordersMigrations };
  app = await startTested({ name: `orders-${run}`, ...service, neighbours: [WillingHouses] }, testDatabase);
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

const { checkoutOf, refundOf } = saidOf(run);

function send<Definition extends EventDefinition>(definition: Definition, ...contents: object[]): Promise<void> {
  return sendTo(app, ...contents.map((content) => newEvent(definition, content as never, { correlationId: newId() })));
}

interface Outcomes {
  readonly items: { readonly id: string; readonly time: string; readonly data: OutcomeTold }[];
  readonly after: number;
}

async function outcomesAfter(after: number, channel = 'blanja', limit = 1_000): Promise<Outcomes> {
  const query = `channel=${channel}&after=${after}&limit=${limit}`;
  const response = await signedFetch(`${await app.getUrl()}/v1/outcomes?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Outcomes;
}

/** Those of an order, once there are so many. */
async function toldOf(name: string, count: number) {
  const told = async () =>
    (await outcomesAfter(0)).items.filter(({ data }) => data.orderRef === `${run}-${name}`).map(({ data }) => data);
  return eventually(told, ({ length }) => length >= count);
}

it('a marketplace is told of its order, one outcome for each thing that became of it', async () => {
  await send(checkoutCompleted, checkoutOf('whole'));
  await toldOf('whole', 1);
  await send(checkoutCompleted, checkoutOf('whole'), checkoutOf('whole', { shipping: 1 }));
  await toldOf('whole', 2);
  await send(checkoutRefunded, refundOf('whole', 'R-1', 1));
  await toldOf('whole', 3);
  await send(checkoutRefunded, refundOf('whole', 'R-2', 2));
  await toldOf('whole', 4);
  await send(checkoutRefunded, refundOf('whole', 'R-1', 2), refundOf('whole', 'R-1', 1));
  await toldOf('whole', 5);
  const orderId = `blanja/${run}-whole`;
  const settlement = { settlementId: `${orderId}~S`, orderId, bank: 'bri', settledAt: '2026-01-12T03:00:00.000Z' };
  await send(settlementConfirmed, { ...settlement, fee: 1, shipping: 0, withheldTax: 0 });
  const told = await toldOf('whole', 6);
  const refunded = { refundRef: 'R-1', lineRef: '1', quantity: 1, status: 'refunded', amount: 50_000 };
  const tooMuch = { refundRef: 'R-2', lineRef: '1', quantity: 2, status: 'rejected', reason: 'refund-exceeds-sale' };
  expect(told.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(told).toMatchObject([
    { orderId, channel: 'blanja', status: 'credited', refunds: [], settlements: [] },
    { status: 'credited', refused: { type: 'checkout', reason: 'conflict' } },
    { status: 'partly-refunded', refunds: [refunded] },
    { status: 'partly-refunded', refunds: [refunded, tooMuch] },
    { status: 'partly-refunded', refused: { type: 'refund', reason: 'conflict' } },
    { status: 'partly-refunded', settlements: [{ settlementId: `${orderId}~S`, status: 'settled' }] },
  ]);
  expect(told.filter((one) => 'refused' in one)).toHaveLength(2);
});

it('why a checkout is refused it is told each time, and that a corrected one was taken', async () => {
  await send(checkoutCompleted, { ...checkoutOf('refused'), lines: [] });
  await toldOf('refused', 1);
  await send(checkoutCompleted, checkoutOf('refused'));
  expect(await toldOf('refused', 2)).toMatchObject([
    { number: 1, status: 'rejected', reason: 'invalid', detail: expect.stringContaining('lines') },
    { number: 2, status: 'credited' },
  ]);
});

it('over Kafka it is told the same, in the order of each order', async () => {
  const heard: { id: string; key: string; data: OutcomeTold }[] = [];
  const reader = new KafkaBroker(`reader-${run}`).subscription(
    `reader-${run}`,
    ['outcomes.blanja.v1'],
    async (messages) => {
      for (const { headers, key, value } of messages) {
        const id = String(headers.find(([name]) => name === 'ce_id')?.[1]);
        heard.push({ id, key: String(key), data: JSON.parse(String(value)) });
      }
    },
  );
  await reader.start();
  const { items } = await outcomesAfter(0);
  const ofThisRun = () => heard.filter(({ key }) => key.startsWith(`blanja/${run}-`));
  await eventually(ofThisRun, ({ length }) => length >= items.length);
  await reader.stop();
  const byOrder = (list: readonly { id: string; data: OutcomeTold }[]) =>
    Object.groupBy(
      list.map(({ id, data }) => ({ id, data })),
      ({ data }) => data.orderId,
    );
  expect(byOrder(ofThisRun())).toEqual(byOrder(items));
});

it('none ever appears before one that was read, however transactions overlap', async () => {
  const outcomes = app.get(OutcomeRepository);
  const channel = 'toko-sandbox';
  const draft = (orderRef: string): Event<OutcomeTold> => {
    const told = { orderId: `${channel}/${orderRef}`, channel, orderRef, number: 1, status: 'credited' as const };
    return newEvent(outcomeTold, { ...told, refunds: [], settlements: [] }, { correlationId: newId() });
  };
  const first = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slow = database.transaction(async (transaction) => {
    await outcomes.add(transaction, [draft('slow')]);
    written.resolve();
    await first.promise;
  });
  await written.promise;
  await database.transaction((transaction) => outcomes.add(transaction, [draft('fast'), draft('fast')]));
  const seen = await outcomesAfter(0, channel);
  expect(seen.items.map(({ data }) => [data.orderRef, data.number])).toEqual([
    ['fast', 1],
    ['fast', 2],
  ]);
  first.resolve();
  await slow;
  const page = await outcomesAfter(seen.after, channel, 1);
  expect(page.items.map(({ data }) => data.orderRef)).toEqual(['slow']);
  expect(await outcomesAfter(page.after, channel)).toEqual({ items: [], after: page.after });
  expect((await outcomesAfter(0, channel, 2)).items).toEqual(seen.items);
});
