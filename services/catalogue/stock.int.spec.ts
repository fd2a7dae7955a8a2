import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import {
  contributionsRecorded,
  type DataOf,
  type Event,
  orderCancelled,
  orderPaid,
  orderPlaced,
  stockAwaited,
  stockReserved,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase, createKeys, type TestDatabase } from '../../test/kit/database.ts';
import { tokenOf } from '../../test/kit/issuer.ts';
import { eventually, send, startTested } from '../../test/kit/service.ts';
import { CatalogueModule } from './catalogue.module.ts';
import { catalogueMigrations } from './migrations/index.ts';
import { cataloguePolicy } from './policy.ts';

/* What there is of goods, and why: categories, counts, write-offs, corrected lots, what is low, what marketplaces may sell. */

/** What the catalogue says, as orders and the ledger hear it. */
const heard: Event[] = [];

@Controller()
class Others {
  @EventHandler(stockReserved)
  async onReserved(events: Event<DataOf<typeof stockReserved>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(stockAwaited)
  async onAwaited(events: Event<DataOf<typeof stockAwaited>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(contributionsRecorded)
  async onRecorded(events: Event<DataOf<typeof contributionsRecorded>>[]): Promise<void> {
    heard.push(...events);
  }
}

let testDatabase: TestDatabase;
let keyDatabase: TestDatabase;
let app: INestApplication;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  keyDatabase = await createKeys();
  const service = { module: CatalogueModule, policy: cataloguePolicy, migrations: catalogueMigrations };
  app = await startTested({ ...service, name: `catalogue-${randomUUID()}`, neighbours: [Others] }, testDatabase);
  database = app.get(Database);
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  await keyDatabase.drop();
});

interface Asked {
  readonly body?: object;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

async function ask(grant: string, method: string, path: string, { body, key, headers }: Asked = {}) {
  const isProgram = grant.startsWith('marketplace');
  const token = await tokenOf({ ...(!isProgram && { person: 'p-1' }), grants: [grant] });
  const response = await fetch(`${await app.getUrl()}/v1/${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${token}`, 'idempotency-key': key ?? randomUUID(), ...headers },
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  const answer: any = isJson ? JSON.parse(text) : text;
  return { status: response.status, etag: response.headers.get('etag'), body: answer };
}
const officerOf = (sku: string) => `officer@facility:F-${sku}`;
const ADMINISTRATOR = 'administrator@national';
const AUDITOR = 'auditor@national';
const MARKETPLACE = 'marketplace@channel:test';

/** What is wrong with which field. */
const refusalOf = ({ status, body }: { status: number; body: { errors?: { field: string; code: string }[] } }) => [
  status,
  ...(body.errors ?? []).map(({ field, code }) => `${field}: ${code}`),
];

const product = (sku: string, category = 'craft') =>
  `sku,facility_id,category,title_id,title_en,price\n${sku},F-${sku},${category},Kotak,Box,5000`;

/** A product of a facility of its own, with two makers who have shared in each of its lots of these sizes, oldest first. */
async function makeProduct(sku: string, ...quantities: number[]): Promise<void> {
  const lots = quantities.map((quantity, i) => ({ lotId: `${sku}-${i + 1}`, quantity, madeOn: `2026-01-0${i + 1}` }));
  const files = {
    'facilities.csv': `facility_id,name,type,class,region,timezone\nF-${sku},Lapas,lapas,I,Bali,Asia/Makassar`,
    'makers.csv': [
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      ...[1, 2].map((n) => `M${n}-${sku},F-${sku},R${n},Nama ${n},Perajin ${n},false,false`),
    ].join('\n'),
    'products.csv': product(sku),
    'lots.csv': [
      'lot_id,sku,facility_id,quantity,unit_cost,made_on',
      ...lots.map(({ lotId, quantity, madeOn }) => `${lotId},${sku},F-${sku},${quantity},1000,${madeOn}`),
    ].join('\n'),
    'contributions.csv': [
      'lot_id,maker_id,measure,value',
      ...lots.flatMap(({ lotId }) => [`${lotId},M1-${sku},hours,7.5`, `${lotId},M2-${sku},hours,2.5`]),
    ].join('\n'),
  };
  expect(await take(files)).toMatchObject({ status: 200 });
}
const take = (files: Record<string, string>) =>
  ask(ADMINISTRATOR, 'POST', 'imports', { body: { files, dryRun: false } });

const orderIdOf = (name: string) => `test/${name}`;
const placed = (name: string, sku: string, quantity: number) => {
  const lines = [{ lineRef: '1', sku, quantity }];
  const placedAt = '2020-01-05T10:00:00+07:00';
  const order = { orderId: orderIdOf(name), placedAt, payment: 'escrow' as const, amount: 1, wait: true, lines };
  return newEvent(orderPlaced, order, { correlationId: newId() });
};
const untilHeard = async (name: string, { type }: { type: string }) => {
  const ofOrder = () => heard.filter((event) => event.type === type && event.key === orderIdOf(name));
  const [event] = await eventually(ofOrder, (events) => events.length > 0);
  return event as Event<DataOf<typeof stockReserved>>;
};
const portionsOf = async (name: string) => (await untilHeard(name, stockReserved)).data.lines[0]?.portions;
const order = async (name: string, sku: string, quantity: number) => {
  await send(app, placed(name, sku, quantity));
  return portionsOf(name);
};
const told = (lotId: string) =>
  heard
    .filter(({ type }) => type === contributionsRecorded.type)
    .map(({ data }) => data as DataOf<typeof contributionsRecorded>)
    .filter((data) => data.lotId === lotId);

const available = async (sku: string): Promise<number[]> => {
  const { body } = await ask(officerOf(sku), 'GET', `lots?sku=${sku}`);
  return body.items.map((lot: { available: number }) => lot.available);
};

describe('categories', () => {
  it('are told, and products can be of one as soon as somebody has added it', async () => {
    const known = await ask(MARKETPLACE, 'GET', 'categories');
    expect(known.body).toContainEqual({ category: 'furniture', nameId: 'Mebel', nameEn: 'Furniture' });
    await makeProduct('loom', 1);
    const files = { 'products.csv': product('loom', 'textile') };
    expect((await take(files)).body.errors).toMatchObject([
      {
        column: 'category',
        code: 'unknown-category',
        message: expect.stringContaining('must be one of agriculture, craft,'),
      },
    ]);
    const textile = { category: 'textile', nameId: 'Tekstil', nameEn: 'Textile' };
    const add = (grant: string, body: object) => ask(grant, 'POST', 'categories', { body });
    expect((await add(officerOf('loom'), textile)).status).toBe(403);
    expect(await add(ADMINISTRATOR, textile)).toMatchObject({ status: 200, body: textile });
    expect(await add(ADMINISTRATOR, textile)).toMatchObject({ status: 200, body: textile });
    expect(refusalOf(await add(ADMINISTRATOR, { ...textile, nameEn: 'Cloth' }))).toEqual([409, 'nameEn: other-name']);
    expect(refusalOf(await add(ADMINISTRATOR, { ...textile, category: 'Cloth' }))).toEqual([
      400,
      'category: not-an-id',
    ]);
    expect((await take(files)).body.files['products.csv']).toEqual({ created: 0, updated: 1, unchanged: 0 });
  });
});

describe('pieces of a lot', () => {
  const count = (sku: string, body: { counted: number; available: number }, key?: string) =>
    ask(officerOf(sku), 'POST', `lots/${sku}-1/counts`, { body: { ...body, reason: 'dihitung' }, ...(key && { key }) });
  const writeOff = (sku: string, kind: string, quantity: number) =>
    ask(officerOf(sku), 'POST', `lots/${sku}-1/write-offs`, { body: { kind, quantity, reason: 'jatuh' } });

  it('are explained line by line, by what was made, counted, broken, sold, given back and corrected', async () => {
    await makeProduct('vase', 20);
    await send(
      app,
      placed('vase', 'vase', 5),
      newEvent(orderPaid, { orderId: orderIdOf('vase') }, { correlationId: newId() }),
    );
    await eventually(
      () => database.query(`SELECT FROM reservation WHERE order_id = 'test/vase' AND status = 'committed'`),
      ({ length }) => length > 0,
    );
    await order('vase-held', 'vase', 2);
    expect((await writeOff('vase', 'broken', 3)).status).toBe(201);
    expect((await count('vase', { counted: 11, available: 10 })).status).toBe(201);
    expect((await count('vase', { counted: 11, available: 11 })).status).toBe(201);
    const back = {
      channel: 'test',
      orderRef: 'vase',
      lineRef: '1',
      lotId: 'vase-1',
      quantity: 1,
      disposition: 'restock',
    };
    expect((await ask(officerOf('vase'), 'POST', 'returns', { body: back })).status).toBe(201);
    const lot = { quantity: 18, unitCost: 1000, madeOn: '2026-01-01', measure: 'equal', contributions: [] };
    const correction = { ...lot, version: 1, reason: 'salah hitung' };
    expect((await ask(officerOf('vase'), 'POST', 'lots/vase-1/versions', { body: correction })).status).toBe(201);
    const { body } = await ask(AUDITOR, 'GET', 'lots/vase-1/movements');
    const at = expect.any(String);
    const line = { counted: null, reason: null, by: null, at: null };
    const byHand = { ...line, by: 'p-1', at };
    expect(body).toEqual({
      lotId: 'vase-1',
      available: 10,
      items: [
        { ...line, kind: 'made', quantity: 20 },
        { ...byHand, kind: 'broken', quantity: -3, reason: 'jatuh' },
        { ...byHand, kind: 'count', quantity: 1, counted: 11, reason: 'dihitung' },
        { ...byHand, kind: 'count', quantity: 0, counted: 11, reason: 'dihitung' },
        { ...line, kind: 'restocked', quantity: 1, at },
        { ...byHand, kind: 'corrected', quantity: -2, reason: 'salah hitung' },
        { ...line, kind: 'ordered', quantity: -7 },
      ],
    });
    expect(body.items.reduce((sum: number, { quantity }: { quantity: number }) => sum + quantity, 0)).toBe(10);
    expect(await available('vase')).toEqual([10]);
  });

  it('are never fewer than orders have taken, nor more than were made', async () => {
    await makeProduct('mug', 5);
    await order('mug', 'mug', 4);
    expect(refusalOf(await writeOff('mug', 'lost', 2))).toEqual([422, 'quantity: too-many']);
    expect(refusalOf(await count('mug', { counted: 2, available: 1 }))).toEqual([422, 'counted: too-many']);
    expect((await writeOff('mug', 'used', 1)).body).toMatchObject({ available: 0 });
    expect(refusalOf(await writeOff('mug', 'used', 1))).toEqual([422, 'quantity: too-many']);
    expect((await count('mug', { counted: 1, available: 0 })).body).toMatchObject({ available: 1 });
    expect(refusalOf(await writeOff('mug', 'stolen', 1))).toEqual([400, 'kind: not-a-choice']);
    expect(
      (await ask(officerOf('vase'), 'POST', 'lots/mug-1/counts', { body: { counted: 0, available: 1, reason: 'x' } }))
        .status,
    ).toBe(404);
    expect((await ask(officerOf('vase'), 'GET', 'lots/mug-1/movements')).status).toBe(404);
  });

  it('are counted once, however often it is sent, and not beside an order or another count', async () => {
    await makeProduct('bowl', 10);
    const key = randomUUID();
    const [first, again] = await Promise.all([1, 2].map(() => count('bowl', { counted: 8, available: 10 }, key)));
    expect([first?.status, again?.body]).toEqual([201, first?.body]);
    expect(refusalOf(await count('bowl', { counted: 8, available: 10 }))).toEqual([409, 'available: stock-changed']);
    const answers = await Promise.all(Array.from({ length: 5 }, () => count('bowl', { counted: 6, available: 8 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await available('bowl')).toEqual([6]);
  });

  it('that are found again serve who waits for them', async () => {
    await makeProduct('plate', 3);
    await writeOff('plate', 'lost', 3);
    await send(app, placed('plate', 'plate', 2));
    await untilHeard('plate', stockAwaited);
    await count('plate', { counted: 2, available: 0 });
    expect(await portionsOf('plate')).toMatchObject([{ lotId: 'plate-1', quantity: 2 }]);
    expect(await available('plate')).toEqual([0]);
  });

  it('stay as they were said', async () => {
    await expect(database.query('UPDATE stock_movement SET quantity = 0')).rejects.toThrow();
    await expect(database.query('DELETE FROM lot_version')).rejects.toThrow();
  });
});

describe('a corrected lot', () => {
  const contributions = (sku: string, ...values: [n: number, value: string][]) =>
    values.map(([n, value]) => ({ makerId: `M${n}-${sku}`, value }));
  const right = (sku: string, more: object = {}) => ({
    ...{ version: 1, quantity: 10, unitCost: 1000, madeOn: '2026-01-01', measure: 'hours', reason: 'salah catat' },
    contributions: contributions(sku, [1, '7.5'], [2, '2.5']),
    ...more,
  });
  const correct = (sku: string, more: object = {}, key?: string) =>
    ask(officerOf(sku), 'POST', `lots/${sku}-1/versions`, { body: right(sku, more), ...(key && { key }) });

  it('counts for what no order has taken: a sale says which version it was sold from', async () => {
    await makeProduct('sofa', 10);
    const before = await order('sofa-1', 'sofa', 2);
    expect(before).toEqual([
      {
        ...{ lotId: 'sofa-1', quantity: 2, unitCost: 1000, measure: 'hours' },
        contributions: [
          { makerId: 'M1-sofa', weight: '7.5' },
          { makerId: 'M2-sofa', weight: '2.5' },
        ],
      },
    ]);
    const key = randomUUID();
    const change = { quantity: 12, unitCost: 1500, measure: 'pieces', contributions: contributions('sofa', [2, '3']) };
    const [first, again] = await Promise.all([1, 2].map(() => correct('sofa', change, key)));
    expect(again?.body).toEqual(first?.body);
    expect(first).toMatchObject({ status: 201, body: { version: 2, quantity: 12, available: 10, unitCost: 1500 } });
    expect(await order('sofa-2', 'sofa', 3)).toEqual([
      {
        ...{ lotId: 'sofa-1', version: 2, quantity: 3, unitCost: 1500, measure: 'pieces' },
        contributions: [{ makerId: 'M2-sofa', weight: '3' }],
      },
    ]);
    const { body } = await ask(AUDITOR, 'GET', 'lots/sofa-1/versions');
    expect(body.items).toMatchObject([
      { version: 2, quantity: 12, unitCost: 1500, measure: 'pieces', endedBy: null, endedBecause: null, endedAt: null },
      {
        ...{ version: 1, quantity: 10, unitCost: 1000, madeOn: '2026-01-01', measure: 'hours' },
        contributions: [
          { makerId: 'M1-sofa', value: '7.5' },
          { makerId: 'M2-sofa', value: '2.5' },
        ],
        ...{ endedBy: 'p-1', endedBecause: 'salah catat', endedAt: expect.any(String) },
      },
    ]);
    await eventually(
      () => told('sofa-1'),
      ({ length }) => length === 2,
    );
    expect(told('sofa-1').map(({ makerIds, late }) => [makerIds, late])).toEqual([
      [['M1-sofa', 'M2-sofa'], undefined],
      [['M2-sofa'], undefined],
    ]);
  });

  it('serves who waits when there are more pieces than was thought', async () => {
    await makeProduct('chair', 10);
    await send(app, placed('chairs', 'chair', 12));
    await untilHeard('chairs', stockAwaited);
    await correct('chair', { quantity: 12 });
    expect(await portionsOf('chairs')).toMatchObject([{ version: 2, quantity: 12 }]);
  });

  it('is refused where it cannot have been so, and where somebody was faster', async () => {
    await makeProduct('desk', 10);
    await order('desk', 'desk', 4);
    const strange = { quantity: 3, unitCost: Number.MAX_SAFE_INTEGER, contributions: contributions('sofa', [1, '1']) };
    expect(refusalOf(await correct('desk', strange))).toEqual([
      ...[422, 'unitCost: invalid', 'contributions.0.makerId: unknown-maker', 'quantity: too-few'],
    ]);
    const measured = { measure: 'pieces', contributions: contributions('desk', [1, '1.5']) };
    expect(refusalOf(await correct('desk', measured))).toEqual([422, 'contributions.0.value: not-pieces']);
    expect(await correct('desk')).toMatchObject({ status: 201, body: { version: 1 } }); // as it is
    const answers = await Promise.all([1, 2, 3].map((each) => correct('desk', { unitCost: each })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(refusalOf(await correct('desk', { unitCost: 9 }))).toEqual([409, 'version: corrected']);
    expect((await correct('desk', { version: 2, quantity: 4, unitCost: 9 })).body).toMatchObject({
      version: 3,
      available: 0,
    });
    expect((await ask(officerOf('sofa'), 'POST', 'lots/desk-1/versions', { body: right('desk') })).status).toBe(404);
    expect((await ask(officerOf('sofa'), 'GET', 'lots/desk-1/versions')).status).toBe(404);
  });

  it('keeps its makers, wherever they are by now, but gets none from elsewhere', async () => {
    await makeProduct('bench', 10);
    const moved = 'M1-bench,F-desk,R1,Nama 1,Perajin 1,false,false';
    await take({ 'makers.csv': `maker_id,facility_id,registration_no,name,display_name,consent,is_child\n${moved}` });
    expect(await correct('bench', { unitCost: 1 })).toMatchObject({ status: 201, body: { version: 2 } });
    const alone = { version: 2, contributions: contributions('bench', [2, '1']) };
    expect(await correct('bench', alone)).toMatchObject({ status: 201, body: { version: 3 } });
    expect(refusalOf(await correct('bench', { version: 3 }))).toEqual([422, 'contributions.0.makerId: unknown-maker']);
  });

  it('whose makers nobody knew tells the books of what was sold before', async () => {
    await makeProduct('shelf', 10);
    await correct('shelf', { contributions: [] });
    await correct('shelf', { version: 2 });
    await eventually(
      () => told('shelf-1'),
      ({ length }) => length === 2,
    );
    const late = {
      by: 'p-1',
      measure: 'hours',
      contributions: [
        { makerId: 'M1-shelf', weight: '7.5' },
        { makerId: 'M2-shelf', weight: '2.5' },
      ],
    };
    expect(told('shelf-1')).toMatchObject([{}, { makerIds: ['M1-shelf', 'M2-shelf'], late }]);
  });

  it('is a version as well when its makers are recorded late', async () => {
    await makeProduct('stool', 4);
    await take({
      'lots.csv': 'lot_id,sku,facility_id,quantity,unit_cost,made_on\nstool-2,stool,F-stool,1,0,2025-01-01',
    });
    const body = { measure: 'equal', contributions: contributions('stool', [1, '1']) };
    const recorded = await ask(officerOf('stool'), 'PUT', 'lots/stool-2/contributions', { body });
    expect(recorded).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await order('stool', 'stool', 1)).toMatchObject([{ lotId: 'stool-2', version: 2 }]);
    const { body: versions } = await ask(officerOf('stool'), 'GET', 'lots/stool-2/versions');
    expect(versions.items).toMatchObject([
      { version: 2, endedBy: null },
      { version: 1, contributions: [], endedBy: 'p-1', endedBecause: null },
    ]);
  });
});

describe('a product of which there are few', () => {
  it('is listed below its threshold, which is none at first', async () => {
    await makeProduct('tray', 2, 3);
    const low = async (query: string) => {
      const { body } = await ask(officerOf('tray'), 'GET', `products?facilityId=F-tray&${query}`);
      return body.items.map(({ sku, available: left, lowStock }: Record<string, unknown>) => [sku, left, lowStock]);
    };
    const watch = (grant: string, lowStock: number) =>
      ask(grant, 'PUT', 'products/tray/low-stock', { body: { lowStock } });
    expect(await low('low=true')).toEqual([]);
    expect(await watch(officerOf('tray'), 5)).toMatchObject({ status: 200, body: { available: 5, lowStock: 5 } });
    expect(await low('low=true')).toEqual([]);
    await order('tray', 'tray', 1);
    expect(await low('low=true')).toEqual([['tray', 4, 5]]);
    expect(await low('low=false')).toEqual([]);
    expect((await watch(officerOf('sofa'), 1)).status).toBe(404);
    expect(refusalOf(await watch(officerOf('tray'), -1))).toEqual([400, 'lowStock: not-a-whole-number']);

    const file = (threshold: string) =>
      take({ 'products.csv': product('tray').replace('price\n', 'price,low_stock\n').concat(`,${threshold}`) });
    expect((await file('5')).body.files['products.csv']).toMatchObject({ unchanged: 1 });
    expect((await take({ 'products.csv': product('tray') })).body.files['products.csv']).toMatchObject({
      unchanged: 1,
    });
    expect((await file('3')).body.files['products.csv']).toMatchObject({ updated: 1 });
    expect(await low('low=false')).toEqual([['tray', 4, 3]]);
    expect((await file('')).body.files['products.csv']).toMatchObject({ updated: 1 });
    expect(await low('')).toEqual([['tray', 4, 0]]);
  });
});

describe('the feed', () => {
  const feed = (query = 'limit=1000', headers: Record<string, string> = {}) =>
    ask(MARKETPLACE, 'GET', `feed?${query}`, { headers });
  const offer = async (sku: string) => (await feed()).body.items.find((each: { sku: string }) => each.sku === sku);

  it('says what can be sold, until nothing can', async () => {
    await makeProduct('fan', 2);
    const fan = { sku: 'fan', facilityId: 'F-fan', facilityName: 'Lapas', category: 'craft', price: 5000, madeBy: [] };
    expect(await offer('fan')).toEqual({ ...fan, titleId: 'Kotak', titleEn: 'Box', available: 2 });
    await order('fan', 'fan', 2);
    expect(await offer('fan')).toMatchObject({ available: 0 });
    await send(
      app,
      newEvent(orderCancelled, { orderId: orderIdOf('fan'), reason: 'payment-failed' }, { correlationId: newId() }),
    );
    await eventually(
      () => offer('fan'),
      ({ available: left }) => left === 2,
    );
    expect((await ask(officerOf('fan'), 'GET', 'feed')).status).toBe(403);
  });

  it.each(['json', 'csv'])('as %s is not sent again while nothing has changed', async (format) => {
    const sku = `mat-${format}`;
    await makeProduct(sku, 2);
    const { etag } = await feed(`format=${format}&limit=1000`);
    const again = () => feed(`format=${format}&limit=1000`, { 'if-none-match': `W/"other", ${etag}` });
    expect(await again()).toMatchObject({ status: 304, body: '' });
    await order(sku, sku, 1);
    expect(await again()).toMatchObject({ status: 200, etag: expect.not.stringContaining(String(etag)) });
  });

  it('comes in pages as JSON, and whole as CSV, which no spreadsheet computes', async () => {
    await makeProduct('zip', 3);
    await take({ 'products.csv': product('zip').replace('Kotak', '=1+1') });
    const skus: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await feed(`limit=3${cursor && `&cursor=${cursor}`}`);
      skus.push(...body.items.map(({ sku }: { sku: string }) => sku));
      cursor = body.nextCursor;
    }
    expect(skus).toEqual([...new Set(skus)].sort());
    const { body } = await feed('format=csv');
    const [header, ...lines] = body.trimEnd().split('\n');
    expect(header).toBe('sku,facility_id,facility_name,category,title_id,title_en,price,available,made_by');
    expect(lines.map((line: string) => line.split(',')[0])).toEqual(skus);
    expect(lines.at(-1)).toBe("zip,F-zip,Lapas,craft,'=1+1,Box,5000,3,");
  });

  it('names whoever made it only as long as he or she has consented, and never a child', async () => {
    await makeProduct('doll', 2);
    const consent = (n: number, given: boolean) =>
      ask(officerOf('doll'), 'POST', `makers/M${n}-doll/consent`, { body: { given, evidence: 'formulir' } });
    const namedIn = async () => (await offer('doll')).madeBy;
    expect(await namedIn()).toEqual([]);
    expect((await consent(2, true)).status).toBe(200);
    expect((await consent(1, true)).status).toBe(200);
    expect(await namedIn()).toEqual(['Perajin 1', 'Perajin 2']);
    expect((await feed('format=csv')).body).toContain(
      'doll,F-doll,Lapas,craft,Kotak,Box,5000,2,Perajin 1; Perajin 2\n',
    );
    expect((await consent(1, false)).status).toBe(200);
    expect(await namedIn()).toEqual(['Perajin 2']);
    expect(JSON.stringify((await feed()).body)).not.toMatch(/Nama|M[12]-|R[12]/);
    const child = 'M2-doll,F-doll,R2,Nama 2,Perajin 2,true,true';
    await take({ 'makers.csv': `maker_id,facility_id,registration_no,name,display_name,consent,is_child\n${child}` });
    expect(await namedIn()).toEqual([]);
    expect((await consent(1, true)).status).toBe(200);
    await order('doll', 'doll', 2); // nothing of theirs is left to be sold
    expect(await namedIn()).toEqual([]);
  });
});
