/** How fast the ledger posts, against the fastest way there is to put the same rows into the same tables. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { v7 } from 'uuid';
import type { Transaction } from '#libs/database';
import { migrate } from '../../libs/database/migrate.ts';
import { messagingMigrations } from '../../libs/messaging/migration.ts';
import '../../libs/database/types.ts'; // bigint as number
import { embeddedPostgres } from '../../deploy/local/embedded.ts';
import { databaseUrl, ensureDatabase } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { holdRules } from '../../services/ledger/books/calendar/rules-lock.repository.ts';
import { lockHeads } from '../../services/ledger/books/chain/chain-head.repository.ts';
import type { Journal } from '../../services/ledger/books/journals/journal.ts';
import { postJournals } from '../../services/ledger/books/journals/posting.repository.ts';
import { Books } from '../../services/ledger/books/open-books.repository.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { shareSale } from '../../services/ledger/sales/sales/sale.ts';
import { id1990 } from '../../services/ledger/sharing/agreements/id-1990.ts';
import { transactionOver } from '../kit/database.ts';

const BATCHES = 100;
const SALES_PER_BATCH = 1_000;
const FACILITIES = 5;
const MAKERS_PER_FACILITY = 40;

export interface PostingSpeed {
  /** Time of COPY by time of posting. */
  ratio: number;
  salesPerSecond: number;
}

/**
 * Both get the same batches, in turn, one transaction each, on one connection, durably. Posting is measured from drafted
 * journals, COPY from rows that are written out already and without the trigger that checks the balance; so the ratio
 * is, if anything, too low.
 */
export async function measurePosting(log: (line: string) => void): Promise<PostingSpeed> {
  const postgres = await embeddedPostgres({ directory: temporaryDirectory(), log });
  try {
    const posted = await emptyBooks(postgres.url, 'posted');
    const copied = await emptyBooks(postgres.url, 'copied');
    await posted.query('SET ROLE posted_service'); // as the ledger posts; a superuser passes by row-level security
    await copied.query('ALTER TABLE entry DISABLE TRIGGER USER');

    let postMs = 0;
    let copyMs = 0;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const journals = Array.from({ length: SALES_PER_BATCH }, (_, sale) => draft(batch * SALES_PER_BATCH + sale));
      postMs += await timed(posted, () => postIn(posted, journals));
      const rows = await writtenRows(posted, journals);
      copyMs += await timed(copied, async () => {
        await copyInto(copied, 'journal', rows.journal);
        await copyInto(copied, 'entry', rows.entry);
      });
      if (batch % 20 === 19)
        log(`posting: ${batch + 1} of ${BATCHES} batches, ${(copyMs / postMs).toFixed(2)} of COPY`);
    }
    await posted.end();
    await copied.end();
    return { ratio: copyMs / postMs, salesPerSecond: (1000 * BATCHES * SALES_PER_BATCH) / postMs };
  } finally {
    await postgres.stop();
  }
}

export async function emptyBooks(url: string, database: string): Promise<pg.Client> {
  await ensureDatabase(url, database);
  await migrate(databaseUrl(url, database), [...messagingMigrations, ...ledgerMigrations], 'postgres');
  const client = new pg.Client(databaseUrl(url, database));
  await client.connect();
  return client;
}

/** A sale of one line from one lot, of one to three makers: five to seven entries. */
export function draft(
  number: number,
  { facility = (at: number) => `F${at % FACILITIES}`, day = '2026-01-05' } = {},
): Journal {
  const facilityId = facility(number);
  const contributions = Array.from({ length: 1 + (number % 3) }, (_, index) => ({
    makerId: `${facilityId}-M${(number * 13 + index * 17) % MAKERS_PER_FACILITY}`,
    weight: '7.5',
  }));
  const orderId = `blanja/${1_000_000 + number}`;
  const sale = {
    saleId: `${orderId}@${facilityId}`,
    orderId,
    channel: 'blanja',
    orderRef: String(1_000_000 + number),
    facilityId,
    placedAt: `${day}T03:04:05Z`,
    lines: [
      {
        lineRef: '1',
        sku: 'batik-tulis',
        quantity: 1,
        unitPrice: 50_000 + ((number * 7919) % 100_000),
        discount: 0,
        fees: 0,
        shipping: 0,
        tax: 0,
        portions: [{ lotId: 'lot-1', quantity: 1, unitCost: 10_000, measure: 'hours' as const, contributions }],
      },
    ],
  };
  const { postedOn, entries } = shareSale(sale, new Map([['1', id1990]]), day);
  return {
    journalId: v7(),
    facilityId,
    kind: 'sale',
    postedOn,
    occurredAt: sale.placedAt,
    sourceEventId: v7(),
    sourceReference: sale.saleId,
    reverses: null,
    agreement: id1990,
    correlationId: v7(),
    source: sale,
    entries,
  };
}

/** As if no month were closed. */
export async function postIn(client: pg.Client, journals: readonly Journal[]): Promise<void> {
  const query = queryOf(client);
  await holdRules({ query });
  const heads = await lockHeads(
    query,
    journals.map(({ facilityId }) => facilityId),
  );
  await postJournals(new Books(transactionOver(query), heads, null), journals);
}

const queryOf =
  (client: pg.Client): Transaction['query'] =>
  async (sql, parameters) =>
    (await client.query(sql, parameters)).rows;

export async function timed(client: pg.Client, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
  return performance.now() - startedAt;
}

/** The rows that a batch became, as COPY takes them, in the order in which they lie in the tables. */
async function writtenRows(
  client: pg.Client,
  journals: readonly Journal[],
): Promise<{ journal: string; entry: string }> {
  const ids = journals.map(({ journalId }) => journalId);
  const rowsOf = async (table: string): Promise<string> => {
    const { rows } = await client.query({
      text: `SELECT ${table}::text FROM ${table} WHERE journal_id = ANY ($1) ORDER BY ctid`,
      values: [ids],
      rowMode: 'array',
    });
    // A row as text is, in parentheses, the list of fields that COPY reads as CSV, but for its doubled backslashes.
    return rows.map(([row]) => `${row.slice(1, -1).replaceAll('\\\\', '\\')}\n`).join('');
  };
  return { journal: await rowsOf('journal'), entry: await rowsOf('entry') };
}

function copyInto(client: pg.Client, table: string, rows: string): Promise<void> {
  return pipeline(Readable.from([rows]), client.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT csv)`)));
}
