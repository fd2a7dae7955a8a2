import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { parse } from 'csv-parse/sync';
import exceljs from 'exceljs';
import {
  type Checkout,
  checkoutCompleted,
  checkoutDisputeClosed,
  checkoutRefunded,
  type DataOf,
  type Event,
  type EventDefinition,
  moneyCleared,
  moneyHeld,
  orderCancelled,
  orderPaid,
  orderPlaced,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  refundPosted,
  refundRequested,
  saleCredited,
  salePaid,
  saleRefunded,
  saleSettled,
  settlementConfirmed,
  stockAwaited,
  stockRejected,
  stockReserved,
  unitsCancelled,
} from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { EventHandler, newEvent, newId, Outbox } from '#libs/messaging';
import { KafkaBroker, toMessage } from '#libs/messaging/kafka';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { untilSomebodyWaits } from '../../test/kit/locks.ts';
import { eventually, send as sendTo, startTested } from '../../test/kit/service.ts';
import { authorizationFor, signedFetch } from '../../test/kit/sign-in.ts';
import { importOrders } from './import/import.command.ts';
import { ordersMigrations } from './migrations/index.ts';
import { OrdersListener } from './orders.listener.ts';
import { OrdersModule } from './orders.module.ts';
import { ordersPolicy } from './policy.ts';
import { DeadlinesService } from './process/deadlines.service.ts';
import { ProcessRepository } from './process/process.repository.ts';

const run = randomUUID().slice(0, 8);
const PLACED_AT = '2026-01-05T09:30:00+07:00';
const totals = {
  ...{ costRecovery: 0, facility: 0, makers: 0, state: 0, beneficiaries: 0 },
  ...{ fees: 0, shipping: 0, tax: 0, suspense: 0 },
};

/**
 * Catalogue, payments and ledger as far as orders can see them. A SKU says what becomes of it: `gone` and `unknown` are
 * rejected or, where the order waits, awaited, `unpaid` is not paid, `slow` is reserved with nobody paying, `late` too, by a clock an hour late; others are
 * made at the facility they begin with. The catalogue knows F1's region, and the programme of its bags.
 */
@Controller()
class OtherHouses {
  static readonly heard: Event[] = [];
  constructor(private readonly outbox: Outbox) {}

  @EventHandler(orderPlaced)
  async onPlaced(events: Event<DataOf<typeof orderPlaced>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const { orderId, amount, placedAt, lines, wait } = event.data;
      const skus = lines.map(({ sku }) => sku);
      const bad = lines.find(({ sku }) => sku === 'gone' || sku === 'unknown');
      const answers: Event[] = [];
      if (bad) {
        const reason = bad.sku === 'gone' ? 'out-of-stock' : 'unknown-sku';
        answers.push(
          newEvent(wait ? stockAwaited : stockRejected, { orderId, reason, lineRef: bad.lineRef, sku: bad.sku }, event),
        );
      } else {
        const reserved = lines.map(({ lineRef, sku, quantity }) => ({
          lineRef,
          facilityId: sku.slice(0, 2),
          ...(sku.startsWith('F1') && { region: 'Jawa Timur' }),
          ...(sku === 'F1-bag' && { programme: 'kulit' }),
          portions: [{ lotId: `L-${sku}`, quantity, unitCost: 1_000, measure: 'equal' as const, contributions: [] }],
        }));
        const now = Date.now() - (skus.includes('late') ? 3_600_000 : 0);
        const expiresAt = new Date(now + 60_000).toISOString();
        const data = { orderId, expiresAt, lines: reserved };
        answers.push({ ...newEvent(stockReserved, data, event), time: new Date(now).toISOString() });
      }
      if (skus.includes('unpaid')) answers.push(newEvent(paymentFailed, { orderId, reason: 'declined' }, event));
      else if (!skus.includes('slow'))
        answers.push(newEvent(paymentCaptured, { orderId, amount, capturedAt: placedAt }, event));
      return answers;
    });
  }

  @EventHandler(orderPaid)
  async onPaid(events: Event<DataOf<typeof orderPaid>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, () => []);
  }

  @EventHandler(moneyHeld, moneyCleared, unitsCancelled)
  async onHeld(events: Event<{ orderId: string }>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, () => []);
  }

  @EventHandler(orderCancelled)
  async onCancelled(events: Event<DataOf<typeof orderCancelled>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, () => []);
  }

  @EventHandler(salePaid)
  async onSalePaid(events: Event<DataOf<typeof salePaid>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const { saleId, orderId, facilityId, lines } = event.data;
      const price = lines.reduce((sum, { quantity, unitPrice, discount }) => sum + quantity * unitPrice - discount, 0);
      const journal = { saleId, orderId, facilityId, journalId: newId(), postedOn: '2026-01-05' };
      return [newEvent(saleCredited, { ...journal, totals: { ...totals, makers: price } }, event)];
    });
  }

  @EventHandler(refundRequested)
  async onRefundRequested(events: Event<DataOf<typeof refundRequested>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const refundedAt = new Date().toISOString();
      return [newEvent(paymentRefunded, { ...event.data, refundedAt }, event)];
    });
  }

  @EventHandler(saleRefunded)
  async onSaleRefunded(events: Event<DataOf<typeof saleRefunded>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const { refundId, saleId, orderId, facilityId, amount } = event.data;
      const journal = { refundId, saleId, orderId, facilityId, journalId: newId(), postedOn: '2026-01-06' };
      return [newEvent(refundPosted, { ...journal, totals: { ...totals, makers: -amount } }, event)];
    });
  }

  @EventHandler(saleSettled)
  async onSaleSettled(events: Event<DataOf<typeof saleSettled>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, () => []);
  }

  /** Everything is said twice: orders must not mind. */
  async #answer<Data>(
    transaction: Transaction,
    events: Event<Data>[],
    answersTo: (event: Event<Data>) => Event[],
  ): Promise<void> {
    OtherHouses.heard.push(...events);
    const answers = events.flatMap(answersTo);
    await this.outbox.append(transaction, [...answers, ...answers.map((answer) => ({ ...answer, id: newId() }))]);
  }
}

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let address: string;
let directory: string;

beforeAll(async () => {
  testDatabase = await createDatabase();
  directory = await mkdtemp(join(tmpdir(), 'orders-'));
  app = await startTested(
    {
      name: `orders-${run}`,
      module: OrdersModule,
      policy: ordersPolicy,
      migrations: ordersMigrations,
      neighbours: [OtherHouses],
    },
    testDatabase,
  );
  database = app.get(Database);
  address = await app.getUrl();
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  await rm(directory, { recursive: true });
});

const ref = (name: string) => `${run}-${name}`;
const orderId = (name: string, channel = 'blanja') => `${channel}/${ref(name)}`;
const line = (lineRef: string, sku: string, more: object = {}) => ({
  ...{ lineRef, sku, quantity: 2, unitPrice: 50_000 },
  ...more,
});
const checkout = (name: string, lines: object[], more: object = {}) => ({
  ...{ channel: 'blanja', orderRef: ref(name), placedAt: PLACED_AT, lines },
  ...more,
});

/** A channel of our own, whose money is still to come. */
const GATEWAY = { channel: 'toko-sandbox' };

/** Sends events as a marketplace would, whatever they hold. */
function send<Definition extends EventDefinition>(definition: Definition, ...contents: object[]): Promise<void> {
  return sendTo(app, ...contents.map((content) => newEvent(definition, content as never, { correlationId: newId() })));
}

async function call(method: 'GET' | 'POST', path: string, body?: object, key?: string) {
  const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  const response = await signedFetch(`${address}/v1/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
  return { status: response.status, body: (await response.json()) as any };
}

async function orderOnce(name: string, is: string, channel = 'blanja') {
  const { body } = await eventually(
    () => call('GET', `orders/${channel}/${ref(name)}`),
    ({ body }) => body.status === is,
  );
  return body;
}

const heard = (name: string, channel?: string) =>
  OtherHouses.heard.filter(({ data }) => (data as { orderId: string }).orderId === orderId(name, channel));
const typesHeard = (name: string, channel?: string) => heard(name, channel).map(({ type }) => type);
/** What they heard of these kinds, once it is so much: of other topics or keys, some may come after what an order waits for. */
const heardOf = (name: string, count: number, ...definitions: EventDefinition[]) =>
  eventually(
    () => heard(name).filter(({ type }) => definitions.some((each) => each.type === type)),
    ({ length }) => length >= count,
  );

describe('a settlement', () => {
  const settlement = (name: string, number: number, amounts: object = {}) => ({
    ...{ settlementId: `${orderId(name)}~S${number}`, orderId: orderId(name), bank: 'bri' },
    ...{ fee: 7_003, shipping: -1, withheldTax: 0, settledAt: '2026-01-12T03:00:00.000Z', ...amounts },
  });
  const settled = async (name: string, count: number) => {
    const isSettled = ({ type }: Event) => type === saleSettled.type;
    const events = await eventually(
      () => heard(name).filter(isSettled),
      ({ length }) => length >= count,
    );
    const told = events.map(({ key, data }) => ({ key, ...(data as DataOf<typeof saleSettled>) }));
    return told.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)); // facilities are told side by side
  };

  it('of the whole order is shared by its sales to the rupiah, however often it is told; of one sale, it is that one’s', async () => {
    const lines = [
      line('1', 'F1-bag'),
      line('2', 'F2-batik'),
      line('3', 'F1-tray', { quantity: 1, unitPrice: 33_333 }),
    ];
    await send(checkoutCompleted, checkout('settled', lines, { discount: 10_000 }));
    await orderOnce('settled', 'credited');
    await send(settlementConfirmed, settlement('settled', 1), settlement('settled', 1));
    // F1 127,619 and F2 95,714 of 223,333: 4,001.7 and 3,001.3 of the fee
    expect(await settled('settled', 2)).toMatchObject([
      { key: 'F1', saleId: `${orderId('settled')}@F1`, channel: 'blanja', fee: 4_002, shipping: -1, withheldTax: 0 },
      { key: 'F2', saleId: `${orderId('settled')}@F2`, bank: 'bri', fee: 3_001, shipping: 0 },
    ]);
    await send(settlementConfirmed, settlement('settled', 2, { facilityId: 'F2', fee: 5 }));
    await send(settlementConfirmed, settlement('settled', 3, { facilityId: 'F3' }));
    expect((await settled('settled', 3)).slice(2)).toMatchObject([{ key: 'F2', fee: 5, shipping: -1 }]);
    const order = await eventually(
      () => orderOnce('settled', 'credited'),
      ({ settlements }) => settlements.filter(({ status }: { status: string }) => status !== 'waiting').length === 3,
    );
    expect(order).toMatchObject({
      sales: [{ status: 'settled' }, { status: 'settled' }],
      settlements: [{ status: 'settled', fee: 7_003 }, { status: 'settled', facilityId: 'F2' }, { status: 'rejected' }],
    });
    expect(await settled('settled', 3)).toHaveLength(3);
  });
});

it('a sale says when the return window of its channel ends, and when that is to have paid it out', async () => {
  await database.query(
    `UPDATE channel_terms SET terms = terms || '{"settlesWithinDays": 9}' WHERE channel_id = 'toko-sandbox'`,
  );
  const shop = { ...checkout('window', [line('1', 'F1-bag')]), channel: 'toko-sandbox' };
  await send(checkoutCompleted, shop);
  const paid = await eventually(
    () =>
      OtherHouses.heard.find(
        ({ type, data }) => type === salePaid.type && (data as { orderRef: string }).orderRef === ref('window'),
      ),
    (event) => event !== undefined,
  );
  expect(paid?.data).toMatchObject({
    ...{ channel: 'toko-sandbox', releaseAt: '2026-01-12T02:30:00.000Z' },
    settlesBy: '2026-01-14T02:30:00.000Z',
  });
});

describe('an order', () => {
  it('of several facilities becomes one sale each, and is credited when all are in the books', async () => {
    const lines = [
      line('1', 'F1-bag'),
      line('2', 'F2-batik'),
      line('3', 'F1-tray', { quantity: 1, unitPrice: 33_333 }),
    ];
    await send(checkoutCompleted, checkout('several', lines, { discount: 10_000, fees: 7_779 }));
    const order = await orderOnce('several', 'credited');
    expect(order).toMatchObject({
      status: 'credited',
      amount: 223_333,
      placedAt: '2026-01-05T02:30:00.000Z',
      sales: [
        { saleId: `${orderId('several')}@F1`, status: 'credited', journalId: expect.any(String) },
        { saleId: `${orderId('several')}@F2`, status: 'credited', journalId: expect.any(String) },
      ],
    });
    const sales = heard('several').filter(({ type }) => type === salePaid.type) as Event<DataOf<typeof salePaid>>[];
    expect(sales.map(({ data, key }) => [key, data.lines.map(({ lineRef }) => lineRef)])).toEqual(
      expect.arrayContaining([
        ['F1', ['1', '3']],
        ['F2', ['2']],
      ]),
    );
    const split = sales.flatMap(({ data }) => data.lines);
    expect(split.reduce((sum, { discount }) => sum + discount, 0)).toBe(10_000);
    expect(split.reduce((sum, { fees }) => sum + fees, 0)).toBe(7_779);
    await heardOf('several', 1, orderPaid);
    expect(typesHeard('several').sort()).toEqual(
      [orderPlaced.type, orderPaid.type, salePaid.type, salePaid.type].sort(),
    );
  });

  it('tells of each sale its region and of each line its programme, as the catalogue knew them, and else nothing', async () => {
    await send(checkoutCompleted, checkout('scopes', [line('1', 'F1-bag'), line('2', 'F1-tray'), line('3', 'F2-bag')]));
    await orderOnce('scopes', 'credited');
    const sales = heard('scopes').filter(({ type }) => type === salePaid.type) as Event<DataOf<typeof salePaid>>[];
    const said = sales.map(({ data }) => [
      data.facilityId,
      data.region,
      ...data.lines.map(({ sku, programme }) => [sku, programme]),
    ]);
    expect(said.sort()).toEqual([
      ['F1', 'Jawa Timur', ['F1-bag', 'kulit'], ['F1-tray', undefined]],
      ['F2', undefined, ['F2-bag', undefined]],
    ]);
  });

  it.each([
    ['gone', 'out-of-stock', 'line 2, sku gone'],
    ['unknown', 'unknown-sku', 'line 2, sku unknown'],
    ['unpaid', 'payment-failed', 'declined'],
  ])('of which a line is %s is cancelled as a whole, once', async (sku, reason, detail) => {
    await send(checkoutCompleted, checkout(sku, [line('1', 'F1-bag'), line('2', sku)], GATEWAY));
    const order = await orderOnce(sku, 'cancelled', GATEWAY.channel);
    expect(order).toMatchObject({ status: 'cancelled', reason, detail });
    await eventually(
      () => typesHeard(sku, GATEWAY.channel),
      (types) => types.includes(orderCancelled.type),
    );
    await sleep(200); // and nothing comes after it
    expect(typesHeard(sku, GATEWAY.channel)).toEqual([orderPlaced.type, orderCancelled.type]);
    const listed = await call('GET', `orders?reason=${reason}&limit=1000`);
    expect(listed.body.items).toContainEqual(
      expect.objectContaining({ orderId: orderId(sku, GATEWAY.channel), reason, detail }),
    );
    const ofChannel = await call('GET', `orders?reason=${reason}&limit=1000&channel=blanja`);
    expect(ofChannel.body.items).toEqual(
      listed.body.items.filter((item: { orderId: string }) => item.orderId.startsWith('blanja/')),
    );
    expect((await call('GET', 'orders?channel=blan')).body.items).toEqual([]);
  });

  it('whose money a channel has waits for its goods, held, and is sold when they come but for what was given back', async () => {
    const [name, id] = ['waits', orderId('waits')];
    await send(checkoutCompleted, checkout(name, [line('1', 'F1-bag'), line('2', 'unknown')]));
    const refund = { channel: 'blanja', lineRef: '2', refundRef: 'r', quantity: 1, requestedAt: PLACED_AT };
    await send(checkoutRefunded, { ...refund, orderRef: ref(name) });
    const waiting = await eventually(
      () => call('GET', `orders/blanja/${ref(name)}`),
      ({ body }) => body.refunds?.[0]?.status === 'returned',
    );
    expect(waiting.body).toMatchObject({
      ...{ status: 'placed', reason: 'unknown-sku', detail: 'line 2, sku unknown' },
      ...{ standing: { status: 'awaiting-goods', id: 'Dibayar, barang belum dikenali' }, sales: [] },
    });
    const { amount } = waiting.body;
    const back = waiting.body.refunds[0].amount;
    const of = async (definition: EventDefinition, count: number) =>
      (await heardOf(name, count, definition)).map(({ data }) => data);
    expect(await of(moneyHeld, 2)).toMatchObject([
      { holdId: `${id}!1`, subject: 'order', amount, awaits: 'unknown-sku: line 2, sku unknown' },
      { holdId: `${id}!2`, subject: 'refund', amount: back, facilityId: 'unallocated' },
    ]);
    expect(await of(unitsCancelled, 1)).toEqual([{ orderId: id, lineRef: '2', quantity: 1 }]);

    const lot = { lotId: 'L', unitCost: 1_000, measure: 'equal' as const, contributions: [] };
    const lines = ['1', '2'].map((lineRef) => ({
      ...{ lineRef, facilityId: 'F1', portions: [{ ...lot, quantity: lineRef === '1' ? 2 : 1 }] },
    }));
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await sendTo(app, newEvent(stockReserved, { orderId: id, expiresAt, lines }, { correlationId: newId() }));
    const sold = await orderOnce(name, 'credited');
    expect(sold).toMatchObject({ refunds: [{ status: 'unsold', amount: back }], sales: [{ status: 'credited' }] });
    expect(await of(moneyCleared, 1)).toEqual([{ orderId: id, facilityId: 'unallocated', upTo: 2 }]);
    const [sale] = (await of(salePaid, 1)) as DataOf<typeof salePaid>[];
    expect(sale?.lines.reduce((sum, each) => sum + each.quantity * each.unitPrice - each.discount, 0)).toBe(
      amount - back,
    );
    expect(sale?.lines.map(({ quantity }) => quantity)).toEqual([2, 1]);
  });

  it.each(['slow', 'late'])(
    'whose reservation ends unpaid is cancelled, and not before, whatever clock (%s)',
    async (sku) => {
      await send(checkoutCompleted, checkout(sku, [line('1', 'slow'), line('2', sku)], GATEWAY));
      await orderOnce(sku, 'placed', GATEWAY.channel);
      const state = async () => (await call('GET', `orders/${GATEWAY.channel}/${ref(sku)}`)).body;
      while ((await state()).sales.length === 0) await sleep(20);
      await sleep(100);
      await app.get(DeadlinesService).tell(new Date());
      expect((await state()).status).toBe('placed');
      await app.get(DeadlinesService).tell(new Date(Date.now() + 120_000));
      expect(await state()).toMatchObject({ status: 'cancelled', reason: 'reservation-expired' });
    },
  );

  const refund = { channel: 'blanja', lineRef: '1', refundRef: 'r', quantity: 1, requestedAt: PLACED_AT };
  const correlated = () => ({ correlationId: newId() });
  it.each([
    ['a refund', (name: string) => newEvent(checkoutRefunded, { ...refund, orderRef: ref(name) }, correlated())],
    [
      'an answer',
      (name: string) => newEvent(paymentFailed, { orderId: orderId(name), reason: 'declined' }, correlated()),
    ],
  ])('never waits in a circle: a batch claims all of its orders at once (%s)', async (what, eventOf) => {
    const [first, second] = [`circle-1-${what.at(-1)}`, `circle-2-${what.at(-1)}`];
    await send(checkoutCompleted, checkout(first, [line('1', 'slow')]));
    await orderOnce(first, 'placed');
    const batch = [
      newEvent(checkoutCompleted, checkout(second, [line('1', 'slow')]) as Checkout, correlated()),
      eventOf(first),
    ];
    const claim = (transaction: Transaction, name: string) =>
      app.get(ProcessRepository).claim(transaction, { told: [orderId(name)] });
    let heard: Promise<unknown> = Promise.resolve();
    const other = database.transaction(async (other) => {
      await claim(other, first);
      heard = database.transaction((transaction) => app.get(OrdersListener).onEvents(batch, transaction));
      heard.catch(() => {}); // judged below
      await untilSomebodyWaits(database);
      await claim(other, second);
    });
    expect(await Promise.allSettled([other])).toMatchObject([{ status: 'fulfilled' }]);
    expect(await Promise.allSettled([heard])).toMatchObject([{ status: 'fulfilled' }]);
    expect((await orderOnce(second, 'placed')).status).toBe('placed');
  });
});

describe('a checkout', () => {
  it('that comes again, by whatever door, changes nothing; with other content it is a visible conflict', async () => {
    const content = checkout('again', [line('1', 'F1-bag')]);
    await send(checkoutCompleted, content, { ...content, fees: 0 }, { ...content, placedAt: '2026-01-05T02:30:00Z' });
    await orderOnce('again', 'credited');
    expect(await call('POST', 'checkouts', content, newId())).toMatchObject({
      status: 202,
      body: { outcome: 'duplicate' },
    });
    const other = { ...content, lines: [line('1', 'F1-bag', { quantity: 3 })] };
    const key = newId();
    expect(await call('POST', 'checkouts', other, key)).toMatchObject({ status: 409 });
    expect(await call('POST', 'checkouts', other, key)).toMatchObject({ status: 409 });
    const { body } = await call('GET', 'rejected-checkouts?limit=1000');
    const mine = body.items.filter((item: { orderId: string }) => item.orderId === orderId('again'));
    expect(mine).toEqual([expect.objectContaining({ reason: 'conflict', content: other })]);
    expect(typesHeard('again').filter((type) => type === orderPlaced.type)).toHaveLength(1);
  });

  it('that breaks a rule is a rejected order with the field, until a corrected one takes its place', async () => {
    const wrong = checkout('wrong', [line('1', 'F1-bag', { discount: 100_001 })]);
    await send(checkoutCompleted, wrong, wrong, checkout('formless', [{ lineRef: '1', quantity: 'many' }]));
    expect(await orderOnce('wrong', 'rejected')).toMatchObject({
      status: 'rejected',
      reason: 'invalid',
      detail: 'lines/0/discount must be <= quantity x unit price',
      lines: [],
    });
    expect((await orderOnce('formless', 'rejected')).detail).toContain(
      'lines/0/quantity must be a whole number from 1 to 1000000000',
    );
    expect(
      await call('POST', 'checkouts', checkout('wrong', [line('1', 'F1-bag', { discount: 100_002 })]), newId()),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'lines.0.discount' }] },
    });
    await send(checkoutCompleted, checkout('wrong', [line('1', 'F1-bag', { discount: 100_000 })]));
    expect(await orderOnce('wrong', 'credited')).toMatchObject({ status: 'credited', amount: 0 });
  });

  it('by HTTP needs a form and a key, and is answered once per key', async () => {
    const content = checkout('http', [line('1', 'F1-bag')]);
    expect(
      (await call('POST', 'checkouts', { ...content, lines: [line('1', 'F1-bag', { quantity: 0 })] }, newId())).body,
    ).toMatchObject({
      status: 400,
      errors: [{ field: 'lines.0.quantity' }],
    });
    expect((await call('POST', 'checkouts', content)).status).toBe(400);
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', 'checkouts', content, 'the same key')));
    expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual([1, 2, 3].map(() => [202, 'accepted']));
    expect((await call('POST', 'checkouts', { ...content, fees: 1 }, 'the same key')).status).toBe(422);
  });

  it('is taken once when many doors take it at the same time', async () => {
    const contents = Array.from({ length: 20 }, (_, index) => checkout(`race${index}`, [line('1', 'F1-bag')]));
    const answers = await Promise.all(
      [...contents, ...contents.toReversed(), ...contents].map((content) =>
        call('POST', 'checkouts', content, newId()),
      ),
    );
    expect(answers.filter(({ body }) => body.outcome === 'accepted')).toHaveLength(20);
    expect(answers.filter(({ body }) => body.outcome === 'duplicate')).toHaveLength(40);
  });
});

describe('a refund', () => {
  const refund = (name: string, refundRef: string, quantity: number, lineRef = '1') => ({
    ...{
      channel: 'blanja',
      orderRef: ref(name),
      lineRef,
      refundRef,
      quantity,
      requestedAt: '2026-01-07T08:00:00+07:00',
    },
  });

  it('goes through payments and ledger, part by part, until all is refunded', async () => {
    await send(
      checkoutCompleted,
      checkout('parts', [line('1', 'F1-bag', { quantity: 3, unitPrice: 33_333, discount: 1 })]),
    );
    await send(checkoutRefunded, refund('parts', 'a', 1), refund('parts', 'b', 1), refund('parts', 'b', 1));
    await orderOnce('parts', 'credited');
    const key = newId();
    const body = { refundRef: 'c', lineRef: '1', quantity: 1 };
    const answer = await call('POST', `orders/blanja/${ref('parts')}/refunds`, body, key);
    expect(answer).toMatchObject({ status: 202, body: { refundId: `${orderId('parts')}/1#c`, outcome: 'taken' } });
    expect((await call('POST', `orders/blanja/${ref('parts')}/refunds`, body, newId())).body.outcome).toBe('duplicate');
    const more = { ...body, quantity: 2 };
    expect((await call('POST', `orders/blanja/${ref('parts')}/refunds`, more, newId())).status).toBe(409);
    const order = await orderOnce('parts', 'refunded');
    expect(order.refunds.map(({ refundRef, status, amount }: never) => [refundRef, status, amount])).toEqual([
      ['a', 'posted', 33_332],
      ['b', 'posted', 33_333],
      ['c', 'posted', 33_333],
    ]);
    expect(order.refunds[0].journalId).toEqual(expect.any(String));
    expect(typesHeard('parts').filter((type) => type === saleRefunded.type)).toHaveLength(3);
  });

  it('that comes before its checkout waits for it; without one it is a refund of an unknown sale', async () => {
    await send(checkoutRefunded, refund('early', 'a', 1), refund('never', 'a', 1));
    const waiting = () =>
      database.query('SELECT FROM order_process WHERE order_id = ANY ($1)', [[orderId('early'), orderId('never')]]);
    expect(await eventually(waiting, ({ length }) => length === 2)).toHaveLength(2);
    expect((await call('GET', `orders/blanja/${ref('early')}`)).status).toBe(404);
    await send(checkoutCompleted, checkout('early', [line('1', 'F1-bag')]));
    const order = await orderOnce('early', 'credited');
    expect(order.refunds).toHaveLength(1);
    await app.get(DeadlinesService).tell(new Date(Date.now() + 25 * 60 * 60 * 1_000));
    const [never] = await database.query<{ state: object }>('SELECT state FROM order_process WHERE order_id = $1', [
      orderId('never'),
    ]);
    expect(never?.state).toMatchObject({ refunds: [{ status: 'rejected', reason: 'sale-unknown' }] });
  });

  it('that cannot be is rejected with its reason: too many units, a cancelled order, no form', async () => {
    await send(
      checkoutCompleted,
      checkout('toomany', [line('1', 'F1-bag')]),
      checkout('off', [line('1', 'gone')], GATEWAY),
    );
    await orderOnce('off', 'cancelled', GATEWAY.channel);
    const off1 = { ...refund('off', 'a', 1), ...GATEWAY };
    const refunds = [refund('toomany', 'a', 3), off1, { ...refund('toomany', 'b', 1), quantity: 0 }];
    await send(checkoutRefunded, ...refunds, { ...refund('toomany', 'a', 2) });
    await orderOnce('toomany', 'credited');
    const rejected = async () => {
      const { body } = await call('GET', 'rejected-checkouts?limit=1000');
      return body.items.filter((item: { orderId: string }) => item.orderId === orderId('toomany'));
    };
    const mine = await eventually(rejected, ({ length }) => length >= 2);
    const refundsOf = (channel: string, name: string) =>
      eventually(
        async () => (await call('GET', `orders/${channel}/${ref(name)}`)).body.refunds,
        ([first]) => first?.status === 'rejected',
      );
    expect(await refundsOf('blanja', 'toomany')).toMatchObject([{ status: 'rejected', reason: 'refund-exceeds-sale' }]);
    expect(await refundsOf(GATEWAY.channel, 'off')).toMatchObject([{ status: 'rejected', reason: 'sale-rejected' }]);
    expect(mine.map(({ type, reason }: never) => [type, reason])).toEqual(
      expect.arrayContaining([
        ['refund', 'invalid'],
        ['refund', 'conflict'],
      ]),
    );
  });

  it('with the reference of a dispute that the buyer wins later, and other units, is seen to be in its place', async () => {
    await send(checkoutCompleted, checkout('disputed', [line('1', 'F1-bag')]));
    await orderOnce('disputed', 'credited');
    const won = (disputeRef: string, quantity: number) => {
      const dispute = { channel: 'blanja', orderRef: ref('disputed'), lineRef: '1', disputeRef, quantity };
      const content = { ...dispute, outcome: 'buyer' as const, closedAt: '2026-01-08T08:00:00+07:00' };
      return newEvent(checkoutDisputeClosed, content, { correlationId: newId() });
    };
    const asked = (...of: [string, number]) =>
      newEvent(checkoutRefunded, refund('disputed', ...of) as never, { correlationId: newId() });
    await sendTo(app, asked('a', 1), won('a', 2), asked('b', 3), won('b', 1), asked('c', 1), won('c', 1));
    const view = async () => (await call('GET', `orders/${orderId('disputed')}`)).body;
    const order = await eventually(view, ({ status }) => status === 'refunded');
    expect(order.refunds.map(({ refundRef, quantity, status }: never) => [refundRef, quantity, status])).toEqual([
      ['a', 1, 'posted'],
      ['b', 3, 'rejected'],
      ['c', 1, 'posted'],
    ]);
    expect(order.disputes).toMatchObject([{ disputeRef: 'c', status: 'buyer' }]);
    const { body } = await call('GET', 'rejected-checkouts?limit=1000');
    const mine = body.items.filter((item: { orderId: string }) => item.orderId === orderId('disputed'));
    expect(mine.map(({ type, reason }: never) => [type, reason])).toEqual([
      ['dispute-closing', 'conflict'],
      ['dispute-closing', 'conflict'],
    ]);
  });
});

it('what a channel says of an order of another is rejected where its sender sees it, and takes neither order nor event id', async () => {
  const content = checkout('stolen', [line('1', 'F1-bag')]);
  const event = newEvent(checkoutCompleted, content as Checkout, { correlationId: newId() });
  const refund = { ...content, lineRef: '1', refundRef: 'a', quantity: 1, requestedAt: PLACED_AT } as never;
  const messages = [event, { ...event, data: { ...content, fees: 1 } }, newEvent(checkoutRefunded, refund, event)];
  const publisher = new KafkaBroker('toko').publisher();
  await publisher.publish(messages.map((each) => ({ ...toMessage(each), topic: 'checkout.toko-sandbox.v1' })));
  await publisher.close();
  const rejected = async () =>
    (await call('GET', 'rejected-checkouts?limit=1000')).body.items.filter(
      (item: { orderId: string }) => item.orderId === orderId('stolen'),
    );
  const items = await eventually(rejected, ({ length }) => length >= 3);
  expect(items).toHaveLength(3);
  for (const item of items) expect(item).toMatchObject({ channel: 'toko-sandbox', reason: 'wrong-channel' });
  const ofChannel = async (channel: string) =>
    (await call('GET', `rejected-checkouts?limit=1000&channel=${channel}`)).body.items.map(
      (item: { channel: string }) => item.channel,
    );
  expect(new Set(await ofChannel('toko-sandbox'))).toEqual(new Set(['toko-sandbox']));
  expect(await ofChannel('toko')).toEqual([]);
  expect(await call('GET', `orders/blanja/${ref('stolen')}`)).toMatchObject({ status: 404 });
  expect(await app.get(ProcessRepository).find(database, orderId('stolen'))).toBeUndefined();

  await sendTo(app, event);
  expect(await orderOnce('stolen', 'credited')).toMatchObject({ amount: 100_000, refunds: [] });
  expect(await rejected()).toHaveLength(3);
});

describe('import', () => {
  const header = 'order_ref,channel,line_ref,type,refund_ref,sku,quantity,unit_price,discount,ordered_at';
  const row = (name: string, lineRef: string, sku: string, more = '') =>
    `${ref(name)},blanja,${lineRef},sale,,${sku},${more || '2,50000,0'},${PLACED_AT}`;
  const back = (name: string, lineRef: string, refundRef: string, more: string) =>
    `${ref(name)},blanja,${lineRef},refund,${refundRef},${more},2026-02-01T10:00:00+07:00`;

  async function importFile(name: string, content: string[] | Buffer) {
    const file = join(directory, name);
    await writeFile(file, Array.isArray(content) ? content.join('\n') : content);
    const said: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((text) => void said.push(text));
    const error = jest.spyOn(console, 'error').mockImplementation(() => {});
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const exitCode = await importOrders(file, { address, authorization: () => authorizationFor('/v1/imports') });
    for (const spy of [log, error, write]) spy.mockRestore();
    const isWhole = exitCode !== 1;
    const rejected: string[][] = isWhole ? parse(await readFile(`${file}.rejected.csv`, 'utf8')) : [];
    return { exitCode, summary: isWhole ? JSON.parse(said.at(-1) ?? '') : undefined, rejected };
  }

  const lines = [
    header,
    row('i1', '1', 'F1-bag'),
    row('i1', '2', 'F2-batik', '1,70001,1'),
    row('i1', '2', 'F2-batik', '1,70001,1'), // said twice in one checkout
    row('i1', '2', 'F2-batik', '1,70001,2'), // contradicts it
    row('i2', '1', 'F1-bag'),
    row('i2', '2', 'gone'),
    row('i3', '1', 'F1-bag', '0,50000,0'),
    row('i3', '2', 'F1-bag'),
    row('i4', '1', 'unknown'),
    back('i1', '1', 'r1', 'F1-bag,1,50000,0'),
    back('i1', '1', 'r2', 'F1-bag,2,50000,'), // one unit is left
    back('i1', '2', 'r1', 'F2-batik,1,70000,0'),
    back('i1', '9', 'r1', 'F2-batik,1,70001,0'),
    back('i2', '1', 'r1', 'F1-bag,1,50000,0'),
    back('i3', '1', 'r1', 'F1-bag,1,50000,0'),
    back('i5', '1', 'r1', 'F1-bag,1,50000,0'),
    row('i5', '1', 'F1-bag'),
    row('i1', '3', 'F1-bag'), // comes late
    back('i5', '1', 'r2', 'F1-bag,two,50000,0'),
    back('i1', '1', 'r1', 'F1-bag,1,50000,0'),
    row('i5', '1', 'F1-bag', '2,50000,0,surplus'),
  ];

  it('accounts for every row, and its money adds up', async () => {
    const { exitCode, summary, rejected } = await importFile('first.csv', lines);
    expect(exitCode).toBe(3); // goods are awaited
    expect(summary).toEqual({
      rows: {
        read: 21,
        accepted: 4,
        duplicate: 2,
        rejected: {
          conflict: 1,
          invalid: 4,
          mismatch: 1,
          'order-closed': 1,
          'out-of-stock': 3,
          'refund-exceeds-sale': 1,
          'sale-rejected': 1,
          'sale-unknown': 2,
          'unknown-sku': 1,
        },
      },
      orders: { credited: 2, rejected: { invalid: 1, 'out-of-stock': 1, 'unknown-sku': 1 } },
      refunds: {
        posted: 1,
        rejected: {
          ...{ invalid: 1, mismatch: 1, 'out-of-stock': 1, 'refund-exceeds-sale': 1, 'sale-rejected': 1 },
          'sale-unknown': 2,
        },
      },
      money: {
        ...{ currency: 'IDR', gross: 270_000, refunded: 50_000, cost_recovery: 0, facility: 0, makers: 220_000 },
        ...{ state: 0, beneficiaries: 0, fees: 0, shipping: 0, tax: 0, suspense: 0 },
      },
      seconds: expect.any(Number),
    });
    const [header, ...told] = rejected.map((cells) => cells.map((cell) => cell.replaceAll(`${run}-`, '')));
    expect(header?.join()).toBe(
      'row,channel,order_ref,line_ref,type,refund_ref,reason,detail,sku,quantity,unit_price,discount,ordered_at,store,fee_class,line',
    );
    const inBoth = (where: [string, string], column: string, id: string, en: string) =>
      `${where[0]}kolom ${column}: ${id} / ${where[1]}column ${column}: ${en}`;
    const zero = (...where: [string, string]) =>
      inBoth(
        where,
        'quantity',
        '"0" harus berupa bilangan bulat dari 1 sampai 1000000000',
        '"0" must be a whole number from 1 to 1000000000',
      );
    expect(told.map((cells) => cells.slice(0, 8).join('|'))).toEqual([
      '3|blanja|i1|2|sale||duplicate|',
      '4|blanja|i1|2|sale||conflict|',
      '5|blanja|i2|1|sale||out-of-stock|line 2, sku gone',
      '6|blanja|i2|2|sale||out-of-stock|line 2, sku gone',
      `7|blanja|i3|1|sale||invalid|${zero('', '')}`,
      `8|blanja|i3|2|sale||invalid|${zero('baris 7, ', 'row 7, ')}`,
      '9|blanja|i4|1|sale||unknown-sku|line 1, sku unknown',
      '11|blanja|i1|1|refund|r2|refund-exceeds-sale|',
      `12|blanja|i1|2|refund|r1|mismatch|${inBoth(['', ''], 'unit_price', '"70000" bukan milik penjualannya, 70001', '"70000" is not the sale’s, 70001')}`,
      '13|blanja|i1|9|refund|r1|sale-unknown|',
      '14|blanja|i2|1|refund|r1|out-of-stock|',
      '15|blanja|i3|1|refund|r1|sale-rejected|',
      '16|blanja|i5|1|refund|r1|sale-unknown|',
      '18|blanja|i1|3|sale||order-closed|',
      expect.stringMatching(/^19\|blanja\|i5\|1\|refund\|r2\|invalid\|kolom quantity: "two" harus/),
      '20|blanja|i1|1|refund|r1|duplicate|',
      expect.stringMatching(/^21\|blanja\|i5\|1\|sale\|\|invalid\|baris ini/),
    ]);
    expect(told[4]?.slice(8)).toEqual(['F1-bag', '0', '50000', '0', PLACED_AT, '', '', '8']);
  });

  it('of the same file again changes nothing', async () => {
    const counts = () =>
      database.query('SELECT (SELECT count(*) FROM "order") AS orders, (SELECT count(*) FROM posting) AS postings');
    const before = await counts();
    const { exitCode, summary } = await importFile('again.csv', lines);
    expect(exitCode).toBe(0);
    expect(summary.rows).toEqual({
      ...{ read: 21, accepted: 0, duplicate: 14 },
      rejected: { conflict: 1, invalid: 4, mismatch: 1, 'order-closed': 1 },
    });
    expect(summary.orders).toEqual({ credited: 0, rejected: { invalid: 1 } });
    expect(summary.refunds.posted).toBe(0);
    expect(summary.money).toMatchObject({ gross: 0, refunded: 0, makers: 0 });
    expect(await counts()).toEqual(before);
  });

  it('knows an order of a store again, and one of another store for what it is', async () => {
    const of = (store: string) => [`${header},store,fee_class`, `${row('stored', '1', 'F1-bag')},${store},`];
    const rowsOf = async (store: string) => (await importFile('stored.csv', of(store))).summary.rows;
    expect(await rowsOf('bali')).toMatchObject({ accepted: 1 });
    expect(await rowsOf('bali')).toMatchObject({ accepted: 0, duplicate: 1 });
    expect(await rowsOf('lombok')).toMatchObject({ accepted: 0, duplicate: 0, rejected: { conflict: 1 } });
  });

  it('takes a file however a spreadsheet has written it', async () => {
    const rows = [row('s1', '1', 'F1-bag'), row('s2', '1', 'F1-bag', '2,Rp 50.000,')].map((each) => each.split(','));
    const told =
      'nomor pesanan,kode kanal toko,nomor baris,sale atau refund,,kode barang,jumlah barang,harga satuan,potongan harga,waktu pesanan';
    const csv = `\uFEFF\uFEFF${header.replaceAll(',', ';').toUpperCase()}\n${told.replaceAll(',', ';')}\r\n;;;;;;;;;\r${rows.map((cells) => cells.join(' ;')).join('\r\n')}\n\n`;
    const { exitCode, summary } = await importFile('excel.csv', Buffer.from(csv));
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ rows: { read: 2, accepted: 2 }, money: { gross: 200_000 } });

    const workbook = new exceljs.Workbook();
    workbook.addWorksheet('rahasia', { state: 'hidden' }).addRow(['nothing']);
    const sheet = workbook.addWorksheet('Pesanan');
    sheet.addRow(header.split(','));
    sheet.addRow([ref('s3'), 'blanja', 1, 'sale', '', 'F1-bag', 3, 50_000, null, PLACED_AT]);
    sheet.addRow([5.77e17, 'blanja', 1, 'sale', '', 'F1-bag', 3, 50_000, null, PLACED_AT]);
    const xlsx = await importFile('excel.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
    expect(xlsx.summary).toMatchObject({
      rows: { read: 2, accepted: 1, rejected: { invalid: 1 } },
      money: { gross: 150_000 },
    });
    expect(xlsx.rejected[1]?.slice(2, 8)).toEqual([
      ...['5.77000000000000E+17', '1', 'sale', '', 'invalid'],
      expect.stringContaining('is a number in scientific notation: a spreadsheet has rounded it'),
    ]);
  });

  it('takes a corrected row beside its faulty one, and what is corrected in FILE.rejected.csv', async () => {
    const file = [
      header,
      row('c1', '1', 'F1-bag', '1.250,50000,0'),
      row('c1', '1', 'F1-bag', '2,50000,0'),
      row('=c2', '1', 'F1-bag', '1.250,50000,0').replace(ref('=c2'), `=c2-${run}`),
    ];
    const first = await importFile('faulty.csv', file);
    expect(first.summary).toMatchObject({
      rows: { read: 3, accepted: 1, duplicate: 0, rejected: { invalid: 2 } },
      orders: { credited: 1, rejected: { invalid: 1 } },
      money: { gross: 100_000 },
    });
    const rejected = await readFile(join(directory, 'faulty.csv.rejected.csv'), 'utf8');
    expect(rejected).toContain(`'=c2-${run}`);
    const again = await importFile('corrected.csv', Buffer.from(rejected.replaceAll('1.250,', '2,')));
    expect(again.summary).toMatchObject({ rows: { read: 2, accepted: 1, duplicate: 1 }, money: { gross: 100_000 } });
    expect(
      await (await signedFetch(new URL(`/v1/orders/blanja/${encodeURIComponent(`=c2-${run}`)}`, address))).json(),
    ).toMatchObject({
      status: 'credited',
    });
  });

  it('stops for no row and for no size of an order', async () => {
    const file = [
      header,
      ...Array.from({ length: 3_000 }, () => ',,,,,,,,,'),
      ...Array.from({ length: 5_200 }, (_, index) => row('huge', String(index), 'F1-bag')),
      row('after', '1', 'F1-bag'),
      back('after', '1', 'r1', 'F1-bag,1,50000,0').replace('10:00:00', '10:00:60'),
      `${ref('half')},blanja,1,sale,,half \ud83c,1,1,,${PLACED_AT}`,
      `,,,,,,,,,${PLACED_AT}`,
      `zero\0byte,blanja,1,sale,,F1-bag,1,1,,${PLACED_AT}`.replace('\0', '\u0007'),
      `${'x'.repeat(20_000)},blanja,1,sale,,F1-bag,1,1,,${PLACED_AT}`,
    ];
    const { exitCode, summary, rejected } = await importFile('huge.csv', file);
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({
      rows: { read: 5_206, accepted: 1, duplicate: 0, rejected: { invalid: 5_205 } },
      orders: { credited: 1 },
      money: { gross: 100_000 },
    });
    expect(rejected).toHaveLength(5_206);
    for (const [, , , , , , reason, detail] of rejected.slice(1)) {
      expect(reason).toBe('invalid');
      expect(detail).not.toBe('');
    }
  });

  it('has a template that can be imported as it is', async () => {
    for (const name of ['orders.csv', 'orders.xlsx']) {
      const response = await signedFetch(new URL(`/v1/imports/templates/${name}`, address));
      expect(response.headers.get('content-disposition')).toContain(name);
      const { exitCode, summary } = await importFile(name, Buffer.from(await response.arrayBuffer()));
      expect([exitCode, summary.rows]).toEqual([0, { read: 0, accepted: 0, duplicate: 0, rejected: {} }]);
    }
    expect((await signedFetch(new URL('/v1/imports/templates/lots.csv', address))).status).toBe(404);
  });

  it('takes nothing of a file whose header is not right', async () => {
    expect((await importFile('header.csv', ['channel,order_ref,colour'])).exitCode).toBe(1);
    expect((await importFile('empty.csv', [])).exitCode).toBe(1);
    const { exitCode, summary } = await importFile('none.csv', [header]);
    expect(exitCode).toBe(0);
    expect(summary.rows).toEqual({ read: 0, accepted: 0, duplicate: 0, rejected: {} });
  });
});
