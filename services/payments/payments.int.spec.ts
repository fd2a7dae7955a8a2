import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import {
  type DataOf,
  disbursementFailed,
  disbursementPaid,
  type Event,
  orderCancelled,
  orderPlaced,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  payoutApproved,
  refundRequested,
  settlementConfirmed,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { tokenOf } from '../../test/kit/issuer.ts';
import { eventually, send as sendTo, startTested } from '../../test/kit/service.ts';
import { signedFetch } from '../../test/kit/sign-in.ts';
import { paymentsMigrations } from './migrations/index.ts';
import { PaymentsModule } from './payments.module.ts';
import { paymentsPolicy } from './policy.ts';

const run = randomUUID().slice(0, 8);
const channel = 'test';
const orderId = (name: string) => `${channel}/${run}-${name}`;

/** What the payments say, as the other services hear it. */
const heard: Event[] = [];

@Controller()
class Listener {
  @EventHandler(paymentCaptured)
  async onCaptured(events: Event<DataOf<typeof paymentCaptured>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(paymentFailed)
  async onFailed(events: Event<DataOf<typeof paymentFailed>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(paymentRefunded)
  async onRefunded(events: Event<DataOf<typeof paymentRefunded>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(disbursementPaid, disbursementFailed)
  async onDisbursed(events: Event[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(settlementConfirmed)
  async onSettled(events: Event<DataOf<typeof settlementConfirmed>>[]): Promise<void> {
    heard.push(...events);
  }
}

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  app = await startTested(
    {
      name: `payments-${run}`,
      module: PaymentsModule,
      policy: paymentsPolicy,
      migrations: paymentsMigrations,
      neighbours: [Listener],
    },
    testDatabase,
  );
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

/** Sends events as orders would. */
const send = (...events: Event[]) => sendTo(app, ...events);

const placed = (name: string, payment: 'escrow' | 'gateway', amount = 100_000) => {
  const data = { orderId: orderId(name), placedAt: '2026-01-05T10:00:00+07:00', payment, amount, lines: [] };
  return newEvent(orderPlaced, data, { correlationId: newId() });
};
const cancelled = (name: string) =>
  newEvent(orderCancelled, { orderId: orderId(name), reason: 'out-of-stock' }, { correlationId: newId() });
const refund = (name: string, refundRef: string, amount: number) => {
  const refundId = `${orderId(name)}/1#${refundRef}`;
  return newEvent(refundRequested, { refundId, orderId: orderId(name), amount }, { correlationId: newId() });
};

const heardOf = (name: string) => heard.filter(({ key }) => key === orderId(name));
const untilHeard = (name: string, count: number) =>
  eventually(
    () => heardOf(name),
    (events) => events.length >= count,
  );

async function call(method: 'GET' | 'POST', path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await signedFetch(`${await app.getUrl()}/v1/${path}`, { method });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const read = (name: string) => call('GET', `payments/${channel}/${run}-${name}`);
const gateway = (name: string, notice: string) => call('POST', `sandbox/payments/${channel}/${run}-${name}/${notice}`);
const untilPlaced = (name: string) =>
  eventually(
    () => read(name),
    ({ status }) => status === 200,
  );

describe('escrow', () => {
  it('is captured by the checkout and refunded at once, under the correlation id of what asked for it', async () => {
    const order = placed('escrow', 'escrow');
    const back = refund('escrow', 'r1', 30_000);
    await send(order, back);
    const [captured, refunded] = await untilHeard('escrow', 2);
    expect(captured).toMatchObject({
      type: paymentCaptured.type,
      correlationId: order.correlationId,
      causationId: order.id,
      data: { orderId: orderId('escrow'), amount: 100_000, capturedAt: '2026-01-05T10:00:00+07:00' },
    });
    expect(refunded).toMatchObject({
      type: paymentRefunded.type,
      correlationId: back.correlationId,
      causationId: back.id,
      data: { refundId: back.data.refundId, amount: 30_000, refundedAt: back.time },
    });
    expect((await read('escrow')).body).toMatchObject({
      status: 'captured',
      amount: 100_000,
      captured: 100_000,
      refunded: 30_000,
      refunds: [{ refundId: back.data.refundId, amount: 30_000, status: 'refunded' }],
    });
  });

  it('takes a whole batch of orders, cancelled and sent twice among them', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `batch-${index}`);
    const orders = names.map((name) => placed(name, 'escrow'));
    const cancellations = names.filter((_, index) => index % 4 === 0).map(cancelled);
    await send(...orders, ...cancellations, ...orders);
    const all = await eventually(
      () => heard.filter(({ key }) => key.startsWith(orderId('batch-'))),
      (events) => events.length >= 400,
    );
    expect(all.filter(({ type }) => type === paymentCaptured.type)).toHaveLength(400);
    expect(all.filter(({ type }) => type === paymentRefunded.type)).toEqual([]); // what a channel holds only it gives back
    const [sums] = await database.query(
      'SELECT sum(captured)::bigint AS captured, sum(refunded)::bigint AS refunded FROM payment WHERE starts_with(order_id, $1)',
      [orderId('batch-')],
    );
    expect(sums).toEqual({ captured: 40_000_000, refunded: 0 });
  });

  it('is none of the gateway’s business', async () => {
    await send(placed('no-gateway', 'escrow'));
    await untilPlaced('no-gateway');
    expect(await gateway('no-gateway', 'capture')).toMatchObject({
      status: 409,
      body: { title: 'Contradicts the payment' },
    });
  });
});

describe('the gateway', () => {
  it('captures once, however often it says so at the same time', async () => {
    const order = placed('often', 'gateway');
    await send(order);
    expect((await untilPlaced('often')).body).toMatchObject({ status: 'pending', captured: 0 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => gateway('often', 'capture')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await send(refund('often', 'last', 1)); // what is told of it comes after all captures of its order
    await eventually(
      () => read('often'),
      ({ body }) => (body.refunds as unknown[]).length === 1,
    );
    expect(await gateway('often', 'refund')).toMatchObject({ status: 200 });
    const [captured, ...after] = await untilHeard('often', 2);
    expect(after.map(({ type }) => type)).toEqual([paymentRefunded.type]);
    expect(captured).toMatchObject({ type: paymentCaptured.type, correlationId: order.correlationId });
  });

  it.each([
    ['fail', 'failed', 'declined'],
    ['expire', 'expired', 'expired'],
  ])('%s: the order hears that no money comes; money that comes late goes back', async (notice, status, reason) => {
    await send(placed(notice, 'gateway'));
    await untilPlaced(notice);
    await gateway(notice, notice);
    expect((await gateway(notice, 'capture')).body).toMatchObject({ status, captured: 100_000, refunded: 100_000 });
    const events = await untilHeard(notice, 2);
    expect(events.map(({ type }) => type)).toEqual([paymentFailed.type, paymentRefunded.type]);
    expect(events[0]?.data).toMatchObject({ reason });
    expect(events[1]?.data).toMatchObject({ amount: 100_000 });
  });

  it('refunds when it says so, once', async () => {
    await send(placed('refund', 'gateway'));
    await untilPlaced('refund');
    expect(await gateway('refund', 'refund')).toMatchObject({ status: 409 });
    await gateway('refund', 'capture');
    await send(refund('refund', 'r1', 40_000), refund('refund', 'r2', 60_000));
    await eventually(
      () => read('refund'),
      ({ body }) => (body.refunds as unknown[]).length === 2,
    );
    expect((await read('refund')).body).toMatchObject({ refunded: 0 });
    await gateway('refund', 'refund');
    expect((await gateway('refund', 'refund')).body).toMatchObject({ refunded: 100_000 });
    expect((await untilHeard('refund', 3)).map(({ type }) => type)).toEqual([
      paymentCaptured.type,
      paymentRefunded.type,
      paymentRefunded.type,
    ]);
  });

  it('is told what it cannot mean', async () => {
    expect(await gateway('nowhere', 'capture')).toMatchObject({ status: 404, body: { title: 'Payment not found' } });
    expect(await gateway('nowhere', 'applaud')).toMatchObject({ status: 400, body: { errors: [{ field: 'notice' }] } });
    expect(await read('nowhere')).toMatchObject({ status: 404 });
  });
});

it('a refund beyond what was captured becomes a dead letter, nothing is given back', async () => {
  await send(placed('beyond', 'escrow'), refund('beyond', 'r1', 100_001));
  const letters = await eventually(
    () =>
      database.query<{ cause: string }>(
        `SELECT cause FROM dead_letter WHERE key_hash = sha256(convert_to($1, 'UTF8'))`,
        [orderId('beyond')],
      ),
    ({ length }) => length > 0,
  );
  expect(letters).toEqual([{ cause: expect.stringContaining('100001 rupiah exceed the 100000') }]);
  expect((await read('beyond')).body).toMatchObject({ refunded: 0, refunds: [] });
});

describe('a settlement report', () => {
  const report = (name: string) => ({
    ...{
      channel,
      orderRef: `${run}-${name}`,
      settlementRef: 'S1',
      bank: 'bri',
      settledAt: '2026-01-12T10:00:00+07:00',
    },
    ...{ fee: 16_750, shipping: 11_000, withheldTax: 1_500, paidOut: 303_750, revenue: 333_000, settles: 'all' },
  });
  async function settle(body: object, key = newId()) {
    const response = await signedFetch(`${await app.getUrl()}/v1/settlements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('is confirmed once, under the correlation id of its order, however it is repeated', async () => {
    const order = placed('settled', 'escrow');
    await send(order);
    await untilHeard('settled', 1);
    const settlementId = `${orderId('settled')}~S1`;
    const key = newId();
    const answer = { status: 202, body: { settlementId, outcome: 'confirmed' } };
    expect(await settle(report('settled'), key)).toEqual(answer);
    expect(await settle(report('settled'), key)).toEqual(answer);
    expect((await settle(report('settled'))).body).toEqual({ settlementId, outcome: 'duplicate' });
    expect(await settle({ ...report('settled'), fee: 1 })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'revenue', code: 'not-the-sum' }] },
    });
    expect(await settle({ ...report('settled'), settles: 'part' })).toMatchObject({ status: 409 });
    expect((await settle({ ...report('settled'), settlementRef: 'S2', facilityId: 'F1' })).status).toBe(202);

    const [, confirmed, second] = await untilHeard('settled', 3);
    expect(confirmed).toMatchObject({
      type: settlementConfirmed.type,
      correlationId: order.correlationId,
      data: {
        ...{
          settlementId,
          orderId: orderId('settled'),
          fee: 16_750,
          shipping: 11_000,
          withheldTax: 1_500,
          bank: 'bri',
        },
        settledAt: '2026-01-12T03:00:00.000Z',
      },
    });
    expect(second?.data).toMatchObject({ settlementId: `${orderId('settled')}~S2`, facilityId: 'F1' });
    expect(heardOf('settled')).toHaveLength(3);
  });

  it('of an order without money, or of none, is taken: the books hold it', async () => {
    await send(placed('unsettled', 'gateway'));
    await untilPlaced('unsettled');
    expect(await settle(report('unsettled'))).toMatchObject({ status: 202 });
    expect(await settle(report('nowhere'))).toMatchObject({ status: 202, body: { outcome: 'confirmed' } });
    const [told] = await untilHeard('nowhere', 1);
    expect(told).toMatchObject({ type: settlementConfirmed.type, data: { revenue: 333_000, paidOut: 303_750 } });
    expect(await settle({ ...report('unsettled'), fee: 0.5, bank: 'B R I' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'fee' }, { field: 'bank' }] },
    });
  });
});

it('an approved payout is paid item by item as the bank says, each told once; what was paid may come back', async () => {
  const [first, second] = [newId(), newId()];
  const facilityId = `F-${run}`;
  const items = [first, second].map((itemId, index) => ({ itemId, payee: `maker:M${index}`, amount: 1_000 + index }));
  const payout = { payoutId: newId(), facilityId, bank: 'bri', items };
  const approved = newEvent(payoutApproved, payout, { correlationId: newId() });
  await send(approved, { ...approved, id: newId() });
  const asked = await eventually(
    () => call('GET', `disbursements?payoutId=${payout.payoutId}`),
    ({ body }) => (body.items as unknown[]).length === 2,
  );
  expect(asked.body.items).toMatchObject([{ itemId: first, payee: 'maker:M0', amount: 1_000, status: 'pending' }, {}]);

  const listedFor = async (grant: string) => {
    const authorization = `Bearer ${await tokenOf({ person: 'p-1', grants: [grant] })}`;
    const response = await fetch(`${await app.getUrl()}/v1/disbursements?limit=1000`, { headers: { authorization } });
    return ((await response.json()) as { items: { itemId: string }[] }).items.map(({ itemId }) => itemId);
  };
  expect((await listedFor(`drafter@facility:${facilityId}`)).sort()).toEqual([first, second].sort());
  expect(await listedFor('approver@facility:elsewhere')).toEqual([]);

  async function bankSays(itemId: string, notice: 'pay' | 'fail') {
    const response = await signedFetch(`${await app.getUrl()}/v1/sandbox/disbursements/${itemId}/${notice}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice === 'fail' ? { reason: 'account closed' } : {}),
    });
    return response.status;
  }
  expect(await Promise.all(Array.from({ length: 5 }, () => bankSays(first, 'pay')))).toEqual(Array(5).fill(200));
  expect([await bankSays(second, 'fail'), await bankSays(second, 'fail')]).toEqual([200, 200]);
  expect(await bankSays(second, 'pay')).toBe(409);
  expect(await bankSays(first, 'fail')).toBe(200);
  expect(await bankSays(newId(), 'pay')).toBe(404);

  const told = await eventually(
    () => heard.filter(({ key }) => key === facilityId),
    ({ length }) => length >= 3,
  );
  expect(told).toMatchObject([
    { type: disbursementPaid.type, correlationId: approved.correlationId, data: { itemId: first, amount: 1_000 } },
    { type: disbursementFailed.type, data: { itemId: second, reason: 'account closed' } },
    { type: disbursementFailed.type, data: { itemId: first } },
  ]);
});

it('the gateway and the bank to play with are there for a demo only', async () => {
  const paths = ['sandbox/payments/blanja/x/capture', `sandbox/disbursements/${randomUUID()}/pay`];
  for (const path of paths) expect((await call('POST', path)).body.title).not.toBe('Not found');
  process.env.PASINDO_DEMO = '';
  for (const path of paths) {
    expect(await call('POST', path)).toMatchObject({ status: 404, body: { title: 'Not found' } });
  }
  process.env.PASINDO_DEMO = 'on';
});
