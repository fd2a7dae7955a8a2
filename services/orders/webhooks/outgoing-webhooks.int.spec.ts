/**
 * Outcomes to a receiver that is as bad as receivers are. For so many seconds, on and on, and printed what came:
 *   WEBHOOK_SECONDS=300 npm run test:only -- --selectProjects integration --testPathPatterns outgoing-webhooks
 */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { register } from 'prom-client';
import { checkoutCompleted, checkoutRefunded, type EventDefinition, type OutcomeTold } from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { received } from '../../../clients/marketplace/index.js';
import { randomOf } from '../../../test/faults/random.ts';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { send as sendTo, startTested } from '../../../test/kit/service.ts';
import { signedFetch } from '../../../test/kit/sign-in.ts';
import { WillingHouses } from '../../../test/kit/willing-houses.ts';
import { ordersMigrations } from '../migrations/index.ts';
import { OrdersModule } from '../orders.module.ts';
import { ordersPolicy } from '../policy.ts';
import { WebhookPatience } from './outgoing-webhooks.service.ts';

const run = randomUUID().slice(0, 8);
const SECRET = 'a-secret-of-blanja-for-its-webhooks';
const ORDERS = 25;
const SECONDS = Number(process.env.WEBHOOK_SECONDS ?? 0);
const MOVES_AFTER_SECONDS = 20;

/** A marketplace's receiver: acts once for each key, and answers as `mood` says, at the one of its two addresses where it lives. */
class Receiver {
  readonly acted: OutcomeTold[] = [];
  /** Attempts by what became of them. */
  readonly attempts: Record<string, number> = {};
  lives = 0;
  elsewhere = 0;
  repeated = 0;
  mood: 'moody' | 'well' | 'down' = 'well';
  readonly #keys = new Map<string, string>();
  readonly #random = randomOf(15);
  readonly #servers: readonly Server[];

  constructor() {
    this.#servers = [0, 1].map((house) => this.#serverOf(house));
  }

  #serverOf(house: number): Server {
    return createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      if (request.url === '/elsewhere') {
        this.elsewhere += 1;
        return response.end();
      }
      const does = house === this.lives ? this.#does() : 'has moved';
      this.attempts[does] = (this.attempts[does] ?? 0) + 1;
      if (does === 'takes' || does === 'acts and fails' || does === 'acts and hangs') {
        const { id, data } = received(body, String(request.headers['pasindo-signature']), SECRET);
        const key = String(request.headers['idempotency-key']);
        expect(key).toBe(id);
        if (this.#keys.has(key)) this.repeated += 1;
        else this.acted.push(data as OutcomeTold);
        expect(this.#keys.get(key) ?? body.toString()).toBe(body.toString());
        this.#keys.set(key, body.toString());
      }
      if (does.endsWith('hangs')) return;
      if (does === 'breaks off') return void request.socket.destroy();
      if (does === 'points elsewhere') return response.writeHead(307, { location: '/elsewhere' }).end();
      response.writeHead(does === 'takes' ? 204 : 500).end();
    });
  }

  #does() {
    if (this.mood === 'well') return 'takes';
    if (this.mood === 'down') return 'fails';
    const whims = ['fails', 'hangs', 'breaks off', 'points elsewhere', 'acts and fails', 'acts and hangs'] as const;
    return this.#random.chance(0.6) ? 'takes' : this.#random.pick(whims);
  }

  /** @returns `host:port` of both of its addresses */
  listen(): Promise<string[]> {
    return Promise.all(
      this.#servers.map(async (server) => {
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        return `127.0.0.1:${(server.address() as AddressInfo).port}`;
      }),
    );
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

const receiver = new Receiver();
let testDatabase: TestDatabase;
let app: INestApplication;
let houses: string[];
let terms = 1;
let secrets: string;

beforeAll(async () => {
  houses = await receiver.listen();
  secrets = mkdtempSync(join(tmpdir(), 'webhook-secrets-'));
  writeFileSync(join(secrets, 'blanja'), SECRET);
  process.env.WEBHOOK_SECRETS = secrets;
  process.env.WEBHOOK_TRUSTED_HOSTS = houses.join();
  testDatabase = await createDatabase();
  const service = { module: OrdersModule, policy: ordersPolicy, migrations: ordersMigrations };
  app = await startTested({ name: `orders-${run}`, ...service, neighbours: [WillingHouses] }, testDatabase);
  Object.assign(app.get(WebhookPatience), { answerMs: 400, againAfterMs: [30, 60], thenEveryMs: 100 });
  await live(0);
});

afterAll(async () => {
  await app.close();
  receiver.stop();
  await testDatabase.drop();
  rmSync(secrets, { recursive: true });
  delete process.env.WEBHOOK_SECRETS;
  delete process.env.WEBHOOK_TRUSTED_HOSTS;
  register.clear();
});

/** It moves to one of its addresses, as if two persons had agreed on it. */
async function live(house: number): Promise<void> {
  receiver.lives = house;
  terms += 1;
  await app.get(Database).query(
    `INSERT INTO channel_terms (channel_id, version, effective_from, terms, created_by, approved_by, approved_at)
     SELECT channel_id, $1, clock_timestamp(), terms || jsonb_build_object('outcomesTo', $2::text), 'p-1', 'p-2', now()
       FROM channel_terms WHERE channel_id = 'blanja' AND version = 1`,
    [terms, `http://${houses[house]}/pasindo`],
  );
}

async function sell(names: readonly string[]): Promise<void> {
  const send = (definition: EventDefinition, contents: object[]) =>
    sendTo(app, ...contents.map((content) => newEvent(definition, content as never, { correlationId: newId() })));
  const order = (name: string) => ({ channel: 'blanja', orderRef: `${run}-${name}` });
  const day = '2026-01-05T09:30:00+07:00';
  const lines = [{ lineRef: '1', sku: 'BAG', quantity: 2, unitPrice: 50_000 }];
  for (const shipping of [0, 1, 2]) {
    await send(
      checkoutCompleted,
      names.map((name) => ({ ...order(name), placedAt: day, lines, shipping })),
    ); // the first is an order, the others are conflicts
  }
  const refund = { lineRef: '1', quantity: 1, requestedAt: day };
  for (const refundRef of ['R-1', 'R-2', 'R-3']) {
    await send(
      checkoutRefunded,
      names.map((name) => ({ ...order(name), ...refund, refundRef })),
    );
  }
}

async function ask(path: string, body?: object) {
  const response = await signedFetch(`${await app.getUrl()}/v1/${path}`, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
  return { status: response.status, body: (await response.json()) as any };
}

/** What orders have told, once all are through. */
async function toldOf(names: readonly string[]): Promise<OutcomeTold[]> {
  const refs = new Set(names.map((name) => `${run}-${name}`));
  const ours: OutcomeTold[] = [];
  let after = 0;
  for (const deadline = Date.now() + 30_000; ; await sleep(200)) {
    for (let isMore = true; isMore; ) {
      const { body } = await ask(`outcomes?channel=blanja&limit=1000&after=${after}`);
      const told: OutcomeTold[] = body.items.map(({ data }: { data: OutcomeTold }) => data);
      ours.push(...told.filter(({ orderRef }) => refs.has(orderRef)));
      [after, isMore] = [body.after, told.length === 1_000];
    }
    const through = ours.filter(({ refunds }) => refunds.length === 3).length;
    if (through >= names.length || Date.now() > deadline) return ours;
  }
}

const actedOn = (names: readonly string[]) => {
  const refs = new Set(names.map((name) => `${run}-${name}`));
  return receiver.acted.filter(({ orderRef }) => refs.has(orderRef));
};

async function untilActed(names: readonly string[], count: number): Promise<void> {
  for (const deadline = Date.now() + 40_000; actedOn(names).length < count && Date.now() < deadline; ) await sleep(100);
}

/** Until we know of all that they were taken. */
async function untilTaken(): Promise<void> {
  const open = () => app.get(Database).query("SELECT FROM outgoing_webhook WHERE state <> 'taken'");
  for (const deadline = Date.now() + 20_000; (await open()).length > 0 && Date.now() < deadline; ) await sleep(100);
  expect(await open()).toEqual([]);
}

const byOrder = (told: readonly OutcomeTold[]) => Object.groupBy(told, ({ orderId }) => orderId);

it(
  'a receiver that fails, hangs, breaks off, repeats and moves has each outcome, an order’s in their order, and acts on none twice',
  async () => {
    const names: string[] = [];
    const startedAt = Date.now();
    const past = () => (Date.now() - startedAt) / 1_000;
    receiver.mood = 'moody';
    let told: OutcomeTold[] = [];
    let moves = 0;
    do {
      const more = Array.from({ length: ORDERS }, (_, index) => `moody-${names.length + index}`);
      names.push(...more);
      await sell(more);
      told = await toldOf(names);
      await untilActed(names, told.length - more.length * 2);
      if (moves > 0 && past() < moves * MOVES_AFTER_SECONDS) continue;
      moves += 1;
      await live(moves % 2);
    } while (past() < SECONDS);
    expect(told.length).toBeGreaterThanOrEqual(4 * names.length);
    await untilActed(names, told.length);
    expect(byOrder(actedOn(names))).toEqual(byOrder(told));
    const { takes = 0, 'has moved': gone = 0, ...failed } = receiver.attempts;
    const tried = Object.values(receiver.attempts).reduce((sum, count) => sum + count, 0);
    console.log(
      `${names.length} orders, ${told.length} outcomes, each acted upon once in ${past().toFixed(0)} s: ${tried} attempts, ` +
        `${takes} taken, ${receiver.repeated} of them again, ${JSON.stringify(failed)}, ${moves} moves, ${gone} at the old address`,
    );
    expect(tried).toBeGreaterThan(told.length);
    expect(Object.keys(failed).length).toBeGreaterThanOrEqual(5);
    expect(receiver.repeated).toBeGreaterThan(0);
    expect(receiver.elsewhere).toBe(0);
    receiver.mood = 'well';
    await untilTaken();
  },
  60_000 + 2_000 * SECONDS,
);

it('what is given up is listed, with what waits behind it, and sent again by hand in the same order', async () => {
  const patience = app.get(WebhookPatience);
  const { givenUpAfterMs } = patience;
  Object.assign(patience, { givenUpAfterMs: 0, answerMs: 10_000 }); // nobody hangs now, and a busy computer answers late
  receiver.mood = 'down';
  const names = ['down-1', 'down-2'];
  await sell(names);
  const told = await toldOf(names);
  let listed: { orderId: string; number: number; behind: number }[] = [];
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(100)) {
    listed = (await ask('outgoing-webhooks/given-up?channel=blanja')).body.items;
    if (listed.reduce((sum, { behind }) => sum + 1 + behind, 0) === told.length) break;
  }
  expect(listed).toMatchObject(
    names.map((name) => ({
      ...{ orderId: `blanja/${run}-${name}`, number: 1, attempts: 1, lastError: 'it answered 500' },
      behind: told.filter(({ orderRef }) => orderRef === `${run}-${name}`).length - 1,
    })),
  );
  expect(actedOn(names)).toEqual([]);
  patience.givenUpAfterMs = givenUpAfterMs;
  receiver.mood = 'well';
  expect((await ask('outgoing-webhooks/redrives', { channel: 'blanja' })).body).toEqual({ redriven: 2 });
  await untilActed(names, told.length);
  expect(byOrder(actedOn(names))).toEqual(byOrder(told));
  expect((await ask('outgoing-webhooks/given-up?channel=blanja')).body.items).toEqual([]);
});
