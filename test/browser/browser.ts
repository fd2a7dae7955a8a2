/** A browser of the tests: signed in as a person of the demo, at a width, in a language. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { address } from '../journeys/stack.ts';
import { executable, isInstalled } from '../kit/programs.ts';

/** Where the last run's pictures are. */
const PICTURES = join(PASINDO_DIRECTORY, 'screens');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Width = 360 | 768 | 1280 | 1920;
export type Language = 'id' | 'en';

let browser: Browser;

/** Tests over the running system in a browser, where there is one. */
export function inBrowser(name: string, tests: () => void): void {
  (isInstalled('chromium') ? describe : describe.skip)(name, () => {
    beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true });
      browser = await chromium.launch({ executablePath: executable('chromium'), args: ['--no-sandbox'] });
    });
    afterAll(() => browser.close());
    tests();
  });
}

interface Visit {
  readonly width?: Width;
  readonly language?: Language;
}

/** A person at a device of his own. What the page does wrong is an error of the test. */
export class Visitor {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly wrongs: string[],
  ) {}

  /** Who has not said yet who it is. */
  static async stranger({ width = 1280, language = 'id' }: Visit = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    await context.addInitScript(`localStorage.setItem('pasindo.language', '${language}')`);
    const page = await context.newPage();
    const wrongs: string[] = [];
    page.on('pageerror', (error) => wrongs.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) wrongs.push(message.text());
    });
    return new Visitor(page, context, wrongs);
  }

  static async of(person: string, visit?: Visit): Promise<Visitor> {
    const visitor = await Visitor.stranger(visit);
    await visitor.page.goto(`${address('portal')}/auth/login?${new URLSearchParams({ as: person, to: '/' })}`);
    await visitor.page.getByRole('navigation').first().waitFor();
    return visitor;
  }

  /** Opens a screen and waits until all of its sections are there. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${address('portal')}${path}`);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator('h1').waitFor();
    await this.page.locator('[class*="skeleton"]').first().waitFor({ state: 'detached' });
  }

  async heading(): Promise<string> {
    return (await this.page.locator('h1').textContent()) ?? '';
  }

  /** Everything that is said on the page. */
  async text(): Promise<string> {
    return (await this.page.locator('main').allInnerTexts()).join(' ').replace(/\s+/g, ' ');
  }

  /** Rules of WCAG that the page breaks, each with where. */
  async violations(): Promise<string[]> {
    const session = await this.context.newCDPSession(this.page); // the page's own policy lets no script in
    await session.send('Runtime.evaluate', { expression: AXE });
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target)))`,
      awaitPromise: true,
      returnByValue: true,
    });
    await session.detach();
    return result.value;
  }

  /** Pixels that one would have to move sideways. */
  overflow(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth - innerWidth');
  }

  /** The same on a wide screen whose reader has doubled the size of letters in the browser. */
  async overflowAtTwiceTheText(): Promise<number> {
    await this.page.setViewportSize({ width: 1280, height: 900 });
    const session = await this.context.newCDPSession(this.page);
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
    const over = await this.overflow();
    await session.send('Page.setFontSizes', { fontSizes: { standard: 16 } });
    await session.detach();
    return over;
  }

  /** Milliseconds until the largest of the page was painted; what is measured beside others is told, not judged. */
  paintedAfterMs(): Promise<number> {
    return this.page.evaluate(
      `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
         .observe({ type: 'largest-contentful-paint', buffered: true }))`,
    );
  }

  /** What has the focus: its name, else what it is. */
  focused(): Promise<string> {
    return this.page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.tagName');
  }

  /** Presses a button, reads what it would do, and presses it there again. */
  async does(verb: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: verb }).first().click();
    await this.page.getByRole('dialog').getByRole('button', { name: verb }).click();
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  /** What stands under a name among the figures. */
  async figure(label: string): Promise<string> {
    const figure = this.page.locator('dl > div').filter({ has: this.page.getByText(label, { exact: true }) });
    return (await figure.locator('dd > span').first().textContent()) ?? '';
  }

  /** Until the answer is another. */
  async headingHas(words: string): Promise<void> {
    await this.page.locator('h1', { hasText: words }).waitFor();
  }

  /** Asks for what no page asks for yet, as a page would. @returns the status of the answer */
  commands(path: string, body: object): Promise<number> {
    const headers = { 'content-type': 'application/json', 'x-pasindo': '1', 'idempotency-key': randomUUID() };
    const init = JSON.stringify({ method: 'POST', headers, body: JSON.stringify(body) });
    return this.page.evaluate(`fetch('/api/commands/${path}', ${init}).then(({ status }) => status)`);
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  /** What the window shows, as small as documents want it. */
  async windowPicture(file: string): Promise<void> {
    const session = await this.context.newCDPSession(this.page); // pictures of Playwright are no WebP
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
    await session.detach();
    writeFileSync(file, data, 'base64');
  }

  /** @throws Error if the page did something wrong */
  async leave(): Promise<void> {
    await this.context.close();
    if (this.wrongs.length > 0) throw new Error(this.wrongs.join('\n'));
  }
}
