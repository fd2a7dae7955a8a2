/** Books of years, written into the tables by the database itself: good to read, but with hashes that prove nothing. */
import type pg from 'pg';
import { lastDayOf, monthAfter } from '../../services/ledger/books/calendar/month.ts';
import { ACCOUNT_BOOK, CLOSING_BALANCES } from '../../services/ledger/proof/verification/derived-tables.repository.ts';
import { shareSale, soldLines } from '../../services/ledger/sales/sales/sale.ts';
import { id1990 } from '../../services/ledger/sharing/agreements/id-1990.ts';

const MAKERS_PER_FACILITY = 40;
const CHANNELS = ['blanja', 'pasar', 'toko'];
const PRICES = 30;
const DAYS_OF_SALES = 21;

export interface BooksWanted {
  readonly entries: number;
  readonly facilities: number;
  /** `YYYY-MM`: of which nothing is settled. It is open, as is the one before it. */
  readonly lastMonth: string;
  readonly months: number;
}

/** Facility `number`. */
export const facilityOf = (number: number): string => `F${String(number).padStart(3, '0')}`;

/**
 * Fills the empty tables of the ledger, as a superuser: sales of some facilities more than of others, by the shares that
 * the code gives, settled and released five days later. All months are closed but the last two.
 */
export async function fillBooks(client: pg.Client, wanted: BooksWanted, log: (line: string) => void): Promise<void> {
  await client.query(`
    SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '1GB'; SET jit = off;
    SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2; SET timezone = 'UTC'; SELECT setseed(0.5)`);
  const entriesASale = await writeTemplates(client);
  await openAccounts(client, wanted.facilities);
  const restore = await withoutIndexes(client, ['journal', 'entry', 'sale', 'sale_line']);
  const sales = Math.ceil(wanted.entries / wanted.months / entriesASale);
  let month = monthsBefore(wanted.lastMonth, wanted.months - 1);
  for (let number = 0; number < wanted.months; number += 1, month = monthAfter(month)) {
    const isSettled = month !== wanted.lastMonth;
    await writeMonth(client, { month, first: number * sales, sales, isSettled, facilities: wanted.facilities });
    log(`  ${month}: ${(number + 1) * sales} sales`);
  }
  await restore(log);
  for (let closed = monthsBefore(wanted.lastMonth, wanted.months - 1); closed < monthsBefore(wanted.lastMonth, 1); ) {
    await client.query(
      `INSERT INTO period_decision (decision_id, month, action, reason, checklist, requested_by, approved_by, approved_at)
       VALUES (gen_random_uuid(), $1, 'close', 'bench', '{"unexplained": {"count": 0}, "unbalanced": {"count": 0}}',
               'p1', 'p2', $2::date + 5)`,
      [closed, lastDayOf(closed)],
    );
    closed = monthAfter(closed);
  }
  await client.query(`INSERT INTO closing_balance (account_id, closed_on, facility_id, balance, all_until, none_after)
                      SELECT account_id, closed_on, facility_id, held, until, after FROM ${CLOSING_BALANCES} AS closing`);
  await client.query(`INSERT INTO account_book (facility_id, account_id, code, owner, purpose, class)
                      SELECT facility_id, account_id, code, owner, purpose, class FROM ${ACCOUNT_BOOK} AS book`);
  await client.query('INSERT INTO feed_position SELECT facility_id, number, now() FROM chain_head'); // the feed is at its end
  await client.query(`
    INSERT INTO sales_total SELECT sums.* FROM feed_position CROSS JOIN LATERAL
           sales_of_journals(ARRAY[facility_id], ARRAY[0]::bigint[], ARRAY[number]) AS sums`); // its totals too
  await client.query('DROP TABLE bench_kind, bench_entry, bench_sale, bench_journal');
  for (const table of [
    'journal',
    'entry',
    'sale',
    'sale_line',
    'account',
    'account_book',
    'closing_balance',
    'chain_head',
    'period_decision',
    'sales_total',
  ]) {
    await client.query(`VACUUM (ANALYZE) ${table}`);
  }
  log('  closed, indexed, analysed');
}

function monthsBefore(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}

const MAKERS = ['MAKER-1', 'MAKER-2', 'MAKER-3'];

/**
 * Sales as they may be, with words in the place of ids; their settlement and release.
 * @returns entries of one sale, its settlement and its release, on average
 */
async function writeTemplates(client: pg.Client): Promise<number> {
  const kinds: {
    k: number;
    kind: number;
    source: object;
    credits: object | null;
    price: number;
    fees: number;
    entries: number;
  }[] = [];
  const entries: {
    k: number;
    kind: number;
    position: number;
    code: string;
    amount: number;
    line: string | null;
    step: string | null;
  }[] = [];
  for (let k = 0; k < PRICES * CHANNELS.length; k += 1) {
    const channel = CHANNELS[k % CHANNELS.length] as string;
    const price = 50_000 + ((k * 7_919) % 250_000);
    const fees = Math.floor(price / 20);
    const contributions = MAKERS.slice(0, 1 + (k % 3)).map((makerId, index) => ({
      makerId,
      weight: String(index + 1),
    }));
    const portions = [{ lotId: 'LOT', quantity: 1, unitCost: 10_000, measure: 'hours' as const, contributions }];
    const line = {
      lineRef: '1',
      sku: 'batik-tulis',
      quantity: 1,
      unitPrice: price,
      discount: 0,
      fees,
      shipping: 0,
      tax: 0,
    };
    const sale = {
      ...{
        saleId: 'ORDER@FACILITY',
        orderId: 'ORDER',
        channel,
        orderRef: 'REF',
        facilityId: 'FACILITY',
        placedAt: 'PLACED',
      },
      lines: [{ ...line, portions }],
    };
    const agreements = new Map([['1', id1990]]);
    const shared = shareSale(sale, agreements, '2026-01-05');
    const [{ credits } = { credits: [] }] = soldLines(sale, shared, { journalId: '', agreements });
    const ids = { saleId: sale.saleId, orderId: sale.orderId, facilityId: 'FACILITY' };
    const variance = k % 10 === 0 ? 750 : 0;
    const moved: Record<number, { account: string; amount: number; lineRef?: string | null; step?: string | null }[]> =
      {
        0: [...shared.entries],
        1: [
          { account: 'bank:bri@FACILITY', amount: price - fees - variance },
          { account: `channel:${channel}:fees@FACILITY`, amount: fees },
          ...(variance ? [{ account: `channel:${channel}:variance@FACILITY`, amount: variance }] : []),
          { account: `channel:${channel}:receivable@FACILITY`, amount: -price },
        ],
        2: shared.entries
          .filter(({ account }) => account.endsWith('-pending'))
          .flatMap((entry) => [
            { ...entry, amount: -entry.amount },
            { ...entry, account: entry.account.replace(/-pending$/, '') },
          ]),
      };
    const settlement = {
      settlementId: 'ORDER~S1',
      ...ids,
      channel,
      fee: fees + variance,
      shipping: 0,
      withheldTax: 0,
      bank: 'bri',
      settledAt: 'PLACED',
    };
    const sources = [sale, settlement, { saleId: ids.saleId, facilityId: 'FACILITY', settlementId: 'ORDER~S1' }];
    for (const [kind, source] of sources.entries()) {
      kinds.push({
        k,
        kind,
        source,
        credits: kind === 0 ? credits : null,
        price,
        fees,
        entries: moved[kind]?.length ?? 0,
      });
      for (const [position, { account, amount, lineRef, step }] of (moved[kind] ?? []).entries()) {
        entries.push({ k, kind, position, code: account, amount, line: lineRef ?? null, step: step ?? null });
      }
    }
  }
  await client.query(`
    CREATE UNLOGGED TABLE bench_kind (k int, kind int, source text, credits text, price bigint, fees bigint, entries int);
    CREATE UNLOGGED TABLE bench_entry (k int, kind int, position int, code text, amount bigint, line text, step text)`);
  await client.query(
    'INSERT INTO bench_kind SELECT * FROM json_to_recordset($1) AS row (k int, kind int, source text, credits text, price bigint, fees bigint, entries int)',
    [
      JSON.stringify(
        kinds.map(({ source, credits, ...row }) => ({
          ...row,
          source: JSON.stringify(source),
          credits: credits && JSON.stringify(credits),
        })),
      ),
    ],
  );
  await client.query(
    'INSERT INTO bench_entry SELECT * FROM json_to_recordset($1) AS row (k int, kind int, position int, code text, amount bigint, line text, step text)',
    [JSON.stringify(entries)],
  );
  await client.query('ANALYZE bench_kind; ANALYZE bench_entry');
  return entries.length / (PRICES * CHANNELS.length);
}

/** The words of a template become ids; of `sold`, a row of bench_sale. */
const inIts = (text: string) =>
  `replace(replace(replace(replace(replace(${text}, 'FACILITY', sold.facility), 'MAKER-1', sold.m1), 'MAKER-2', sold.m2), 'MAKER-3', sold.m3), 'ORDER', sold.order_id)`;

async function openAccounts(client: pg.Client, facilities: number): Promise<void> {
  await client.query(`
    INSERT INTO account (code, class, owner, purpose, facility_id)
    SELECT DISTINCT ON (code) code,
           CASE WHEN purpose IN ('receivable', 'bank') THEN 'asset' ELSE 'liability' END, owner, purpose,
           CASE WHEN starts_with(owner, 'maker:') THEN NULL ELSE facility END
      FROM (SELECT 'F' || lpad(number::text, 3, '0') AS facility FROM generate_series(0, ${facilities - 1}) AS number) AS facilities
     CROSS JOIN (SELECT DISTINCT code AS pattern FROM bench_entry WHERE code !~ '^maker:MAKER-[23]') AS patterns
     CROSS JOIN generate_series(0, CASE WHEN starts_with(pattern, 'maker:MAKER-1:') THEN ${MAKERS_PER_FACILITY - 1} ELSE 0 END) AS maker
     CROSS JOIN LATERAL (SELECT regexp_replace(replace(pattern, 'FACILITY', facility), 'MAKER-.',
                                               'M-' || facility || '-' || lpad(maker::text, 2, '0')) AS code) AS coded
     CROSS JOIN LATERAL (
       SELECT CASE WHEN code ~ '^(maker|facility):' THEN split_part(code, ':', 1) || ':' || split_part(code, ':', 2)
                   WHEN code ~ '^bank:' THEN split_part(code, '@', 1)
                   WHEN code ~ '^channel:' THEN split_part(code, ':', 1) || ':' || split_part(code, ':', 2)
                   ELSE split_part(split_part(code, '@', 1), ':', 1) END AS owner,
              CASE WHEN code ~ '^(maker|facility|channel):' THEN split_part(split_part(code, '@', 1), ':', 3)
                   WHEN code ~ '^bank:' THEN 'bank'
                   ELSE split_part(split_part(code, '@', 1), ':', 2) END AS purpose) AS parts;
    ANALYZE account`);
}

/** @returns puts them back */
async function withoutIndexes(client: pg.Client, tables: readonly string[]) {
  const { rows: constraints } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE conrelid::regclass::text = ANY ($1) AND contype IN ('p', 'u')`,
    [tables],
  );
  for (const { table, name } of constraints) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    'SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = ANY ($1)',
    [tables],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  return async (log: (line: string) => void) => {
    for (const { definition } of indexes) await client.query(definition);
    for (const { table, name, definition } of constraints) {
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
    }
    log(`  ${indexes.length + constraints.length} indexes`);
  };
}

interface Month extends Pick<BooksWanted, 'facilities'> {
  readonly month: string;
  /** Number of its first sale. */
  readonly first: number;
  readonly sales: number;
  readonly isSettled: boolean;
}

async function writeMonth(client: pg.Client, { month, first, sales, isSettled, facilities }: Month): Promise<void> {
  await client.query(`
    DROP TABLE IF EXISTS bench_sale, bench_journal;
    CREATE UNLOGGED TABLE bench_sale AS
    SELECT number, k, facility, 'M-' || facility || '-' || lpad((number * 7 % 13)::text, 2, '0') AS m1,
           'M-' || facility || '-' || lpad((13 + number * 11 % 13)::text, 2, '0') AS m2,
           'M-' || facility || '-' || lpad((26 + number * 5 % 14)::text, 2, '0') AS m3,
           channel || '/' || number AS order_id, number::text AS order_ref, placed_at, gen_random_uuid() AS correlation
      FROM (SELECT number, number % ${PRICES * CHANNELS.length} AS k,
                   'F' || lpad(floor(${facilities} * power(random(), 2))::text, 3, '0') AS facility,
                   (ARRAY['${CHANNELS.join("','")}'])[1 + number % ${CHANNELS.length}] AS channel,
                   date_trunc('milliseconds', '${month}-01T00:00:00+07'::timestamptz
                     + (number - ${first} + 0.5) * interval '${DAYS_OF_SALES} days' / ${sales}) AS placed_at
              FROM generate_series(${first}, ${first + sales - 1}) AS number) AS drawn;
    CREATE UNLOGGED TABLE bench_journal AS
    SELECT uuidv7(recorded_at - now()) AS journal_id, number, kind, facility, recorded_at, posted_on,
           coalesce((SELECT number FROM chain_head WHERE facility_id = facility), 0)
             + row_number() OVER (PARTITION BY facility ORDER BY recorded_at, number, kind) AS chain_number
      FROM (SELECT number, kind, facility, placed_at + CASE kind WHEN 0 THEN interval '1 s' ELSE interval '5 days' END AS recorded_at,
                   ((placed_at + CASE kind WHEN 0 THEN interval '0' ELSE interval '5 days' END)
                     AT TIME ZONE 'Asia/Jakarta')::date AS posted_on
              FROM bench_sale, generate_series(0, ${isSettled ? 2 : 0}) AS kind) AS happened
     ORDER BY recorded_at, number, kind;
    ANALYZE bench_sale; ANALYZE bench_journal;

    INSERT INTO journal (journal_id, source_event_id, correlation_id, occurred_at, recorded_at, posted_on, agreement_id,
                         agreement_version, entries, chain_number, hash, kind, facility_id, source_reference, source)
    SELECT journal_id, gen_random_uuid(), correlation, recorded_at - interval '1 s', recorded_at, posted_on,
           CASE kind WHEN 0 THEN '${id1990.id}' END, CASE kind WHEN 0 THEN ${id1990.version} END, entries, chain_number,
           sha256(uuid_send(journal_id)), (ARRAY['sale', 'settlement', 'release'])[kind + 1], facility,
           order_id || CASE kind WHEN 1 THEN '~S1' ELSE '@' || facility END,
           replace(replace(${inIts('source')}, 'PLACED', to_char(placed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), 'REF', order_ref)::json
      FROM bench_journal JOIN bench_sale AS sold USING (number, facility) JOIN bench_kind USING (k, kind)
     ORDER BY recorded_at, number, kind;

    WITH written AS (
      INSERT INTO entry (account_id, account_version, journal_id, amount, running_balance, posted_on, facility_id, line_ref, step)
      SELECT account_id, version + row_number() OVER running, journal_id, amount, balance + sum(amount) OVER running, posted_on,
             facility, line, step
        FROM (SELECT bench_journal.*, position, amount, line, step, ${inIts('code')} AS code
                FROM bench_journal JOIN bench_sale AS sold USING (number, facility) JOIN bench_entry USING (k, kind)) AS moved
        JOIN account USING (code)
      WINDOW running AS (PARTITION BY account_id ORDER BY recorded_at, number, kind, position)
       ORDER BY recorded_at, number, kind, position
      RETURNING account_id, account_version, running_balance
    )
    UPDATE account SET balance = running_balance, version = account_version, last_recorded_at = '${month}-28T00:00:00+07'
      FROM (SELECT DISTINCT ON (account_id) * FROM written ORDER BY account_id, account_version DESC) AS last
     WHERE account.account_id = last.account_id;

    INSERT INTO sale (sale_id, facility_id, channel, journal_id, receivable, fees, shipping, release_at, released_by)
    SELECT order_id || '@' || sold.facility, sold.facility, split_part(order_id, '/', 1), sale.journal_id,
           ${isSettled ? '0, 0' : 'price, -fees'}, 0, NULL, release.journal_id
      FROM bench_sale AS sold JOIN bench_kind USING (k) JOIN bench_journal AS sale USING (number)
      LEFT JOIN bench_journal AS release ON release.number = sold.number AND release.kind = 2
     WHERE bench_kind.kind = 0 AND sale.kind = 0;
    INSERT INTO sale_line (sale_id, facility_id, line_ref, journal_id, price, units, credits, shared_by, shared_by_version)
    SELECT order_id || '@' || sold.facility, sold.facility, '1', sale.journal_id, price, 1, ${inIts('credits')}::jsonb, '${id1990.id}', ${id1990.version}
      FROM bench_sale AS sold JOIN bench_kind USING (k) JOIN bench_journal AS sale USING (number)
     WHERE bench_kind.kind = 0 AND sale.kind = 0;

    INSERT INTO chain_head (facility_id, number, hash, recorded_at)
    SELECT DISTINCT ON (facility) facility, chain_number, sha256(uuid_send(journal_id)), recorded_at FROM bench_journal
     ORDER BY facility, chain_number DESC
    ON CONFLICT (facility_id) DO UPDATE
      SET number = excluded.number, hash = excluded.hash, recorded_at = excluded.recorded_at`);
}
