/** Months of history: `npm run import` over the whole stack, and hledger as a second reader of the books. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import { isInstalled } from '../kit/programs.ts';
import { signedFetch } from '../kit/sign-in.ts';
import { importFiles, importWithExit } from './import-command.ts';
import { address, read } from './stack.ts';

const ORDERS = 240;
const SKUS = 8;
const SCARCE_SKU_UNITS = 40;
const run = randomUUID().slice(0, 8);
const facility = (number: number): string => `IMP-${run}-${number % 3}`;

interface Summary {
  rows: { read: number; accepted: number; duplicate: number; rejected: Record<string, number> };
  orders: { credited: number; rejected: Record<string, number> };
  refunds: { posted: number; rejected: Record<string, number> };
  money: Record<string, number> & { currency: string; gross: number; refunded: number };
}

let directory: string;
let ordersFile: string;
let rows: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pasindo-import-'));
  ordersFile = join(directory, 'orders.csv');
  rows = orderRows();
  await mkdir(join(directory, 'catalogue'));
  for (const [name, content] of Object.entries({ ...catalogueFiles(), '../orders.csv': ordersCsv(rows) })) {
    await writeFile(join(directory, 'catalogue', name), content);
  }
});
afterAll(() => rm(directory, { recursive: true }));

describe('a file of months', () => {
  let first: Summary;

  it('is imported: every row has an outcome, and the money adds up', async () => {
    await importFiles('catalogue', join(directory, 'catalogue'));
    const { code, stderr, result } = await importWithExit<Summary>('orders', ordersFile);
    first = result;
    expect(code).toBe(3);
    for (const reason of ['out-of-stock', 'unknown-sku']) {
      expect(stderr).toContain(`Not credited yet, ${reason}: ${first.rows.rejected[reason]} rows`);
    }
    expect(first.rows.read).toBe(rows.length);
    expect(first.rows.accepted + first.rows.duplicate + sum(first.rows.rejected)).toBe(rows.length);
    expect(first.orders.credited + sum(first.orders.rejected)).toBe(ORDERS);
    expect(first.orders.rejected).toEqual({ 'out-of-stock': expect.any(Number), 'unknown-sku': 1 });
    expect(first.refunds.posted).toBeGreaterThan(0);
    const { currency, gross, refunded, ...moved } = first.money;
    expect(currency).toBe('IDR');
    expect(sum(moved as Record<string, number>)).toBe(gross - refunded);
    expect(moved.suspense).toBeGreaterThan(0); // one lot has no contributions
  });

  it('leaves each row that was not accepted in FILE.rejected.csv', async () => {
    const [header, ...rejected] = (await readFile(`${ordersFile}.rejected.csv`, 'utf8')).trimEnd().split('\n');
    expect(header).toBe(
      'row,channel,order_ref,line_ref,type,refund_ref,reason,detail,sku,quantity,unit_price,discount,ordered_at,store,fee_class,line',
    );
    expect(rejected).toHaveLength(rows.length - first.rows.accepted);
    for (const line of rejected) {
      const [row, channel, orderRef, lineRef] = line.split(',');
      expect(rows[Number(row) - 1]).toContain(`${channel},${orderRef},${lineRef}`);
    }
  });

  it('says the same as a workbook', async () => {
    const workbook = new exceljs.Workbook();
    const sheet = workbook.addWorksheet('Pesanan');
    sheet.addRow(ORDER_COLUMNS.split(','));
    for (const row of rows) {
      const isNumber = [6, 7, 8]; // quantity, unit_price, discount
      sheet.addRow(row.split(',').map((cell, index) => (isNumber.includes(index) ? Number(cell) : cell)));
    }
    const file = join(directory, 'orders.xlsx');
    await workbook.xlsx.writeFile(file);
    const again = await importFiles<Summary>('orders', file);
    expect(again.rows).toEqual({ read: rows.length, accepted: 0, duplicate: rows.length, rejected: {} });
  });

  it('changes nothing when it is imported again', async () => {
    const before = await balances();
    const again = await importFiles<Summary>('orders', ordersFile);
    expect(again.rows).toEqual({ read: rows.length, accepted: 0, duplicate: rows.length, rejected: {} });
    expect(again.money).toMatchObject({ gross: 0, refunded: 0, makers: 0, facility: 0, state: 0 });
    expect(await balances()).toEqual(before);
  });

  (isInstalled('hledger') ? it : it.skip)(
    'has books that hledger reads and agrees with, account by account',
    async () => {
      const journal = join(directory, 'books.journal');
      await writeFile(journal, await (await signedFetch(new URL('/v1/exports/hledger', address('ledger')))).text());
      const hledger = promisify(execFile);
      const { stderr } = await hledger('hledger', ['-f', journal, 'check', '--strict']);
      expect(stderr).toBe('');
      const { stdout } = await hledger('hledger', ['-f', journal, 'balance', '--flat', '-N', '-E', '-O', 'csv'], {
        maxBuffer: 64 * 2 ** 20,
      });
      const theirs = stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => /^"(.*)","(?:IDR )?(-?\d+)"$/.exec(line));
      expect(Object.fromEntries(theirs.map((match) => [match?.[1], Number(match?.[2])]))).toEqual(await balances());
    },
  );
});

async function balances(): Promise<Record<string, number>> {
  const balances: Record<string, number> = {};
  for (let cursor = ''; ; ) {
    const page = await read<{ items: { code: string; balance: number }[]; nextCursor?: string }>(
      'ledger',
      `accounts?limit=1000${cursor}`,
    );
    for (const { code, balance } of page.items) balances[code] = balance;
    if (!page.nextCursor) return balances;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

function catalogueFiles(): Record<string, string> {
  const skus = Array.from({ length: SKUS }, (_, number) => number);
  return {
    'facilities.csv': csv('facility_id,name,type,class,region,timezone', [
      ...[0, 1, 2].map((number) => `${facility(number)},Lapas Contoh,lapas,IIB,Jawa Timur,Asia/Jakarta`),
    ]),
    'makers.csv': csv(
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      [0, 1, 2].flatMap((number) =>
        [1, 2, 3].map(
          (n) => `M-${run}-${number}-${n},${facility(number)},CONTOH-${run}-${number}-${n},Contoh,Perajin,true,false`,
        ),
      ),
    ),
    'products.csv': csv(
      'sku,facility_id,category,title_id,title_en,price',
      skus.map((number) => `${sku(number)},${facility(number)},craft,Kerajinan,"Craft, fine",75001`),
    ),
    'lots.csv': csv(
      'lot_id,sku,facility_id,quantity,unit_cost,made_on',
      skus.map(
        (number) =>
          `L-${sku(number)},${sku(number)},${facility(number)},${number === 0 ? SCARCE_SKU_UNITS : 9_999},20001,2026-01-0${number + 1}`,
      ),
    ),
    'contributions.csv': csv(
      'lot_id,maker_id,measure,value',
      skus
        .filter((number) => number !== 1)
        .flatMap((number) => [1, 2, 3].map((n) => `L-${sku(number)},M-${run}-${number % 3}-${n},hours,${n * 2.125}`)),
    ),
  };
}

/** Rows of sales with one to three lines, every seventh order given back in part, one unknown SKU. */
function orderRows(): string[] {
  return Array.from({ length: ORDERS }, (_, order) => {
    const at = `2026-0${1 + (order % 6)}-1${order % 10}T10:00:00+07:00`;
    const key = `blanja,${run}-${order}`;
    const lines = Array.from({ length: 1 + (order % 3) }, (_, line) => {
      const item = order === 100 ? `UNKNOWN-${run}` : sku((order + line) % SKUS);
      return `${key},${line + 1},sale,,${item},${2 + (order % 4)},${75_001 - order},${order % 5 ? 0 : 777},${at}`;
    });
    if (order % 7 > 0) return lines;
    const item = order === 100 ? `UNKNOWN-${run}` : sku(order % SKUS);
    return [...lines, `${key},1,refund,R-${order},${item},1,${75_001 - order},0,${at}`];
  }).flat();
}

const sku = (number: number): string => `IMP-${run}-SKU-${number}`;
const ORDER_COLUMNS = 'channel,order_ref,line_ref,type,refund_ref,sku,quantity,unit_price,discount,ordered_at';
const ordersCsv = (rows: string[]): string => csv(ORDER_COLUMNS, rows);
const csv = (header: string, rows: string[]): string => `${[header, ...rows].join('\n')}\n`;
const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
