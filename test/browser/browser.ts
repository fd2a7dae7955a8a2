/** A browser of the tests: signed in as a person of the demo, at a width, in a language. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
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
  /** Everything is pressed and filled in without a pointer. */
  readonly byKeyboard?: boolean;
}

/** As many presses of Tab as the longest page takes. */
const TABS_MAX = 150;
/** In the page: each link or button that is pressed, and each field that is filled in or chosen. */
const COUNT_INTERACTIONS = `
  const count = () => { sessionStorage.interactions = Number(sessionStorage.interactions ?? 0) + 1; };
  addEventListener('click', ({ target }) => target.closest?.('a, button, summary') && count(), true);
  addEventListener('change', count, true);`;

/** A person at a device of his own. What the page does wrong is an error of the test. */
export class Visitor {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly wrongs: string[],
    private readonly byKeyboard: boolean,
  ) {}

  /** Who has not said yet who it is. */
  static async stranger({ width = 1280, language = 'id', byKeyboard = false }: Visit = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    await context.addInitScript(`localStorage.setItem('pasindo.language', '${language}')`);
    await context.addInitScript(COUNT_INTERACTIONS);
    const page = await context.newPage();
    const wrongs: string[] = [];
    page.on('pageerror', (error) => wrongs.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) wrongs.push(message.text());
    });
    return new Visitor(page, context, wrongs, byKeyboard);
  }

  static async of(person: string, visit?: Visit): Promise<Visitor> {
    const visitor = await Visitor.stranger(visit);
    await visitor.page.goto(`${address('portal')}/auth/login?${new URLSearchParams({ as: person, to: '/' })}`);
    await visitor.page.getByRole('navigation').first().waitFor();
    return visitor;
  }

  /** Opens a screen and waits until all of its sections are there. What takes a service longer than a screen waits is asked again. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${address('portal')}${path}`);
    await this.settled();
    const again = this.page.getByRole('button', { name: /^(Coba lagi|Try again)$/ }).first();
    for (let tries = 0; tries < 3 && (await again.isVisible()); tries += 1) {
      const answered = this.page.waitForResponse(/\/api\/screens\//, { timeout: 10_000 });
      await Promise.allSettled([answered, again.click({ timeout: 5_000 })]); // it goes when what it asks for comes
      await this.settled();
    }
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

  /** How much moves, for a reader who has asked that nothing does. */
  moving(): Promise<number> {
    return this.page.evaluate(`document.getAnimations().filter(({ playState }) => playState === 'running').length`);
  }

  /** Pixels that one would have to move sideways on a wide screen whose reader has doubled the size of letters in the browser. */
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

  /** Presses Tab until something has the focus. @throws Error if it never has */
  async reaches(what: Locator): Promise<void> {
    await what.waitFor();
    for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
      if (await this.isAt(what)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`by keyboard nobody comes to ${what}`);
  }

  async isAt(what: Locator): Promise<boolean> {
    return (await what.and(this.page.locator(':focus')).count()) > 0;
  }

  /** A link or a button. */
  async presses(what: Locator): Promise<void> {
    if (!this.byKeyboard) return what.click();
    await this.reaches(what);
    await this.page.keyboard.press('Enter');
  }

  async fills(what: Locator, text: string): Promise<void> {
    if (!this.byKeyboard) return what.fill(text);
    await this.reaches(what);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
  }

  /** An entry of the menu, and waits for what it leads to. */
  async follows(entry: string): Promise<void> {
    await this.presses(this.page.getByRole('navigation').getByRole('link', { name: entry, exact: true }));
    await this.settled();
  }

  /** Presses a button, reads what it would do, fills in what it asks for, and presses it there again. */
  async does(verb: string | RegExp, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await this.presses(this.page.getByRole('main').getByRole('button', { name: verb }).first());
    for (const [label, text] of Object.entries(fields))
      await this.fills(dialog.getByLabel(label, { exact: true }), text);
    await this.presses(dialog.getByRole('button', { name: verb }));
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Presses and entries since this was last asked, or since the visit began. */
  interactions(): Promise<number> {
    return this.page.evaluate(`(() => {
      const count = Number(sessionStorage.interactions ?? 0);
      sessionStorage.interactions = 0;
      return count;
    })()`);
  }

  /** What is wrong with the page as it stands, whatever state it is in. */
  async faults(): Promise<string[]> {
    const over = await this.overflow();
    return [...(await this.violations()), ...(over > 0 ? [`${over} px too wide`] : [])];
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
