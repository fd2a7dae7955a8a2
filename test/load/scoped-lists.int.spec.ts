import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database, facilitiesInScope, type RowScope, rowAccess } from '#libs/database';
import { httpMigrations } from '#libs/http';
import { messagingMigrations } from '#libs/messaging';
import { LotRepository } from '../../services/catalogue/lots/lot.repository.ts';
import { MakerRepository } from '../../services/catalogue/makers/maker.repository.ts';
import { catalogueMigrations } from '../../services/catalogue/migrations/index.ts';
import { AccountRepository } from '../../services/ledger/books/accounts/account.repository.ts';
import { BalanceRepository } from '../../services/ledger/books/accounts/balance.repository.ts';
import { JournalRepository } from '../../services/ledger/books/journals/journal.repository.ts';
import type { Snapshot } from '../../services/ledger/books/snapshot.repository.ts';
import { AdjustmentRepository } from '../../services/ledger/decisions/adjustments/adjustment.repository.ts';
import { DepositRepository } from '../../services/ledger/decisions/deposits/deposit.repository.ts';
import { MakerEventRepository } from '../../services/ledger/decisions/maker-events/maker-event.repository.ts';
import { PayoutRepository } from '../../services/ledger/decisions/payouts/payout.repository.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { type EntryFilter, EntryListRepository } from '../../services/ledger/reports/entries/entry-list.repository.ts';
import { InboxRepository } from '../../services/ledger/reports/inbox/inbox.repository.ts';
import { ReportRepository } from '../../services/ledger/reports/reports/report.repository.ts';
import type { ReportName } from '../../services/ledger/reports/reports/reports.ts';
import { createDatabase, type TestDatabase } from '../kit/database.ts';
import { fillBooks } from './books.ts';

/*
 * Of 701 facilities, of which few sell most, each reads its own by index: the smallest, a region of small ones and the
 * largest. Row-level security is no condition that is looked at row by row.
 */

const FACILITIES = 701;
const ENTRIES = 200_000;
const DECISIONS = 40_000;
const MAKERS = 100_000;
const LIST_MS_MAX = 50;
/** So small that reading all of it is as well. */
const SMALL = ['agreement', 'facility', 'period_decision', 'seal'];

let ledger: { testDatabase: TestDatabase; database: Database };
let catalogue: { testDatabase: TestDatabase; database: Database };
let scopes: Record<string, RowScope>;

async function filled(migrations: Parameters<typeof Database.open>[1], fill: (client: pg.Client) => Promise<unknown>) {
  const testDatabase = await createDatabase();
  const database = await Database.open(testDatabase.url, [...messagingMigrations, ...httpMigrations, ...migrations]);
  const client = new pg.Client(testDatabase.url);
  await client.connect();
  await fill(client);
  await client.query('VACUUM (ANALYZE)');
  await client.end();
  return { testDatabase, database };
}

/** SQL: any of the facilities, the first far more often than the last. */
const FACILITY = `'F' || lpad(floor(${FACILITIES} * power(random(), 3))::text, 3, '0')`;

const decisions = `
  INSERT INTO payout (payout_id, facility_id, bank, up_to, status, created_by, correlation_id)
  SELECT uuidv7(), ${FACILITY}, 'bri', '2026-01-31', 'proposed', 'p1', uuidv7() FROM generate_series(1, ${DECISIONS});
  INSERT INTO payout_item (payout_id, facility_id, item_id, account, amount, status)
  SELECT payout_id, facility_id, uuidv7(), 'maker:M1:wages', 1, 'proposed' FROM payout;
  INSERT INTO deposit (deposit_id, facility_id, bank, amount, billing_code, created_by)
  SELECT uuidv7(), ${FACILITY}, 'bri', 1, number, 'p1' FROM generate_series(1, ${DECISIONS}) AS number;
  INSERT INTO adjustment (adjustment_id, type, facility_id, occurred_at, reason, content, created_by)
  SELECT uuidv7(), 'adjustment', ${FACILITY}, now(), 'x', '{"entries": []}', 'p1' FROM generate_series(1, ${DECISIONS});
  INSERT INTO maker_event (event_id, maker_id, type, facility_id, occurred_at, reason, content, created_by)
  SELECT uuidv7(), 'M' || number, 'freeze', ${FACILITY}, now(), 'x', '{}', 'p1' FROM generate_series(1, ${DECISIONS}) AS number`;

const catalogueRows = `
  INSERT INTO facility SELECT 'F' || lpad(number::text, 3, '0'), 'Lapas', 'lapas', 'I', 'Bali', 'Asia/Makassar'
    FROM generate_series(0, ${FACILITIES - 1}) AS number;
  INSERT INTO maker SELECT 'M' || number, ${FACILITY} FROM generate_series(1, ${MAKERS}) AS number;
  INSERT INTO product SELECT 'S-' || facility_id, facility_id, 'craft', 'x', 'x', 1 FROM facility;
  INSERT INTO lot SELECT 'L' || number, 'S-' || facility, facility, 10, 0, 1, '2026-01-01', 'hours'
    FROM (SELECT number, ${FACILITY} AS facility FROM generate_series(1, ${MAKERS}) AS number) AS made;
  INSERT INTO contribution (lot_id, facility_id, maker_id, value) SELECT lot_id, facility_id, 'M' || substr(lot_id, 2), 1 FROM lot`;

beforeAll(async () => {
  ledger = await filled(ledgerMigrations, async (client) => {
    await fillBooks(client, { entries: ENTRIES, facilities: FACILITIES, lastMonth: '2026-11', months: 3 }, () => {});
    await client.query(decisions);
    await client.query(
      `INSERT INTO maker_seat SELECT DISTINCT substr(owner, 7), facility_id FROM account_book WHERE owner LIKE 'maker:%'`,
    );
    const { rows } = await client.query<{ id: string }>(
      'SELECT facility_id AS id FROM journal GROUP BY facility_id ORDER BY count(*), facility_id',
    );
    const ids = rows.map(({ id }) => id);
    scopes = {
      'the smallest facility': { facilities: ids.slice(0, 1) },
      'fifteen small ones': { facilities: ids.slice(1, 16) },
      'the largest': { facilities: ids.slice(-1) },
    };
  });
  catalogue = await filled(catalogueMigrations, (client) => client.query(catalogueRows));
}, 240_000);
afterAll(async () => {
  for (const { testDatabase, database } of [ledger, catalogue]) {
    await database.onApplicationShutdown();
    await testDatabase.drop();
  }
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

function wholeReads(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(wholeReads)].filter((table) => !SMALL.includes(table));
}

/** What a reader asks under a scope: tables that were read whole, and the time of execution in all. */
async function measured(
  database: Database,
  scope: RowScope,
  read: (reader: Database, snapshot: Snapshot) => Promise<unknown>,
) {
  return rowAccess.run({ scope }, () =>
    database.transaction(async (transaction) => {
      const found = { whole: [] as string[], ms: 0 };
      const query: Snapshot['query'] = async (sql, parameters) => {
        if (!/^(SET|FETCH|CLOSE) /.test(sql)) {
          const [explained] = await transaction.query<{ 'QUERY PLAN': [{ Plan: Plan; 'Execution Time': number }] }>(
            `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
            parameters,
          );
          const [{ Plan: plan, 'Execution Time': ms }] = (explained as NonNullable<typeof explained>)['QUERY PLAN'];
          found.whole.push(...wholeReads(plan));
          found.ms += ms;
        }
        return transaction.query(sql, parameters);
      };
      await read({ query } as unknown as Database, { query });
      return found;
    }),
  );
}

const page = { after: undefined, limit: 101 };
const lists: Record<string, (reader: Database) => Promise<unknown[]>> = {
  accounts: (reader) => new AccountRepository(reader).list({ after: '', limit: 101 }),
  journals: (reader) => new JournalRepository(reader, new BalanceRepository()).list({ limit: 101 }),
  'journals of a page behind': (reader) =>
    new JournalRepository(reader, new BalanceRepository()).list({
      position: { facilityId: 'F', number: 50 },
      limit: 101,
    }),
  'journals of an order': async (reader) => {
    const journals = new JournalRepository(reader, new BalanceRepository());
    const [sale] = await journals.list({ kinds: ['sale'], limit: 1 });
    return journals.list({ orderId: sale?.sourceReference.split('@')[0], limit: 101 });
  },
  ...Object.fromEntries(
    Object.entries<Partial<EntryFilter>>({
      entries: {},
      'entries of a month': { from: '2026-10-01', to: '2026-10-31' },
      'entries of makers': { ownerKind: 'maker' },
    }).map(([name, filter]) => [
      name,
      async (reader: Database) => {
        const facilities = facilitiesInScope() ?? [];
        return new EntryListRepository(reader).page(reader, { facilities, ...filter }, { order: 'asc', limit: 51 });
      },
    ]),
  ),
  payouts: (reader) => new PayoutRepository(reader).list(page),
  deposits: (reader) => new DepositRepository(reader).list(page),
  adjustments: (reader) => new AdjustmentRepository().list(reader, page),
  'maker events': (reader) => new MakerEventRepository().list(reader, page),
  'all that is decided': (reader) => new InboxRepository(reader).list({ mine: null }, undefined, 101),
};
const catalogueLists: typeof lists = {
  lots: (reader) => new LotRepository(reader).list({ order: 'id' }, undefined, 101),
  makers: (reader) => new MakerRepository(reader).list(undefined, '', 101),
};

describe.each(['the smallest facility', 'fifteen small ones', 'the largest'])('for %s', (who) => {
  it.each([...Object.keys(lists), ...Object.keys(catalogueLists)])(
    'the list of %s is read by index, in time',
    async (name) => {
      const [of, list] = name in lists ? [ledger, lists[name]] : [catalogue, catalogueLists[name]];
      let rows: unknown[] = [];
      const runs: Awaited<ReturnType<typeof measured>>[] = [];
      const best = () => Math.min(...runs.map(({ ms }) => ms)); // neighbours may have taken some
      while (runs.length < 3 || (best() > LIST_MS_MAX && runs.length < 12)) {
        runs.push(
          await measured(of.database, scopes[who] as RowScope, async (reader) => {
            rows = (await list?.(reader)) ?? [];
          }),
        );
      }
      expect(rows.length).toBeGreaterThan(0);
      expect(runs.flatMap(({ whole }) => whole)).toEqual([]);
      expect(best()).toBeLessThanOrEqual(LIST_MS_MAX);
    },
  );

  it('the entries of a page of journals are read by index', async () => {
    const journals = new JournalRepository(ledger.database, new BalanceRepository());
    const found = await rowAccess.run({ scope: scopes[who] as RowScope }, () => journals.list({ limit: 101 }));
    const { whole } = await measured(ledger.database, scopes[who] as RowScope, (reader) =>
      new JournalRepository(reader, new BalanceRepository()).entriesOf(found.map(({ journalId }) => journalId)),
    );
    expect(whole).toEqual([]);
  });

  it.each<ReportName>(['trial-balance', 'facility-earnings', 'pnbp', 'units', 'receivables'])(
    'the report %s reads nothing whole',
    async (name) => {
      const { whole } = await measured(ledger.database, scopes[who] as RowScope, async (_, snapshot) => {
        const days = { facilityId: undefined, from: '2026-10-01', to: '2026-10-31' };
        for await (const row of new ReportRepository().rows(snapshot, name, days)) expect(row).toBeDefined();
      });
      expect(whole).toEqual([]);
    },
  );

  it('the sums of a list of entries read nothing whole', async () => {
    const { whole } = await measured(ledger.database, scopes[who] as RowScope, (reader) =>
      new EntryListRepository(reader).sums(reader, { facilities: facilitiesInScope() ?? [] }, 5_001),
    );
    expect(whole).toEqual([]);
  });

  it('the trial balance reads nothing whole', async () => {
    const { whole } = await measured(ledger.database, scopes[who] as RowScope, (reader) =>
      new AccountRepository(reader).trialBalance({}),
    );
    expect(whole).toEqual([]);
  });
});
