import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import { rowAccess } from '#libs/database';
import { postEveryKind } from '../../../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import type { EntryListView } from './entry-list.dto.ts';
import { EntryListService } from './entry-list.service.ts';

interface Row {
  readonly account: string;
  readonly version: number;
  readonly amount: number;
  readonly balance: number;
  readonly day: string;
  readonly facility: string;
  readonly kind: string;
  readonly late: boolean;
}

let ledger: TestedLedger;
/** All entries there are, by day and journal. */
let all: Row[];
beforeAll(async () => {
  ledger = await startLedger();
  await postEveryKind(ledger);
  const mixed = { portions: [{ lotId: 'L5', quantity: 1, unitCost: 0, measure: 'equal' as const, contributions: [] }] };
  await ledger.sell({ orderRef: 'late', placedAt: '2026-01-20T03:00:00Z', lines: [mixed, { unitPrice: 70_000 }] });
  await ledger.database.query(`INSERT INTO facility VALUES ('F1', 'Jawa Timur'), ('F2', 'Bali'), ('F3', 'Jawa Timur')`);
  all = await ledger.database.query<Row>(
    `SELECT code AS account, account_version AS version, amount, running_balance AS balance, journal.posted_on AS day,
            entry.facility_id AS facility, kind, journal.posted_on > (occurred_at AT TIME ZONE 'Asia/Jakarta')::date AS late
       FROM entry JOIN journal USING (journal_id) JOIN account USING (account_id)
      ORDER BY journal.posted_on, entry.facility_id COLLATE "C", chain_number, account_id, account_version`,
  );
});
afterAll(() => ledger.close());

const list = (query = ''): Promise<EntryListView> => ledger.get(`entries?${query}`);
const named = ({ account, version }: { account: string; version: number }) => `${account} ${version}`;
const isOfMaker = ({ account }: Row) => account.startsWith('maker:');

/** Pages one behind the other. */
async function walked(query: string, link: 'nextCursor' | 'prevCursor', from?: string): Promise<EntryListView[]> {
  const pages = [await list(`${query}${from ? `&cursor=${from}` : ''}`)];
  for (let cursor = pages[0]?.[link]; cursor; cursor = pages.at(-1)?.[link])
    pages.push(await list(`${query}&cursor=${cursor}`));
  return pages;
}

const filters: readonly [query: string, holds: (row: Row) => boolean][] = [
  ['', () => true],
  ['facilityId=F1', ({ facility }) => facility === 'F1'],
  ['region=Jawa%20Timur', ({ facility }) => facility === 'F1' || facility === 'F3'],
  ['region=Bali&facilityId=F1', () => false],
  ['ownerKind=maker', isOfMaker],
  ['ownerKind=state&facilityId=F1', ({ account }) => account === 'state:pnbp@F1'],
  ['kind=sale&ownerKind=maker&facilityId=F1', (row) => isOfMaker(row) && row.kind === 'sale' && row.facility === 'F1'],
  ['kind=release', ({ kind }) => kind === 'release'],
  ['from=2026-01-06&to=2026-01-15', ({ day }) => day >= '2026-01-06' && day <= '2026-01-15'],
  ['account=maker:M1:wages', ({ account }) => account === 'maker:M1:wages'],
  ['account=maker:M1:wages&kind=payout', ({ account, kind }) => account === 'maker:M1:wages' && kind === 'payout'],
  [
    'account=facility:F1:earnings&from=2026-01-10',
    ({ account, day }) => account === 'facility:F1:earnings' && day >= '2026-01-10',
  ],
  ['account=nobody', () => false],
];

describe.each(filters)('asked for %s', (query, holds) => {
  it('lists what it is asked for, and its sums', async () => {
    const expected = all.filter(holds);
    const page = await list(`${query}&limit=1000`);
    const order = query.startsWith('account') ? [...expected].sort((a, b) => a.version - b.version) : expected;
    expect(page.items.map(named)).toEqual(order.map(named));
    expect(page).toMatchObject({
      count: expected.length,
      debit: expected.reduce((sum, { amount }) => sum + Math.max(amount, 0), 0),
      credit: expected.reduce((sum, { amount }) => sum + Math.max(-amount, 0), 0),
    });
    const balances = new Map(all.map((row) => [named(row), row]));
    for (const item of page.items) {
      const { amount, balance, day, facility, kind, late } = balances.get(named(item)) as Row;
      expect(item).toMatchObject({ amount, balance, postedOn: day, facilityId: facility, kind, late });
    }
  });

  it.each(['asc', 'desc'])('pages lead forth and back: %s', async (order) => {
    const whole = (await list(`${query}&limit=1000&order=${order}`)).items.map(named);
    const forth = await walked(`${query}&limit=7&order=${order}`, 'nextCursor');
    expect(forth.flatMap(({ items }) => items.map(named))).toEqual(whole);
    expect(forth[0]?.prevCursor).toBeUndefined();
    const back = forth.at(-1)?.prevCursor;
    expect(back === undefined).toBe(forth.length === 1);
    if (back === undefined) return;
    const pages = await walked(`${query}&limit=7&order=${order}`, 'prevCursor', back);
    expect(pages.map(({ items }) => items.map(named)).reverse()).toEqual(
      forth.slice(0, -1).map(({ items }) => items.map(named)),
    );
    expect(pages[0]?.nextCursor).toBe(forth.at(-2)?.nextCursor);
  });
});

it('of one account it says what was there before the first day, of others it does not', async () => {
  const before = all.filter(({ account, day }) => account === 'facility:F1:earnings' && day < '2026-01-10');
  const opening = before.reduce((sum, { amount }) => sum + amount, 0);
  expect(opening).not.toBe(0);
  expect(await list('account=facility:F1:earnings&from=2026-01-10')).toMatchObject({ opening });
  expect(await list('account=facility:F1:earnings')).toMatchObject({ opening: 0 });
  expect(await list('account=facility:F1:earnings&kind=sale')).toMatchObject({ opening: null });
  expect(await list('facilityId=F1')).toMatchObject({ opening: null });
});

it('of a sale: what sold, refunded, settled and released it', async () => {
  const { items } = await list('saleId=blanja/one@F1&limit=1000');
  expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['sale', 'settlement', 'release', 'refund']));
  expect(items.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
  expect(await list('saleId=blanja/nothing@F1')).toMatchObject({ items: [], count: 0 });
});

it('of an agreement: what it shared', async () => {
  const { items } = await list('agreement=OWN&kind=sale');
  expect(new Set(items.map(({ sourceReference }) => sourceReference))).toEqual(
    new Set(['blanja/own@F1', 'blanja/late@F1']),
  );
});

it('what came when its month was closed is late', async () => {
  const { items } = await list('saleId=blanja/late@F1');
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) expect(item).toMatchObject({ late: true, postedOn: '2026-02-01' });
});

it.each(['limit=0', 'order=up', 'ownerKind=nobody', 'kind=anything', 'from=yesterday', 'cursor=x', 'format=pdf'])(
  '%s is refused',
  async (query) => {
    expect(await list(query)).toMatchObject({ status: 400, errors: [{ field: query.split('=')[0] }] });
  },
);

describe('as a file', () => {
  const query = 'ownerKind=maker&kind=sale&facilityId=F1';
  const expected = () => all.filter((row) => isOfMaker(row) && row.kind === 'sale' && row.facility === 'F1');

  it('CSV has just what is asked for', async () => {
    const response = await ledger.fetch(`entries?${query}&format=csv&language=en`);
    expect(response.headers.get('content-disposition')).toContain('entries.csv');
    const [head, ...rows] = (await response.text()).trimEnd().split('\n');
    expect(head).toBe(
      'Posted on,Kind,Facility,Account,Number,Reference,Line,Step,Debit,Credit,Balance,"Late, occurred",Journal',
    );
    expect(rows.map((row) => row.split(',')).map(([, , , account, version]) => `${account} ${version}`)).toEqual(
      expected().map(named),
    );
    expect(rows.reduce((sum, row) => sum + Number(row.split(',')[9]), 0)).toBe(
      -expected().reduce((sum, { amount }) => sum + amount, 0),
    );
  });

  it('XLSX has them with their totals, and says what was asked', async () => {
    const response = await ledger.fetch(`entries?${query}&format=xlsx`);
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(await response.arrayBuffer());
    const sheet = workbook.worksheets[0];
    expect(sheet?.getRow(2).getCell(1).text).toBe('F1 · maker · sale');
    expect(sheet?.lastRow?.getCell(10).value).toBe(-expected().reduce((sum, { amount }) => sum + amount, 0));
    expect(sheet?.rowCount).toBe(4 + expected().length + 1);
  });
});

describe('whoever sees F3', () => {
  const page = (query: object) =>
    rowAccess.run({ scope: { facilities: ['F3'] } }, () =>
      ledger.app
        .get(EntryListService, { strict: false })
        .page({ limit: 1_000, order: 'asc', format: 'json', language: 'id', ...query }),
    );

  it('is shown the entries of F3, whatever is asked for', async () => {
    const own = all.filter(({ facility }) => facility === 'F3');
    expect((await page({})).items.map(named)).toEqual(own.map(named));
    expect((await page({ region: 'Jawa Timur' })).items.map(named)).toEqual(own.map(named));
    for (const query of [
      { facilityId: 'F1' },
      { region: 'Bali' },
      { account: 'facility:F1:earnings' },
      { saleId: 'blanja/one@F1' },
    ]) {
      expect(await page(query)).toMatchObject({ items: [], count: 0, debit: 0, credit: 0 });
    }
  });

  it('is not told what a maker of elsewhere has', async () => {
    const { items } = await page({ ownerKind: 'maker' });
    expect(items.length).toBeGreaterThan(0);
    const seats = await ledger.database.query<{ makerId: string; facilityId: string }>(
      'SELECT maker_id AS "makerId", facility_id AS "facilityId" FROM maker_seat',
    );
    const seated = new Set(seats.filter(({ facilityId }) => facilityId === 'F3').map(({ makerId }) => makerId));
    for (const { account, balance } of items) {
      if (!seated.has(account.split(':')[1] as string))
        expect({ account, balance }).toEqual({ account, balance: null });
    }
  });
});
