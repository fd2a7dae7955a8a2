/** How soon people are told of an order, and of what does not come right, when there are a million orders. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseUrl } from '../../deploy/local/postgres.ts';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { signedFetch } from '../kit/sign-in.ts';
import { checkoutOf, loadCatalogue, Marketplace } from './goods.ts';
import { quantiles } from './latency.ts';
import { markdown } from './report.ts';
import { reportOf } from './settlements.bench.ts';
import { queryOnce } from './sql.ts';
import { type Subject, startSubject, THIS_CHECKOUT } from './subject.ts';
import { Timeline } from './timeline.ts';

/** Orders that the services have worked on themselves; all others are copies of them under other references. */
const REAL = 1_000;
/** Of these, and so of all copies of it, the channel has not paid: an exception each. */
const UNSETTLED = 1;
const PLACED_DAYS_AGO = 20;
const ASKED = 300;
const LOOK_INTERVAL_MS = 500;
const WANTED = 'p99 < 50';

/** Markdown. */
export async function measureOrders(orders: number, log: (line: string) => void): Promise<string> {
  const subject = await startSubject(THIS_CHECKOUT, log);
  const copies = Math.max(1, Math.round(orders / REAL) - 1);
  try {
    await sellAndSettle(subject);
    for (const service of SERVICES) process.kill(subject.processes[service], 'SIGSTOP');
    try {
      await copyOrders(databaseUrl(subject.postgresUrl, 'orders'), copies);
      await copySales(databaseUrl(subject.postgresUrl, 'ledger'), copies);
    } finally {
      for (const service of SERVICES) process.kill(subject.processes[service], 'SIGCONT');
    }
    const count = async (service: Service, what: string): Promise<string> => {
      const [row] = await queryOnce<{ count: string }>(
        databaseUrl(subject.postgresUrl, service),
        `SELECT count(*) FROM ${what}`,
      );
      return Number(row?.count).toLocaleString('en');
    };
    const size = `${await count('orders', 'order_process')} orders, ${await count('orders', 'order_step')} steps`;
    log(`  ${size}`);
    const lines = await asked(subject, copies, log);
    const open = await count('ledger', 'sale WHERE receivable <> 0 OR released_by IS NULL');
    return [
      `${size}; ${open} of their sales are exceptions`,
      markdown([['asked', 'wanted', 'p50 ms', 'p99 ms'], ...lines]),
    ].join('\n\n');
  } finally {
    await subject.stop();
  }
}

async function sellAndSettle(subject: Subject): Promise<void> {
  const timeline = new Timeline(subject);
  const marketplace = new Marketplace(subject);
  try {
    await timeline.connect();
    await loadCatalogue(subject.addresses.catalogue);
    await marketplace.publish(REAL, new Date(Date.now() - PLACED_DAYS_AGO * 86_400_000));
    while ((await timeline.credited()) < REAL) await sleep(LOOK_INTERVAL_MS);
  } finally {
    await marketplace.close();
    await timeline.close();
  }
  const response = await signedFetch(`${subject.addresses.payments}/v1/settlement-files`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ channel: 'blanja', name: 'report.csv', csv: reportOf(UNSETTLED, REAL) }),
  });
  if (!response.ok) throw new Error(`payments refused the report: ${await response.text()}`);
  const isOpen = async (): Promise<boolean> => {
    const [row] = await queryOnce<{ open: string }>(
      databaseUrl(subject.postgresUrl, 'ledger'),
      'SELECT count(*) AS open FROM sale WHERE released_by IS NULL',
    );
    return Number(row?.open) > UNSETTLED;
  };
  while (await isOpen()) await sleep(LOOK_INTERVAL_MS);
}

const ORDER_ID = `order_id || '-' || copy`;

function copyOrders(url: string, copies: number): Promise<void> {
  return withoutTriggers(url, async (client) => {
    for (const table of ['order_process', '"order"', 'reservation', 'posting', 'settlement', 'order_step', 'sale']) {
      const ids = { order_id: ORDER_ID, settlement_id: `replace(settlement_id, '~', '-' || copy || '~')` };
      await copyRows(client, table, copies, ids);
    }
  });
}

/** Sales as far as exceptions look at them: without their entries, and told to nobody. */
function copySales(url: string, copies: number): Promise<void> {
  return withoutTriggers(url, async (client) => {
    const copied = (column: string): string => `md5(${column}::text || copy)::uuid`;
    await client.query(
      'CREATE TEMPORARY TABLE until AS SELECT facility_id, max(chain_number) AS number FROM journal GROUP BY 1',
    );
    await copyRows(
      client,
      'journal',
      copies,
      {
        journal_id: copied('journal_id'),
        source_event_id: copied('source_event_id'),
        source_reference: `replace(source_reference, '@', '-' || copy || '@')`,
        chain_number: `chain_number + copy * (SELECT number FROM until WHERE until.facility_id = original.facility_id)`,
      },
      `kind = 'sale'`,
    );
    const ids = { sale_id: `replace(sale_id, '@', '-' || copy || '@')`, journal_id: copied('journal_id') };
    await copyRows(client, 'sale', copies, ids);
    const last = '(SELECT max(chain_number) FROM journal WHERE journal.facility_id = head.facility_id)';
    await client.query(`UPDATE chain_head AS head SET number = ${last}`);
    await client.query(`UPDATE feed_position AS head SET number = ${last}`);
  });
}

async function withoutTriggers(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica; SET synchronous_commit = off');
    await work(client);
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}

/** @param changed SQL of columns that a copy has of its own, of the row and the number of its `copy` */
async function copyRows(
  client: pg.Client,
  table: string,
  copies: number,
  changed: Readonly<Record<string, string>>,
  condition = 'true',
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  await client.query(
    `INSERT INTO ${table} (${names})
     SELECT ${names.map((name) => changed[name] ?? name)}
       FROM (SELECT * FROM ${table} WHERE ${condition}) AS original CROSS JOIN generate_series(1, ${copies}) AS copy`,
  );
}

async function asked(subject: Subject, copies: number, log: (line: string) => void): Promise<string[][]> {
  const some = Array.from({ length: ASKED }, (_, index) => {
    const { data } = checkoutOf((index * 7_919) % REAL);
    return `orders/${data.channel}/${data.orderRef}-${1 + ((index * 104_729) % copies)}`;
  });
  const each = (path: string): string[] => Array.from({ length: ASKED }, () => path);
  const lines: string[][] = [];
  const measure = async (what: string, service: 'orders' | 'ledger', paths: readonly string[]): Promise<void> => {
    const times: number[] = [];
    for (const path of paths) {
      const startedAt = performance.now();
      const response = await signedFetch(`${subject.addresses[service]}/v1/${path}`);
      const text = await response.text();
      times.push(performance.now() - startedAt);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    }
    const { p50, p99 } = quantiles(times);
    log(`  ${what}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    lines.push([what, WANTED, p50.toFixed(1), p99.toFixed(1)]);
  };
  await measure('warm-up', 'orders', some);
  await measure('warm-up', 'ledger', each('exceptions?limit=50'));
  lines.length = 0;
  await measure(
    'timeline of an order',
    'orders',
    some.map((path) => `${path}/timeline`),
  );
  await measure('an order', 'orders', some);
  await measure('exceptions, first page', 'ledger', each('exceptions?limit=50'));
  await measure('exceptions of one kind', 'ledger', each('exceptions?kind=unsettled&limit=50'));
  await measure('exceptions of a facility', 'ledger', each('exceptions?facilityId=F0&limit=50'));
  return lines;
}
