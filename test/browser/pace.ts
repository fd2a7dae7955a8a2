/** How soon the pages of the books answer, in whatever books there are: what is chosen, turned over and explained. */
import type { Locator, Page } from 'playwright-core';
import { median } from '../load/latency.ts';

export interface Pace {
  readonly what: string;
  /** Medians: of the page's question to its server, and from the press to the next picture. */
  readonly dataMs: number;
  readonly paintMs: number;
}

/** What is hoped for with 250,000 entries; told, and judged by whoever reads it, as machines differ. */
export const HOPED_MS = { data: 500, paint: 100 };

const ROUNDS = 3;

/** In the page: after a press or a choice, when the next picture is there. */
const WATCH = `
  const watch = () => {
    const from = performance.now();
    requestAnimationFrame(() => setTimeout(() => { window.paintMs = performance.now() - from; }));
  };
  addEventListener('click', watch, true);
  addEventListener('change', watch, true);`;

/** @param page of somebody who may read all books, at the portal */
export async function paceOf(page: Page, portal: string): Promise<Pace[]> {
  await page.addInitScript(WATCH);
  const found = new Map<string, { dataMs: number; paintMs: number }[]>();
  const measured = async (what: string, screen: string, act: () => Promise<unknown>): Promise<void> => {
    const answering = page.waitForResponse((response) => response.url().includes(`/api/screens/${screen}`));
    await page.evaluate('window.paintMs = undefined');
    await act();
    const answer = await answering;
    await answer.finished();
    const paintMs = await (await page.waitForFunction('window.paintMs')).jsonValue();
    const { responseEnd: dataMs } = answer.request().timing();
    found.set(what, [...(found.get(what) ?? []), { dataMs, paintMs: Number(paintMs) }]);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.goto(`${portal}/ledger`);
    const owners = page.locator('search select').nth(1);
    await page.locator('tbody a').first().waitFor();
    await measured('filter', 'ledger', () => owners.selectOption('maker'));
    const next = page.locator('main nav button').last();
    if (await isThere(next)) await measured('page', 'ledger', () => next.click());
    await page.locator('tbody a').first().waitFor();
    await measured('explain', 'entry', () => page.locator('tbody a').first().click());
  }
  return [...found].map(([what, all]) => ({
    what,
    dataMs: median(all.map(({ dataMs }) => dataMs)),
    paintMs: median(all.map(({ paintMs }) => paintMs)),
  }));
}

/** Small books have one page. */
async function isThere(button: Locator): Promise<boolean> {
  return (await button.count()) > 0 && (await button.isEnabled());
}
