import { median } from './latency.ts';
import type { SalesFigures } from './sales.bench.ts';

/** Medians over the rounds. */
export interface Summary {
  readonly salesPerSecond: number;
  /** Processor milliseconds a sale at full load, by part. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly statements: number;
  readonly transactions: number;
  readonly syncs: number;
  readonly paces: readonly Pace[];
}

export interface Pace {
  /** What was sent a second; the last is half of the capacity. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Median milliseconds of each hop. */
  readonly hops: Readonly<Record<string, number>>;
  readonly cpuMs: number;
  readonly statements: number;
  readonly transactions: number;
}

export interface Measured {
  readonly cores: number;
  readonly rounds: number;
  readonly sales: Summary;
  /** Time of COPY by time of posting. */
  readonly postingBesideCopy: number;
  readonly against?: { readonly sales: Summary; readonly ratios: readonly Ratio[] };
}

/** This checkout by the other, round by round. */
export interface Ratio {
  readonly what: string;
  readonly rounds: readonly number[];
  readonly median: number;
}

export function summaryOf(rounds: readonly SalesFigures[]): Summary {
  const each = (of: (figures: SalesFigures) => number): number => median(rounds.map(of));
  const [first] = rounds;
  if (!first) throw new Error('nothing was measured');
  return {
    salesPerSecond: each(({ salesPerSecond }) => salesPerSecond),
    cpuMs: Object.fromEntries(
      Object.keys(first.costASale.cpuMs).map((part) => [part, each(({ costASale }) => costASale.cpuMs[part] ?? 0)]),
    ),
    statements: each(({ costASale }) => costASale.statements),
    transactions: each(({ costASale }) => costASale.transactions),
    syncs: each(({ costASale }) => costASale.syncs),
    paces: first.latencies.map((_, index) => {
      const atPace = (of: (figures: SalesFigures['latencies'][number]) => number): number =>
        each(({ latencies }) => of(latencies[index] as SalesFigures['latencies'][number]));
      return {
        perSecond: atPace(({ perSecond }) => perSecond),
        p50: atPace(({ latency }) => latency.p50),
        p90: atPace(({ latency }) => latency.p90),
        p99: atPace(({ latency }) => latency.p99),
        hops: Object.fromEntries(
          Object.keys(first.latencies[index]?.latency.hops ?? {}).map((hop) => [
            hop,
            atPace(({ latency }) => latency.hops[hop]?.p50 ?? Number.NaN),
          ]),
        ),
        cpuMs: atPace(({ costASale }) => total(costASale.cpuMs)),
        statements: atPace(({ costASale }) => costASale.statements),
        transactions: atPace(({ costASale }) => costASale.transactions),
      };
    }),
  };
}

const COMPARED: [what: string, of: (figures: SalesFigures) => number][] = [
  ['p50 at 100/s', ({ latencies }) => latencies[1]?.latency.p50 ?? Number.NaN],
  ['p99 at 100/s', ({ latencies }) => latencies[1]?.latency.p99 ?? Number.NaN],
  ['p50 at 20/s', ({ latencies }) => latencies[0]?.latency.p50 ?? Number.NaN],
  ['sales a second at full load', ({ salesPerSecond }) => salesPerSecond],
  ['processor time a sale at full load', ({ costASale }) => total(costASale.cpuMs)],
];

export function ratiosOf(these: readonly SalesFigures[], others: readonly SalesFigures[]): Ratio[] {
  return COMPARED.map(([what, of]) => {
    const rounds = these.map((figures, round) => of(figures) / of(others[round] as SalesFigures));
    return { what, rounds, median: median(rounds) };
  });
}

/** Markdown. */
export function tableOf({ cores, rounds, sales, postingBesideCopy, against }: Measured): string {
  const beside = (of: (summary: Summary) => string): string[] => [of(sales), ...(against ? [of(against.sales)] : [])];
  const rows: string[][] = [
    ['measured', 'this version', ...(against ? ['the other'] : [])],
    ['sales/s, all services, broker and databases on these cores', ...beside((s) => s.salesPerSecond.toFixed(0))],
    ['processor ms a sale at full load', ...beside((s) => total(s.cpuMs).toFixed(2))],
    ...Object.keys(sales.cpuMs).map((part) => [`- ${part}`, ...beside((s) => (s.cpuMs[part] ?? 0).toFixed(2))]),
    [
      'statements / transactions / syncs of the log a sale at full load',
      ...beside((s) => [s.statements, s.transactions, s.syncs].map((n) => n.toFixed(2)).join(' / ')),
    ],
    ...sales.paces.flatMap((pace, index) => {
      const at = (of: (pace: Pace) => string): string[] => beside((s) => of(s.paces[index] as Pace));
      const name = index === sales.paces.length - 1 ? 'half of the capacity' : `${pace.perSecond}/s`;
      return [
        [`ms to credited at ${name}, p50 / p90 / p99`, ...at(({ p50, p90, p99 }) => `${p50} / ${p90} / ${p99}`)],
        ...Object.keys(pace.hops).map((hop) => [`- ${hop}, p50`, ...at(({ hops }) => `${hops[hop]}`)]),
        [
          '- processor ms / statements / transactions a sale',
          ...at((p) => [p.cpuMs, p.statements, p.transactions].map((n) => n.toFixed(1)).join(' / ')),
        ],
      ];
    }),
    ['posting beside COPY of the same rows', postingBesideCopy.toFixed(2), ...(against ? [''] : [])],
  ];
  const ratios = against && [
    ['this by the other, round by round', 'median', 'rounds'],
    ...against.ratios.map((ratio) => [
      ratio.what,
      ratio.median.toFixed(2),
      ratio.rounds.map((r) => r.toFixed(2)).join(', '),
    ]),
  ];
  return [`${cores} cores, ${rounds} rounds`, markdown(rows), ...(ratios ? [markdown(ratios)] : [])].join('\n\n');
}

export function markdown([head = [], ...rows]: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function total(cpuMs: Readonly<Record<string, number>>): number {
  return Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
}
