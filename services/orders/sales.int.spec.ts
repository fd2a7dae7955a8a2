/** What is listed of sales: to whom, by what, whole and by index; and what of one order whom. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import pg from 'pg';
import {
  checkoutCompleted,
  checkoutRefunded,
  facilityDescribed,
  paymentCaptured,
  paymentRefunded,
  refundIdOf,
  refundPosted,
  saleCredited,
  saleIdOf,
  settlementConfirmed,
  stockReserved,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { tokenOf } from '../../test/kit/issuer.ts';
import { eventually, send, startTested } from '../../test/kit/service.ts';
import { ChannelRepository } from './channels/channel.repository.ts';
import { CreateSale1764000002810 } from './migrations/1764000002810-create-sale.ts';
import { CreateOrderStep1764000002970 } from './migrations/1764000002970-create-order-step.ts';
import { DisputedSales1764000002991 } from './migrations/1764000002991-disputed-sales.ts';
import { ordersMigrations } from './migrations/index.ts';
import { OrdersModule } from './orders.module.ts';
import { ordersPolicy } from './policy.ts';
import { SALE_STATUSES, type SaleFilter, SaleRepository } from './sales/sale.repository.ts';
import type { TimelinePage } from './timeline/timeline.dto.ts';
import type { ListedSaleView, SalePage } from './views/sale.dto.ts';

const run = randomUUID().slice(0, 8);
const [bali1, bali2, java] = [`${run}-B1`, `${run}-B2`, `${run}-J1`];
const totals = {
  ...{ costRecovery: 10, facility: 20, makers: 30, state: 40, beneficiaries: 0 },
  ...{ fees: 0, shipping: 0, tax: 0, suspense: 0 },
};
const negated = Object.fromEntries(
  Object.entries(totals).map(([kind, amount]) => [kind, -amount / 10]),
) as typeof totals;

let testDatabase: TestDatabase;
let app: INestApplication;

/** An order with a line of 1,000 rupiah at each of its facilities, as far on its way as `until`. */
interface Sold {
  readonly ref: string;
  readonly channel: 'blanja' | 'toko-sandbox';
  readonly placedAt: string;
  readonly facilities: readonly string[];
  readonly until: 'reserved' | 'paid' | 'credited' | 'refunded' | 'settled';
}
const sold: readonly Sold[] = [
  { ref: 'A-1', channel: 'blanja', placedAt: '2026-01-04T23:59:59+07:00', facilities: [bali1], until: 'settled' },
  {
    ref: 'A-2',
    channel: 'blanja',
    placedAt: '2026-01-05T00:00:00+07:00',
    facilities: [bali1, java],
    until: 'credited',
  },
  { ref: 'A-3', channel: 'blanja', placedAt: '2026-01-05T23:59:59+07:00', facilities: [bali2], until: 'paid' },
  {
    ref: 'B-1',
    channel: 'toko-sandbox',
    placedAt: '2026-01-06T00:00:00+07:00',
    facilities: [bali1],
    until: 'refunded',
  },
  { ref: 'B-2', channel: 'toko-sandbox', placedAt: '2026-01-06T00:00:00+07:00', facilities: [java], until: 'credited' },
  { ref: 'B-3', channel: 'blanja', placedAt: '2026-01-07T00:00:00+07:00', facilities: [bali2], until: 'reserved' },
];
const idOf = ({ channel, ref }: Sold) => `${channel}/${run}-${ref}`;
const skuOf = (facilityId: string) => `${facilityId}-bag`;

beforeAll(async () => {
  testDatabase = await createDatabase();
  const service = { module: OrdersModule, policy: ordersPolicy, migrations: ordersMigrations, neighbours: [] };
  app = await startTested({ ...service, name: `orders-${run}` }, testDatabase);
  const regions = { [bali1]: `Bali ${run}`, [bali2]: `Bali ${run}`, [java]: `Jawa ${run}` };
  await tell(
    ...Object.entries(regions).map(([facilityId, region]) => newEvent(facilityDescribed, { facilityId, region }, by)),
  );
  for (const one of sold) await sell(one);
  const located = () =>
    app.get(Database).query('SELECT FROM facility WHERE facility_id = ANY ($1)', [Object.keys(regions)]);
  expect(await eventually(located, ({ length }) => length === 3)).toHaveLength(3);
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

const by = { correlationId: newId() };
const tell = (...events: Parameters<typeof send>[1][]) => send(app, ...events);

async function sell(one: Sold): Promise<void> {
  const { channel, ref, placedAt, facilities, until } = one;
  const orderId = idOf(one);
  const lines = facilities.map((facilityId, index) => {
    return { lineRef: `${index + 1}`, sku: skuOf(facilityId), quantity: 2, unitPrice: 500 };
  });
  const portions = [{ lotId: 'L', quantity: 2, unitCost: 1, measure: 'equal' as const, contributions: [] }];
  const reserved = lines.map(({ lineRef }, index) => ({ lineRef, facilityId: facilities[index] as string, portions }));
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  await tell(newEvent(checkoutCompleted, { channel, orderRef: `${run}-${ref}`, placedAt, lines }, by));
  await untilOrder(orderId, ({ status }) => status === 'placed');
  await tell(newEvent(stockReserved, { orderId, expiresAt, lines: reserved }, by));
  await untilOrder(orderId, ({ sales }) => sales?.length === facilities.length); // before its money: of another topic
  if (until === 'reserved') return;
  await tell(newEvent(paymentCaptured, { orderId, amount: 1_000 * facilities.length, capturedAt: placedAt }, by));
  await untilOrder(orderId, ({ status }) => status === 'paid');
  if (until === 'paid') return;
  const journal = (facilityId: string) => {
    const saleId = saleIdOf(orderId, facilityId);
    return { saleId, orderId, facilityId, journalId: newId(), postedOn: '2026-01-05', totals };
  };
  await tell(...facilities.map((facilityId) => newEvent(saleCredited, journal(facilityId), by)));
  await untilOrder(orderId, ({ status }) => status === 'credited');
  if (until === 'settled') {
    const amounts = { fee: 7, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: placedAt };
    await tell(newEvent(settlementConfirmed, { settlementId: `${orderId}~S`, orderId, ...amounts }, by));
    await untilOrder(orderId, ({ sales }) => sales?.[0]?.status === 'settled');
  }
  if (until === 'refunded') {
    const refund = {
      channel,
      orderRef: `${run}-${ref}`,
      lineRef: '1',
      refundRef: 'R',
      quantity: 1,
      requestedAt: placedAt,
    };
    const refundId = refundIdOf(orderId, '1', 'R');
    const [facilityId = ''] = facilities;
    const refundOf = async (status: string) => untilOrder(orderId, ({ refunds }) => refunds?.[0]?.status === status);
    await tell(newEvent(checkoutRefunded, refund, by));
    await refundOf('requested');
    await tell(newEvent(paymentRefunded, { refundId, orderId, amount: 500, refundedAt: placedAt }, by));
    await refundOf('returned');
    await tell(newEvent(refundPosted, { refundId, ...journal(facilityId), totals: negated }, by));
    await refundOf('posted');
  }
}

async function ask<Body>(path: string, ...grants: string[]): Promise<{ status: number; body: Body }> {
  const isProgram = grants.some((grant) => grant.startsWith('marketplace'));
  const token = await tokenOf({ ...(!isProgram && { person: 'p-1' }), grants });
  const response = await fetch(`${await app.getUrl()}/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Body };
}

interface Order {
  readonly status: string;
  readonly amount?: number;
  readonly lines: readonly { readonly lineRef: string; readonly facilityId?: string }[];
  readonly sales?: readonly { readonly facilityId: string; readonly status: string; readonly journalId?: string }[];
  readonly refunds?: readonly { readonly status: string; readonly journalId?: string }[];
  readonly settlements?: readonly { readonly fee: number; readonly facilityId?: string }[];
}
const untilOrder = (orderId: string, isThere: (order: Order) => boolean) =>
  eventually(async () => {
    const { body } = await ask<Order>(`orders/${orderId}`, 'auditor@national');
    return body;
  }, isThere);

const auditor = ['auditor@national'];
async function sales(query: string, ...grants: string[]): Promise<SalePage> {
  const { status, body } = await ask<SalePage>(`sales?${query}`, ...(grants.length > 0 ? grants : auditor));
  expect([query, status]).toEqual([query, 200]);
  return body;
}
const short = ({ items }: Pick<SalePage, 'items'>) =>
  items.map(({ orderId, facilityId }) => `${orderId.split(`${run}-`)[1]} ${facilityId.replace(`${run}-`, '')}`);

const NEWEST_FIRST = ['B-2 J1', 'B-1 B1', 'A-3 B2', 'A-2 J1', 'A-2 B1', 'A-1 B1'];

describe('sales are listed', () => {
  it('newest first, from when their order is paid, each as the order tells it', async () => {
    const { items, count, sums, nextCursor } = await sales('');
    expect(short({ items })).toEqual(NEWEST_FIRST);
    expect({ count, sums, nextCursor }).toEqual({
      count: 6,
      sums: { price: 6_000, refunded: 500 },
      nextCursor: undefined,
    });
    for (const { orderId, facilityId, status, journalId, lines } of items) {
      const { body } = await ask<Order>(`orders/${orderId}`, ...auditor);
      expect(body.sales?.find((sale) => sale.facilityId === facilityId)).toMatchObject({
        status,
        ...(journalId !== undefined && { journalId }),
      });
      expect(lines).toEqual(body.lines.filter((line) => line.facilityId === facilityId));
    }
    expect(items.find(({ orderId }) => orderId.endsWith('A-3'))).toMatchObject({ status: 'paid', price: 1_000 });
    expect(items.find(({ orderId }) => orderId.endsWith('A-3'))).not.toHaveProperty('totals');
    expect(items.find(({ orderId }) => orderId.endsWith('A-2'))).toMatchObject({ status: 'credited', totals });
    expect(items.find(({ orderId }) => orderId.endsWith('A-1'))).toMatchObject({ status: 'settled' });
    expect(items.find(({ orderId }) => orderId.endsWith('B-1'))).toMatchObject({
      refunded: 500,
      totals: { costRecovery: 9, facility: 18, makers: 27, state: 36, suspense: 0 },
    });
  });

  it.each<[query: string, found: readonly string[]]>([
    [`facilityId=${bali1}`, ['B-1 B1', 'A-2 B1', 'A-1 B1']],
    [`region=Bali ${run}`, ['B-1 B1', 'A-3 B2', 'A-2 B1', 'A-1 B1']],
    [`region=Jawa ${run}&facilityId=${bali1}`, []],
    ['region=Nowhere', []],
    ['channel=toko-sandbox', ['B-2 J1', 'B-1 B1']],
    ['channel=elsewhere', []],
    ['status=paid', ['A-3 B2']],
    ['status=settled', ['A-1 B1']],
    ['status=credited&channel=blanja', ['A-2 J1', 'A-2 B1']],
    [`sku=${skuOf(java)}`, ['B-2 J1', 'A-2 J1']],
    [`q=${run}-A-`, ['A-3 B2', 'A-2 J1', 'A-2 B1', 'A-1 B1']],
    [`q=${run}-A-2&facilityId=${java}`, ['A-2 J1']],
    ['q=-A-', []],
    ['from=2026-01-05&to=2026-01-05', ['A-3 B2', 'A-2 J1', 'A-2 B1']],
    ['to=2026-01-04', ['A-1 B1']],
    ['from=2026-01-06', ['B-2 J1', 'B-1 B1']],
  ])('by %s', async (query, found) => {
    const page = await sales(query);
    expect(short(page)).toEqual(found);
    const sum = (of: 'price' | 'refunded') => page.items.reduce((all, sale) => all + sale[of], 0);
    expect(page).toMatchObject({ count: found.length, sums: { price: sum('price'), refunded: sum('refunded') } });
  });

  it('page by page, each once, in whatever steps', async () => {
    for (const limit of [1, 2, 4, 6]) {
      const items: ListedSaleView[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page: SalePage = await sales(`limit=${limit}${cursor && `&cursor=${cursor}`}`);
        expect(page).toMatchObject({ count: 6, sums: { price: 6_000 } });
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(short({ items })).toEqual(NEWEST_FIRST);
    }
  });

  it.each<[who: string, found: readonly string[] | number]>([
    [`officer@facility:${java}`, ['B-2 J1', 'A-2 J1']],
    [`drafter@facility:${bali2}`, ['A-3 B2']],
    [`approver@region:Bali ${run}`, ['B-1 B1', 'A-3 B2', 'A-2 B1', 'A-1 B1']],
    [`overseer@region:Jawa ${run}`, ['B-2 J1', 'A-2 J1']],
    ['officer@facility:elsewhere', []],
    ['overseer@national', NEWEST_FIRST],
    ['operator@national', 403],
    ['marketplace@channel:blanja', 403],
    ['maker@maker:M1', 403],
  ])('for %s', async (grant, found) => {
    const { status, body } = await ask<SalePage>('sales', grant);
    if (typeof found === 'number') expect(status).toBe(found);
    else {
      expect(short(body)).toEqual(found);
      expect(body.count).toBe(found.length);
      const beyond = await sales(`facilityId=${bali1}&region=Bali ${run}`, grant);
      expect(short(beyond)).toEqual(found.filter((sale) => sale.endsWith(' B1')));
    }
  });
});

describe('an order', () => {
  const shared = sold[1] as Sold;
  const sharedId = idOf(shared);

  it.each<[who: string, facilities: readonly string[] | 404]>([
    [`officer@facility:${java}`, [java]],
    [`approver@region:Bali ${run}`, [bali1]],
    [`drafter@facility:${bali2}`, 404],
    ['overseer@region:Nowhere', 404],
    ['overseer@national', [bali1, java]],
    ['operator@national', [bali1, java]],
  ])('shows %s what its facilities made of it', async (grant, facilities) => {
    const { status, body } = await ask<Order>(`orders/${sharedId}`, grant);
    if (facilities === 404) {
      expect(status).toBe(404);
      const missing = await ask<{ detail: string }>(`orders/blanja/${run}-none`, grant);
      const alike = { detail: '', instance: '', correlationId: '' };
      expect({ ...body, ...alike }).toEqual({ ...missing.body, ...alike });
      return;
    }
    expect(body.sales?.map(({ facilityId }) => facilityId)).toEqual(facilities);
    expect(body.lines.map(({ facilityId }) => facilityId)).toEqual(facilities);
    expect(body.amount).toBe(facilities.length === 2 ? 2_000 : undefined);
    for (const other of [bali1, java].filter((id) => !facilities.includes(id)))
      expect(JSON.stringify(body)).not.toContain(other);
  });

  it('shows a facility its part of a settlement, and the whole of it the nation', async () => {
    const settlementId = `${sharedId}~S`;
    const amounts = { fee: 7, shipping: 1, withheldTax: 0, bank: 'bri', settledAt: '2026-01-09T00:00:00Z' };
    await tell(newEvent(settlementConfirmed, { settlementId, orderId: sharedId, ...amounts }, by));
    await untilOrder(sharedId, ({ settlements }) => settlements?.length === 1);
    const settlementsFor = async (grant: string) => (await ask<Order>(`orders/${sharedId}`, grant)).body.settlements;
    expect(await settlementsFor('auditor@national')).toMatchObject([{ fee: 7 }]);
    const parts = await Promise.all([bali1, java].map((id) => settlementsFor(`officer@facility:${id}`)));
    expect(parts).toMatchObject([[{ facilityId: bali1 }], [{ facilityId: java }]]);
    expect(parts.flat().reduce((sum, part) => sum + (part?.fee ?? 0), 0)).toBe(7);
  });

  it('shows its marketplace neither facilities nor sales nor journals, and others nothing', async () => {
    const refunded = idOf(sold[3] as Sold);
    for (const [orderId, own, other] of [
      [sharedId, 'blanja', 'toko-sandbox'],
      [refunded, 'toko-sandbox', 'blanja'],
    ] as const) {
      const { body } = await ask<Order>(`orders/${orderId}`, `marketplace@channel:${own}`);
      expect([body.status, body.lines[0]?.lineRef]).toEqual(['credited', '1']);
      const whole = JSON.stringify((await ask(`orders/${orderId}`, ...auditor)).body);
      const told = JSON.stringify(body);
      for (const secret of ['facilityId', 'journalId', 'saleId', '"sales"']) {
        expect([secret, whole.includes(secret), told.includes(secret)]).toEqual([secret, true, false]);
      }
      expect((await ask(`orders/${orderId}`, `marketplace@channel:${other}`)).status).toBe(403);
    }
    const listed = await ask<{ items: object[] }>('orders', 'marketplace@channel:blanja');
    expect(JSON.stringify(listed.body)).not.toMatch(/facilityId|journalId|saleId/);
  });
});

describe('the timeline of an order', () => {
  const refunded = idOf(sold[3] as Sold);
  const sharedId = idOf(sold[1] as Sold);
  const timeline = async (orderId: string, query = '', grant = 'auditor@national') =>
    (await ask<TimelinePage>(`orders/${orderId}/timeline${query && `?${query}`}`, grant)).body;

  it('tells each message that changed it once, who sent it, and what it changed', async () => {
    const repeated = { orderId: refunded, amount: 1_000, capturedAt: '2026-01-06T00:00:00Z' };
    const settlement = { fee: 7, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: '2026-01-09T00:00:00Z' };
    const settlementId = `${refunded}~S`;
    const settled = newEvent(settlementConfirmed, { settlementId, orderId: refunded, ...settlement }, by);
    await tell(newEvent(paymentCaptured, repeated, by), settled, newEvent(settlementConfirmed, settled.data, by));
    const { items } = await eventually(
      () => timeline(refunded),
      ({ items }) => items.length >= 8,
    );
    const refundId = refundIdOf(refunded, '1', 'R');
    expect(items.map(({ message, changes }) => ({ message, changes }))).toEqual([
      {
        message: 'checkout-accepted',
        changes: [
          { of: 'order', before: 'awaited', after: 'unpaid' },
          { of: 'goods', after: 'asked' },
          { of: 'payment', after: 'asked' },
        ],
      },
      { message: 'stock-reserved', changes: [{ of: 'goods', before: 'asked', after: 'reserved' }] },
      {
        message: 'payment-captured',
        changes: [
          { of: 'order', before: 'unpaid', after: 'crediting' },
          { of: 'payment', before: 'asked', after: 'captured' },
          { of: 'sale', id: bali1, after: 'paid' },
        ],
      },
      {
        message: 'sale-credited',
        changes: [
          { of: 'order', before: 'crediting', after: 'credited' },
          { of: 'sale', id: bali1, before: 'paid', after: 'credited' },
        ],
      },
      { message: 'refund-asked', changes: [{ of: 'refund', id: refundId, after: 'requested' }] },
      {
        message: 'payment-refunded',
        changes: [{ of: 'refund', id: refundId, before: 'requested', after: 'returned' }],
      },
      {
        message: 'refund-posted',
        changes: [
          { of: 'order', before: 'credited', after: 'partly-refunded' },
          { of: 'refund', id: refundId, before: 'returned', after: 'posted' },
        ],
      },
      { message: 'settlement-confirmed', changes: [{ of: 'settlement', id: settlementId, after: 'settled' }] },
    ]);
    expect(items.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort());
    expect(items.map(({ channel }) => channel)).toEqual(
      items.map(({ message }) =>
        ['checkout-accepted', 'refund-asked'].includes(message) ? 'toko-sandbox' : undefined,
      ),
    );
    expect(items.at(-1)).toMatchObject({ messageId: settled.id, correlationId: by.correlationId });
  });

  it('is told page by page', async () => {
    const { items } = await timeline(refunded);
    const pages: TimelinePage[] = [];
    do {
      const cursor = pages.at(-1)?.nextCursor;
      pages.push(await timeline(refunded, `limit=3${cursor ? `&cursor=${cursor}` : ''}`));
    } while (pages.at(-1)?.nextCursor);
    expect(pages.map((page) => page.items.length)).toEqual([3, 3, 2]);
    expect(pages.flatMap((page) => page.items)).toEqual(items);
  });

  it('says by which person something was asked, but to its marketplace', async () => {
    const orderId = idOf(sold[4] as Sold);
    const token = await tokenOf({ person: 'p-7', grants: ['drafter@national'] });
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': orderId,
    };
    const body = JSON.stringify({ lineRef: '1', refundRef: 'R', quantity: 1 });
    const path = `${await app.getUrl()}/v1/orders/${orderId}/refunds`;
    expect((await fetch(path, { method: 'POST', headers, body })).status).toBe(202);
    expect((await timeline(orderId)).items.at(-1)).toMatchObject({ message: 'refund-asked', person: 'p-7' });
    const told = (await timeline(orderId, '', 'marketplace@channel:toko-sandbox')).items;
    expect(told.at(-1)).toMatchObject({ message: 'refund-asked' });
    expect(JSON.stringify(told)).not.toContain('p-7');
  });

  it.each<[who: string, facilities: readonly string[] | 403 | 404]>([
    [`officer@facility:${java}`, [java]],
    [`approver@region:Bali ${run}`, [bali1]],
    [`drafter@facility:${bali2}`, 404],
    ['overseer@national', [bali1, java]],
    ['operator@national', [bali1, java]],
    ['marketplace@channel:blanja', []],
    ['marketplace@channel:toko-sandbox', 403],
  ])('shows %s what concerns its sales', async (grant, facilities) => {
    const { status, body } = await ask<TimelinePage>(`orders/${sharedId}/timeline`, grant);
    if (typeof facilities === 'number') return expect(status).toBe(facilities);
    expect(body.items.map(({ message }) => message)).toEqual(expect.arrayContaining(['checkout-accepted']));
    const sales = body.items.flatMap(({ changes }) => changes.filter(({ of }) => of === 'sale'));
    expect(new Set(sales.map(({ id }) => id))).toEqual(new Set(facilities));
    for (const other of [bali1, java].filter((id) => !facilities.includes(id)))
      expect(JSON.stringify(body)).not.toContain(other);
    return expect(body.items.every(({ changes }) => changes.length > 0)).toBe(true);
  });

  it('of what was there before steps were kept says since when they are', async () => {
    const owner = new pg.Client(testDatabase.url);
    await owner.connect();
    const migration = new CreateOrderStep1764000002970();
    await migration.down(owner as never);
    await migration.up(owner as never);
    await owner.end();
    const { items, keptSince } = await timeline(sharedId);
    expect([items, Date.parse(keptSince ?? '') > Date.now() - 60_000]).toEqual([[], true]);
    const waiting = idOf(sold[5] as Sold);
    await tell(newEvent(paymentCaptured, { orderId: waiting, amount: 1_000, capturedAt: '2026-01-07T00:00:00Z' }, by));
    await untilOrder(waiting, ({ status }) => status === 'paid');
    const since = await timeline(waiting);
    expect(since.items.map(({ number, message }) => [number, message])).toEqual([[1, 'payment-captured']]);
    await sell({ ...(sold[5] as Sold), ref: 'C-1' });
    const young = await eventually(
      () => timeline(`blanja/${run}-C-1`),
      ({ items }) => items.length === 2,
    );
    expect(young).not.toHaveProperty('keptSince');
  });
});

describe('the table of sales', () => {
  it('is made of the orders that were there before, as it was kept since', async () => {
    const owner = new pg.Client(testDatabase.url);
    await owner.connect();
    const content = async () => (await owner.query('SELECT * FROM sale ORDER BY order_id, facility_id')).rows;
    const kept = await content();
    const [made, disputed] = [new CreateSale1764000002810(), new DisputedSales1764000002991()];
    await made.down(owner as never);
    await made.up(owner as never);
    await disputed.up(owner as never);
    expect(await content()).toEqual(kept);
    expect(kept.map(({ status }) => status).sort()).toEqual([
      'credited',
      'paid',
      'paid',
      'settled',
      'settled',
      'settled',
      'settled',
    ]);
    await owner.end();
  });

  it('is read by index, and no further than is shown or counted, whatever is looked for among 120,000', async () => {
    const other = await createDatabase();
    const database = await Database.open(other.url, ordersMigrations);
    await database.query(
      `INSERT INTO sale (order_id, facility_id, placed_at, status, skus, price)
       SELECT (ARRAY['blanja', 'toko-sandbox'])[1 + n % 2] || '/R-' || n, 'F' || n % 40,
              '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute',
              CASE n % 60000 WHEN 7 THEN 'paid' ELSE (ARRAY['credited', 'settled'])[1 + n / 7 % 2] END,
              ARRAY['F' || n % 40 || '-' || n % 4000], 1
         FROM generate_series(1, 120000) AS n`,
    );
    const owner = new pg.Client(other.url); // of tables of others nobody makes statistics
    await owner.connect();
    await owner.query('ANALYZE sale');
    await owner.end();
    const channels = (await new ChannelRepository().all(database)).map(({ channelId }) => channelId);
    const all: SaleFilter = {
      ...{ channels, statuses: SALE_STATUSES, facilities: null, from: null, to: null, sku: null, q: null },
    };
    const region = Array.from({ length: 12 }, (_, index) => `F${index}`);
    const cases: [name: string, filter: Partial<SaleFilter>, rowsMax: number][] = [
      ['everything', {}, 6 * 5_001],
      ['a facility', { facilities: ['F3'] }, 3_000],
      ['a region', { facilities: region }, 36_000],
      ['what is rare', { statuses: ['paid'] }, 10],
      ['what is rare in a facility', { statuses: ['paid'], facilities: ['F7'] }, 10],
      ['a product', { sku: 'F3-43' }, 400],
      ['a reference', { q: 'R-1199' }, 400],
      ['a day', { from: '2026-02-01', to: '2026-02-01' }, 1_441],
      ['a day of a facility', { facilities: ['F3'], from: '2026-02-01', to: '2026-02-01' }, 40],
    ];
    for (const [name, more, rowsMax] of cases) {
      const filter = { ...all, ...more };
      const plans: { sql: string; rows: number }[] = [];
      const explaining = {
        query: async <Row>(sql: string, parameters?: unknown[]): Promise<Row[]> => {
          const [explained] = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
            `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
            parameters,
          );
          const plan = explained?.['QUERY PLAN'][0].Plan as Plan;
          plans.push({ sql: nodesOf(plan).join(), rows: rowsRead(plan) });
          return database.query<Row>(sql, parameters);
        },
      };
      const repository = new SaleRepository();
      const page = await repository.list(explaining, filter, undefined, 101);
      await repository.list(explaining, filter, page.at(-1), 101);
      const { count } = await repository.sums(explaining, filter, 5_001);
      expect([name, page.length]).toEqual([name, Math.min(count, 101)]);
      for (const { sql, rows } of plans) {
        expect([name, sql]).not.toEqual([name, expect.stringContaining('Seq Scan')]);
        expect([name, rows <= rowsMax, rows]).toEqual([name, true, rows]);
      }
      const combinations = 6 * (filter.facilities?.length ?? 1);
      expect([name, (plans[0]?.rows ?? 0) <= Math.max(combinations * 101, rowsMax)]).toEqual([name, true]);
    }
    await database.onApplicationShutdown();
    await other.drop();
  });
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): string[] => [
  `${plan['Node Type']} ${plan['Relation Name'] ?? ''}`,
  ...(plan.Plans ?? []).flatMap(nodesOf),
];

/** Of the table of sales, those included that were read in vain. */
function rowsRead(plan: Plan): number {
  const { 'Actual Rows': rows, 'Actual Loops': loops, 'Rows Removed by Filter': inVain = 0 } = plan;
  const own = plan['Relation Name'] === 'sale' ? Math.round((rows + inVain) * loops) : 0;
  return own + (plan.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), 0);
}
