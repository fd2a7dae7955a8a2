import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database, REPEATED } from '#libs/database';
import { commonMigrations } from '#libs/service';
import { AccountRepository } from '../../services/ledger/books/accounts/account.repository.ts';
import { inSnapshot, type Snapshot } from '../../services/ledger/books/snapshot.repository.ts';
import { PayoutRepository } from '../../services/ledger/decisions/payouts/payout.repository.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { daysOfBooks } from '../../services/ledger/proof/seals/seal.repository.ts';
import { movementsOf, openingBalances } from '../../services/ledger/proof/statements/maker-statement.repository.ts';
import {
  type EntryFilter,
  EntryListRepository,
  type EntryPage,
} from '../../services/ledger/reports/entries/entry-list.repository.ts';
import { ExceptionRepository } from '../../services/ledger/reports/exceptions/exception.repository.ts';
import { PositionRepository } from '../../services/ledger/reports/positions/position.repository.ts';
import { BreakRepository } from '../../services/ledger/reports/reconciliation/break.repository.ts';
import { ReportRepository } from '../../services/ledger/reports/reports/report.repository.ts';
import type { ReportName } from '../../services/ledger/reports/reports/reports.ts';
import { TotalRepository } from '../../services/ledger/reports/totals/total.repository.ts';
import { createDatabase, type TestDatabase } from '../kit/database.ts';
import { fillBooks } from './books.ts';

/*
 * The same month of the same facility is read in books of a year and in books of eight: who reads it touches as many
 * pages of the database.
 */

const ENTRIES_A_MONTH = 2_000;
const YEARS = [1, 8];
const LAST_MONTH = '2026-11';
const CLOSED = { from: '2026-08-01', to: '2026-08-31' };
const FACILITY = 'F000';

interface Filled {
  readonly testDatabase: TestDatabase;
  readonly database: Database;
}

const books: Filled[] = [];

beforeAll(async () => {
  for (const years of YEARS) {
    const testDatabase = await createDatabase();
    const database = await Database.open(testDatabase.url, [...commonMigrations, ...ledgerMigrations]);
    const client = new pg.Client(testDatabase.url);
    await client.connect();
    const months = 12 * years;
    await fillBooks(
      client,
      { entries: ENTRIES_A_MONTH * months, facilities: 10, lastMonth: LAST_MONTH, months },
      () => {},
    );
    await client.query(
      `INSERT INTO maker_seat SELECT DISTINCT substr(owner, 7), facility_id FROM account_book WHERE owner LIKE 'maker:%'`,
    );
    await client.query(
      `INSERT INTO external_record (counterparty, subject, reference, state, amount, since, told_at)
       SELECT counterparty, CASE kind WHEN 'sale' THEN 'order' ELSE kind END,
              CASE kind WHEN 'sale' THEN source ->> 'orderId' ELSE source ->> 'settlementId' END, 'sold', 1, recorded_at, recorded_at
         FROM journal, unnest(ARRAY['orders', 'payments']) AS counterparty WHERE kind IN ('sale', 'settlement')
       ON CONFLICT DO NOTHING`,
    );
    await client.query('VACUUM (ANALYZE)');
    await client.end();
    books.push({ testDatabase, database });
  }
}, 180_000);
afterAll(async () => {
  for (const { testDatabase, database } of books) {
    await database.onApplicationShutdown();
    await testDatabase.drop();
  }
});

async function rowsOf(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

const report = (name: ReportName) => (snapshot: Snapshot) =>
  rowsOf(new ReportRepository().rows(snapshot, name, { facilityId: FACILITY, ...CLOSED }));
const page =
  (filter: EntryFilter, of: EntryPage): (typeof paths)[string] =>
  (snapshot, database) =>
    new EntryListRepository(database).page(snapshot, filter, of);
const account = `facility:${FACILITY}:earnings`;
const owner = 'M-F000-00';

const paths: Record<string, (snapshot: Snapshot, database: Database) => Promise<unknown>> = {
  balance: (_, database) => new AccountRepository(database).find(account),
  'balance as of an instant': (_, database) => new AccountRepository(database).find(account, '2026-08-20T00:00:00Z'),
  'statement, opening and closing': (snapshot, database) =>
    new AccountRepository(database).periods(snapshot, { account }, CLOSED),
  'statement, first lines': (snapshot, database) => {
    const period = { account, opening: 0, closing: 0, bound: Number.MAX_SAFE_INTEGER };
    return new AccountRepository(database).statementLines(snapshot, [period], {
      ...CLOSED,
      position: 0,
      version: 0,
      limit: 51,
    });
  },
  'statement of a maker, opening': ({ query }) => openingBalances(query, owner, CLOSED.from),
  'statement of a maker, lines': ({ query }) => movementsOf(query, owner, CLOSED, 1_000),
  ...Object.fromEntries(
    Object.entries<Partial<EntryFilter>>({
      'of a month': CLOSED,
      'of a month, of makers, of sales': { ...CLOSED, ownerKind: 'maker', kind: 'sale' },
      'of an account in a month': { ...CLOSED, account },
      'from the first': {},
      'of an account from the first': { account },
    }).flatMap(([name, filter]) => {
      const asked = { facilities: [FACILITY], ...filter };
      return [
        [`entries ${name}`, page(asked, { order: 'asc', limit: 51 })],
        [`entries ${name}, the last ones`, page(asked, { order: 'desc', limit: 51 })],
        [`entries ${name}, sums`, (snapshot, database) => new EntryListRepository(database).sums(snapshot, asked, 100)],
      ] as [string, (typeof paths)[string]][];
    }),
  ),
  'entries of an account, opening': (snapshot, database) =>
    new EntryListRepository(database).opening(snapshot, account, { facilities: [FACILITY], ...CLOSED }),
  ...Object.fromEntries(
    (['day', 'facility', 'sku', 'maker'] as const).map((by) => [
      `totals of a month by ${by}`,
      (snapshot: Snapshot) =>
        new TotalRepository().by(snapshot, by, { facilities: [FACILITY], ...CLOSED }, { order: 'key', limit: 1_000 }),
    ]),
  ),
  'positions of makers together': (snapshot) => new PositionRepository().ofMakers(snapshot, [FACILITY]),
  'positions of each maker': (snapshot) => new PositionRepository().byMaker(snapshot, [FACILITY], '', 101),
  'until when there are totals': (snapshot) => new TotalRepository().asOf(snapshot, [FACILITY]),
  payable: (snapshot, database) =>
    new PayoutRepository(database).payable(snapshot, { facilityId: FACILITY, upTo: CLOSED.to }, { limit: 100 }),
  'what does not come right': (snapshot) =>
    new ExceptionRepository().page(snapshot, { facilities: [FACILITY] }, undefined, 51),
  'which day to seal': ({ query }) => daysOfBooks(query),
  ...Object.fromEntries(
    (['trial-balance', 'facility-earnings', 'pnbp', 'premi', 'units', 'receivables', 'suspense'] as const).map(
      (name) => [`report ${name}`, report(name)],
    ),
  ),
};

/** Pages of tables and indexes that a reader touches. @param inTransaction of the kind that it reads in */
async function touched(
  database: Database,
  read: (typeof paths)[string],
  inTransaction: typeof inSnapshot = inSnapshot,
): Promise<number> {
  let pages = 0;
  await inTransaction(database, async (snapshot) => {
    const query: Snapshot['query'] = async (sql, parameters) => {
      if (!/^(SET|FETCH|CLOSE) /.test(sql)) {
        const [explained] = await snapshot.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
          parameters,
        );
        const plan = explained?.['QUERY PLAN'][0].Plan;
        pages += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
      }
      return snapshot.query(sql, parameters);
    };
    await read({ query }, { query } as unknown as Database);
  });
  return pages;
}

async function expectSameCost(of: (database: Database) => Promise<number>): Promise<void> {
  const costs: number[] = [];
  for (const { database } of books) costs.push(await of(database));
  const [small = 0, large = 0] = costs;
  expect(small).toBeGreaterThan(0);
  // A tree has another level; a sample of other rows leads to another plan. What grew with the books would cost eightfold.
  expect(large).toBeLessThanOrEqual(small * 3 + 40);
}

it.each(Object.keys(paths))('%s: costs in books of eight years what it costs in those of one', (name) => {
  return expectSameCost((database) => touched(database, paths[name] as (typeof paths)[string]));
});

it('comparing what was posted of late costs in books of eight years what it costs in those of one', () => {
  return expectSameCost(async (database) => {
    const [late] = await database.query<{ since: string }>(
      `SELECT recorded_at::text AS since FROM journal WHERE kind = 'settlement' ORDER BY recorded_at DESC OFFSET 100 LIMIT 1`,
    );
    return touched(
      database,
      (snapshot) => new BreakRepository().compare(snapshot, late?.since ?? null),
      (books, compare) => books.transaction(compare, REPEATED),
    );
  });
});
