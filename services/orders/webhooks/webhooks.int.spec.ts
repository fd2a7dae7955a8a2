import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import fc from 'fast-check';
import { register } from 'prom-client';
import {
  checkoutCancelled,
  checkoutCompleted,
  checkoutDelivered,
  checkoutDisputeClosed,
  checkoutDisputed,
  checkoutRefunded,
  checkoutShipped,
  type OutcomeTold,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { newId } from '#libs/messaging';
import { KafkaBroker } from '#libs/messaging/kafka';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { eventually, startTested } from '../../../test/kit/service.ts';
import { signedFetch } from '../../../test/kit/sign-in.ts';
import { saidOf, WillingHouses } from '../../../test/kit/willing-houses.ts';
import { ordersMigrations } from '../migrations/index.ts';
import { OrdersModule } from '../orders.module.ts';
import { ordersPolicy } from '../policy.ts';
import { signatureOf } from './signature.ts';

const run = randomUUID().slice(0, 8);
const SECRET = `a secret of blanja, of run ${run}`;
const NEXT_SECRET = `the next secret of blanja, of run ${run}`;
const RATES = ['RATE_MARKETPLACES_PER_SECOND', 'RATE_REFUSED_TOKENS_PER_MINUTE'];

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let secrets: string;

beforeAll(async () => {
  secrets = mkdtempSync(join(tmpdir(), 'webhook-secrets-'));
  writeFileSync(join(secrets, 'blanja'), `${SECRET}\n`.replaceAll(' ', '-'));
  for (const rate of RATES) process.env[rate] = '1000000';
  process.env.WEBHOOK_SECRETS = secrets;
  testDatabase = await createDatabase();
  const service = { module: OrdersModule, policy: ordersPolicy, migrations: ordersMigrations };
  app = await startTested({ name: `orders-${run}`, ...service, neighbours: [WillingHouses] }, testDatabase);
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  rmSync(secrets, { recursive: true });
  for (const variable of [...RATES, 'WEBHOOK_SECRETS']) delete process.env[variable];
  register.clear();
});

const { checkoutOf, refundOf } = saidOf(run);
const eventOf = (data: object, { id = randomUUID() as string, type = checkoutCompleted.type } = {}) => ({
  ...{ specversion: '1.0', id, source: '/blanja/checkout', type, datacontenttype: 'application/json', data },
});

interface Sending {
  readonly secret?: string;
  readonly at?: Date;
  readonly channel?: string;
  readonly headers?: Record<string, string>;
}

async function post(
  body: Buffer | string,
  { secret = SECRET, at = new Date(), channel = 'blanja', headers = {} }: Sending = {},
) {
  const bytes = Buffer.from(body);
  const response = await fetch(`${await app.getUrl()}/v1/webhooks/${channel}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json',
      'pasindo-signature': signatureOf(bytes, [secret.replaceAll(' ', '-')], at),
      ...headers,
    },
    body: bytes,
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
  return { status: response.status, body: (await response.json()) as any };
}

const send = (event: object, sending?: Sending) => post(JSON.stringify(event), sending);

const kept = async (): Promise<number> => {
  const [row] = await database.query<{ kept: number }>('SELECT count(*) AS kept FROM webhook_message');
  return row?.kept ?? 0;
};

async function read(path: string) {
  const response = await signedFetch(`${await app.getUrl()}/v1/${path}`);
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
  return { status: response.status, body: (await response.json()) as any };
}

describe('a webhook', () => {
  it('is answered with what became of it, and the same again is answered alike and changes nothing', async () => {
    const orderId = `blanja/${run}-one`;
    const event = eventOf(checkoutOf('one'));
    expect(await send(event)).toEqual({
      status: 202,
      body: { orderId, outcome: 'accepted', status: 'unpaid', repeated: false },
    });
    await eventually(
      () => read(`orders/${orderId}`),
      ({ body }) => body.status === 'credited',
    );
    const repeated = { orderId, outcome: 'duplicate', status: 'credited', repeated: true };
    expect(await send(event)).toEqual({ status: 202, body: repeated });
    expect((await send(eventOf(checkoutOf('one')))).body).toEqual({ ...repeated, repeated: false });

    const another = eventOf(checkoutOf('one', { shipping: 1 }));
    const conflict = { orderId, outcome: 'conflict', status: 'credited' };
    expect(await send(another)).toEqual({ status: 202, body: { ...conflict, repeated: false } });
    expect(await send(another)).toEqual({ status: 202, body: { ...conflict, repeated: true } });
    const { body } = await read('rejected-checkouts');
    expect(body.items.filter((one: { orderId: string }) => one.orderId === orderId)).toHaveLength(1);

    const refund = eventOf(refundOf('one', 'R-1', 1), { type: checkoutRefunded.type });
    expect((await send(refund)).body).toMatchObject({ orderId, outcome: 'taken' });
    expect((await send(refund)).body).toMatchObject({ orderId, outcome: 'duplicate', repeated: true });
  });

  it('may cancel units that are not shipped, and say how far the others have come; so may who asks with a token', async () => {
    const order = { channel: 'blanja', orderRef: `${run}-far` };
    const orderId = `blanja/${run}-far`;
    const said = ({ type }: { type: string }, data: object) =>
      send(eventOf({ ...order, lineRef: '1', ...data }, { type }));
    const asked = async (noun: string, body: object) => {
      const response = await signedFetch(`${await app.getUrl()}/v1/orders/${orderId}/${noun}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ lineRef: '1', ...body }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
      return { status: response.status, body: (await response.json()) as any };
    };
    const requestedAt = '2026-01-05T10:30:00+07:00';
    expect((await asked('shipments', { shipped: 1 })).status).toBe(404);
    expect((await said(checkoutShipped, { shipped: 1 })).body).toMatchObject({ orderId, outcome: 'taken' });
    expect((await send(eventOf(checkoutOf('far')))).body).toMatchObject({ outcome: 'accepted' });
    const cancelled = { refundRef: 'C-1', quantity: 1, requestedAt };
    expect((await said(checkoutCancelled, cancelled)).body).toMatchObject({ outcome: 'taken' });
    expect((await said(checkoutRefunded, cancelled)).body).toMatchObject({ outcome: 'conflict' });
    const { body: view } = await eventually(
      () => read(`orders/${orderId}`),
      ({ body }) => body.standing?.status === 'partly-refunded',
    );
    expect(view).toMatchObject({
      lines: [{ lineRef: '1', shipped: 1, delivered: 0 }],
      refunds: [{ refundRef: 'C-1', unshipped: true, status: 'posted', amount: 50_000 }],
    });
    expect((await said(checkoutShipped, { shipped: 2 })).body).toMatchObject({
      outcome: 'invalid',
      errors: [{ field: 'shipped', code: 'too-many' }],
    });
    expect((await said(checkoutDelivered, { delivered: 'one' })).body).toMatchObject({ outcome: 'invalid' });
    expect((await said(checkoutDelivered, { delivered: 1 })).body).toMatchObject({ outcome: 'taken' });
    const far = { outcome: 'taken', lineRef: '1', shipped: 1, delivered: 1 };
    expect(await asked('shipments', { shipped: 1 })).toEqual({ status: 202, body: far });
    expect(await asked('deliveries', { delivered: 1 })).toEqual({ status: 202, body: far });
    const tooMany = { errors: [{ field: 'delivered', code: 'too-many' }] };
    expect(await asked('deliveries', { delivered: 2 })).toMatchObject({ status: 422, body: tooMany });
    expect(await asked('cancellations', { refundRef: 'C-2', quantity: 1 })).toMatchObject({ status: 202 });
    const outcomes = await eventually(
      async () => {
        const { body } = await read('outcomes?channel=blanja&limit=1000');
        return body.items
          .map(({ data }: { data: OutcomeTold }) => data)
          .filter((one: OutcomeTold) => one.orderId === orderId);
      },
      (told: OutcomeTold[]) => told.at(-1)?.refunds.length === 2,
    );
    expect(outcomes.at(-1)).toMatchObject({
      status: 'partly-refunded',
      refunds: [{ status: 'refunded' }, { refundRef: 'C-2', status: 'rejected', reason: 'already-shipped' }],
      lines: [{ lineRef: '1', shipped: 1, delivered: 1 }],
    });
    const refused = outcomes.flatMap(({ refused }: OutcomeTold) =>
      refused ? [`${refused.type} ${refused.reason}`] : [],
    );
    expect(refused).toEqual(['refund conflict', 'shipment invalid', 'delivery invalid']);
    const { body: rejected } = await read('rejected-checkouts');
    const kinds = rejected.items.filter((one: { orderId: string }) => one.orderId === orderId);
    expect(kinds.map(({ type, reason }: { type: string; reason: string }) => `${type} ${reason}`)).toEqual(
      refused.toReversed(),
    );
  });

  it('may say that units are disputed, and who won; so may who asks with a token', async () => {
    const order = { channel: 'blanja', orderRef: `${run}-disputed` };
    const orderId = `blanja/${run}-disputed`;
    const said = ({ type }: { type: string }, data: object) =>
      send(eventOf({ ...order, lineRef: '1', ...data }, { type }));
    const asked = async (noun: string, body: object) => {
      const response = await signedFetch(`${await app.getUrl()}/v1/orders/${orderId}/${noun}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ lineRef: '1', ...body }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
      return { status: response.status, body: (await response.json()) as any };
    };
    const disputes = async () => {
      const [sale] = await database.query<{ disputes: number }>('SELECT disputes FROM sale WHERE order_id = $1', [
        orderId,
      ]);
      return sale?.disputes;
    };
    const until = (status: string) =>
      eventually(
        () => read(`orders/${orderId}`),
        ({ body }) => body.standing?.status === status,
      );
    const closedAt = '2026-01-08T10:30:00+07:00';

    expect((await asked('disputes', { disputeRef: 'D-1', quantity: 2 })).status).toBe(404);
    expect((await said(checkoutDisputed, { disputeRef: 'D-1', quantity: 2 })).body).toMatchObject({ outcome: 'taken' });
    expect((await send(eventOf(checkoutOf('disputed')))).body).toMatchObject({ outcome: 'accepted' });
    await eventually(
      () => read(`orders/${orderId}`),
      ({ body }) => body.status === 'credited',
    );
    const { body: view } = await until('disputed');
    expect(view).toMatchObject({
      standing: { en: 'In dispute', id: 'Dalam sengketa' },
      disputes: [{ disputeId: `${orderId}/1#D-1`, disputeRef: 'D-1', quantity: 2, status: 'open' }],
    });
    expect(await disputes()).toBe(1);
    const { body: listed } = await read(`sales?q=${run}-disputed`);
    expect(listed.items).toMatchObject([{ orderId, status: 'credited', disputed: true }]);

    expect((await said(checkoutDisputed, { disputeRef: 'D-1', quantity: 2 })).body.outcome).toBe('duplicate');
    expect((await said(checkoutDisputed, { disputeRef: 'D-1', quantity: 1 })).body.outcome).toBe('conflict');
    expect((await said(checkoutDisputeClosed, { disputeRef: 'D-1', quantity: 1, closedAt })).body.outcome).toBe(
      'invalid',
    );
    const won = { disputeRef: 'D-1', quantity: 2, outcome: 'seller' };
    const taken = { outcome: 'taken', dispute: { disputeRef: 'D-1', status: 'seller' } };
    expect(await asked('dispute-closings', won)).toMatchObject({ status: 202, body: taken });
    expect(await asked('dispute-closings', won)).toMatchObject({ status: 202, body: { outcome: 'duplicate' } });
    expect(await asked('dispute-closings', { ...won, outcome: 'buyer' })).toMatchObject({ status: 409 });
    expect((await said(checkoutDisputeClosed, { ...won, outcome: 'buyer', closedAt })).body.outcome).toBe('conflict');
    expect(await disputes()).toBe(0);
    expect((await read(`orders/${orderId}`)).body.standing.status).toBe('credited');

    const tooMuch = { outcome: 'taken', dispute: { status: 'rejected', reason: 'dispute-exceeds-sale' } };
    expect(await asked('disputes', { disputeRef: 'D-2', quantity: 3 })).toMatchObject({ status: 202, body: tooMuch });
    const lost = { disputeRef: 'D-3', quantity: 1, outcome: 'buyer', closedAt };
    expect((await said(checkoutDisputeClosed, lost)).body.outcome).toBe('taken');
    const { body: after } = await until('partly-refunded');
    expect(after).toMatchObject({
      refunds: [{ refundId: `${orderId}/1#D-3`, quantity: 1, amount: 50_000, status: 'posted' }],
      disputes: [
        { disputeRef: 'D-1', status: 'seller' },
        { disputeRef: 'D-2', status: 'rejected', reason: 'dispute-exceeds-sale' },
        { disputeRef: 'D-3', status: 'buyer', closedAt: '2026-01-08T03:30:00.000Z' },
      ],
    });
    expect((await said(checkoutDisputed, { disputeRef: 'D-3', quantity: 1 })).body.outcome).toBe('duplicate');

    const { body: told } = await read('outcomes?channel=blanja&limit=1000');
    const outcomes: OutcomeTold[] = told.items
      .map(({ data }: { data: OutcomeTold }) => data)
      .filter((one: OutcomeTold) => one.orderId === orderId);
    expect(outcomes[0]).toMatchObject({ status: 'disputed', disputes: [{ disputeRef: 'D-1', status: 'open' }] });
    expect(outcomes.at(-1)).toMatchObject({
      status: 'partly-refunded',
      refunds: [{ refundRef: 'D-3', status: 'refunded', amount: 50_000 }],
      disputes: [{ status: 'seller' }, { reason: 'dispute-exceeds-sale' }, { disputeRef: 'D-3', status: 'buyer' }],
    });
    const { body: rejected } = await read('rejected-checkouts');
    const kinds = rejected.items.filter((one: { orderId: string }) => one.orderId === orderId);
    expect(kinds.map(({ type, reason }: { type: string; reason: string }) => `${type} ${reason}`)).toEqual([
      ...['dispute-closing conflict', 'dispute-closing invalid', 'dispute conflict'],
    ]);
    const { body: timeline } = await read(`orders/${orderId}/timeline?limit=100`);
    const changes = timeline.items.flatMap(({ changes }: { changes: { of: string; id?: string; after: string }[] }) =>
      changes.filter(({ of }) => of === 'dispute').map(({ id, after }) => `${id?.split('#')[1]} ${after}`),
    );
    expect(changes).toEqual(['D-1 open', 'D-1 seller', 'D-2 rejected', 'D-3 buyer']);
  });

  it('that breaks a rule is kept as a rejected order, and says where', async () => {
    const [line] = checkoutOf('broken').lines;
    const broken = eventOf(checkoutOf('broken', { lines: [{ ...line, quantity: 0 } as never] }));
    const { status, body } = await send(broken, { headers: { 'accept-language': 'id' } });
    expect({ status, body }).toMatchObject({ status: 202, body: { outcome: 'invalid', status: 'rejected' } });
    expect(body.errors).toEqual([
      { field: 'lines/0/quantity', code: 'not-a-whole-number', message: expect.stringContaining('harus') },
    ]);
    expect((await send(broken)).body).toMatchObject({
      outcome: 'invalid',
      repeated: true,
      errors: [{ code: 'not-a-whole-number' }],
    });
  });

  it('may be binary, and is the same event as on Kafka', async () => {
    const id = randomUUID();
    const checkout = checkoutOf('binary');
    const value = JSON.stringify(checkout);
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': checkoutCompleted.type,
      'ce-source': '/blanja/%C3%A9',
    };
    const json = { 'content-type': 'application/json' };
    expect((await post(value, { headers: { ...headers, ...json } })).body).toMatchObject({ outcome: 'accepted' });
    const publisher = new KafkaBroker(`marketplace-${run}`).publisher();
    const key = `blanja/${run}-binary`;
    const onKafka = { ce_id: id, ce_type: checkoutCompleted.type, ce_source: '/blanja/é' };
    const later = { ...checkoutOf('after-binary'), orderRef: `${run}-binary`, shipping: 5 };
    await publisher.publish([
      { topic: 'checkout.blanja.v1', key, headers: onKafka, value },
      { topic: 'checkout.blanja.v1', key, headers: { ...onKafka, ce_id: randomUUID() }, value: JSON.stringify(later) },
    ]);
    await publisher.close();
    const { body } = await eventually(
      () => read('rejected-checkouts?limit=1000'),
      ({ body }) => body.items.some((one: { orderId: string }) => one.orderId === key),
    );
    expect(body.items.filter((one: { orderId: string }) => one.orderId === key)).toHaveLength(1);
    const [inbox] = await database.query<{ heard: number }>(
      'SELECT count(*) AS heard FROM claimed_event_id WHERE event_id IN (SELECT event_id FROM webhook_message WHERE answer ->> $1 = $2)',
      ['orderId', key],
    );
    expect(inbox?.heard).toBe(1);
  });

  it('that uses the id of another again is judged by what it says, and is listed, as over Kafka', async () => {
    const id = randomUUID();
    const first = await send(eventOf(checkoutOf('id-1'), { id }));
    const second = await send(eventOf(checkoutOf('id-2'), { id }));
    expect([first.body.outcome, second.body.outcome]).toEqual(['accepted', 'accepted']);
    const publisher = new KafkaBroker(`marketplace-${run}`).publisher();
    const value = JSON.stringify(checkoutOf('id-3'));
    const headers = { ce_id: id, ce_type: checkoutCompleted.type, ce_source: '/blanja/checkout' };
    await publisher.publish([{ topic: 'checkout.blanja.v1', key: `blanja/${run}-id-3`, headers, value }]);
    await publisher.close();
    const listed = await eventually(
      async () =>
        (await read('reused-event-ids')).body.items.filter((one: { claimedId: string }) => one.claimedId === id),
      ({ length }) => length === 2,
    );
    expect(listed.map(({ code, key }: { code: string; key: string }) => [code, key]).sort()).toEqual([
      ['event-id-reused', `blanja/${run}-id-2`],
      ['event-id-reused', `blanja/${run}-id-3`],
    ]);
    expect((await read(`orders/blanja/${run}-id-3`)).status).toBe(200);
  });

  it('of an order of another channel does nothing about it, and its sender sees that', async () => {
    const { status, body } = await send(eventOf({ ...checkoutOf('foreign'), channel: 'toko-sandbox' }));
    expect({ status, body }).toEqual({
      status: 202,
      body: { orderId: `toko-sandbox/${run}-foreign`, outcome: 'wrong-channel', repeated: false },
    });
    expect((await read(`orders/toko-sandbox/${run}-foreign`)).status).toBe(404);
  });

  it('is stored as it came before it is judged, sealed; who opens it is written down', async () => {
    const event = { ...eventOf({ ...checkoutOf('sealed'), buyer: 'Budi Santoso' }) };
    await send(event);
    const [row] = await database.query<{ messageId: string; sealed: Buffer; answer: unknown }>(
      `SELECT message_id AS "messageId", sealed, answer FROM webhook_message ORDER BY message_id DESC LIMIT 1`,
    );
    expect(row?.sealed.toString('latin1')).not.toContain('Budi');
    expect(JSON.stringify(row?.answer)).not.toContain('Budi');
    const listed = await read('webhook-messages?limit=1');
    expect(listed.body.items).toEqual([
      expect.objectContaining({ messageId: row?.messageId, channel: 'blanja', outcome: 'accepted' }),
    ]);
    const opened = await read(`webhook-messages/${row?.messageId}`);
    expect(opened.body.content).toContain(JSON.stringify(event));
    const reads = await read('personal-reads');
    expect(reads.body.items[0]).toMatchObject({
      route: `GET /v1/webhook-messages/${row?.messageId}`,
      purpose: 'repair',
    });
  });

  it('that nobody has signed, or long ago, leaves a count and nothing else', async () => {
    const before = await kept();
    const event = JSON.stringify(eventOf(checkoutOf('unsigned')));
    const old = new Date(Date.now() - 301_000);
    const attempts: [string, Sending][] = [
      ['bad-signature', { secret: 'a secret of somebody else, long enough' }],
      ['bad-signature', { headers: { 'pasindo-signature': '' } }],
      ['bad-signature', { channel: 'toko-sandbox' }],
      ['bad-signature', { channel: 'nobody' }],
      ['stale-signature', { at: old }],
    ];
    for (const [code, sending] of attempts) {
      const { status, body } = await post(event, sending);
      expect({ status, code: body.errors[0].code }).toEqual({ status: 401, code });
    }
    expect(await kept()).toBe(before);
    const counted = await register.getSingleMetricAsString('webhooks_refused_total');
    expect(counted).toMatch(/reason="bad-signature"[^}]*} 4/);
    expect(counted).toMatch(/reason="stale-signature"[^}]*} 1/);
  });

  it('is taken under both secrets while they change, without a restart', async () => {
    writeFileSync(join(secrets, 'blanja'), `${NEXT_SECRET}\n`.replaceAll(' ', '-') + SECRET.replaceAll(' ', '-'));
    const next = await eventually(
      () => send(eventOf(checkoutOf('next')), { secret: NEXT_SECRET }),
      ({ status }) => status === 202,
    );
    expect(next.body.outcome).toBe('accepted');
    expect((await send(eventOf(checkoutOf('last')))).body.outcome).toBe('accepted');
  });

  it('larger than 1 MiB, or compressed, is not read', async () => {
    expect((await post(Buffer.alloc(1_048_577, ' '))).status).toBe(413);
    expect((await post('{}', { headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  });
});

/** What a machine or a bad day makes of a good event. */
const spoiled = (() => {
  const good = () => JSON.stringify(eventOf(checkoutOf(`spoiled-${newId()}`)));
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('flip', 'cut', 'double', 'insert'),
    byte: fc.nat(255),
  });
  const bytes = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) =>
    changes.reduce((body, { at, kind, byte }) => {
      const index = at % Math.max(body.length, 1);
      const [head, tail] = [body.subarray(0, index), body.subarray(index)];
      if (kind === 'flip') return Buffer.concat([head, Buffer.from([byte]), tail.subarray(1)]);
      if (kind === 'cut') return Buffer.concat([head, tail.subarray(1 + (byte % 40))]);
      if (kind === 'double') return Buffer.concat([body, tail]);
      return Buffer.concat([head, Buffer.from(['\0', '\ud83d', '{', '"', '\\u0000', '\u202e'][byte % 6] ?? ''), tail]);
    }, Buffer.from(good())),
  );
  const values = fc
    .record({
      path: fc.constantFrom(
        ['id'],
        ['type'],
        ['source'],
        ['data'],
        ['specversion'],
        ['data', 'channel'],
        ['data', 'orderRef'],
        ['data', 'placedAt'],
        ['data', 'lines'],
        ['data', 'lines', '0'],
        ['data', 'lines', '0', 'sku'],
        ['data', 'lines', '0', 'quantity'],
        ['data', 'lines', '0', 'unitPrice'],
        ['data', 'fees'],
      ),
      value: fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom(1e308, -1, 2 ** 53, '__proto__', 'a\u0000b', '\ud800'),
      ),
    })
    .map(({ path, value }) => {
      const event = JSON.parse(good());
      const last = path.at(-1) as string;
      const parent = path.slice(0, -1).reduce((each, name) => each[name], event);
      parent[last] = value;
      return Buffer.from(JSON.stringify(event));
    });
  const type = fc.constantFrom(
    'application/cloudevents+json',
    'application/json',
    'text/plain',
    'application/cloudevents-batch+json',
    'application/cloudevents+json; charset=utf-16',
  );
  return fc.record({
    body: fc.oneof(
      bytes,
      values,
      fc.uint8Array({ maxLength: 200 }).map((one) => Buffer.from(one)),
    ),
    type,
  });
})();

it.each([['sku'], ['lineRef'], ['feeClass'], ['store']])(
  'what cannot be kept of it (%s) makes an order invalid, and no failure',
  async (name) => {
    const checkout = JSON.parse(JSON.stringify(checkoutOf(`nul-${name}`)));
    (name === 'store' ? checkout : checkout.lines[0])[name] = 'a\u0000b';
    expect(await send(eventOf(checkout))).toMatchObject({ status: 202, body: { outcome: 'invalid' } });
  },
);

const MALFORMED = 400;

it('malformed webhooks never fail us, and none has a part of its effects', async () => {
  const orders = async () => {
    const [row] = await database.query<{ orders: number }>('SELECT count(*) AS orders FROM "order"');
    return row?.orders ?? 0;
  };
  const before = { orders: await orders(), kept: await kept() };
  const named = new Set<string>();
  const answers = new Set<number>();
  await fc.assert(
    fc.asyncProperty(spoiled, async ({ body, type }) => {
      const answer = await post(body, { headers: { 'content-type': type } });
      answers.add(answer.status);
      if (answer.status !== 202) expect(answer.body.errors[0]).toMatchObject({ field: 'body', code: 'unreadable' });
      else if (answer.body.outcome !== 'wrong-channel') named.add(answer.body.orderId);
    }),
    { numRuns: MALFORMED },
  );
  expect([...answers].sort()).toEqual([202, 400]);
  expect(named.size).toBeGreaterThan(0); // some are good enough to be judged
  expect(await kept()).toBe(before.kept + MALFORMED);
  // Each that named an order is an order or a rejected one, whole; nothing else left any.
  expect(await orders()).toBe(before.orders + named.size);
  const [unjudged] = await database.query<{ rows: number }>(
    'SELECT count(*) AS rows FROM webhook_message WHERE outcome IS NULL',
  );
  expect(unjudged?.rows).toBe(0);
  const letters = await read('dead-letters');
  expect(letters.body.items).toEqual([]);
  expect((await send(eventOf(checkoutOf('afterwards')))).body.outcome).toBe('accepted');
});
