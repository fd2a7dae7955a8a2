/** What reading, closing and posting cost when the books are large. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseUrl } from '../../deploy/local/postgres.ts';
import { SERVICES } from '../../deploy/local/services.ts';
import { lastDayOf } from '../../services/ledger/books/calendar/month.ts';
import { publicKeysIn } from '../../services/ledger/proof/seals/key-list.ts';
import { signedFetch } from '../kit/sign-in.ts';
import { facilityOf, fillBooks } from './books.ts';
import { median, quantiles } from './latency.ts';
import { draft, emptyBooks, postIn, timed } from './posting.bench.ts';
import { markdown } from './report.ts';
import { startSubject, THIS_CHECKOUT } from './subject.ts';

const FACILITIES = 700;
const MONTHS = 24;
const ASKED = 300;
/** Of what takes the whole country together. */
const ASKED_OF_ALL = 5;
const BATCHES = 30;
const SALES_PER_BATCH = 1_000;
const POSTING_INTERVAL_MS = 5;

/** As in a server that has run for a while: the computer has them in its memory, as far as it goes. */
const READ_ONCE = `
  CREATE EXTENSION IF NOT EXISTS pg_prewarm;
  SELECT pg_prewarm(oid, 'read') FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') ORDER BY pg_relation_size(oid)`;

interface Line {
  readonly what: string;
  readonly wanted: string;
  readonly p50: number;
  readonly p99: number;
}

/** Markdown. */
export async function measureBooks(entries: number, log: (line: string) => void): Promise<string> {
  const subject = await startSubject(THIS_CHECKOUT, log);
  const url = databaseUrl(subject.postgresUrl, 'ledger');
  const client = new pg.Client(url);
  await client.connect();
  try {
    await sealUntilYesterday(client, subject.addresses.ledger);
    for (const service of SERVICES) process.kill(subject.processes[service], 'SIGSTOP');
    for (const setting of ['autovacuum = off', "max_wal_size = '20GB'", 'full_page_writes = off']) {
      await client.query(`ALTER SYSTEM SET ${setting}`);
    }
    await client.query('SELECT pg_reload_conf()');
    const startedAt = Date.now();
    const lastMonth = new Date().toISOString().slice(0, 7);
    await fillBooks(client, { entries, facilities: FACILITIES, lastMonth, months: MONTHS }, log);
    const size = await client.query<{ size: string; entries: string }>(
      `SELECT pg_size_pretty(pg_database_size(current_database())) AS size, count(*) AS entries FROM entry`,
    );
    log(
      `  ${size.rows[0]?.entries} entries, ${size.rows[0]?.size}, in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
    );
    await client.query('CHECKPOINT'); // else what filled them is written out while they are read
    await client.query(READ_ONCE);
    process.kill(subject.processes.ledger, 'SIGCONT');
    const lines = await measureReading(client, subject.addresses.ledger, log);
    const posting = await measurePostingBeside(subject.postgresUrl, client, log);
    const hold = await measureClose(client, url, subject.addresses.ledger, log);
    return [
      `${Number(size.rows[0]?.entries).toLocaleString('en')} entries of ${MONTHS} months and ${FACILITIES} facilities, ${size.rows[0]?.size}; 2 months are open`,
      markdown([
        ['asked', 'wanted', 'p50 ms', 'p99 ms'],
        ...lines.map(({ what, wanted, p50, p99 }) => [what, wanted, p50.toFixed(1), p99.toFixed(1)]),
      ]),
      markdown([
        ['measured', 'wanted', 'figure'],
        ['posting, by its speed in empty books', '>= 0.9', posting.toFixed(2)],
        [
          `close of a month: posting waits, of ${hold.seconds.toFixed(0)} s that it takes`,
          '< 2 s',
          `${hold.longestWaitMs.toFixed(0)} ms`,
        ],
      ]),
    ].join('\n\n');
  } finally {
    await client.end();
    for (const service of SERVICES) process.kill(subject.processes[service], 'SIGCONT');
    await subject.stop();
  }
}

/** Else the ledger would seal years of days while it is measured. */
async function sealUntilYesterday(client: pg.Client, ledger: string): Promise<void> {
  const [key] = publicKeysIn(await (await signedFetch(`${ledger}/v1/audit/public-key`)).text());
  await client.query(
    `INSERT INTO seal (sealed_on, journals, root, public_key, signature)
     VALUES ((clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date - 1, 0, sha256(''), $1, 'none')`,
    [key],
  );
}

async function measureReading(client: pg.Client, ledger: string, log: (line: string) => void): Promise<Line[]> {
  const lines: Line[] = [];
  const measure = async (what: string, wanted: string, paths: readonly string[]): Promise<void> => {
    const times: number[] = [];
    for (const path of paths) {
      const startedAt = performance.now();
      const response = await signedFetch(`${ledger}/v1/${path}`);
      const text = await response.text();
      times.push(performance.now() - startedAt);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    }
    const { p50, p99 } = quantiles(times);
    log(`  ${what}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    lines.push({ what, wanted, p50, p99 });
  };
  const { rows: moved } = await client.query<{ code: string; version: string; day: string }>(
    `SELECT code, account_version AS version, posted_on::text AS day
       FROM entry TABLESAMPLE SYSTEM (0.5) JOIN account USING (account_id) ORDER BY random() LIMIT $1`,
    [ASKED],
  );
  const facilities = await client.query<{ id: string; month: string }>(
    `SELECT facility_id AS id, to_char(posted_on, 'YYYY-MM') AS month FROM journal TABLESAMPLE SYSTEM (0.5)
      ORDER BY random() LIMIT $1`,
    [ASKED],
  );
  const at = encodeURIComponent;
  const accounts = moved.map(({ code }) => `accounts/${at(code)}`);
  const months = facilities.rows.map(({ id, month }) => `facilityId=${id}&month=${month}`);
  await measure('warm-up', '', accounts);
  lines.length = 0;
  await measure('balance', 'p99 < 5', accounts);
  await measure(
    'balance as of an instant',
    'p99 < 5',
    moved.map(({ code, day }) => `accounts/${at(code)}?asOf=${day}T05:00:00Z`),
  );
  await measure(
    'statement of a month, first page',
    'p99 < 20',
    moved.map(({ code, day }) => {
      const month = day.slice(0, 7);
      return `accounts/${at(code)}/statement?from=${month}-01&to=${lastDayOf(month)}`;
    }),
  );
  await measure(
    'statement from any day, first page',
    'p99 < 20',
    moved.map(({ code, day }) => `accounts/${at(code)}/statement?from=${day}`),
  );
  await measure(
    'explanation of an entry',
    'p99 < 30',
    moved.map(({ code, version }) => `entries/${at(code)}/${version}/explanation`),
  );
  for (const report of ['trial-balance', 'facility-earnings', 'pnbp', 'premi', 'units', 'receivables', 'suspense']) {
    await measure(
      `report ${report} of a facility and month`,
      'p99 < 200',
      months.map((asked) => `reports/${report}?${asked}`),
    );
  }
  const closed = lastDayOf(new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 7));
  const ofAll = (path: string) => Array.from({ length: ASKED_OF_ALL }, () => path);
  await measure('trial balance of the country, now', '< 1000', ofAll('trial-balance'));
  await measure(
    'trial balance of the country, at the end of a closed month',
    '< 1000',
    ofAll(`trial-balance?on=${closed}`),
  );
  await measure(
    'trial balance of the country, on a day within a month',
    '',
    ofAll(`trial-balance?on=${closed.slice(0, 8)}15`),
  );
  await measure(
    'trial balance of the country, as of yesterday',
    '',
    ofAll(`trial-balance?asOf=${new Date(Date.now() - 86_400_000).toISOString()}`),
  );
  return lines;
}

/** Sales a second with these books, by sales a second with none, in turn. */
async function measurePostingBeside(
  postgresUrl: string,
  full: pg.Client,
  log: (line: string) => void,
): Promise<number> {
  const empty = await emptyBooks(postgresUrl, 'empty');
  try {
    await full.query('SET session_replication_role = origin; SET synchronous_commit = on; RESET work_mem');
    const day = new Date().toISOString().slice(0, 10);
    const facility = (at: number) => facilityOf(Math.floor(FACILITIES * ((at * 0.618034) % 1) ** 2));
    const times = { empty: [] as number[], full: [] as number[] };
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const journals = () =>
        Array.from({ length: SALES_PER_BATCH }, (_, sale) =>
          draft(1_000_000_000 + batch * SALES_PER_BATCH + sale, { facility, day }),
        );
      times.empty.push(await timed(empty, () => postIn(empty, journals())));
      times.full.push(await timed(full, () => postIn(full, journals())));
    }
    const settled = (values: number[]) => median(values.slice(5));
    log(
      `  posting ${SALES_PER_BATCH} sales: ${settled(times.empty).toFixed(0)} ms in empty books, ${settled(times.full).toFixed(0)} ms in these`,
    );
    return settled(times.empty) / settled(times.full);
  } finally {
    await empty.end();
  }
}

/** The longest that a posting waits while a month is closed. Asked for and verified by hand: that would take an hour. */
async function measureClose(client: pg.Client, url: string, ledger: string, log: (line: string) => void) {
  const { rows } = await client.query<{ month: string; id: string }>(
    `INSERT INTO period_decision (decision_id, month, action, reason, requested_by, checklist)
     SELECT gen_random_uuid(), to_char(first_open_day(), 'YYYY-MM'), 'close', 'bench', 'p1',
            json_build_object('verifiedAt', now(), 'unexplained', json_build_object('count', 0),
                              'unbalanced', json_build_object('count', 0))
     RETURNING month, decision_id AS id`,
  );
  const [decision] = rows;
  if (!decision) throw new Error('no month to close');
  const poster = new pg.Client(url);
  await poster.connect();
  let isDone = false;
  let longestWaitMs = 0;
  const posting = (async () => {
    const day = new Date().toISOString().slice(0, 10);
    for (let number = 2_000_000_000; !isDone; number += 1) {
      const journals = [draft(number, { facility: (at) => facilityOf(at % FACILITIES), day })];
      longestWaitMs = Math.max(longestWaitMs, await timed(poster, () => postIn(poster, journals)));
      await sleep(POSTING_INTERVAL_MS);
    }
  })();
  const startedAt = performance.now();
  const response = await signedFetch(`${ledger}/v1/periods/decisions/${decision.id}/approval`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': decision.id },
    body: JSON.stringify({ by: 'p2' }),
  });
  const seconds = (performance.now() - startedAt) / 1000;
  isDone = true;
  await posting;
  await poster.end();
  if (!response.ok) throw new Error(`${decision.month} is not closed: ${await response.text()}`);
  log(
    `  ${decision.month} closed in ${seconds.toFixed(1)} s, posting waited for at most ${longestWaitMs.toFixed(0)} ms`,
  );
  return { seconds, longestWaitMs };
}
