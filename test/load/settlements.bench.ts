/** A channel's settlement report of many rows: how long until all of it is in the books, in how much memory, and once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseUrl } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { commandToken } from '../kit/sign-in.ts';
import { checkoutOf, loadCatalogue, Marketplace } from './goods.ts';
import { residentMiB } from './memory.ts';
import { markdown } from './report.ts';
import { queryOnce } from './sql.ts';
import { startSubject, THIS_CHECKOUT } from './subject.ts';
import { Timeline } from './timeline.ts';

const PUBLISH_BATCH = 1_000;
const LOOK_INTERVAL_MS = 500;
/** Memory that grows with the file is larger in each than in the one before. */
const PARTS = 3;
/** As their index has them. */
const OPEN_SALES = 'sale WHERE receivable <> 0 OR released_by IS NULL';
const WORKING = ['payments', 'orders', 'ledger'] as const;
type Part = 'command' | (typeof WORKING)[number];
type Memory = Readonly<Record<Part, number>>;

interface Imported {
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** In MiB, one look after the other. */
  readonly memory: readonly Memory[];
}

/** Markdown: rows a second until they are in the books, memory meanwhile, and what comes of importing them again. */
export async function measureSettlements(rows: number, log: (line: string) => void): Promise<string> {
  const subject = await startSubject(THIS_CHECKOUT, log);
  const timeline = new Timeline(subject);
  const marketplace = new Marketplace(subject);
  const ledger = databaseUrl(subject.postgresUrl, 'ledger');
  const directory = temporaryDirectory();

  const count = async (what: string): Promise<number> => {
    const [row] = await queryOnce<{ count: string }>(ledger, `SELECT count(*) FROM ${what}`);
    return Number(row?.count);
  };
  const memoryWith = (command: number): Memory => ({
    command: residentMiB(command),
    payments: residentMiB(subject.processes.payments),
    orders: residentMiB(subject.processes.orders),
    ledger: residentMiB(subject.processes.ledger),
  });
  /** Until all of it is in the books: every sale is settled and released. */
  const imported = async (path: string): Promise<Imported> => {
    const startedAt = performance.now();
    const command = spawn(
      process.execPath,
      ['--conditions=source', 'deploy/local/import.ts', 'settlements', path, '--channel', 'blanja'],
      {
        cwd: THIS_CHECKOUT,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, PAYMENTS_ADDRESS: subject.addresses.payments, ...(await commandToken()) },
      },
    );
    let said = '';
    command.stdout.on('data', (text) => {
      said += text;
    });
    const ended = once(command, 'exit');
    const memory: Memory[] = [];
    const isRunning = (): boolean => command.exitCode === null && command.signalCode === null;
    while (isRunning() || (command.exitCode === 0 && (await count(OPEN_SALES)) > 0)) {
      memory.push(memoryWith(command.pid ?? 0));
      await sleep(LOOK_INTERVAL_MS);
    }
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`the import ended with ${signal ?? code}: ${said}`);
    const { rows: counts } = JSON.parse(said.trimEnd().split('\n').at(-1) ?? '') as Pick<Imported, 'rows'>;
    return { rows: counts, seconds: (performance.now() - startedAt) / 1000, memory };
  };
  const fileOf = (from: number, to: number): string => {
    const path = join(directory, `${from}-${to}.csv`);
    writeFileSync(path, reportOf(from, to));
    return path;
  };

  try {
    await timeline.connect();
    await loadCatalogue(subject.addresses.catalogue);
    while (marketplace.sent < rows) await marketplace.publish(Math.min(PUBLISH_BATCH, rows - marketplace.sent));
    while ((await timeline.credited()) < rows) await sleep(LOOK_INTERVAL_MS);
    log(`  ${rows} sales are in the books`);
    const before = await count('journal');
    const lines: string[][] = [];
    const note = async (what: string, { rows: { read = 0, taken = 0, duplicate = 0 }, seconds }: Imported) => {
      const posted = (await count('journal')) - before;
      lines.push([what, ...[read, taken, duplicate].map(String), (read / seconds).toFixed(0), String(posted)]);
      log(`  ${what}: ${(read / seconds).toFixed(0)} rows/s, ${taken} taken, ${posted} journals since the sales`);
    };
    const first = await imported(fileOf(0, rows));
    await note('whole', first);
    await note('whole, again', await imported(fileOf(0, rows)));
    await note('its first 60 %', await imported(fileOf(0, Math.ceil(rows * 0.6))));
    await note('its last 60 %', await imported(fileOf(Math.floor(rows * 0.4), rows)));
    const parts = Array.from({ length: PARTS }, (_, part) =>
      first.memory.slice((part * first.memory.length) / PARTS, ((part + 1) * first.memory.length) / PARTS),
    );
    const most = (part: readonly Memory[], of: Part): string =>
      Math.max(...part.map((memory) => memory[of] || 0)).toFixed(0);
    return [
      markdown([
        ['imported', 'rows', 'taken', 'known', 'rows/s until in the books', 'journals since the sales'],
        ...lines,
      ]),
      markdown([
        ['resident MiB, at most, while the whole is imported', ...parts.map((_, part) => `third ${part + 1}`)],
        ...(['command', ...WORKING] as const).map((of) => [of, ...parts.map((part) => most(part, of))]),
      ]),
    ].join('\n\n');
  } finally {
    rmSync(directory, { recursive: true });
    await marketplace.close();
    await timeline.close();
    await subject.stop();
  }
}

/** CSV of our own columns: orders of the benchmark, each settled whole for a fee of 8 %. */
export function reportOf(from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, index) => {
    const { data } = checkoutOf(from + index);
    const price = data.lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
    const fee = Math.floor(price * 0.08);
    return [data.orderRef, 'order', '2026-11-01', price, fee, 0, 0, price - fee, 'all', 'blanja-wallet'].join();
  });
  const columns = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';
  return [columns, ...rows, ''].join('\n');
}
