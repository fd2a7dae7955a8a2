import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { type DataOf, type Event, goodsListed, orderPlaced, stockReserved } from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { untilSomebodyWaits } from '../../../test/kit/locks.ts';
import { eventually, send, startTested } from '../../../test/kit/service.ts';
import { signedFetch } from '../../../test/kit/sign-in.ts';
import { AcceptanceService } from '../checkouts/acceptance.service.ts';
import { ordersMigrations } from '../migrations/index.ts';
import { OrdersModule } from '../orders.module.ts';
import { ordersPolicy } from '../policy.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { RelistingService } from './relisting.service.ts';

type Wanted = readonly { readonly lineRef: string; readonly sku: string; readonly unlisted?: boolean }[];

/** The catalogue, as far as it is told what orders want. */
@Controller()
class Catalogue {
  static readonly wanted: { readonly type: string; readonly orderId: string; readonly lines: Wanted }[] = [];

  @EventHandler(orderPlaced, goodsListed)
  async onWanted(events: Event<DataOf<typeof orderPlaced | typeof goodsListed>>[]): Promise<void> {
    Catalogue.wanted.push(...events.map(({ type, data: { orderId, lines } }) => ({ type, orderId, lines })));
  }
}

let database: TestDatabase;
let app: INestApplication;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  const service = { module: OrdersModule, migrations: ordersMigrations, policy: ordersPolicy, neighbours: [Catalogue] };
  app = await startTested({ ...service, name: `listings-${randomUUID().slice(0, 8)}` }, database);
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
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : { text } };
}
const codes = ({ body }: { body: Record<string, unknown> }) =>
  (body.errors as { field: string; code: string }[]).map(({ field, code }) => `${field}: ${code}`);

/** A channel whose terms charge 8 % of class A and 5 % of all others. */
async function openChannel(): Promise<string> {
  const channelId = `pasar-${randomUUID().slice(0, 8)}`;
  await ask('channels', { channelId, name: 'Pasar', kind: 'generic', by: 'p-1' });
  const terms = {
    ...{ version: 1, effectiveFrom: '2026-01-01T00:00:00+07:00' },
    ...{ sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller' },
    fees: [{ name: 'admin', bp: { A: 800, '*': 500 } }],
  };
  await ask(`channels/${channelId}/terms`, { ...terms, by: 'p-1' });
  expect((await ask(`channels/${channelId}/terms/1/approval`, { by: 'p-2' })).status).toBe(200);
  return channelId;
}

const list = async (channelId: string, version: number, listings: object[]) => {
  expect((await ask(`channels/${channelId}/listings`, { version, listings, by: 'p-1' })).status).toBe(200);
  return ask(`channels/${channelId}/listings/${version}/approval`, { by: 'p-2' });
};
const placedAt = '2026-01-05T09:30:00+07:00';
const order = async (channel: string, orderRef: string, lines: object[], more: object = {}) => {
  expect((await ask('checkouts', { channel, orderRef, placedAt, lines, ...more })).status).toBe(202);
};
const line = (lineRef: string, sku: string, unitPrice = 100_000) => ({ lineRef, sku, quantity: 1, unitPrice });
/** What the catalogue was told last that an order wants. */
const untilWanted = async (orderId: string, type: { type: string }) => {
  const told = () => Catalogue.wanted.filter((one) => one.orderId === orderId && one.type === type.type);
  return (await eventually(told, ({ length }) => length > 0)).at(-1)?.lines;
};
const feesOf = async (orderId: string) =>
  ((await ask(`orders/${orderId}`)).body.lines as { fees: number }[]).map(({ fees }) => fees);

it('a set is drafted by one person, as a list or as a file, and approved by another', async () => {
  const channelId = await openChannel();
  const path = `channels/${channelId}/listings`;
  expect((await ask(path)).body).toEqual([]);
  expect((await ask('channels/pasar-gelap/listings')).status).toBe(404);
  const listings = [
    { store: '*', channelSku: 'X1', sku: 'TAS', feeClass: 'A' },
    { store: 'bali', channelSku: 'X1', sku: 'TAS-BALI' },
  ];
  const draft = await ask(path, { version: 1, listings, by: 'p-1' });
  expect(draft).toMatchObject({ status: 200, body: { version: 1, status: 'draft', size: 2, listings } });
  const csv = 'channel_sku,sku,store,fee_class\nX1,TAS,,A\nX1,TAS-BALI,bali,\n';
  expect(await ask(path, { version: 1, csv, by: 'p-1' })).toEqual(draft);
  expect((await ask(path, { version: 1, csv: 'channel_sku,sku\nX1,TAS\n', by: 'p-1' })).status).toBe(409);
  expect((await ask(`${path}/1?format=csv`)).body.text).toBe(
    'store,channel_sku,sku,fee_class\n*,X1,TAS,A\nbali,X1,TAS-BALI,\n',
  );

  expect((await ask(`${path}/1/approval`, { by: 'p-1' })).status).toBe(403);
  const approved = await ask(`${path}/1/approval`, { by: 'p-2' });
  expect(approved).toMatchObject({ status: 200, body: { status: 'approved', approvedBy: 'p-2' } });
  expect((await ask(`${path}/1/approval`, { by: 'p-2' })).body).toEqual(approved.body);
  expect((await ask(`${path}/1/withdrawal`, { by: 'p-1' })).status).toBe(409);
  await ask(path, { version: 2, listings, by: 'p-1' });
  const rejected = await ask(`${path}/2/rejection`, { by: 'p-2', reason: 'nothing new' });
  expect(rejected.body).toMatchObject({ status: 'rejected', rejectedBecause: 'nothing new' });
  expect((await ask(path)).body).toMatchObject([
    { version: 1, status: 'approved' },
    { version: 2, size: 2 },
  ]);

  const given = { version: 3, by: 'p-1' };
  expect(codes(await ask(path, given))).toEqual(['listings: one-of-two']);
  expect(codes(await ask(path, { ...given, listings: [listings[0], listings[0]] }))).toEqual([
    'listings.1.channelSku: duplicate',
  ]);
  expect(codes(await ask(path, { ...given, csv: 'channel_sku,sku\nX1,TAS\nX1,TAS\n' }))).toEqual([
    'csv.2.channel_sku: duplicate',
  ]);
  expect(codes(await ask(path, { ...given, csv: 'channel_sku,sku\n' }))).toEqual(['csv: not-a-list']);
});

it('what a set, or a file, changes of the set in force is told before anybody agrees to it; sets are read by pages', async () => {
  const channelId = await openChannel();
  const path = `channels/${channelId}/listings`;
  const csv = 'store,channel_sku,sku,fee_class\n,X1,TAS,A\n,X2,SABUK,\nbali,X1,TAS-BALI,A\n';
  const nothingYet = await ask(`${path}/comparison`, { csv, by: 'p-1' });
  expect(nothingYet.body).toMatchObject({ against: null, added: 3, changed: 0, removed: 0, same: 0 });
  expect((await ask(path)).body).toEqual([]);
  await list(channelId, 1, [
    { channelSku: 'X1', sku: 'TAS' },
    { channelSku: 'X2', sku: 'SABUK' },
    { channelSku: 'X3', sku: 'DOMPET' },
  ]);
  const changes = {
    ...{ against: 1, added: 1, changed: 1, removed: 1, same: 1 },
    items: [
      {
        change: 'changed',
        before: { store: '*', channelSku: 'X1', sku: 'TAS' },
        after: { store: '*', channelSku: 'X1', sku: 'TAS', feeClass: 'A' },
      },
      {
        ...{ change: 'added', before: null },
        after: { store: 'bali', channelSku: 'X1', sku: 'TAS-BALI', feeClass: 'A' },
      },
      { change: 'removed', before: { store: '*', channelSku: 'X3', sku: 'DOMPET' }, after: null },
    ],
  };
  expect(await ask(`${path}/comparison`, { csv, by: 'p-1' })).toEqual({ status: 200, body: changes });
  expect((await ask(path, { version: 2, csv, by: 'p-1' })).status).toBe(200);
  expect((await ask(`${path}/2/comparison`)).body).toEqual(changes);
  await ask(`${path}/2/approval`, { by: 'p-2' });
  expect((await ask(`${path}/2/comparison`)).body).toEqual(changes);
  expect(codes(await ask(`${path}/comparison`, { csv: 'channel_sku,sku\nX1,\n', by: 'p-1' }))).toEqual([
    'csv.1.sku: required',
  ]);
  expect((await ask('channels/pasar-gelap/listings/comparison', { csv, by: 'p-1' })).status).toBe(404);
  expect((await ask(`${path}/3/comparison`)).status).toBe(404);

  const first = (await ask(`${path}/2/rows?limit=2`)).body as { items: object[]; nextCursor: string };
  expect(first.items).toMatchObject([{ channelSku: 'X1' }, { channelSku: 'X2' }]);
  const rest = (await ask(`${path}/2/rows?limit=2&cursor=${first.nextCursor}`)).body;
  expect(rest).toEqual({ items: [{ store: 'bali', channelSku: 'X1', sku: 'TAS-BALI', feeClass: 'A' }] });
});

it('whoever reads a set, or terms, is told what he may do with them, and why not', async () => {
  const channelId = await openChannel();
  await ask(`channels/${channelId}/listings`, { version: 1, listings: [{ channelSku: 'X1', sku: 'TAS' }], by: 'p-1' });
  type Told = { actions: { name: string; allowed: boolean; why: { code: string } | null }[] }[];
  const [set] = (await ask(`channels/${channelId}/listings`)).body as unknown as Told;
  const [terms] = (await ask(`channels/${channelId}/terms`)).body as unknown as Told;
  const told = ({ actions }: Told[number] = { actions: [] }) =>
    Object.fromEntries(actions.map(({ name, allowed, why }) => [name, allowed || why?.code]));
  expect(told(set)).toEqual({ approval: 'not-granted', rejection: true, withdrawal: true });
  expect(told(terms)).toEqual({
    approval: 'not-granted',
    rejection: 'already-approved',
    withdrawal: 'already-approved',
  });
});

it('an order of a channel with listings is of what these say, in its store, and is charged by their classes', async () => {
  const channelId = await openChannel();
  const listings = [
    { channelSku: 'X1', sku: 'TAS', feeClass: 'A' },
    { store: 'bali', channelSku: 'X1', sku: 'TAS-BALI' },
  ];
  expect((await list(channelId, 1, listings)).status).toBe(200);
  await order(channelId, '1', [line('1', 'X1'), line('2', 'TAS'), { ...line('3', 'X1'), feeClass: 'B' }]);
  await order(channelId, '2', [line('1', 'X1')], { store: 'bali' });
  expect(await untilWanted(`${channelId}/1`, orderPlaced)).toMatchObject([
    { lineRef: '1', sku: 'TAS' },
    { lineRef: '2', sku: 'TAS', unlisted: true },
    { lineRef: '3', sku: 'TAS' },
  ]);
  expect(await untilWanted(`${channelId}/2`, orderPlaced)).toMatchObject([{ lineRef: '1', sku: 'TAS-BALI' }]);
  // What the checkout tells of a class counts before the listing.
  expect(await feesOf(`${channelId}/1`)).toEqual([8_000, 5_000, 5_000]);
  expect(await feesOf(`${channelId}/2`)).toEqual([5_000]);
  expect((await ask(`orders/${channelId}/1`)).body.lines).toMatchObject([
    { sku: 'X1', listedSku: 'TAS' },
    { sku: 'TAS', unlisted: true },
    { sku: 'X1', listedSku: 'TAS' },
  ]);
});

it('a set counts for goods that are not reserved yet, and for no others', async () => {
  const channelId = await openChannel();
  await order(channelId, 'waits', [line('1', 'X1'), line('2', 'X2')]);
  await order(channelId, 'told', [line('1', 'X1')], { fees: 7 });
  await order(channelId, 'has', [line('1', 'X1')]);
  expect(await untilWanted(`${channelId}/waits`, orderPlaced)).toMatchObject([{ sku: 'X1' }, { sku: 'X2' }]);
  expect(await untilWanted(`${channelId}/has`, orderPlaced)).toMatchObject([{ sku: 'X1' }]);
  const held = {
    ...{ orderId: `${channelId}/has`, expiresAt: '2026-01-05T11:00:00+07:00' },
    lines: [
      {
        ...{ lineRef: '1', sku: 'X1', facilityId: 'F1' },
        portions: [{ lotId: 'L1', quantity: 1, unitCost: 1, measure: 'equal' as const, contributions: [] }],
      },
    ],
  };
  await send(app, newEvent(stockReserved, held, { correlationId: newId() }));
  await eventually(
    () => ask(`orders/${channelId}/has`),
    ({ body }) => (body.sales as unknown[]).length > 0,
  );
  expect((await list(channelId, 1, [{ channelSku: 'X1', sku: 'TAS', feeClass: 'A' }])).status).toBe(200);
  expect(await untilWanted(`${channelId}/waits`, goodsListed)).toEqual([
    { lineRef: '1', sku: 'TAS' },
    { lineRef: '2', sku: 'X2', unlisted: true },
  ]);
  expect(await untilWanted(`${channelId}/told`, goodsListed)).toEqual([{ lineRef: '1', sku: 'TAS' }]);
  expect(await feesOf(`${channelId}/waits`)).toEqual([8_000, 5_000]);
  expect(await feesOf(`${channelId}/told`)).toEqual([7]);

  await list(channelId, 2, [{ channelSku: 'X2', sku: 'SABUK', feeClass: 'A' }]);
  const both = () =>
    Catalogue.wanted.filter((one) => one.orderId === `${channelId}/waits` && one.type === goodsListed.type);
  expect((await eventually(both, ({ length }) => length === 2)).at(-1)?.lines).toEqual([
    { lineRef: '1', sku: 'X1', unlisted: true },
    { lineRef: '2', sku: 'SABUK' },
  ]);
  expect(await feesOf(`${channelId}/waits`)).toEqual([5_000, 8_000]);
  expect(Catalogue.wanted.filter((one) => one.orderId === `${channelId}/has`)).toHaveLength(1);
  expect((await ask(`channels/${channelId}/listings/1/approval`, { by: 'p-2' })).status).toBe(200);
});

it('an order that was being taken by the listings of before when a set was approved is of what is listed now', async () => {
  const channelId = await openChannel();
  const orderId = `${channelId}/taken`;
  const database = app.get(Database);
  const relistedBy = () =>
    database.query('SELECT relisted_version AS version FROM channel WHERE channel_id = $1', [channelId]);
  const listings = [{ channelSku: 'X1', sku: 'TAS' }];
  expect((await ask(`channels/${channelId}/listings`, { version: 1, listings, by: 'p-1' })).status).toBe(200);

  // The approval has begun, so that its transaction is the older one, and waits for the draft.
  const [locked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.transaction(async (transaction) => {
    await transaction.query('SELECT FROM listing_set WHERE channel_id = $1 FOR UPDATE', [channelId]);
    locked.resolve();
    await free.promise;
  });
  await locked.promise;
  const approval = ask(`channels/${channelId}/listings/1/approval`, { by: 'p-2' });
  await untilSomebodyWaits(database);

  const [accepted, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const taking = database.transaction(async (transaction) => {
    const claimed = await app.get(ProcessRepository).claim(transaction, { told: [orderId] });
    const content = { channel: channelId, orderRef: 'taken', placedAt, lines: [line('1', 'X1')] };
    await app.get(AcceptanceService).accept(transaction, claimed, [{ content, cause: { correlationId: newId() } }]);
    accepted.resolve();
    await commit.promise;
  });
  await accepted.promise;
  free.resolve();
  await holding;
  expect((await approval).status).toBe(200);

  // One that looks beside the service's own: it finds the set, and waits until it is told to stop.
  expect(await app.get(RelistingService).work(AbortSignal.timeout(300))).toBe(false);
  expect(await relistedBy()).toEqual([{ version: null }]);
  commit.resolve();
  await taking;
  expect(await untilWanted(orderId, orderPlaced)).toEqual([{ lineRef: '1', sku: 'X1', quantity: 1 }]);
  expect(await untilWanted(orderId, goodsListed)).toEqual([{ lineRef: '1', sku: 'TAS' }]);
  expect(await eventually(relistedBy, ([channel]) => (channel as { version: number | null }).version === 1)).toEqual([
    { version: 1 },
  ]);
});
