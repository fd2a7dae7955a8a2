import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import exceljs from 'exceljs';
import {
  contributionsRecorded,
  type DataOf,
  type Event,
  goodsListed,
  orderCancelled,
  orderPaid,
  orderPlaced,
  stockAwaited,
  stockRejected,
  stockReserved,
  unitsCancelled,
  unitsReleased,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase, createKeys, type TestDatabase } from '../../test/kit/database.ts';
import { tokenOf } from '../../test/kit/issuer.ts';
import { eventually, send as sendTo, startTested } from '../../test/kit/service.ts';
import { authorizationFor, signedFetch } from '../../test/kit/sign-in.ts';
import { CatalogueModule } from './catalogue.module.ts';
import { importCatalogue } from './import/import.command.ts';
import { catalogueMigrations } from './migrations/index.ts';
import { cataloguePolicy } from './policy.ts';
import { AwaitedOrdersService } from './reservations/awaited-orders.service.ts';
import { ReservationsListener } from './reservations/reservations.listener.ts';

const run = randomUUID().slice(0, 8);
const DEMO_CATALOGUE = fileURLToPath(new URL('../../deploy/demo/catalogue/', import.meta.url));

/** What the catalogue says, as orders hears it. */
const heard: Event[] = [];

@Controller()
class Orders {
  @EventHandler(stockReserved)
  async onReserved(events: Event<DataOf<typeof stockReserved>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(stockAwaited)
  async onAwaited(events: Event<DataOf<typeof stockAwaited>>[]): Promise<void> {
    heard.push(...events);
  }

  @EventHandler(stockRejected)
  async onRejected(events: Event<DataOf<typeof stockRejected>>[]): Promise<void> {
    heard.push(...events);
  }
}

/** What it says about lots, as the ledger hears it. */
const recorded: Event<DataOf<typeof contributionsRecorded>>[] = [];

@Controller()
class Ledger {
  @EventHandler(contributionsRecorded)
  async onRecorded(events: Event<DataOf<typeof contributionsRecorded>>[]): Promise<void> {
    recorded.push(...events);
  }
}

let testDatabase: TestDatabase;
let keyDatabase: TestDatabase;
let app: INestApplication;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  keyDatabase = await createKeys();
  app = await startTested(
    {
      name: `catalogue-${run}`,
      module: CatalogueModule,
      policy: cataloguePolicy,
      migrations: catalogueMigrations,
      neighbours: [Orders, Ledger],
    },
    testDatabase,
  );
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  await keyDatabase.drop();
});

interface Answer {
  readonly status: number;
  readonly body: {
    readonly items: Record<string, unknown>[];
    readonly nextCursor?: string;
    readonly files: Record<string, unknown>;
    readonly errors: Record<string, unknown>[];
  };
}

async function call(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await signedFetch(`${await app.getUrl()}/v1/${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** A product of a facility of its own, with one maker and lots of these sizes, oldest first. */
async function makeProduct(sku: string, ...quantities: number[]): Promise<void> {
  const files = {
    'facilities.csv': `facility_id,name,type,class,region,timezone\nF-${sku},Lapas,lapas,I,Bali,Asia/Makassar`,
    'makers.csv': `maker_id,facility_id,registration_no,name,display_name,consent,is_child\nM-${sku},F-${sku},R,N,D,true,false`,
    'products.csv': `sku,facility_id,category,title_id,title_en,price\n${sku},F-${sku},craft,Kotak,Box,5000`,
    'lots.csv': [
      'lot_id,sku,facility_id,quantity,unit_cost,made_on',
      ...quantities.map((quantity, i) => `${sku}-${i + 1},${sku},F-${sku},${quantity},1000,2026-01-0${i + 1}`),
    ].join('\n'),
    'contributions.csv': `lot_id,maker_id,measure,value\n${sku}-1,M-${sku},hours,7.50`,
  };
  expect((await call('imports', { files, dryRun: false })).status).toBe(200);
}

const available = async (sku: string) =>
  (await call(`lots?sku=${sku}`)).body.items.map(({ available: pieces }) => pieces);

const placed = (name: string, ...lines: [sku: string, quantity: number][]) => {
  const data = {
    orderId: `test/${run}-${name}`,
    placedAt: '2020-01-05T10:00:00+07:00',
    payment: 'escrow' as const,
    amount: 100_000,
    lines: lines.map(([sku, quantity], i) => ({ lineRef: String(i + 1), sku, quantity })),
  };
  return newEvent(orderPlaced, data, { correlationId: newId() });
};
const paid = (name: string) => newEvent(orderPaid, { orderId: `test/${run}-${name}` }, { correlationId: newId() });
const cancelled = (name: string) =>
  newEvent(orderCancelled, { orderId: `test/${run}-${name}`, reason: 'payment-failed' }, { correlationId: newId() });

/** Sends events as orders would. */
const send = (...events: Event[]) => sendTo(app, ...events);

const heardOf = (name: string) => heard.filter(({ key }) => key === `test/${run}-${name}`);
const untilHeard = (name: string) =>
  eventually(
    () => heardOf(name),
    (events) => events.length > 0,
  );
const untilReserved = async (name: string) => {
  const [event] = await untilHeard(name);
  if (event?.type !== stockReserved.type) throw new Error(`${name}: ${event?.type ?? 'no answer'}`);
  return event as Event<DataOf<typeof stockReserved>>;
};
const statusOf = async (name: string) => {
  const [row] = await database.query<{ status: string }>('SELECT status FROM reservation WHERE order_id = $1', [
    `test/${run}-${name}`,
  ]);
  return row?.status;
};
const untilStatus = (name: string, status: string) =>
  eventually(
    () => statusOf(name),
    (value) => value === status,
  );

describe('reservations', () => {
  it('holds an order’s goods, oldest lots first, with everything that sharing them needs', async () => {
    await makeProduct('bag', 2, 5);
    const order = placed('bag', ['bag', 3]);
    const before = Date.now();
    await send(order);
    const event = await untilReserved('bag');
    expect(event).toMatchObject({
      type: 'catalogue.stock-reserved.v1',
      correlationId: order.correlationId,
      causationId: order.id,
      data: {
        orderId: order.data.orderId,
        lines: [
          {
            lineRef: '1',
            facilityId: 'F-bag',
            portions: [
              {
                lotId: 'bag-1',
                quantity: 2,
                unitCost: 1000,
                measure: 'hours',
                contributions: [{ makerId: 'M-bag', weight: '7.5' }],
              },
              { lotId: 'bag-2', quantity: 1, unitCost: 1000, measure: 'equal', contributions: [] },
            ],
          },
        ],
      },
    });
    expect(Date.parse(event.data.expiresAt) - before).toBeGreaterThan(29 * 60_000);
    expect(await available('bag')).toEqual([0, 4]);
  });

  it('rejects what is not there and holds nothing for it', async () => {
    await makeProduct('belt', 2);
    await send(placed('short', ['belt', 1], ['belt', 2]), placed('ghost', ['belt', 1], ['ghost', 1]));
    expect((await untilHeard('short')).map(({ data }) => data)).toEqual([
      { orderId: `test/${run}-short`, reason: 'out-of-stock', lineRef: '2', sku: 'belt' },
    ]);
    expect((await untilHeard('ghost')).map(({ data }) => data)).toEqual([
      { orderId: `test/${run}-ghost`, reason: 'unknown-sku', lineRef: '2', sku: 'ghost' },
    ]);
    expect(await available('belt')).toEqual([2]);
  });

  it('answers an order once, though it is placed twice', async () => {
    await makeProduct('mat', 5);
    await send(placed('mat', ['mat', 2]), placed('mat', ['mat', 2]), placed('mat-last', ['mat', 1]));
    await untilHeard('mat');
    await untilHeard('mat-last');
    await send(placed('mat', ['mat', 2]), placed('mat-end', ['mat', 1]));
    await untilHeard('mat-end');
    await sleep(200);
    expect(heardOf('mat')).toHaveLength(1);
    expect(await available('mat')).toEqual([1]);
  });

  it('gives goods back when the order is cancelled, once, and nothing that was never held', async () => {
    await makeProduct('pot', 2, 2);
    await send(placed('pot', ['pot', 3]));
    await untilHeard('pot');
    await send(cancelled('pot'), cancelled('pot'), cancelled('never-placed'));
    await untilStatus('pot', 'released');
    await eventually(
      () => available('pot'),
      ([first]) => first === 2,
    );
    expect(await available('pot')).toEqual([2, 2]);
  });

  it('keeps goods sold once the order is paid', async () => {
    await makeProduct('cup', 2);
    await send(placed('cup', ['cup', 2]));
    await untilHeard('cup');
    await send(paid('cup'), cancelled('cup'));
    await untilStatus('cup', 'committed');
    await send(placed('cup-next', ['cup', 1]));
    await untilHeard('cup-next');
    expect(await statusOf('cup')).toBe('committed');
    expect(await available('cup')).toEqual([0]);
  });

  it('takes lots of one day in the order of the bytes of their ids', async () => {
    await makeProduct('lid', 1);
    const lots = ['a', 'B', '~', 'ä'].map((id) => `${id},lid,F-lid,1,0,2026-01-01`);
    const files = { 'lots.csv': ['lot_id,sku,facility_id,quantity,unit_cost,made_on', ...lots].join('\n') };
    await call('imports', { files, dryRun: false });
    await send(placed('lid', ['lid', 5]));
    const [line] = (await untilReserved('lid')).data.lines;
    expect(line?.portions.map(({ lotId }) => lotId)).toEqual(['B', 'a', 'lid-1', '~', 'ä']);
  });

  it('never sells a piece twice and never deadlocks when many batches want the same lots', async () => {
    await Promise.all(['x', 'y', 'z'].map((sku) => makeProduct(`busy-${sku}`, 30, 30)));
    const listener = app.get(ReservationsListener);
    const skus = ['busy-x', 'busy-y', 'busy-z'];
    const batches = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 8 }, (_, i) => {
        const from = (batch + i) % 3;
        const order = [...skus.slice(from), ...skus.slice(0, from)];
        return placed(`busy-${batch}-${i}`, ...order.map((sku): [string, number] => [sku, 1]));
      }),
    );
    await Promise.all(batches.map((batch) => database.transaction((tx) => listener.onEvents(batch, tx))));
    await Promise.all(
      batches.slice(0, 6).map((batch) =>
        database.transaction((tx) =>
          listener.onEvents(
            batch.map((order) =>
              newEvent(orderCancelled, { orderId: order.data.orderId, reason: 'payment-failed' }, order),
            ),
            tx,
          ),
        ),
      ),
    );
    const [sum] = await database.query<{ taken: number; held: number; rejected: number }>(
      `SELECT (SELECT sum(taken) FROM lot WHERE sku LIKE 'busy-%') AS taken,
              count(*) FILTER (WHERE status = 'held') AS held,
              count(*) FILTER (WHERE status = 'rejected') AS rejected
       FROM reservation WHERE order_id LIKE 'test/${run}-busy-%'`,
    );
    expect(sum?.rejected).toBe(12 * 8 - 60);
    expect(sum?.taken).toBe((sum?.held ?? 0) * 3);
  });
});

describe('orders that wait for goods', () => {
  const waiting = (name: string, day: string, ...lines: [sku: string, quantity: number][]) => {
    const event = placed(name, ...lines);
    return { ...event, data: { ...event.data, placedAt: `2020-01-${day}T10:00:00+07:00`, wait: true } };
  };
  const listed = (name: string, ...goods: { sku: string; unlisted?: boolean }[]) => {
    const lines = goods.map((line, i) => ({ lineRef: String(i + 1), ...line }));
    return newEvent(goodsListed, { orderId: `test/${run}-${name}`, lines }, { correlationId: newId() });
  };
  const toldOf = (name: string) =>
    heard
      .filter(({ key }) => key === `test/${run}-${name}`)
      .map(({ type, data }) => `${type.split('.')[1]} ${(data as { reason?: string }).reason ?? ''}`.trim());
  const untilTold = (name: string, last: string) =>
    eventually(
      () => toldOf(name),
      (told) => told.at(-1) === last,
    );

  it('are served when it is recorded, the oldest first; the others wait on, for another reason', async () => {
    await send(waiting('w-new', '03', ['wanted', 3]), waiting('w-old', '01', ['wanted', 3]));
    await untilTold('w-new', 'stock-awaited unknown-sku');
    await untilTold('w-old', 'stock-awaited unknown-sku');
    await makeProduct('wanted', 4);
    await untilTold('w-old', 'stock-reserved');
    expect(await untilTold('w-new', 'stock-awaited out-of-stock')).toHaveLength(2);
    expect(await available('wanted')).toEqual([1]);

    const back = { orderId: `test/${run}-w-new`, lineRef: '1', quantity: 2 };
    await send(newEvent(unitsCancelled, back, { correlationId: newId() }));
    await untilTold('w-new', 'stock-reserved');
    const [reserved] = heard.filter(({ key, type }) => key === back.orderId && type === stockReserved.type);
    expect(reserved?.data).toMatchObject({ lines: [{ lineRef: '1', portions: [{ quantity: 1 }] }] });
    expect(await available('wanted')).toEqual([0]);
  });

  it('are served when what their channel calls them is listed', async () => {
    await makeProduct('listed', 2);
    const event = waiting('w-listed', '01', ['listed', 1], ['SHP-1', 1]);
    const lines = event.data.lines.map((line) => ({ ...line, unlisted: true }));
    await send({ ...event, data: { ...event.data, lines } });
    await untilTold('w-listed', 'stock-awaited unknown-sku');
    await send(listed('w-listed', { sku: 'listed' }, { sku: 'SHP-1', unlisted: true }));
    await send(listed('w-listed', { sku: 'listed' }, { sku: 'listed' }));
    await untilTold('w-listed', 'stock-reserved');
    const [reserved] = heard.filter(({ key, type }) => key === event.data.orderId && type === stockReserved.type);
    expect(reserved?.data).toMatchObject({
      lines: [{ sku: 'listed' }, { sku: 'listed', portions: [{ quantity: 1 }] }],
    });
    expect(await available('listed')).toEqual([0]);
  });

  it('are told why they wait for what they are listed as, where nothing of it is there', async () => {
    await makeProduct('none-left', 1);
    await makeProduct('left', 1);
    await send(placed('w-last', ['none-left', 1]));
    await untilReserved('w-last');
    const event = waiting('w-relisted', '01', ['SHP-2', 1]);
    const lines = event.data.lines.map((line) => ({ ...line, unlisted: true }));
    await send({ ...event, data: { ...event.data, lines } });
    await untilTold('w-relisted', 'stock-awaited unknown-sku');
    await send(listed('w-relisted', { sku: 'none-left' }));
    await untilTold('w-relisted', 'stock-awaited out-of-stock');
    await send(listed('w-relisted', { sku: 'no-such-sku' }));
    await untilTold('w-relisted', 'stock-awaited unknown-sku');
    await send(listed('w-relisted', { sku: 'no-such-sku' }), listed('w-relisted', { sku: 'left' }));
    await untilTold('w-relisted', 'stock-reserved');
    expect(heardOf('w-relisted').map(({ data }) => data)).toMatchObject([
      { reason: 'unknown-sku', lineRef: '1', sku: 'SHP-2' },
      { reason: 'out-of-stock', lineRef: '1', sku: 'none-left' },
      { reason: 'unknown-sku', lineRef: '1', sku: 'no-such-sku' },
      { lines: [{ lineRef: '1', sku: 'left' }] },
    ]);
    expect(await available('left')).toEqual([0]);
  });

  it('are served by what another order lets go, and wait no more once they are cancelled', async () => {
    await makeProduct('let-go', 2);
    await send(placed('w-holds', ['let-go', 2]));
    await untilReserved('w-holds');
    await send(waiting('w-next', '01', ['let-go', 2]), waiting('w-gone', '01', ['let-go', 2]));
    await untilTold('w-next', 'stock-awaited out-of-stock');
    await untilTold('w-gone', 'stock-awaited out-of-stock');
    await send(cancelled('w-gone'));
    await untilStatus('w-gone', 'released');
    await send(cancelled('w-holds'));
    await untilTold('w-next', 'stock-reserved');
    expect(toldOf('w-gone')).toEqual(['stock-awaited out-of-stock']);
    expect(await database.query('SELECT FROM awaited_order')).toEqual([]);
  });

  it('are served by what was sold and cancelled before it left; what came back before does not come again', async () => {
    await makeProduct('back', 3);
    await send(placed('w-sold', ['back', 3]));
    await untilReserved('w-sold');
    await send(waiting('w-after', '01', ['back', 2]));
    await untilTold('w-after', 'stock-awaited out-of-stock');
    const back = (quantity: number) =>
      newEvent(unitsReleased, { orderId: `test/${run}-w-sold`, lineRef: '1', quantity }, { correlationId: newId() });
    await send(paid('w-sold'), back(1));
    await eventually(
      () => available('back'),
      ([free]) => free === 1,
    );
    await send(back(1));
    await untilTold('w-after', 'stock-reserved');
    expect(await available('back')).toEqual([0]);
    await send(back(2));
    await eventually(
      () => available('back'),
      ([free]) => free === 1,
    );
    const returned = await database.query('SELECT quantity, disposition FROM stock_return WHERE order_id = $1', [
      `test/${run}-w-sold`,
    ]);
    expect(returned).toEqual([1, 1, 1].map((quantity) => ({ quantity, disposition: 'restock' })));
  });

  const released = (name: string, quantity: number) =>
    newEvent(unitsReleased, { orderId: `test/${run}-${name}`, lineRef: '1', quantity }, { correlationId: newId() });
  const untilSold = (name: string) =>
    eventually(
      () => database.query('SELECT FROM awaited_order WHERE order_id = $1 AND paid', [`test/${run}-${name}`]),
      (rows) => rows.length === 1,
    );

  it.each<[what: string, sku: string, wait: boolean, back: number]>([
    ['waits', 'forgotten', true, 0],
    ['waits, and some units of which were cancelled since', 'forgotten-less', true, 1],
    ['was rejected', 'forgotten-now', false, 0],
    ['was rejected, and some units of which were cancelled since', 'forgotten-now-less', false, 1],
  ])(
    'sold goods that a database that was put back has forgotten are sold when they are recorded again: an order that %s',
    async (_, sku, wait, back) => {
      const [apart, atOnce] = [`${sku}-apart`, `${sku}-at-once`];
      const since = (name: string) => [paid(name), ...(back > 0 ? [released(name, back)] : [])];
      const order = (name: string) => (wait ? waiting(name, '01', [sku, 3]) : placed(name, [sku, 3]));
      await send(order(atOnce), ...since(atOnce), order(apart));
      const told = `stock-${wait ? 'awaited' : 'rejected'} unknown-sku`;
      await untilTold(apart, told);
      for (const event of since(apart)) {
        await send(event);
        await untilSold(apart);
      }
      await untilSold(atOnce);
      if (back > 0)
        await eventually(
          () => database.query('SELECT FROM awaited_sku WHERE sku = $1 AND units = $2', [sku, 3 - back]),
          (rows) => rows.length === 2,
        );
      await makeProduct(sku, 10);
      for (const name of [apart, atOnce]) {
        expect(await untilStatus(name, 'committed')).toBe('committed');
        expect(await untilTold(name, 'stock-reserved')).toEqual([told, 'stock-reserved']);
      }
      expect(await available(sku)).toEqual([10 - 2 * (3 - back)]);

      await send(...[apart, atOnce].flatMap((name) => [order(name), paid(name), released(name, 1)]));
      const free = await eventually(
        () => available(sku),
        ([pieces]) => pieces === 10 - 2 * (2 - back),
      );
      expect(free).toEqual([10 - 2 * (2 - back)]);
      for (const name of [apart, atOnce]) expect(toldOf(name)).toEqual([told, 'stock-reserved']);
      expect(await database.query('SELECT FROM awaited_sku WHERE sku = $1', [sku])).toEqual([]);
    },
  );

  it('all of whose sold units were cancelled wait no more', async () => {
    await send(waiting('w-given-up', '01', ['given-up', 2]), paid('w-given-up'), released('w-given-up', 2));
    expect(await untilStatus('w-given-up', 'committed')).toBe('committed');
    await makeProduct('given-up', 2);
    expect(await available('given-up')).toEqual([2]);
    expect(await database.query('SELECT FROM awaited_sku WHERE sku = $1', ['given-up'])).toEqual([]);
  });

  it('that are sold are so as soon as what their channel calls their goods is listed', async () => {
    await makeProduct('sold-as', 2);
    const event = waiting('w-sold-as', '01', ['SHP-3', 2]);
    const lines = event.data.lines.map((line) => ({ ...line, unlisted: true }));
    await send({ ...event, data: { ...event.data, lines } }, paid('w-sold-as'));
    await untilSold('w-sold-as');
    await send(listed('w-sold-as', { sku: 'sold-as' }));
    expect(await untilStatus('w-sold-as', 'committed')).toBe('committed');
    expect(await available('sold-as')).toEqual([0]);
  });

  it('are tried by the hundred and not all, however many wait for one product', async () => {
    await makeProduct('many', 1);
    await send(placed('w-first', ['many', 1]));
    await untilTold('w-first', 'stock-reserved');
    await database.query(
      `INSERT INTO reservation (order_id, status, lines, expires_at)
       SELECT 'many/' || number, 'waiting', '[]', now() FROM generate_series(1, 10000) AS number`,
    );
    await database.query(
      `INSERT INTO awaited_order (order_id, placed_at, lines, reason, line_ref, correlation_id)
       SELECT 'many/' || number, '2020-01-01'::timestamptz + number * interval '1 second',
              '[{"lineRef": "1", "sku": "many", "quantity": 1}]', 'out-of-stock', '1', gen_random_uuid()
         FROM generate_series(1, 10000) AS number`,
    );
    await database.query(
      `INSERT INTO awaited_sku (sku, placed_at, order_id, units) SELECT 'many', placed_at, order_id, 1 FROM awaited_order`,
    );
    const service = app.get(AwaitedOrdersService);
    expect(await service.serve('many')).toBe(0);
    await database.query(`UPDATE lot SET quantity = quantity + 20 WHERE sku = 'many'`);
    expect(await service.serve('many')).toBe(1);
    const served = await database.query<{ order: string }>(
      `SELECT order_id AS order FROM reservation WHERE status = 'held' AND order_id LIKE 'many/%' ORDER BY length(order_id), 1`,
    );
    expect(served.map(({ order }) => order)).toEqual(Array.from({ length: 20 }, (_, index) => `many/${index + 1}`));
    expect(await service.serve('many')).toBe(0);
  });
});

describe('returns', () => {
  const giveBack = (name: string, change: Record<string, unknown> = {}, key: string = newId()) =>
    call(
      'returns',
      {
        channel: 'test',
        orderRef: `${run}-${name}`,
        lineRef: '1',
        lotId: `${name}-1`,
        quantity: 1,
        disposition: 'restock',
        at: `F-${name}`,
        ...change,
      },
      { 'idempotency-key': key },
    );

  const sell = async (sku: string) => {
    await makeProduct(sku, 3);
    await send(placed(sku, [sku, 3]), paid(sku));
    expect(await untilStatus(sku, 'committed')).toBe('committed');
  };

  it('restocks what can be sold again and writes off the rest, never more than was sold', async () => {
    await sell('fan');
    expect((await giveBack('fan')).status).toBe(201);
    expect(await available('fan')).toEqual([1]);
    expect((await giveBack('fan', { disposition: 'write-off' })).status).toBe(201);
    expect(await available('fan')).toEqual([1]);
    const { status, body } = await giveBack('fan', { quantity: 2 });
    expect([status, body.errors]).toEqual([
      422,
      [{ field: 'quantity', code: 'too-many', message: 'must be at most 1', params: { max: 1 } }],
    ]);
  });

  it('records a repeated request once', async () => {
    await sell('rug');
    const key = newId();
    const [first, second] = await Promise.all([giveBack('rug', {}, key), giveBack('rug', {}, key)]);
    expect(second).toEqual(first);
    expect(await available('rug')).toEqual([1]);
    expect((await giveBack('rug', { quantity: 2 }, key)).status).toBe(422);
  });

  it('lets two people at once give back no more than was sold', async () => {
    await sell('jar');
    const answers = await Promise.all(Array.from({ length: 6 }, () => giveBack('jar')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await available('jar')).toEqual([3]);
  });

  it('knows no goods that were not sold', async () => {
    await makeProduct('net', 1);
    await send(placed('net', ['net', 1]));
    await untilHeard('net');
    expect((await giveBack('net')).status).toBe(404);
    expect((await giveBack('net', { lotId: 'other' })).status).toBe(404);
    expect((await giveBack('never-placed')).status).toBe(404);
  });

  it('names the field that is wrong', async () => {
    const { status, body } = await giveBack('net', { quantity: 0, colour: 'red' });
    expect([status, body.errors.map(({ field }) => field)]).toEqual([400, ['colour', 'quantity']]);
  });
});

describe('a lot that an officer records', () => {
  async function officer(method: 'POST' | 'PUT', path: string, facility: string, body: object, key = randomUUID()) {
    const token = await tokenOf({ person: 'p-officer', grants: [`officer@facility:${facility}`] });
    const response = await fetch(`${await app.getUrl()}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
    return { status: response.status, body: (await response.json()) as any };
  }
  const lot = (sku: string, more: object = {}) => ({
    ...{ sku, quantity: 10, unitCost: 182_000, madeOn: '2026-02-03', measure: 'hours' },
    contributions: [{ makerId: `M-${sku}`, value: '12.50' }],
    ...more,
  });
  const fieldsOf = ({ status, body }: { status: number; body: { errors?: { field: string; code: string }[] } }) => [
    status,
    ...(body.errors ?? []).map(({ field, code }) => `${field}: ${code}`),
  ];
  const heardOfLot = (lotId: string) => recorded.filter(({ data }) => data.lotId === lotId);

  it('is there once, however often it is sent, is for sale, and the books hear who made it', async () => {
    await makeProduct('lamp', 1);
    const key = randomUUID();
    const { status, body } = await officer('POST', 'lots', 'F-lamp', lot('lamp'), key);
    expect([status, body]).toEqual([
      201,
      {
        ...{ lotId: expect.any(String), version: 1, sku: 'lamp', facilityId: 'F-lamp', quantity: 10, available: 10 },
        ...{ unitCost: 182_000, madeOn: '2026-02-03', measure: 'hours' },
        contributions: [{ makerId: 'M-lamp', value: '12.5' }],
      },
    ]);
    expect(await officer('POST', 'lots', 'F-lamp', lot('lamp'), key)).toEqual({ status: 201, body });
    expect(await available('lamp')).toEqual([10, 1]);
    const heardOnce = await eventually(
      () => heardOfLot(body.lotId),
      (events) => events.length > 0,
    );
    expect(heardOnce.map(({ data }) => data)).toMatchObject([{ facilityId: 'F-lamp', makerIds: ['M-lamp'] }]);
    expect(heardOnce[0]?.data).not.toHaveProperty('late');
    await send(placed('lamp', ['lamp', 11]));
    expect((await untilReserved('lamp')).data.lines[0]?.portions.map(({ unitCost }) => unitCost)).toEqual([
      1000, 182_000,
    ]);
  });

  it('keeps the rules of the import, and says which field breaks one', async () => {
    await makeProduct('desk', 1);
    await makeProduct('sofa', 1);
    const sent = async (more: object, at = 'F-desk') => fieldsOf(await officer('POST', 'lots', at, lot('desk', more)));
    const stranger = (makerId: string, value = '1') => ({
      contributions: [
        { makerId: 'M-desk', value: '1' },
        { makerId, value },
      ],
    });
    expect(await sent({ sku: 'nothing' })).toEqual([422, 'sku: unknown-sku']);
    expect(await sent({}, 'F-sofa')).toEqual([422, 'sku: unknown-sku']);
    expect(await sent(stranger('M-nobody'))).toEqual([422, 'contributions.1.makerId: unknown-maker']);
    expect(await sent(stranger('M-sofa'))).toEqual([422, 'contributions.1.makerId: unknown-maker']); // out of scope
    expect(await sent(stranger('M-desk'))).toEqual([422, 'contributions.1.makerId: duplicate']);
    expect(await sent({ measure: 'pieces' })).toMatchObject([422, /^contributions\.0\.value: /]);
    expect(await sent({ quantity: 1_000_000_000, unitCost: 9_007_199_254_740_991 })).toEqual([
      422,
      'unitCost: invalid',
    ]);
    expect(await sent({ quantity: 0, unitCost: 1.5, madeOn: '2026-02-30', measure: 'days' })).toEqual([
      400,
      ...[
        'quantity: not-a-whole-number',
        'unitCost: not-a-whole-number',
        'madeOn: not-a-date',
        'measure: not-a-choice',
      ],
    ]);
    expect(await available('desk')).toEqual([1]);
  });

  it('takes who made it once, for what is sold from then on', async () => {
    await makeProduct('mask', 1);
    const { body } = await officer('POST', 'lots', 'F-mask', lot('mask', { madeOn: '2026-01-01', contributions: [] }));
    expect(body).toMatchObject({ measure: 'equal', contributions: [] });
    expect((await call('lots?facilityId=F-mask&recorded=false')).body.items).toEqual([body]);
    const made = { measure: 'pieces', contributions: [{ makerId: 'M-mask', value: '10' }] };
    const path = `lots/${body.lotId}/contributions`;
    expect(await officer('PUT', path, 'F-lamp', made)).toMatchObject({ status: 404 });
    const wrong = { ...made, contributions: [{ makerId: 'M-lamp', value: '1' }] };
    expect(fieldsOf(await officer('PUT', path, 'F-mask', wrong))).toEqual([
      422,
      'contributions.0.makerId: unknown-maker',
    ]);
    const told = await officer('PUT', path, 'F-mask', made);
    expect(told).toEqual({ status: 200, body: { ...body, ...made, version: 2 } });
    expect(await officer('PUT', path, 'F-mask', made)).toEqual(told);
    const other = { ...made, contributions: [{ makerId: 'M-mask', value: '9' }] };
    expect(fieldsOf(await officer('PUT', path, 'F-mask', other))).toEqual([409, 'contributions.0.value: lot-changed']);
    await eventually(
      () => heardOfLot(body.lotId),
      (events) => events.length > 0,
    );
    await send(placed('mask', ['mask', 1]));
    expect((await untilReserved('mask')).data.lines[0]?.portions).toMatchObject([
      { lotId: body.lotId, measure: 'pieces', contributions: [{ makerId: 'M-mask', weight: '10' }] },
    ]);
    expect(heardOfLot(body.lotId).map(({ data }) => data)).toMatchObject([
      {
        makerIds: ['M-mask'],
        late: { by: 'p-officer', measure: 'pieces', contributions: [{ makerId: 'M-mask', weight: '10' }] },
      },
    ]);
  });

  it('is found by facility, by whether its makers are recorded, by what is left and by day', async () => {
    await makeProduct('vase', 1, 2);
    await send(placed('vase', ['vase', 1]));
    await untilReserved('vase');
    const found = async (query: string) =>
      (await call(`lots?facilityId=F-vase&${query}`)).body.items.map(({ lotId }) => lotId);
    expect(await found('')).toEqual(['vase-1', 'vase-2']);
    expect(await found('recorded=true')).toEqual(['vase-1']);
    expect(await found('recorded=false')).toEqual(['vase-2']);
    expect(await found('available=true')).toEqual(['vase-2']);
    expect(await found('available=false')).toEqual(['vase-1']);
    expect(await found('from=2026-01-02')).toEqual(['vase-2']);
    expect(await found('to=2026-01-01')).toEqual(['vase-1']);
    const first = (await call('lots?facilityId=F-vase&order=newest&limit=1')).body;
    expect(first.items).toMatchObject([{ lotId: 'vase-2', madeOn: '2026-01-02' }]);
    expect(await found(`order=newest&cursor=${first.nextCursor}`)).toEqual(['vase-1']);
    expect((await call('makers?facilityId=F-vase')).body.items).toEqual([{ makerId: 'M-vase', facilityId: 'F-vase' }]);
    const skus = async (query: string) => (await call(`products?${query}`)).body.items.map(({ sku }) => sku);
    expect(await skus('facilityId=F-vase')).toEqual(['vase']);
    expect(await skus('skus=vase,nothing,lamp')).toEqual(['lamp', 'vase']);
    const files = {
      'products.csv': 'sku,facility_id,category,title_id,title_en,price\n"a,b",F-vase,craft,Kotak,Box,5000',
    };
    expect(await call('imports', { files, dryRun: false })).toMatchObject({ status: 200 });
    expect(await skus(`skus=${encodeURIComponent('a%2Cb,vase')}`)).toEqual(['a,b', 'vase']);
    expect(await call('products?skus=,')).toMatchObject({ status: 400, body: { errors: [{ code: 'not-skus' }] } });
  });
});

describe('import', () => {
  const product = (sku: string, price: number) =>
    `sku,facility_id,category,title_id,title_en,price\n${sku},F-${sku},craft,Kotak,Box,${price}`;

  it('changes nothing with a dry run, or with one fault in one file', async () => {
    await makeProduct('tin', 4);
    const files = { 'products.csv': product('tin', 9000) };
    const dry = await call('imports', { files, dryRun: true });
    expect(dry.body).toEqual({
      dryRun: true,
      files: { 'products.csv': { created: 0, updated: 1, unchanged: 0 } },
      passedOver: [],
      rows: [
        {
          ...{ file: 'products.csv', row: 1, outcome: 'updated' },
          before: expect.objectContaining({ sku: 'tin', price: 5000 }),
          after: expect.objectContaining({ sku: 'tin', price: 9000 }),
        },
      ],
    });
    const lots = 'lot_id,sku,facility_id,quantity,unit_cost,made_on\ntin-1,tin,F-tin,5,x,2026-01-01';
    const refused = await call('imports', { files: { ...files, 'lots.csv': lots }, dryRun: false });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      {
        field: 'files/lots.csv/1/quantity',
        file: 'lots.csv',
        row: 1,
        line: 2,
        column: 'quantity',
        reason: 'lot-changed',
        code: 'lot-changed',
        message: '"5" must stay 4',
        messageEn: '"5" must stay 4',
        messageId: '"5" harus tetap 4',
      },
      {
        field: 'files/lots.csv/1/unit_cost',
        file: 'lots.csv',
        row: 1,
        line: 2,
        column: 'unit_cost',
        reason: 'invalid',
        code: 'invalid',
        message: '"x" must be whole rupiah, such as 1250000 or Rp 1.250.000',
        messageEn: '"x" must be whole rupiah, such as 1250000 or Rp 1.250.000',
        messageId: '"x" harus rupiah bulat, misalnya 1250000 atau Rp 1.250.000',
      },
    ]);
    const [stored] = await database.query('SELECT price FROM product WHERE sku = $1', ['tin']);
    expect(stored).toEqual({ price: 5000 });
  });

  it('takes workbooks, and a product under one name however its cell is spaced', async () => {
    await makeProduct('crate', 4);
    const workbook = new exceljs.Workbook();
    workbook
      .addWorksheet('Barang')
      .addRows([
        ['sku', 'facility_id', 'category', 'title_id', 'title_en', 'price'],
        [],
        ['\u00a0crate ', 'F-crate', 'craft', 'Kotak', 'Box', 7500],
      ]);
    const xlsx = Buffer.from(await workbook.xlsx.writeBuffer()).toString('base64');
    const { body } = await call('imports', { files: { 'products.xlsx': xlsx }, dryRun: false });
    expect(body.files).toEqual({ 'products.csv': { created: 0, updated: 1, unchanged: 0 } });
    const twice = await call('imports', { files: { 'products.xlsx': xlsx, 'products.csv': '' }, dryRun: false });
    expect([twice.status, twice.body.errors[0]?.field]).toEqual([400, 'files.products.xlsx']);
    const damaged = await call('imports', { files: { 'products.xlsx': 'UEsDBA==' }, dryRun: false });
    expect([damaged.status, damaged.body.errors[0]?.field]).toEqual([422, 'files/products.xlsx']);
  });

  it('has a template for each file, which can be imported as it is', async () => {
    for (const name of ['facilities', 'makers', 'products', 'lots', 'contributions']) {
      const template = await signedFetch(`${await app.getUrl()}/v1/imports/templates/${name}.xlsx`);
      expect(template.headers.get('content-disposition')).toBe(`attachment; filename="${name}.xlsx"`);
      const content = Buffer.from(await template.arrayBuffer()).toString('base64');
      const { body } = await call('imports', { files: { [`${name}.xlsx`]: content }, dryRun: false });
      expect(body).toEqual({
        dryRun: false,
        files: { [`${name}.csv`]: { created: 0, updated: 0, unchanged: 0 } },
        passedOver: [
          { file: `${name}.csv`, line: 2, as: 'description' },
          { file: `${name}.csv`, line: 3, as: 'example' },
        ],
      });
    }
    expect((await call('imports/templates/orders.csv')).status).toBe(404);
  });

  it('tells who made a new lot, once, and nothing of a lot without makers', async () => {
    const sku = `told-${run}`;
    await makeProduct(sku, 1, 1);
    await makeProduct(sku, 1, 1);
    const after = {
      'lots.csv': `lot_id,sku,facility_id,quantity,unit_cost,made_on\n${sku}-after,${sku},F-${sku},1,1000,2026-01-03`,
      'contributions.csv': `lot_id,maker_id,measure,value\n${sku}-after,M-${sku},hours,1`,
    };
    expect((await call('imports', { files: after, dryRun: false })).status).toBe(200);
    const ofFacility = () => recorded.filter(({ key }) => key === `F-${sku}`).map(({ data }) => data); // in their order
    const told = await eventually(ofFacility, (all) => all.some(({ lotId }) => lotId === `${sku}-after`));
    const data = { facilityId: `F-${sku}`, region: 'Bali', makerIds: [`M-${sku}`] };
    expect(told).toMatchObject([
      { ...data, lotId: `${sku}-1` },
      { ...data, lotId: `${sku}-after` },
    ]);
    expect(told).toHaveLength(2);
  });

  it('lets two imports of the same files follow each other', async () => {
    await makeProduct('vat', 1);
    const files = { 'products.csv': product('vat', 7000) };
    const answers = await Promise.all([1, 2, 3].map(() => call('imports', { files, dryRun: false })));
    expect(answers.map(({ body }) => JSON.stringify(body.files['products.csv'])).sort()).toEqual([
      '{"created":0,"updated":0,"unchanged":1}',
      '{"created":0,"updated":0,"unchanged":1}',
      '{"created":0,"updated":1,"unchanged":0}',
    ]);
  });

  it('keeps a programme until a file says another, and a sale says the one that its goods had', async () => {
    await makeProduct('chair', 5);
    const withProgramme = (programme: string) =>
      product('chair', 5000)
        .split('\n')
        .map((row, index) => `${row},${index === 0 ? 'programme' : programme}`)
        .join('\n');
    const put = async (text: string) => {
      const { body } = await call('imports', { files: { 'products.csv': text }, dryRun: false });
      return body.files['products.csv'];
    };
    const reserved = async (name: string) => {
      await send(placed(name, ['chair', 1]));
      return (await untilReserved(name)).data.lines[0];
    };
    expect(await put(withProgramme('meubelair'))).toMatchObject({ updated: 1 });
    expect(await put(product('chair', 5000))).toMatchObject({ unchanged: 1 });
    expect(await put(product('chair', 6000))).toMatchObject({ updated: 1 });
    expect((await call('products?limit=1000')).body.items).toContainEqual(
      expect.objectContaining({ sku: 'chair', price: 6000, programme: 'meubelair' }),
    );
    expect(await reserved('chair-1')).toMatchObject({ region: 'Bali', programme: 'meubelair' });
    expect(await put(withProgramme(''))).toMatchObject({ updated: 1 });
    expect(Object.keys((await reserved('chair-2')) ?? {}).sort()).toEqual([
      'facilityId',
      'lineRef',
      'portions',
      'region',
      'sku',
    ]);
  });

  it('names the field that is not a file', async () => {
    const { status, body } = await call('imports', { files: { 'stock.csv': '' }, dryRun: 'no' });
    expect([status, body.errors.map(({ field }) => field)]).toEqual([400, ['files.stock.csv', 'dryRun']]);
  });
});

describe('npm run import -- catalogue', () => {
  let output: { out: string[]; error: string[] };
  beforeAll(() => {
    jest.spyOn(console, 'log').mockImplementation((line) => void output.out.push(line));
    jest.spyOn(console, 'error').mockImplementation((line) => void output.error.push(line));
  });
  afterAll(() => void jest.restoreAllMocks());

  const importFrom = async (directory: string, dryRun = false) => {
    output = { out: [], error: [] };
    const exitCode = await importCatalogue(directory, {
      dryRun,
      address: await app.getUrl(),
      authorization: () => authorizationFor('/v1/imports'),
    });
    return { exitCode, ...output };
  };
  const counted = ({ out }: { out: string[] }, count: string) =>
    Object.values((JSON.parse(out.at(-1) ?? '') as Answer['body']).files).map(
      (each) => (each as Record<string, number>)[count],
    );

  it('loads the demo catalogue, and again without any change', async () => {
    const dry = await importFrom(DEMO_CATALOGUE, true);
    expect([dry.exitCode, counted(dry, 'created')]).toEqual([0, [4, 20, 12, 14, 35]]);
    expect(counted(await importFrom(DEMO_CATALOGUE), 'created')).toEqual([4, 20, 12, 14, 35]);
    expect(counted(await importFrom(DEMO_CATALOGUE), 'unchanged')).toEqual([4, 20, 12, 14, 35]);
  });

  it('keeps names and registration numbers sealed', async () => {
    const [{ tables } = { tables: '' }] = await database.query<{ tables: string }>(
      `SELECT string_agg(query_to_xml('SELECT * FROM ' || quote_ident(tablename), true, false, '')::text, '') AS tables
       FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables).toContain('M-MJK-01');
    for (const secret of ['Warga Binaan Contoh', 'CONTOH-0001', 'Perajin Mojokerto'])
      expect(tables).not.toContain(secret);
  });

  it('tells every fault by file, row and column', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'import-'));
    await writeFile(
      join(directory, 'products.csv'),
      'sku,facility_id,category,title_id,title_en,price\nS,F,toys,A,B,1\n',
    );
    const { exitCode, out, error } = await importFrom(directory);
    await rm(directory, { recursive: true });
    expect([exitCode, out, error]).toEqual([
      1,
      [],
      [
        'products.csv, row 1 (line 2), column facility_id: "F" bukan satuan kerja yang dikenal / "F" is not a facility (unknown-facility)',
        expect.stringMatching(
          /^products.csv, row 1 \(line 2\), column category: "toys" harus salah satu dari .*craft.* \(unknown-category\)$/,
        ),
        'Catalogue not imported: 2 faults. Nothing was changed.',
      ],
    ]);
  });

  it('says when there is nothing to import', async () => {
    const { exitCode, error } = await importFrom(join(DEMO_CATALOGUE, '..'));
    expect([exitCode, error]).toEqual([1, [expect.stringContaining('holds none of facilities.csv')]]);
  });
});

describe('lists', () => {
  it('are paged by cursor and show pseudonyms only', async () => {
    const first = await call('makers?limit=2');
    const second = await call(`makers?limit=1000&cursor=${first.body.nextCursor}`);
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>('SELECT count(*) AS count FROM maker');
    expect(first.body.items.length + second.body.items.length).toBe(count);
    expect(second.body.nextCursor).toBeUndefined();
    expect(new Set(second.body.items.flatMap((item) => Object.keys(item)))).toEqual(new Set(['makerId', 'facilityId']));
  });

  it('show facilities, products with what is left, and lots with who made them', async () => {
    await makeProduct('zip', 2, 3);
    expect((await call('facilities?limit=1000')).body.items).toContainEqual({
      facilityId: 'F-zip',
      name: 'Lapas',
      type: 'lapas',
      class: 'I',
      region: 'Bali',
      timezone: 'Asia/Makassar',
    });
    expect((await call('products?limit=1000')).body.items).toContainEqual({
      sku: 'zip',
      facilityId: 'F-zip',
      category: 'craft',
      titleId: 'Kotak',
      titleEn: 'Box',
      price: 5000,
      programme: null,
      available: 5,
      lowStock: 0,
    });
    expect((await call('lots?sku=zip&limit=1')).body.items).toEqual([
      {
        lotId: 'zip-1',
        version: 1,
        sku: 'zip',
        facilityId: 'F-zip',
        quantity: 2,
        available: 2,
        unitCost: 1000,
        madeOn: '2026-01-01',
        measure: 'hours',
        contributions: [{ makerId: 'M-zip', value: '7.5' }],
      },
    ]);
  });
});
