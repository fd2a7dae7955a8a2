import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { v7 as newRunId } from 'uuid';
import { columns, type Fields, isSameCheckout } from './columns.ts';
import { ProgressLine } from './progress-line.ts';

const ROWS_AT_ONCE = 500;
const POLL_INTERVAL_MS = 1_000;
/** A service that restarts is back long before. */
const ATTEMPTS_MAX = 30;
const REJECTED_COLUMNS = ['row', 'channel', 'order_ref', 'line_ref', 'type', 'refund_ref', 'reason', 'detail'];

/** What makes it pointless to go on, in words for the person at the keyboard. */
class ImportStopped extends Error {}

/**
 * Imports a file of orders and refunds (import.md): streams it to the orders service, waits until every row has its
 * final outcome, writes FILE.rejected.csv, and prints the summary as the last line, one line of JSON. Progress goes to
 * standard error. It can be stopped at any point and run again: rows that were taken are duplicates then.
 * @returns the exit code: 0 if every accepted row has its final outcome
 */
export async function importOrders(file: string, { address }: { address: string }): Promise<number> {
  const startedAt = performance.now();
  process.once('SIGINT', () => {
    console.error('\nStopped. The orders that were taken go on by themselves; run it again for the rest.');
    process.exit(130);
  });
  try {
    const run = new Run(address);
    const progress = new ProgressLine();
    await sendFile(file, run, progress);
    for (let open = await run.rowsOpen(); open > 0; open = await run.rowsOpen()) {
      progress.show({ rows: run.rowsSent, open, share: 1 });
      await sleep(POLL_INTERVAL_MS);
    }
    progress.show({ rows: run.rowsSent, open: 0, share: 1 });
    progress.end();

    const rejectedFile = `${file}.rejected.csv`;
    await pipeline(
      Readable.from(run.rejections()),
      stringify({ header: true, columns: REJECTED_COLUMNS }),
      createWriteStream(rejectedFile),
    );
    console.error(`Rows that were not accepted are in ${rejectedFile}`);
    const summary = await run.get<object>('/summary');
    console.log(JSON.stringify({ ...summary, seconds: Math.round(performance.now() - startedAt) / 1000 }));
    return 0;
  } catch (error) {
    if (!(error instanceof ImportStopped)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
}

async function sendFile(file: string, run: Run, progress: ProgressLine): Promise<void> {
  const { size } = await stat(file);
  const source = createReadStream(file);
  let shownAt = 0;
  let part: Fields[] = [];
  for await (const row of rowsOf(source)) {
    const last = part.at(-1);
    if (part.length >= ROWS_AT_ONCE && last && !isSameCheckout(last, row)) {
      await run.send(part);
      part = [];
      if (performance.now() - shownAt > POLL_INTERVAL_MS) {
        progress.show({ rows: run.rowsSent, open: await run.rowsOpen(), share: source.bytesRead / size });
        shownAt = performance.now();
      }
    }
    part.push(row);
  }
  await run.send(part);
}

/** The data rows of a CSV file in the order of `columns`, read as they are asked for. */
async function* rowsOf(source: AsyncIterable<Buffer>): AsyncGenerator<Fields> {
  const parser = parse({ relax_column_count: true, skip_empty_lines: true });
  pipeline(textsOf(source), parser).catch(() => {}); // the iteration below throws it
  let header: string[] | undefined;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (header) yield inOrder(record, header);
      else header = checkedHeader(record);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ImportStopped(`The file cannot be read as CSV: ${error.message}`);
    throw error;
  }
  if (!header) throw new ImportStopped('The file is empty: not even a header.');
}

async function* textsOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of source) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new ImportStopped('The file is not UTF-8.') : error;
  }
}

function checkedHeader(header: string[]): string[] {
  const faults = [
    ...columns.filter((column) => !header.includes(column)).map((column) => `column ${column} is missing`),
    ...header
      .filter((column) => !(columns as readonly string[]).includes(column))
      .map((column) => `column "${column}" is unknown`),
    ...header
      .filter((column, index) => header.indexOf(column) !== index)
      .map((column) => `column ${column} comes twice`),
  ];
  if (faults.length > 0) throw new ImportStopped(`The header is not right: ${faults.join(', ')}.`);
  return header;
}

function inOrder(record: readonly string[], header: readonly string[]): Fields {
  return [...columns.map((column) => record[header.indexOf(column)] ?? null), ...record.slice(header.length)];
}

/** One run of the import at the orders service. */
class Run {
  rowsSent = 0;
  readonly #url: string;

  constructor(address: string) {
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

  async *rejections(): AsyncGenerator<unknown[]> {
    for (let query: string | undefined = ''; query !== undefined; ) {
      const page: RejectionsPage = await this.get(`/rejections${query}`);
      for (const { row, channel, orderRef, lineRef, type, refundRef, reason, detail } of page.items) {
        yield [row, channel, orderRef, lineRef, type, refundRef, reason, detail];
      }
      query = page.nextCursor && `?cursor=${page.nextCursor}`;
    }
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.#request(path, {}) as Promise<Answer>;
  }

  async #request(path: string, init: RequestInit): Promise<unknown> {
    let problem = '';
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      if (attempt > 1) await sleep(POLL_INTERVAL_MS);
      try {
        const response = await fetch(`${this.#url}${path}`, init);
        if (response.ok) return await response.json();
        problem = await response.text();
        if (response.status < 500) break;
      } catch (error) {
        problem = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
      }
    }
    throw new ImportStopped(`The orders service does not take it (${this.#url}${path}): ${problem}`);
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
