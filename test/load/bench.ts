/**
 * `npm run bench`: how fast the whole system and its heart are. `npm run bench -- behind`: how much memory it takes while
 * a million checkouts wait. `npm run bench -- books`: what the ledger's reading, posting and closing cost in books of
 * 50 million entries (about 17 GB on disk). `npm run bench -- webhooks`: how long a marketplace waits for the answer to what
 * it signs and sends.
 *
 *   --against DIR   a second checkout, built and installed: measured in turn with this one, so that a ratio of two
 *                   versions comes from one run
 *   --entries N     of `books`
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
import { measurePosting } from './posting.bench.ts';
import { type Measured, ratiosOf, summaryOf, tableOf } from './report.ts';
import { measureSales, type SalesFigures } from './sales.bench.ts';
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
    write: { type: 'boolean', default: false },
  },
});
if (positionals[0] === 'behind') {
  const table = await measureBehind(log);
  console.log(table);
  if (values.write) writeBetween('PERFORMANCE', 'behind', table);
  process.exit(0);
}
if (positionals[0] === 'books') {
  const table = await measureBooks(Number(values.entries), log);
  console.log(table);
  if (values.write) writeBetween('PERFORMANCE', 'books', table);
  process.exit(0);
}
if (positionals[0] === 'webhooks') {
  const table = await measureWebhooks(log);
  console.log(table);
  if (values.write) writeBetween('PERFORMANCE', 'webhooks', table);
  process.exit(0);
}
if (positionals.length > 0) throw new Error(`what is ${positionals[0]}? Nothing, behind, books or webhooks`);

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
