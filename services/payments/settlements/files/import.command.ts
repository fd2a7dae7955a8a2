import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import {
  askPatiently,
  type Cell,
  type Encoding,
  ImportStopped,
  inBothLanguages,
  safeCell,
  UnreadableTable,
} from '#libs/tables';
import { type ControlTotal, isBroken, type ReportedRow, readSettlementFile } from './settlement-file.ts';

const ROWS_AT_ONCE = 500;
const REPORT_COLUMNS = ['sheet', 'line', 'outcome', 'order', 'amount', 'column', 'code', 'detail'];

interface ImportOptions {
  readonly address: string;
  /** The header that says who imports; asked for with each request, since a token does not live long. */
  readonly authorization: () => Promise<string>;
  readonly channel: string;
  /** Of the channel, whose what is of no order is; undefined: the rows say it. */
  readonly store: string | undefined;
  /** The bank; undefined: the rows say it. */
  readonly withdrawnTo: string | undefined;
  readonly dryRun: boolean;
  readonly encoding: Encoding;
}

/**
 * Imports a channel's settlement report (docs/SETTLEMENT.md): reads it to its end, and if it is what it says it is, sends
 * its rows to payments. FILE.report.csv has every row that did not settle its order, with what became of it; the last
 * line on standard output is the summary, one line of JSON. What was taken before is told to be a duplicate, so it can be
 * stopped and run again.
 * @returns the exit code: 0 if every row is taken now or was before
 */
export async function importSettlements(path: string, options: ImportOptions): Promise<number> {
  const startedAt = performance.now();
  try {
    const totals = await survey(path, options);
    const counts: Record<string, number> = {};
    const money = { paidOut: 0 };
    await pipeline(
      Readable.from(reportedRows(path, options, totals, counts, money)),
      stringify({ header: true, columns: REPORT_COLUMNS }),
      createWriteStream(`${path}.report.csv`),
    );
    console.error(`Rows that settled nothing, and why, are in ${path}.report.csv`);
    if (options.dryRun) console.error('Dry run: nothing was taken.');
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    console.log(JSON.stringify({ dryRun: options.dryRun, rows: counts, ...money, totals, seconds }));
    const { taken = 0, duplicate = 0, skipped = 0, read = 0, ...others } = counts;
    return Object.keys(others).length === 0 &&
      totals.length === 0 &&
      (options.dryRun || taken + duplicate === read - skipped)
      ? 0
      : 1;
  } catch (error) {
    if (!(error instanceof ImportStopped || error instanceof UnreadableTable)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
}

/** @returns what it says that it holds and does not. @throws ImportStopped if that makes all of it doubtful */
async function survey(path: string, { encoding }: ImportOptions): Promise<ControlTotal[]> {
  const totals: ControlTotal[] = [];
  for await (const item of readSettlementFile(path, encoding)) {
    if (item.is === 'unknown-column') console.error(`Column “${item.column}” is not known: it counts as a fee.`);
    if (item.is === 'control') totals.push(item.total);
  }
  for (const { of, said, found } of totals) {
    const what = of === 'summary' ? 'summary' : 'total row';
    console.error(`Its ${what} says ${said}, and its rows come to ${found}.`);
  }
  if (totals.some(isBroken)) {
    throw new ImportStopped(
      'Berkas tidak memuat apa yang disebutnya; tidak ada yang diambil. / The file is not what it says: nothing is taken.',
    );
  }
  return totals;
}

type ReportRow = (Cell | undefined)[];

async function* reportedRows(
  path: string,
  options: ImportOptions,
  totals: readonly ControlTotal[],
  counts: Record<string, number>,
  money: { paidOut: number },
): AsyncGenerator<ReportRow> {
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const [incomplete] = totals;
  let rest: object = incomplete ? { incomplete: { ...incomplete, of: undefined, name: basename(path) } } : {};
  let batch: ReportedRow[] = [];
  async function* send(): AsyncGenerator<ReportRow> {
    const outcomes = options.dryRun ? batch.map(() => 'read') : await take(options, batch, rest);
    rest = {};
    for (const [index, outcome] of outcomes.entries()) {
      const { sheet, line, orderRef, paidOut, type } = batch[index] as ReportedRow;
      if (!options.dryRun) count(outcome);
      if (outcome === 'taken' && type !== 'withdrawal') money.paidOut += paidOut;
      if (outcome !== 'taken' && outcome !== 'read') {
        yield [sheet, line, outcome, orderRef ?? undefined, paidOut].map(safeCell);
      }
    }
    batch = [];
  }
  for await (const item of readSettlementFile(path, options.encoding)) {
    if (item.is === 'skipped') {
      count('read');
      count('skipped');
    } else if (item.is === 'refused') {
      count('read');
      count('refused');
      const { sheet, line, faults } = item.refused;
      for (const { column, code, message } of faults) {
        yield [sheet, line, 'refused', undefined, undefined, column, code, inBothLanguages(message)].map(safeCell);
      }
    } else if (item.is === 'row') {
      count('read');
      batch.push(item.row);
      if (batch.length === ROWS_AT_ONCE) yield* send();
    }
  }
  yield* send();
}

/** What became of each of these rows. */
async function take(
  { address, authorization, channel, store, withdrawnTo }: ImportOptions,
  rows: readonly ReportedRow[],
  more: object,
): Promise<string[]> {
  const { href } = new URL('/v1/settlement-files/rows', address);
  const body = JSON.stringify({ channel, store, withdrawnTo, rows: rows.map(withoutPlace), ...more });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  return (await askPatiently<{ outcomes: string[] }>('Payments', href, authorization, init)).outcomes;
}

/** A field that is null is one that is not there. */
function withoutPlace({ sheet: _, line: __, ...row }: ReportedRow): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
