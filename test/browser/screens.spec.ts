/** Every screen, over the running system: to be seen at any width, heard, and read in both languages. */
import { expect, it } from '@jest/globals';
import { inBrowser, type Language, Visitor, type Width } from './browser.ts';

const ENTRY = `/entries/${encodeURIComponent('maker:M-MJK-01:wages-pending')}/1`;
const ORDER = '/sales/blanja/DEMO-1';

/** By who looks at it. */
const screens: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'treasurer-1': { facility: '/', sales: '/sales', premi: '/premi', deposits: '/deposits' },
  approver: { decisions: '/decisions' },
  auditor: {
    order: ORDER,
    explain: `${ORDER}/explain?facility=LP-MOJOKERTO`,
    entry: ENTRY,
    ledger: '/ledger?facility=LP-MOJOKERTO&owner=maker&kind=sale',
    reports: '/reports',
    report: '/reports?report=units',
    audit: '/audit',
  },
  directorate: { overview: '/overview', agreements: '/agreements' },
  region: { facilities: '/facilities' },
  officer: {
    lots: '/lots',
    'lot-entry': '/lots/new',
    makers: '/makers',
    maker: '/makers/M-MJK-01',
    'nothing-here': '/nowhere',
  },
  'national-drafter': { months: '/months', exceptions: '/exceptions' },
  'privacy-1': { readings: '/readings' },
  'operator-1': { operations: '/operations', rejected: '/rejected' },
  maker: { kiosk: '/kiosk' },
};

const MINUTES = 60_000;

inBrowser('screens', () => {
  it.each<[Language, Width]>([
    ['id', 360],
    ['en', 360],
    ['id', 1280],
    ['en', 1280],
  ])(
    'in %s at %i px every screen is whole, breaks no rule of WCAG and has nothing at its side',
    async (language, width) => {
      const wrong: string[] = [];
      await eachScreen(width, language, async (name, visitor) => {
        const violations = await visitor.violations();
        const alerts = await visitor.page.locator('main [role=alert]').allInnerTexts();
        wrong.push(...[...violations, ...alerts].map((what) => `${name}: ${what}`));
        if ((await visitor.overflow()) > 0) wrong.push(`${name}: wider than the window`);
        if ((await visitor.page.evaluate('document.documentElement.lang')) !== language) wrong.push(`${name}: lang`);
        await visitor.picture(`${name}-${language}-${width}`);
      });
      expect(wrong).toEqual([]);
    },
    6 * MINUTES,
  );

  it.each([768, 1920] as const)(
    'at %i px no screen has anything at its side',
    async (width) => {
      const wrong: string[] = [];
      await eachScreen(width, 'id', async (name, visitor) => {
        if ((await visitor.overflow()) > 0) wrong.push(name);
      });
      expect(wrong).toEqual([]);
    },
    6 * MINUTES,
  );
});

async function eachScreen(
  width: Width,
  language: Language,
  look: (name: string, visitor: Visitor) => Promise<void>,
): Promise<void> {
  for (const [person, paths] of Object.entries(screens)) {
    const visitor = await Visitor.of(person, { width, language });
    for (const [name, path] of Object.entries(paths)) {
      await visitor.open(path);
      await look(name, visitor);
    }
    await visitor.leave();
  }
}
