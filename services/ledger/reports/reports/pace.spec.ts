import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { asPdf } from './pdf.ts';
import type { FilledReport, Language, Row } from './report.ts';
import { asXlsx } from './xlsx.ts';

const ROWS = 200_000;

/** A report of many rows that tells how many were asked for. */
function long(): { report: FilledReport; asked: () => number } {
  let asked = 0;
  async function* rows(): AsyncGenerator<Row> {
    for (; asked < ROWS; asked += 1) yield { account: `maker:M${asked}:wages`, balance: (asked * 7_919) % 1_000_003 };
  }
  const columns = [
    { key: 'account', heading: { id: 'Akun', en: 'Account' }, type: 'text' as const },
    { key: 'balance', heading: { id: 'Saldo', en: 'Balance' }, type: 'rupiah' as const, total: true as const },
  ];
  const report = { name: 'long', title: { id: 'Panjang', en: 'Long' }, columns, about: {}, rows: rows() };
  return { report, asked: () => asked };
}

/** Once it no longer grows. */
async function standsStill(count: () => number): Promise<number> {
  for (let before = -1; before !== count(); await sleep(300)) before = count();
  return count();
}

describe.each<[format: string, write: (report: FilledReport, language: Language) => Readable]>([
  ['xlsx', asXlsx],
  ['pdf', asPdf],
])('%s', (_, write) => {
  it('asks for no more rows while nobody reads, and goes on when somebody does', async () => {
    const { report, asked } = long();
    const output = write(report, 'en');
    const waiting = await standsStill(asked);
    expect(waiting).toBeLessThan(ROWS / 10);
    output.resume();
    while (asked() === waiting) await sleep(5);
    output.destroy();
    const end = await standsStill(asked);
    expect(end).toBeLessThan(ROWS);
  });

  it('lets others have the event loop', async () => {
    const longestMs = async (): Promise<number> => {
      const { report } = long();
      const output = write(report, 'en').resume();
      let longest = 0;
      let last = performance.now();
      const watch = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 1);
      await sleep(1_500);
      clearInterval(watch);
      output.destroy();
      await once(output, 'close').catch(() => {});
      return longest;
    };
    const runs = [await longestMs()];
    while (Math.min(...runs) >= 250 && runs.length < 5) runs.push(await longestMs()); // others may have had the processor
    expect(Math.min(...runs)).toBeLessThan(250);
  });
});
