/**
 * `npm run bench`: how fast the whole system and its heart are. `npm run bench -- behind`: how much memory it takes while
 * a million checkouts wait. `npm run bench -- books`: what the ledger's reading, posting and closing cost in books of
 * 50 million entries (about 17 GB on disk). `npm run bench -- orders`: how soon a timeline and the exceptions are told
 * when there are a million orders. `npm run bench -- settlements`: how long it takes until a channel's report of 200,000
 * rows is in the books. `npm run bench -- webhooks`: how long a marketplace waits for the answer to what it signs
 * and sends.
 *
 *   --against DIR   a second checkout, built and installed: measured in turn with this one, so that a ratio of two
 *                   versions comes from one run
 *   --entries N     of `books`
 *   --orders N      of `orders`
 *   --rows N        of `settlements`
 *   --rounds N      how often each is measured; medians are told (default 1, with --against 3)
 *   --write         docs/PERFORMANCE.md is written anew, with performance.json and performance.svg
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeBetween } from '../kit/page.ts';
import { measureBehind } from './behind.bench.ts';
import { measureBooks } from './books.bench.ts';
import { chartOf } from './chart.ts';
import { measureOrders } from './orders.bench.ts';
import { measurePosting } from './posting.bench.ts';
import { type Measured, ratiosOf, summaryOf, tableOf } from './report.ts';
import { measureSales, type SalesFigures } from './sales.bench.ts';
import { measureSettlements } from './settlements.bench.ts';
import { THIS_CHECKOUT } from './subject.ts';
import { measureWebhooks } from './webhooks.bench.ts';

const PICTURE = '![Milliseconds from checkout to credited, by hop](performance.svg)';

const log = (line: string): void => console.error(line);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    entries: { type: 'string', default: '50000000' },
    rounds: { type: 'string' },
    orders: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '200000' },
    write: { type: 'boolean', default: false },
  },
});
/** Each has a place of its name in docs/PERFORMANCE.md. */
const others: Readonly<Record<string, () => Promise<string>>> = {
  behind: () => measureBehind(log),
  books: () => measureBooks(Number(values.entries), log),
  orders: () => measureOrders(Number(values.orders), log),
  settlements: () => measureSettlements(Number(values.rows), log),
  webhooks: () => measureWebhooks(log),
};
const [what] = positionals;
if (what !== undefined) {
  const measure = others[what];
  if (!measure) throw new Error(`what is ${what}? Nothing, or one of ${Object.keys(others)}`);
  const table = await measure();
  console.log(table);
  if (values.write) writeBetween('PERFORMANCE', what, table);
  process.exit(0);
}

const against = values.against === undefined ? undefined : resolve(values.against);
const rounds = Number(values.rounds ?? (against ? 3 : 1));
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1');

const figures = { this: [] as SalesFigures[], other: [] as SalesFigures[] };
for (let round = 0; round < rounds; round += 1) {
  const turns = against ? (['other', 'this'] as const) : (['this'] as const);
  for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
    log(`Round ${round + 1} of ${rounds}: ${turn === 'this' ? 'this checkout' : against}`);
    figures[turn].push(await measureSales(turn === 'this' ? THIS_CHECKOUT : (against as string), log));
  }
}
const measured: Measured = {
  cores: availableParallelism(),
  rounds,
  sales: summaryOf(figures.this),
  postingBesideCopy: (await measurePosting(log)).ratio,
  ...(against && { against: { sales: summaryOf(figures.other), ratios: ratiosOf(figures.this, figures.other) } }),
};
console.log(tableOf(measured));
if (values.write) {
  writeFileSync(join(THIS_CHECKOUT, 'docs/performance.json'), `${JSON.stringify(measured, undefined, 2)}\n`);
  writeFileSync(join(THIS_CHECKOUT, 'docs/performance.svg'), chartOf(measured));
  writeBetween('PERFORMANCE', 'measured', `${tableOf(measured)}\n\n${PICTURE}`);
}
process.exit(0);
