import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Database } from '#libs/database';
import { createDatabase, type TestDatabase } from '../../../../test/kit/database.ts';
import { startTested } from '../../../../test/kit/service.ts';
import { authorizationFor, signedFetch } from '../../../../test/kit/sign-in.ts';
import { paymentsMigrations } from '../../migrations/index.ts';
import { PaymentsModule } from '../../payments.module.ts';
import { paymentsPolicy } from '../../policy.ts';
import { importSettlements } from './import.command.ts';
import { genericCsv, genericRow, shopee } from './samples.ts';

/** SETTLEMENT_ROWS=200000 for the whole of it. */
const ROWS = Number(process.env.SETTLEMENT_ROWS ?? 2_000);

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let directory: string;
beforeAll(async () => {
  testDatabase = await createDatabase();
  const name = `payments-${randomUUID().slice(0, 8)}`;
  app = await startTested(
    { name, module: PaymentsModule, policy: paymentsPolicy, migrations: paymentsMigrations, neighbours: [] },
    testDatabase,
  );
  database = app.get(Database);
  directory = await mkdtemp(join(tmpdir(), 'settlements-'));
}, 60_000);
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  await rm(directory, { recursive: true });
});

/** Orders whose money the channel holds. */
async function hold(channel: string, orders: readonly string[], price = 100_001): Promise<void> {
  await database.query(
    `INSERT INTO payment (order_id, method, amount, status, captured, refunded, placed_at, captured_at, correlation_id)
     SELECT $1 || '/' || order_ref, 'escrow', $3, 'captured', $3, 0, now(), now(), gen_random_uuid()
       FROM unnest($2::text[]) AS order_ref`,
    [channel, orders, price],
  );
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  readonly body: any;
}

async function ask(path: string, body?: object): Promise<Answer> {
  const response = await signedFetch(`${await app.getUrl()}/v1/${path}`, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    }),
  });
  return { status: response.status, body: await response.json() };
}

const upload = (channel: string, file: Buffer, more: object = {}) =>
  ask('settlement-files', { channel, name: 'report', xlsx: file.toString('base64'), ...more });
const uploadCsv = (channel: string, file: Buffer, more: object = {}) =>
  ask('settlement-files', { channel, name: 'report', csv: file.toString(), ...more });
const settled = async (channel: string) =>
  database.query<{ content: Record<string, unknown> }>(
    `SELECT content FROM settlement WHERE order_id LIKE $1 || '/%' ORDER BY settlement_id`,
    [channel],
  );
const told = async (channel: string) =>
  (await database.query(`SELECT FROM outbox WHERE value::json ->> 'orderId' LIKE $1 || '/%'`, [channel])).length;
/** What is kept of no order. */
const charged = async (channel: string) =>
  (await settled(channel)).flatMap(({ content }) => ('chargeId' in content ? [content] : []));
const exceptionsOf = async (channel: string) => {
  const { body } = await ask(`exceptions?channel=${channel}`);
  return (body as { items: { kind: string; reference: string; amount: number; detail: string }[] }).items;
};
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `N-${from + index}`);

it('a report settles each of its orders once, sent again and in overlapping halves', async () => {
  const orders = numbered(120);
  await hold('halves', orders);
  const rows = orders.map((order) => genericRow(order));
  expect((await uploadCsv('halves', genericCsv(rows.slice(0, 80)), { dryRun: true })).body).toMatchObject({
    dryRun: true,
    rows: { taken: 80 },
    paidOut: 80 * 87_001,
  });
  expect([await settled('halves'), await told('halves')]).toEqual([[], 0]);
  expect((await uploadCsv('halves', genericCsv(rows.slice(0, 80)))).body.rows).toMatchObject({ taken: 80 });
  expect((await uploadCsv('halves', genericCsv(rows.slice(40)))).body.rows).toMatchObject({ taken: 40, duplicate: 40 });
  expect((await uploadCsv('halves', genericCsv(rows))).body.rows).toMatchObject({ duplicate: 120 });
  expect(await settled('halves')).toHaveLength(120);
  expect(await exceptionsOf('halves')).toEqual([]);
  expect((await settled('halves'))[0]?.content).toEqual({
    ...{ orderId: 'halves/N-0', settlementId: 'halves/N-0~order 2026-03-06 87001', bank: 'shopee-wallet' },
    ...{ revenue: 100_001, fee: 13_000, shipping: 0, withheldTax: 0, paidOut: 87_001, settles: 'all' },
    settledAt: '2026-03-05T17:00:00.000Z',
  });
});

it('what cannot be booked is listed, with who looks after it; what is of an order that is not there, or of none, the books take', async () => {
  await hold('listed', ['A', 'B', 'C']);
  const file = await shopee({
    income: [{ order: 'A' }, { order: 'X' }, { order: 'B', admin: 300_000 }],
    released: 1_000_000,
    adjustments: [
      [1, 'A', '2026-03-07', 'Kompensasi | paket', 20_000],
      [2, 'C', '2026-03-07', 'Kompensasi | paket hilang', 97_100],
      [3, '-', '2026-03-08', 'Iklan', -421_800],
      [4, 'B', '2026-03-08', 'Sesuatu yang Baru', -6_873],
    ],
  });
  const { status, body } = await upload('listed', file, { name: 'Income.xlsx', store: 'bali', bank: 'shopee-wallet' });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      rows: { taken: 5, 'too-much': 1, 'unknown-type': 1 },
      totals: [{ of: 'summary', said: 1_000_000 }],
    },
  });
  const found = await exceptionsOf('listed');
  expect(found.map(({ kind, detail, amount }) => [kind, detail, amount]).sort()).toEqual([
    ['file-incomplete', 'Income.xlsx', expect.any(Number)],
    ['too-much', 'B', 395_001],
    ['unknown-type', 'Sesuatu yang Baru', -6_873],
  ]);
  // Of an order that is settled a compensation is the channel's own; of another it is its price.
  const contents = (await settled('listed')).map(({ content }) => content);
  expect(contents).toContainEqual(
    expect.objectContaining({ orderId: 'listed/A', revenue: 0, fee: -20_000, settles: 'part' }),
  );
  expect(contents).toContainEqual(
    expect.objectContaining({ orderId: 'listed/C', revenue: 97_100, fee: 0, settles: 'all' }),
  );

  expect(contents).toContainEqual(expect.objectContaining({ orderId: 'listed/X', revenue: 100_001, paidOut: 87_001 }));

  expect(await charged('listed')).toEqual([
    expect.objectContaining({
      ...{ chargeId: 'listed/-~Iklan 2026-03-08 -421800', channel: 'listed', store: 'bali', called: 'Iklan' },
      ...{ withheldTax: 0, paidOut: -421_800, bank: 'shopee-wallet', chargedAt: '2026-03-07T17:00:00.000Z' },
    }),
  ]);

  const { reference = '' } = found.find(({ kind }) => kind === 'unknown-type') ?? {};
  const path = `exceptions/unknown-type/${encodeURIComponent(reference)}`;
  expect((await ask(`${path}/approval`, { by: 'p-2' })).status).toBe(409);
  const note = { owner: 'p-9', note: 'booked by an adjustment' };
  expect(await ask(`${path}/notes`, note)).toMatchObject({
    status: 200,
    body: { ...note, kind: 'unknown-type', days: 0, notedBy: 'p-1', actions: ['assign', 'accept'] },
  });
  expect((await ask(`exceptions/unknown-type/none/notes`, note)).status).toBe(404);

  // What people have booked by hand, one says and another accepts; however often it is reported it comes no more.
  expect((await ask(`${path}/approval`, { by: 'p-1' })).status).toBe(403);
  expect((await ask(`${path}/approval`, { by: 'p-2' })).status).toBe(200);
  expect((await ask(`${path}/approval`, { by: 'p-3' })).status).toBe(404);

  await hold('listed', ['X']);
  const again = await upload('listed', file, { name: 'Income.xlsx', store: 'bali' });
  expect(again.body.rows).toMatchObject({ duplicate: 5, 'too-much': 1, 'unknown-type': 1 });
  expect((await exceptionsOf('listed')).map(({ kind }) => kind).sort()).toEqual(['file-incomplete', 'too-much']);
  expect(await charged('listed')).toHaveLength(1);
});

it('the same charge of another store is a conflict; one that people had booked by hand is theirs', async () => {
  const row = ['', 'cost', '2026-03-08', 0, 421_800, 0, 0, -421_800, 'part', ''];
  const file = genericCsv([row]);
  expect((await uploadCsv('stores', file, { store: 'bali' })).body.rows).toMatchObject({ taken: 1 });
  expect((await uploadCsv('stores', file, { store: 'bali' })).body.rows).toMatchObject({ duplicate: 1 });
  expect((await uploadCsv('stores', file, { store: 'lombok' })).body.rows).toMatchObject({ conflict: 1 });
  expect(await charged('stores')).toMatchObject([{ store: 'bali', called: 'cost' }]);

  // As they were listed before the books took them: of these somebody has noted one.
  const other = ['', 'cost', '2026-03-08', 0, 9_000, 0, 0, -9_000, 'part', ''];
  const [noted, unnoted] = ['by-hand/-~cost 2026-03-08 -421800', 'by-hand/-~cost 2026-03-08 -9000'];
  await database.query(
    `INSERT INTO settlement_exception (kind, reference, channel, amount)
     SELECT 'no-store', reference, 'by-hand', 0 FROM unnest($1::text[]) AS reference`,
    [[noted, unnoted]],
  );
  const note = { owner: 'p-9', note: 'booked by an adjustment', by: 'p-1' };
  const path = `exceptions/no-store/${encodeURIComponent(noted)}`;
  expect((await ask(`${path}/notes`, note)).status).toBe(200);
  const both = genericCsv([row, other]);
  expect((await uploadCsv('by-hand', both)).body.rows).toMatchObject({ taken: 1, 'no-store': 1 });
  expect(await exceptionsOf('by-hand')).toMatchObject([{ kind: 'no-store', reference: noted }]);
  expect((await ask(`${path}/approval`, { by: 'p-2' })).status).toBe(200);
  expect((await uploadCsv('by-hand', both)).body.rows).toMatchObject({ duplicate: 1, 'no-store': 1 });
  expect(await exceptionsOf('by-hand')).toEqual([]);
  expect(await charged('by-hand')).toMatchObject([{ paidOut: -9_000 }]);
});

it('what went from a wallet is told with the bank, which the row or the file names', async () => {
  const row = (bank: string) => ['', 'withdrawal', '2026-03-08', 500, 0, 0, 0, 500, 'part', bank];
  expect((await uploadCsv('wallets', genericCsv([row('')]))).body).toMatchObject({
    rows: { 'no-bank': 1 },
    paidOut: 0,
  });
  expect(await exceptionsOf('wallets')).toEqual([]);
  const taken = await uploadCsv('wallets', genericCsv([row('')]), { withdrawnTo: 'bri' });
  expect(taken.body).toMatchObject({ rows: { taken: 1 }, paidOut: 0 });
  expect((await uploadCsv('wallets', genericCsv([row('bri')]))).body.rows).toMatchObject({ duplicate: 1 });
  expect((await uploadCsv('wallets', genericCsv([row('bni')]))).body.rows).toMatchObject({ conflict: 1 });
  expect((await settled('wallets')).map(({ content }) => content)).toEqual([
    {
      ...{ settlementId: 'wallets/-~withdrawal 2026-03-08 500', orderId: 'wallets/-', channel: 'wallets' },
      ...{ withdrawalId: 'wallets/-~withdrawal 2026-03-08 500', wallet: 'wallets-wallet', bank: 'bri', amount: 500 },
      withdrawnAt: '2026-03-07T17:00:00.000Z',
    },
  ]);
  const negative = { type: 'withdrawal', called: 'x', settlementRef: 'x', settledAt: '2026-03-08T00:00:00Z' };
  const amounts = { revenue: -5, fee: 0, shipping: 0, withheldTax: 0, paidOut: -5, settles: 'part' };
  const refused = await ask('settlement-files/rows', { channel: 'wallets', rows: [{ ...negative, ...amounts }] });
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'rows.0.paidOut', code: 'not-withdrawn' }] },
  });
});

it('the same row with other amounts is a conflict, and the first stands', async () => {
  await hold('differ', ['A']);
  await uploadCsv('differ', genericCsv([genericRow('A')]));
  const other = [...genericRow('A', { price: 100_002, fee: 13_001 })];
  expect((await uploadCsv('differ', genericCsv([other]))).body.rows).toMatchObject({ conflict: 1 });
  expect(await settled('differ')).toHaveLength(1);
  expect(await exceptionsOf('differ')).toMatchObject([{ kind: 'conflict', detail: 'A', amount: 87_001 }]);
});

it('of a file that is not what it says nothing is taken', async () => {
  await hold('doubtful', ['A', 'B']);
  const income = [{ order: 'A' }, { order: 'B' }];
  const refused = [
    await upload('doubtful', await shopee({ income, total: 174_001 })),
    await upload('doubtful', await shopee({ income, released: 1 })),
    await uploadCsv('doubtful', Buffer.from('order_ref\nA\n')),
    await upload('doubtful', Buffer.from('PK\u0003\u0004 no workbook')),
  ];
  expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
  expect(refused[0]?.body.errors).toMatchObject([{ field: 'file', code: 'total-differs' }]);
  expect(await settled('doubtful')).toEqual([]);
  expect(await exceptionsOf('doubtful')).toEqual([]);
});

it('whatever is sent in place of a report, nothing fails and nothing is taken in part', async () => {
  await hold('mutated', ['A', 'B', 'C']);
  const whole = genericCsv(['A', 'B', 'C'].map((order) => genericRow(order)));
  for (let seed = 1; seed <= 60; seed += 1) {
    const file = Buffer.from(whole);
    for (let at = seed % 7; at < file.length; at += 11 * seed) file[at] = (file[at] as number) ^ (seed % 255);
    const cut = file.subarray(0, seed % 3 === 0 ? file.length - seed : file.length);
    const { status, body } = await ask('settlement-files', {
      channel: 'mutated',
      name: 'm',
      xlsx: cut.toString('base64'),
    });
    expect([200, 400, 422]).toContain(status);
    const taken: number = status === 200 ? (body.rows.taken ?? 0) : 0;
    const rows = await settled('mutated');
    expect(rows).toHaveLength(taken);
    await database.query(`DELETE FROM settlement WHERE order_id LIKE 'mutated/%'`);
  }
});

it(
  `the command streams ${ROWS} rows, and says of each that settles nothing why`,
  async () => {
    const orders = numbered(ROWS);
    for (let at = 0; at < ROWS; at += 10_000) await hold('stream', orders.slice(at, at + 10_000));
    const rows = [...orders.map((order) => genericRow(order)), genericRow('strange'), genericRow('N-1', { price: -5 })];
    const path = join(directory, 'big.csv');
    await writeFile(path, genericCsv([...rows, ['N-2', 'order', '2026-03-06', 7, 0, 0, 0, 6, 'all', '']]));
    const logged = jest.spyOn(console, 'log').mockImplementation(() => {});
    jest.spyOn(console, 'error').mockImplementation(() => {});
    const run = async (dryRun = false) => {
      const options = {
        address: await app.getUrl(),
        authorization: () => authorizationFor(''),
        ...{ channel: 'stream', store: undefined, withdrawnTo: undefined },
        dryRun,
        encoding: 'utf-8' as const,
      };
      const exit = await importSettlements(path, options);
      return { exit, summary: JSON.parse(String(logged.mock.calls.at(-1)?.[0])) };
    };
    expect(await run(true)).toMatchObject({ exit: 1, summary: { dryRun: true, rows: { read: ROWS + 3, refused: 1 } } });
    expect(await settled('stream')).toEqual([]);
    const { exit, summary } = await run();
    expect({ exit, summary }).toMatchObject({
      exit: 1,
      summary: {
        rows: { read: ROWS + 3, taken: ROWS + 2, refused: 1 },
        paidOut: (ROWS + 1) * 87_001 - 13_005,
      },
    });
    const report = (await readFile(`${path}.report.csv`, 'utf8')).trim().split('\n');
    expect(report.slice(1).sort()).toEqual([
      expect.stringMatching(new RegExp(`^,${ROWS + 4},refused,,,,not-the-sum,`)),
    ]);
    expect((await run()).summary.rows).toMatchObject({ duplicate: ROWS + 2 });
    expect(await settled('stream')).toHaveLength(ROWS + 2);
    jest.restoreAllMocks();
  },
  60_000 + ROWS * 10,
);
