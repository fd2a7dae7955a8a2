/** `npm run bench`: how fast the whole system and its heart are, each figure measured in this one run. */
import { buildIfStale } from '../../deploy/local/build.ts';
import { measurePosting } from './posting.bench.ts';
import { measureSales } from './sales.bench.ts';

const log = (line: string): void => console.error(line);

await buildIfStale(log);
const sales = await measureSales(log);
const posting = await measurePosting(log);

console.log(`
| measured | figure |
|---|---|
| checkouts on Kafka to credited sales, sustained over ${sales.seconds} s, all services, broker and databases on ${sales.cores} cores | ${sales.perSecond} sales/s |
| posting call of the ledger against COPY of the same rows into the same indexed tables | ${posting.ratio.toFixed(2)} |`);
process.exit(0);
