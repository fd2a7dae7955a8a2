import type { Transaction } from '#libs/database';
import { readInParts } from '../../../../libs/database/cursor.ts';
import type { Head } from '../../books/chain/hash-chain.ts';
import { merkleRoot } from '../../books/chain/merkle-tree.ts';
import { type JournalKind, kindOf } from '../../books/journals/kind.ts';
import type { SaleLine } from '../../sales/sales/sale.ts';
import { SALE_LINE, SALE_LINES } from '../../sales/sales/sale-line.columns.ts';
import type { ApprovedAgreement } from '../../sharing/agreements/in-force.ts';
import { keptFaults } from '../seals/kept.repository.ts';
import { keysOfBooks } from '../seals/key-list.repository.ts';
import { keyOfDay, trustedIn } from '../seals/key-list.ts';
import { type Block, blocksOf, leavesOf, sealsAfter } from '../seals/seal.repository.ts';
import { dayAfter, type Seal } from '../seals/seal.ts';
import { causeFaults } from './causes.repository.ts';
import { derivedTableFaults } from './derived-tables.repository.ts';
import { lawFaults } from './laws.repository.ts';
import { nothingOutside, type Outside } from './outside.ts';
import { rowChangeFaults } from './row-changes.repository.ts';
import { JOURNALS_PER_READ, journalsAfter, refundsOfSales } from './stored-journal.repository.ts';
import {
  type AccountEntry,
  accountFaults,
  type ChainEnd,
  entryFaults,
  type Fault,
  floorFaults,
  headFaults,
  journalFaults,
  keyFaults,
  mergeFaults,
  obligationFaults,
  type Running,
  type SaleHistory,
  type StoredAccount,
  type StoredAccumulatorEntry,
  type StoredJournal,
  saleFaults,
  sealFaults,
  startOfChain,
} from './verification.ts';
import type { Checked } from './verification-report.ts';

type Query = Transaction['query'];

const ROWS_PER_READ = 5_000;

/**
 * Checks all books as they are at this moment, within the caller's transaction (REPEATABLE READ), while others post:
 * chains, sums, explanations, balances, laws, seals, in this order. Memory does not grow with the books.
 * @param checked is kept up to date
 * @param outside whose signatures count, and what was signed before
 * @returns the faults as they are found; none: the books are sound
 */
export async function* verifyBooks(
  query: Query,
  checked: Checked,
  outside: Outside = nothingOutside,
): AsyncGenerator<Fault> {
  yield* chains(query, checked);
  yield* accounts(query, checked);
  yield* accumulators(query);
  yield* strays(query, checked);
  yield* derivedTableFaults(query);
  yield* lawFaults(query);
  yield* rowChangeFaults(query);
  yield* seals(query, checked, outside);
}

async function* chains(query: Query, checked: Checked): AsyncGenerator<Fault> {
  const heads = new Map(
    (
      await query<Head & { facilityId: string }>(
        `SELECT facility_id AS "facilityId", number, encode(hash, 'hex') AS hash FROM chain_head`,
      )
    ).map(({ facilityId, ...head }) => [facilityId, head]),
  );
  const approved = await query<ApprovedAgreement>(
    `SELECT definition AS agreement, scope_level AS "scopeLevel", scope_id AS "scopeId",
            effective_from AS "effectiveFrom", effective_until AS "effectiveUntil"
       FROM agreement WHERE status <> 'draft'`,
  );

  let facilityId: string | undefined;
  let end: ChainEnd = startOfChain;
  const endOfChain = function* (): Generator<Fault> {
    if (facilityId === undefined) return;
    yield* headFaults(facilityId, end, heads.get(facilityId));
    heads.delete(facilityId);
  };
  for (;;) {
    const journals = await journalsAfter(query, facilityId, end.number);
    for (const journal of journals) {
      if (journal.facilityId !== facilityId) {
        yield* endOfChain();
        facilityId = journal.facilityId;
        end = startOfChain;
      }
      yield* journalFaults(journal, end);
      end = journal;
      checked.entries += journal.entries.length;
    }
    for (const history of await historiesOf(query, journals)) {
      yield* saleFaults(history, approved);
      checked.explained += 1 + history.refunds.length;
      checked.saleLines += history.lines.length;
    }
    const of = (kind: JournalKind) => journals.filter((journal) => kindOf(journal) === kind);
    const [obligations, floors, merges] = [of('obligation'), of('floor-top-up'), of('merge')];
    const remembered = await accumulatorEntriesOf(query, [...obligations, ...floors, ...merges]);
    for (const floor of floors) yield* floorFaults(floor, approved, remembered.get(floor.journalId) ?? []);
    for (const merge of merges) yield* mergeFaults(merge, remembered.get(merge.journalId) ?? []);
    for (const obligation of obligations) {
      yield* obligationFaults(obligation, remembered.get(obligation.journalId) ?? []);
    }
    yield* causeFaults(query, journals, checked);
    checked.journals += journals.length;
    if (journals.length < JOURNALS_PER_READ) break;
  }
  yield* endOfChain();
  for (const [facility, head] of heads) {
    if (head.number > 0) yield* headFaults(facility, startOfChain, head);
  }
}

/** The sales among these journals, with their refunds and lines. */
async function historiesOf(query: Query, journals: readonly StoredJournal[]): Promise<SaleHistory[]> {
  const sales = journals.filter(({ kind }) => kind === 'sale');
  const refunds = await refundsOfSales(
    query,
    sales.map(({ journalId }) => journalId),
  );
  const lines = await query<SaleLine>(`SELECT ${SALE_LINE} FROM ${SALE_LINES} WHERE sale_id = ANY ($1)`, [
    sales.map(({ sourceReference }) => sourceReference),
  ]);
  const remembered = await accumulatorEntriesOf(query, [...sales, ...refunds]);
  const refundsOf = Map.groupBy(refunds, ({ reverses }) => reverses);
  const linesOf = Map.groupBy(lines, ({ saleId }) => saleId);
  return sales.map((sale) => {
    const refunds = refundsOf.get(sale.journalId) ?? [];
    return {
      sale,
      refunds,
      lines: linesOf.get(sale.sourceReference) ?? [],
      remembered: [sale, ...refunds].flatMap(({ journalId }) => remembered.get(journalId) ?? []),
    };
  });
}

/** By journal. */
async function accumulatorEntriesOf(
  query: Query,
  journals: readonly StoredJournal[],
): Promise<Map<string, StoredAccumulatorEntry[]>> {
  const remembering = journals.filter(({ memory }) => memory).map(({ journalId }) => journalId);
  if (remembering.length === 0) return new Map();
  const entries = await query<StoredAccumulatorEntry>(
    `SELECT key, version, journal_id AS "journalId", input_change AS "inputChange", taken_change AS "takenChange", input,
            taken
       FROM accumulator_entry WHERE journal_id = ANY ($1)`,
    [remembering],
  );
  return Map.groupBy(entries, ({ journalId }) => journalId);
}

/** The entries of each accumulator follow each other up to what it says; each is of a journal that remembers. */
async function* accumulators(query: Query): AsyncGenerator<Fault> {
  yield* await query<Fault>(
    `SELECT 'accumulator_entry' AS "table", key || ' ' || version AS row, 'does not follow from the one before it' AS says
       FROM (SELECT *, row_number() OVER entries AS number, lag(input, 1, 0::bigint) OVER entries AS input_before,
                    lag(taken, 1, 0::bigint) OVER entries AS taken_before
               FROM accumulator_entry WINDOW entries AS (PARTITION BY key ORDER BY version)) AS entry
      WHERE (version, input, taken) <> (number, input_before + input_change, taken_before + taken_change)
      ORDER BY key, version LIMIT 10`,
  );
  yield* await query<Fault>(
    `SELECT 'accumulator' AS "table", key AS row, 'is not what its entries sum to' AS says
       FROM accumulator
       FULL JOIN (SELECT DISTINCT ON (key) * FROM accumulator_entry ORDER BY key, version DESC) AS last USING (key)
      WHERE (accumulator.input, accumulator.taken, accumulator.version)
            IS DISTINCT FROM (coalesce(last.input, 0), coalesce(last.taken, 0), coalesce(last.version, 0))
      ORDER BY key LIMIT 10`,
  );
  yield* await query<Fault>(
    `SELECT 'accumulator_entry' AS "table", key || ' ' || version AS row, 'its journal remembers nothing' AS says
       FROM accumulator_entry LEFT JOIN journal_memory USING (journal_id)
      WHERE journal_memory.journal_id IS NULL ORDER BY key, version LIMIT 10`,
  );
  yield* await query<Fault>(
    `SELECT 'journal_memory' AS "table", journal_id::text AS row, 'its journal is not there' AS says
       FROM journal_memory LEFT JOIN journal USING (journal_id)
      WHERE journal.journal_id IS NULL ORDER BY journal_id LIMIT 10`,
  );
}

/** Accounts and entries, both by account: each account's entries follow each other up to its balance. */
async function* accounts(query: Query, checked: Checked): AsyncGenerator<Fault> {
  const entries = rowsOf<AccountEntry>(
    query,
    'entries',
    `SELECT account_id AS "accountId", account_version AS version, amount, running_balance AS "runningBalance"
       FROM entry ORDER BY account_id, account_version`,
  );
  let next = (await entries.next()).value as AccountEntry | undefined;
  const stored = rowsOf<StoredAccount>(
    query,
    'accounts',
    `SELECT account_id AS "accountId", code, class, owner, purpose, facility_id AS "facilityId", balance, version
       FROM account ORDER BY account_id`,
  );
  for await (const account of stored) {
    let running: Running = { version: 0, balance: 0 };
    for (
      ;
      next && next.accountId <= account.accountId;
      next = (await entries.next()).value as AccountEntry | undefined
    ) {
      if (next.accountId < account.accountId) continue; // `strays` names it
      yield* entryFaults(next, running);
      running = { version: next.version, balance: next.runningBalance };
    }
    yield* accountFaults(account, running);
    checked.accounts += 1;
  }
}

/** Rows that nothing above has come across, because what they belong to is not there. */
async function* strays(query: Query, checked: Checked): AsyncGenerator<Fault> {
  const [counted] = await query<{ entries: number; saleLines: number; refunds: number }>(
    `SELECT (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM sale_line) AS "saleLines",
            (SELECT count(*) FROM journal WHERE kind = 'refund') AS refunds`,
  );
  if (counted?.entries !== checked.entries) {
    yield* await query<Fault>(
      `SELECT 'entry' AS "table", account_id || ' ' || account_version AS row,
              'its journal ' || entry.journal_id || ' is not there' AS says
         FROM entry LEFT JOIN journal USING (journal_id) WHERE journal.journal_id IS NULL LIMIT 1`,
    );
  }
  yield* await query<Fault>(
    `SELECT 'entry' AS "table", account_id || ' ' || account_version AS row, 'its account is not there' AS says
       FROM entry LEFT JOIN account USING (account_id) WHERE account.account_id IS NULL LIMIT 1`,
  );
  if (counted?.saleLines !== checked.saleLines) {
    yield* await query<Fault>(
      `SELECT 'sale_line' AS "table", sale_id || ' ' || line_ref AS row, 'its sale is not there' AS says
         FROM sale_line LEFT JOIN journal ON kind = 'sale' AND source_reference = sale_id
        WHERE journal.journal_id IS NULL LIMIT 1`,
    );
  }
  yield* await query<Fault>(
    `SELECT 'journal' AS "table", refund.journal_id AS row, 'the sale that it reverses is not there' AS says
       FROM journal AS refund LEFT JOIN journal AS sale ON sale.journal_id = refund.reverses AND sale.kind = 'sale'
      WHERE refund.kind = 'refund' AND sale.journal_id IS NULL LIMIT 1`,
  );
}

async function* seals(query: Query, checked: Checked, { trusted, kept }: Outside): AsyncGenerator<Fault> {
  const keys = await keysOfBooks(query);
  yield* keyFaults(keys, [...trusted.keys()]);
  const vouchedFor = trustedIn(keys, [...trusted.keys()]);
  yield* keptFaults(query, kept, (key) => trusted.size === 0 || trusted.has(key) || vouchedFor.has(key));
  let before: Seal | undefined;
  for (;;) {
    const some = await sealsAfter(query, before?.date, ROWS_PER_READ);
    for (const seal of some) {
      yield* sealFaults(seal, before, before && dayAfter(before.date), keyOfDay(keys, seal.date));
      yield* dayFaults(query, seal);
      before = seal;
      checked.seals += 1;
    }
    if (some.length < ROWS_PER_READ) break;
  }
  yield* await query<Fault>(
    `SELECT 'journal' AS "table", journal_id AS row, 'is recorded before the first day that is sealed' AS says
       FROM journal
      WHERE recorded_at < (SELECT min(sealed_on)::timestamp AT TIME ZONE 'Asia/Jakarta' FROM seal)
      ORDER BY recorded_at LIMIT 1`,
  );
  yield* await query<Fault>(
    `SELECT 'seal_block' AS "table", sealed_on || ' ' || block AS row, 'its seal is not there' AS says
       FROM seal_block LEFT JOIN seal USING (sealed_on) WHERE seal.sealed_on IS NULL ORDER BY 2 LIMIT 1`,
  );
}

/** The journals of a day against its blocks, and these against its seal. */
async function* dayFaults(query: Query, seal: Seal): AsyncGenerator<Fault> {
  const fault = (says: string): Fault => ({ table: 'seal', row: seal.date, says });
  const roots: string[] = [];
  let journals = 0;
  for await (const leaves of leavesOf(query, seal.date)) {
    const blocks = blocksOf(leaves);
    const kept = await query<Block>(
      `SELECT facility_id AS "facilityId", chain_number AS number, encode(root, 'hex') AS root,
              encode(hashes, 'hex') AS hashes
         FROM seal_block WHERE sealed_on = $1 AND block BETWEEN $2 AND $3 ORDER BY block`,
      [seal.date, roots.length, roots.length + blocks.length - 1],
    );
    for (const [index, block] of blocks.entries()) {
      const row = `${seal.date} ${roots.length + index}`;
      const stored = kept[index];
      if (!stored) yield { table: 'seal_block', row, says: 'is missing' };
      else if (JSON.stringify(stored) !== JSON.stringify(block)) {
        yield { table: 'seal_block', row, says: 'is not what the journals of the day give' };
      }
    }
    roots.push(...blocks.map(({ root }) => root));
    journals += leaves.length;
  }
  if (journals !== seal.journals) yield fault(`is of ${seal.journals} journals, ${journals} are recorded on the day`);
  if (merkleRoot(roots) !== seal.root) yield fault('its root is not the root of the journals of the day');
  const [extra] = await query<{ block: number }>(
    'SELECT block FROM seal_block WHERE sealed_on = $1 AND block >= $2 LIMIT 1',
    [seal.date, roots.length],
  );
  if (extra) yield { table: 'seal_block', row: `${seal.date} ${extra.block}`, says: 'is not of the day' };
}

/** Rows of a query by a cursor of its own, one after another. */
async function* rowsOf<Row>(query: Query, name: string, sql: string): AsyncGenerator<Row> {
  for await (const rows of readInParts<Row>({ query }, { name, sql, rowsAtOnce: ROWS_PER_READ })) yield* rows;
}
