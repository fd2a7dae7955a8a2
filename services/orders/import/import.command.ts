import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'csv-stringify';
import { v7 as newRunId } from 'uuid';
import {
  askPatiently,
  type Cell,
  type Column,
  type Encoding,
  ImportStopped,
  openFile,
  openTable,
  safeCell,
  type Table,
  type TableFile,
  type TableRow,
  UnreadableTable,
} from '#libs/tables';
import { columns, type Fields, isSameCheckout, ORDER_ROWS_MAX, orderColumns, ownColumns } from './columns.ts';
import { ProgressLine } from './progress-line.ts';

const ROWS_AT_ONCE = 500;
const POLL_INTERVAL_MS = 1_000;
const KEY_COLUMNS = ['row', 'channel', 'order_ref', 'line_ref', 'type', 'refund_ref', 'reason', 'detail'] as const;
/** Whose money, if a channel has it, is in the books, and which become sales by themselves when what is missing comes. */
const AWAITED = ['unknown-sku', 'out-of-stock', 'no-agreement'];
const EXIT_AWAITED = 3;
/** So that the file can be corrected and imported. */
const CONTENT_COLUMNS = ['sku', 'quantity', 'unit_price', 'discount', 'ordered_at', 'store', 'fee_class'] as const;

interface ImportOptions {
  readonly address: string;
  /** The header that says who imports; asked for with each request, since a token does not live long. */
  readonly authorization: () => Promise<string>;
  readonly encoding?: Encoding;
}

/**
 * Imports a file of orders and refunds (docs/IMPORT.md): streams it to the orders service, waits until every row has its
 * final outcome, writes FILE.rejected.csv, and prints the summary as the last line, one line of JSON. Progress goes to
 * standard error. It can be stopped at any point and run again: rows that were taken are duplicates then.
 * @returns the exit code: 0 if every row has its final outcome, 3 if goods or agreements of some are missing
 */
export async function importOrders(
  path: string,
  { address, authorization, encoding = 'utf-8' }: ImportOptions,
): Promise<number> {
  const startedAt = performance.now();
  process.once('SIGINT', () => {
    console.error('\nStopped. The orders that were taken go on by themselves; run it again for the rest.');
    process.exit(130);
  });
  try {
    const run = new Run(address, authorization);
    const progress = new ProgressLine();
    await sendFile(path, encoding, run, progress);
    for (let open = await run.rowsOpen(); open > 0; open = await run.rowsOpen()) {
      progress.show({ rows: run.rowsSent, open, share: 1 });
      await sleep(POLL_INTERVAL_MS);
    }
    progress.show({ rows: run.rowsSent, open: 0, share: 1 });
    progress.end();

    const rejectedFile = `${path}.rejected.csv`;
    await pipeline(
      Readable.from(rejectedRows(run, (await openOrders(path, encoding)).table)),
      stringify({ header: true, columns: [...KEY_COLUMNS, ...CONTENT_COLUMNS, 'line'] }),
      createWriteStream(rejectedFile),
    );
    console.error(`Rows that were not accepted are in ${rejectedFile}`);
    const summary = await run.get<{ rows: { rejected: Record<string, number> } }>('/summary');
    console.log(JSON.stringify({ ...summary, seconds: Math.round(performance.now() - startedAt) / 1000 }));
    const awaited = Object.entries(summary.rows.rejected).filter(([reason]) => AWAITED.includes(reason));
    for (const [reason, rows] of awaited) console.error(`Not credited yet, ${reason}: ${rows} rows`);
    return awaited.length === 0 ? 0 : EXIT_AWAITED;
  } catch (error) {
    if (!(error instanceof ImportStopped || error instanceof UnreadableTable)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
}

async function openOrders(path: string, encoding: Encoding): Promise<{ file: TableFile; table: Table }> {
  const file = await openFile(path, encoding);
  const table = await openTable(file.records, { ...orderColumns, ...notRead });
  if (table.headerFaults.length > 0) {
    const told = (language: 'id' | 'en') => table.headerFaults.map(({ message }) => message[language]).join(', ');
    throw new ImportStopped(`Judul kolom salah: ${told('id')}. / The header is not right: ${told('en')}.`);
  }
  return { file, table };
}

const notRead = Object.fromEntries(
  ownColumns.map((name): [string, Column] => [
    name,
    {
      read: (cell) => ({ value: String(cell) }),
      isOptional: true,
      isText: true,
      description: { id: '', en: '' },
      example: '',
    },
  ]),
);

/** In parts: an order comes in one piece, unless it has so many rows that it is refused whatever they say. */
async function sendFile(path: string, encoding: Encoding, run: Run, progress: ProgressLine): Promise<void> {
  const { file, table } = await openOrders(path, encoding);
  if (file.sheet() !== undefined) console.error(`Reading the sheet “${file.sheet()}”`);
  let shownAt = 0;
  let part: Fields[] = [];
  let rowsOfOrder = 0;
  let last: Fields | undefined;
  for await (const row of table.rows) {
    const fields = fieldsOf(row);
    rowsOfOrder = last && isSameCheckout(last, fields) ? rowsOfOrder + 1 : 1;
    last = fields;
    if (part.length >= ROWS_AT_ONCE && (rowsOfOrder === 1 || rowsOfOrder > ORDER_ROWS_MAX + 1)) {
      await run.send(part);
      part = [];
      if (performance.now() - shownAt > POLL_INTERVAL_MS) {
        progress.show({ rows: run.rowsSent, open: await run.rowsOpen(), share: file.share() });
        shownAt = performance.now();
      }
    }
    part.push(fields);
  }
  await run.send(part);
  for (const { line, as } of table.passedOver)
    console.error(`Row ${line} was passed over: it is the ${as} of a template`);
}

/** A cell too many tells the service that the row is not as wide as the header. */
function fieldsOf({ cells, fault }: TableRow): Fields {
  return [...columns.map((column) => cells[column] ?? ''), ...(fault ? [''] : [])];
}

/** Both in the order of the file, which is read once more for what the service does not keep. */
async function* rejectedRows(run: Run, { rows }: Table): AsyncGenerator<(Cell | undefined)[]> {
  const file = rows[Symbol.asyncIterator]();
  for await (const { row, channel, orderRef, lineRef, type, refundRef, reason, detail } of run.rejections()) {
    let read = await file.next();
    while (!read.done && read.value.number < row) read = await file.next();
    const { cells, line }: Partial<TableRow> = read.value ?? {};
    const key = [row, channel, orderRef, lineRef, type, refundRef, reason, detail];
    yield [...key, ...CONTENT_COLUMNS.map((column) => cells?.[column]), line].map(safeCell);
  }
  await file.return?.();
}

/** One run of the import at the orders service. */
class Run {
  rowsSent = 0;
  readonly #url: string;
  readonly #authorization: ImportOptions['authorization'];

  constructor(address: string, authorization: ImportOptions['authorization']) {
    this.#authorization = authorization;
    this.#url = new URL(`/v1/imports/${newRunId()}`, address).href;
  }

  /** The service knows rows by their numbers, so what may have come already is sent again without harm. */
  async send(rows: readonly Fields[]): Promise<void> {
    const body = JSON.stringify({ firstRow: this.rowsSent + 1, rows });
    await this.#request('/rows', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    this.rowsSent += rows.length;
  }

  async rowsOpen(): Promise<number> {
    return (await this.get<{ rowsOpen: number }>('')).rowsOpen;
  }

  async *rejections(): AsyncGenerator<RejectionsPage['items'][number]> {
    for (let query: string | undefined = ''; query !== undefined; ) {
      const page: RejectionsPage = await this.get(`/rejections${query}`);
      yield* page.items;
      query = page.nextCursor && `?cursor=${page.nextCursor}`;
    }
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.#request(path, {}) as Promise<Answer>;
  }

  #request(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<unknown> {
    return askPatiently('The orders service', `${this.#url}${path}`, this.#authorization, init);
  }
}

interface RejectionsPage {
  readonly items: readonly {
    row: number;
    channel: string;
    orderRef: string;
    lineRef: string;
    type: string;
    refundRef: string;
    reason: string;
    detail: string;
  }[];
  readonly nextCursor?: string;
}
