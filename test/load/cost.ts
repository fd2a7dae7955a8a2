/** What the parts of a subject spend, from the counters of the operating system and of PostgreSQL. */
import { readdirSync, readFileSync } from 'node:fs';
import { queryOnce } from './sql.ts';
import type { Subject } from './subject.ts';

/** USER_HZ, in which Linux tells processor time, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

export interface Cost {
  /** Of each part and what it started, from their beginning. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Of the four databases, without what this process asks. */
  readonly statements: number;
  readonly transactions: number;
  readonly syncs: number;
}

export async function costOf({ processes, postgresUrl }: Subject): Promise<Cost> {
  const ticks = ticksByPart(processes);
  const [row] = await queryOnce<Record<'statements' | 'transactions' | 'syncs', string>>(
    postgresUrl,
    `SELECT (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
               JOIN pg_database ON pg_database.oid = dbid WHERE datname <> 'postgres') AS statements,
            (SELECT sum(xact_commit) FROM pg_stat_database WHERE datname <> 'postgres') AS transactions,
            (SELECT coalesce(sum(fsyncs), 0) FROM pg_stat_io WHERE object = 'wal') AS syncs`,
  );
  return {
    cpuMs: Object.fromEntries(Object.entries(ticks).map(([part, n]) => [part, (n * 1000) / TICKS_PER_SECOND])),
    statements: Number(row?.statements),
    transactions: Number(row?.transactions),
    syncs: Number(row?.syncs),
  };
}

/** What was spent between two looks, a sale. */
export function costASale(before: Cost, after: Cost, sales: number): Cost {
  const each = (key: 'statements' | 'transactions' | 'syncs'): number => (after[key] - before[key]) / sales;
  return {
    cpuMs: Object.fromEntries(
      Object.entries(after.cpuMs).map(([part, ms]) => [part, (ms - (before.cpuMs[part] ?? 0)) / sales]),
    ),
    statements: each('statements'),
    transactions: each('transactions'),
    syncs: each('syncs'),
  };
}

/** User and system time of each part's processes; those that have ended are with their parent's. */
function ticksByPart(parts: Readonly<Record<string, number>>): Record<string, number> {
  const all = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!pid) continue;
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
      const [utime = 0, stime = 0, ofEndedUser = 0, ofEndedSystem = 0] = fields.slice(11, 15);
      all.set(pid, { parent: fields[1] ?? 0, ticks: utime + stime + ofEndedUser + ofEndedSystem });
    } catch {
      // it has ended meanwhile
    }
  }
  const partOf = new Map(Object.entries(parts).map(([part, pid]) => [pid, part]));
  const ticks = Object.fromEntries(Object.keys(parts).map((part) => [part, 0]));
  for (const [pid, process] of all) {
    const part = partOf.get(pid) ?? partOf.get(process.parent);
    if (part !== undefined) ticks[part] = (ticks[part] ?? 0) + process.ticks;
  }
  return ticks;
}
