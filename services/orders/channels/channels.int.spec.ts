import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { type DataOf, type Event, orderPlaced } from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { eventually, startTested } from '../../../test/kit/service.ts';
import { signedFetch } from '../../../test/kit/sign-in.ts';
import { ordersMigrations } from '../migrations/index.ts';
import { OrdersModule } from '../orders.module.ts';
import { ordersPolicy } from '../policy.ts';

/** The catalogue, as far as it is told what to reserve. */
@Controller()
class Catalogue {
  static readonly placed: DataOf<typeof orderPlaced>[] = [];

  @EventHandler(orderPlaced)
  async onPlaced(events: Event<DataOf<typeof orderPlaced>>[]): Promise<void> {
    Catalogue.placed.push(...events.map(({ data }) => data));
  }
}

let database: TestDatabase;
let app: INestApplication;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  const name = `channels-${randomUUID().slice(0, 8)}`;
  app = await startTested(
    { name, module: OrdersModule, migrations: ordersMigrations, policy: ordersPolicy, neighbours: [Catalogue] },
    database,
  );
  url = await app.getUrl();
}, 60_000);
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function ask(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await signedFetch(`${url}/v1/${path}`, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const channelId = `pasar-${randomUUID().slice(0, 8)}`;
const DAY_MS = 24 * 60 * 60 * 1_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const terms = {
  version: 1,
  effectiveFrom: '2026-01-01T00:00:00+07:00',
  sellersPartOfDiscountBp: 5_000,
  shippingBorneBy: 'platform',
  fees: [
    { name: 'admin', bp: 800 },
    { name: 'komisi', bp: 200, vatBp: 1_100 },
  ],
};
const codes = ({ body }: { body: Record<string, unknown> }) =>
  (body.errors as { field: string; code: string }[]).map(({ field, code }) => `${field}: ${code}`);

const checkout = (orderRef: string, more: object = {}) => ({
  ...{ channel: channelId, orderRef, placedAt: '2026-01-05T09:30:00+07:00' },
  lines: [{ lineRef: '1', sku: 'TAS', quantity: 2, unitPrice: 50_000, discount: 10_001 }],
  ...{ shipping: 9_000 },
  ...more,
});

describe('a channel', () => {
  it('takes nothing before two persons have agreed on its terms', async () => {
    const named = { channelId, name: 'Pasar', kind: 'generic' };
    const created = await ask('channels', { ...named, by: 'p-1' });
    expect(created).toEqual({ status: 200, body: { ...named, payment: 'escrow', terms: null } });
    expect(await ask('channels', { ...named, by: 'p-3' })).toEqual(created);
    expect((await ask('channels', { ...named, kind: 'shop', by: 'p-3' })).status).toBe(409);

    const draft = await ask(`channels/${channelId}/terms`, { ...terms, by: 'p-1' });
    expect(draft).toMatchObject({ status: 200, body: { version: 1, status: 'draft', createdBy: 'p-1' } });
    expect(await ask(`channels/${channelId}/terms`, { ...terms, by: 'p-1' })).toEqual(draft);
    expect((await ask(`channels/${channelId}/terms`, { ...terms, fees: [], by: 'p-1' })).status).toBe(409);
    expect(codes(await ask('checkouts', checkout('0')))).toEqual(['channel: unknown-channel']);

    expect((await ask(`channels/${channelId}/terms/1/approval`, { by: 'p-1' })).status).toBe(403);
    const approved = await ask(`channels/${channelId}/terms/1/approval`, { by: 'p-2' });
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved', approvedBy: 'p-2' } });
    expect((await ask(`channels/${channelId}/terms/1/withdrawal`, { by: 'p-1' })).status).toBe(409);
    // What was refused for want of terms is taken when it comes again.
    expect((await ask('checkouts', checkout('0'))).status).toBe(202);
  });

  it('sells under its terms: the seller bears his part of a discount, no shipping, and the fees that it charges', async () => {
    await ask('checkouts', checkout('1'));
    await ask('checkouts', checkout('2', { fees: 7 }));
    await ask('checkouts', checkout('3', { placedAt: '2025-12-31T23:59:59+07:00' }));
    const placed = await eventually(
      () => Catalogue.placed.filter(({ orderId }) => orderId.startsWith(channelId)),
      ({ length }) => length >= 3,
    );
    const amounts = Object.fromEntries(placed.map(({ orderId, amount }) => [orderId.split('/')[1], amount]));
    // 100,000 less 5,001 of 10,001: half, rounded up.
    expect(amounts).toEqual({ 0: 94_999, 1: 94_999, 2: 94_999 });
    const rows = await app
      .get(Database)
      .query<{ order_id: string; terms_version: number; line: Record<string, number> }>(
        `SELECT order_id, terms_version, lines -> 0 AS line FROM "order" WHERE lines IS NOT NULL AND order_id ~ '/[12]$'
        ORDER BY order_id`,
      );
    // 7,599.92 and 1,899.98, each half up, and 209 of value added tax.
    expect(rows.map(({ terms_version, line }) => ({ terms_version, ...line }))).toMatchObject([
      { terms_version: 1, discount: 5_001, fees: 7_600 + 1_900 + 209, shipping: 0 },
      { terms_version: 1, discount: 5_001, fees: 7, shipping: 0 },
    ]);
  });

  it('charges a fee by class of goods, and the lines of a class bear it', async () => {
    const named = { channelId: `kelas-${randomUUID().slice(0, 8)}`, name: 'Kelas', kind: 'generic' };
    await ask('channels', { ...named, by: 'p-1' });
    const byClass = {
      ...{ ...terms, sellersPartOfDiscountBp: 10_000 },
      fees: [
        { name: 'admin', bp: { A: 800, B: 575 }, vatBp: 1_100 },
        { name: 'komisi', bp: 200 },
      ],
    };
    const draft = await ask(`channels/${named.channelId}/terms`, { ...byClass, by: 'p-1' });
    expect(draft).toMatchObject({ status: 200, body: { terms: { fees: byClass.fees } } });
    await ask(`channels/${named.channelId}/terms/1/approval`, { by: 'p-2' });

    const line = (lineRef: string, unitPrice: number, feeClass?: string) => {
      return { lineRef, sku: 'TAS', quantity: 1, unitPrice, ...(feeClass !== undefined && { feeClass }) };
    };
    const lines = [line('1', 100_000, 'A'), line('2', 50_000, 'B'), line('3', 50_000, 'A'), line('4', 10_000)];
    const sold = { ...checkout('1', { lines }), channel: named.channelId };
    expect((await ask('checkouts', sold)).body).toMatchObject({ outcome: 'accepted' });
    expect((await ask('checkouts', sold)).body).toMatchObject({ outcome: 'duplicate' });
    const order = await ask(`orders/${named.channelId}/1`);
    // A: 12,000 and 1,320; B: 2,875 and 316 (316.25); of all 4,200, by 100, 50, 50 and 10.
    expect((order.body.lines as { fees: number }[]).map(({ fees }) => fees)).toEqual([
      ...[8_880 + 2_000, 3_191 + 1_000, 4_440 + 1_000, 200],
    ]);
  });

  it('has other terms for orders that are placed later, never for those that are taken', async () => {
    const next = { ...terms, version: 2, fees: [] };
    await ask(`channels/${channelId}/terms`, { ...next, effectiveFrom: inDays(0.9), by: 'p-1' });
    const early = await ask(`channels/${channelId}/terms/2/approval`, { by: 'p-2' });
    expect(early.status).toBe(422);
    expect(codes(early)).toEqual(['effectiveFrom: too-early']);
    const rejected = await ask(`channels/${channelId}/terms/2/rejection`, { by: 'p-2', reason: 'too early' });
    expect(rejected.body).toMatchObject({ status: 'rejected', rejectedBecause: 'too early' });

    await ask(`channels/${channelId}/terms`, { ...next, version: 3, effectiveFrom: inDays(1.1), by: 'p-1' });
    expect((await ask(`channels/${channelId}/terms/3/approval`, { by: 'p-2' })).status).toBe(200);
    const { body } = await ask(`channels/${channelId}/terms`);
    expect((body as unknown as { status: string }[]).map(({ status }) => status)).toEqual([
      ...['approved', 'rejected', 'approved'],
    ]);
    const channels = (await ask('channels')).body as unknown as { channelId: string; terms: { version: number } }[];
    expect(channels.find((one) => one.channelId === channelId)?.terms.version).toBe(1);
  });

  it.each([
    ['a fee named twice', { fees: [{ name: 'a' }, { name: 'a' }] }, 'fees.1.name: duplicate'],
    ['a fee of less at most than at least', { fees: [{ name: 'a', min: 2, max: 1 }] }, 'fees.0.max: out-of-order'],
    ['a fee above all', { fees: [{ name: 'a', bp: 10_001 }] }, 'fees.0.bp: not-a-whole-number'],
    [
      'a class charged more than all',
      { fees: [{ name: 'a', bp: { A: 1, B: 10_001 } }] },
      'fees.0.bp.B: not-a-whole-number',
    ],
    ['a class without a name', { fees: [{ name: 'a', bp: { '': 1 } }] }, 'fees.0.bp.: blank'],
    ['outcomes without TLS', { outcomesTo: 'http://pasar.example/hook' }, 'outcomesTo: not-public'],
    ['outcomes to our own network', { outcomesTo: 'https://10.0.0.1/hook' }, 'outcomesTo: not-public'],
    ['a word that is none', { shippingBorneBy: 'nobody' }, 'shippingBorneBy: not-a-choice'],
  ])('is refused terms with %s', async (_, wrong, code) => {
    const answer = await ask(`channels/${channelId}/terms`, { ...terms, version: 9, ...wrong, by: 'p-1' });
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual([code]);
  });

  it('that is our own shop bears all discounts itself', async () => {
    const shop = { ...terms, version: 9, by: 'p-1' };
    expect(codes(await ask('channels/toko-sandbox/terms', shop))).toEqual([
      'sellersPartOfDiscountBp: not-of-a-shop',
      'shippingBorneBy: not-of-a-shop',
    ]);
    expect((await ask('channels/pasar-gelap/terms', shop)).status).toBe(404);
  });

  it('of the first release has the terms that it had', async () => {
    const channels = (await ask('channels')).body as unknown as { channelId: string }[];
    const all = { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees: [] };
    expect(channels.filter((one) => ['blanja', 'toko-sandbox'].includes(one.channelId))).toMatchObject([
      { channelId: 'blanja', kind: 'generic', payment: 'escrow', terms: { version: 1, terms: all } },
      {
        channelId: 'toko-sandbox',
        kind: 'shop',
        payment: 'gateway',
        terms: { terms: { ...all, returnWindowDays: 7 } },
      },
    ]);
  });
});
