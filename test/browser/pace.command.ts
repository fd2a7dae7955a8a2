/**
 * `npm run pace`: how soon the portal's pages of the books answer, over the system that `npm start` runs, in the books that
 * it has. For large ones, import some first: docs/IMPORT.md.
 *
 *   --portal ADDRESS   http://127.0.0.1:3000 unless said
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { executable } from '../kit/programs.ts';
import { markdown } from '../load/report.ts';
import { HOPED_MS, paceOf } from './pace.ts';

const { values } = parseArgs({ options: { portal: { type: 'string', default: 'http://127.0.0.1:3000' } } });
const browser = await chromium.launch({ executablePath: executable('chromium'), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.goto(`${values.portal}/auth/login?as=auditor&to=/ledger`);
  await page.locator('tbody a').first().waitFor();
  const heading = await page.locator('h1').textContent();
  const paces = await paceOf(page, values.portal);
  console.log(`${heading}\n`);
  console.log(
    markdown([
      ['done', `data, ms (hoped: ${HOPED_MS.data})`, `next paint, ms (hoped: ${HOPED_MS.paint})`],
      ...paces.map(({ what, dataMs, paintMs }) => [what, dataMs.toFixed(0), paintMs.toFixed(0)]),
    ]),
  );
} finally {
  await browser.close();
}
