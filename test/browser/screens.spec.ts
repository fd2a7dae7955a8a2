/** Every screen, over the running system: to be seen at any width, heard, and read in both languages. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { inBrowser, type Language, Visitor, type Width } from './browser.ts';

const ENTRY = `/entries/${encodeURIComponent('maker:M-MJK-01:wages-pending')}/1`;
const ORDER = '/sales/blanja/DEMO-1';

/** By who looks at it. */
const screens: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'treasurer-1': { facility: '/', sales: '/sales', premi: '/premi', proposal: '/premi', deposits: '/deposits' },
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
  maker: { kiosk: '/kiosk', 'kiosk-open': '/kiosk' },
};

/** The button that is pressed before some of them are looked at. */
const pressed: Readonly<Record<string, RegExp>> = {
  proposal: /Usulkan pembayaran|Propose a payout/,
  'kiosk-open': /Lihat uang saya|Show my money/,
};

/** Where `npm run screens` keeps what the guides show: every screen in Indonesian, in English those of the English one. */
const KEPT = process.env.SCREENS;

const isKept = (file: string, language: Language) =>
  language === 'id' || readFileSync('docs/USER-GUIDE.en.md', 'utf8').includes(`/${file}.webp`);

const FACILITY = 'LP-MOJOKERTO';

/** By whom, so that there is something to decide about and to see decided. */
const done: readonly (readonly [person: string, path: string, body: object])[] = [
  [
    'treasurer-1',
    'ledger/adjustments',
    {
      facilityId: FACILITY,
      occurredAt: new Date(Date.now() - 60_000).toISOString(),
      type: 'adjustment',
      reason: 'Jam kerja M-MJK-03 kurang dicatat',
      entries: [
        { account: `facility:${FACILITY}:earnings`, amount: 5_000 },
        { account: 'maker:M-MJK-03:wages', amount: -5_000 },
      ],
    },
  ],
  [
    'treasurer-2',
    'ledger/deposits',
    { facilityId: FACILITY, bank: 'bri', amount: 78_375, billingCode: '820260105123456' },
  ],
  ['auditor', 'ledger/verifications', {}],
];

const MINUTES = 60_000;

inBrowser('screens', () => {
  beforeAll(async () => {
    for (const [person, path, body] of done) {
      const visitor = await Visitor.of(person);
      expect([path, Math.floor((await visitor.commands(path, body)) / 100)]).toEqual([path, 2]);
      await visitor.leave();
    }
  }, MINUTES);

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
        const file = `${name}-${language}-${width}`;
        await visitor.picture(file);
        if (KEPT && isKept(file, language)) await visitor.windowPicture(`${KEPT}/${file}.webp`);
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
  const stranger = await Visitor.stranger({ width, language });
  await stranger.open('/');
  await look('sign-in', stranger);
  await stranger.leave();
  for (const [person, paths] of Object.entries(screens)) {
    const visitor = await Visitor.of(person, { width, language });
    for (const [name, path] of Object.entries(paths)) {
      await visitor.open(path);
      const button = pressed[name];
      if (button) {
        await visitor.page.getByRole('button', { name: button }).click();
        await visitor.settled();
      }
      await look(name, visitor);
    }
    await visitor.leave();
  }
}
