/** Every screen, over the running system: to be seen at any width, heard, and read in both languages. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from '@jest/globals';
import { address, post } from '../journeys/stack.ts';
import { type Language, Visitor, type Width } from './browser.ts';
import { proposeAdjustment, recordBillingCode } from './deciding.ts';

const ENTRY = `/entries/${encodeURIComponent('maker:M-MJK-01:wages-pending')}/1`;
const ORDER = '/sales/blanja/DEMO-1';

/** By who looks at it. */
const screens: Readonly<Record<string, Record<string, string>>> = {
  'treasurer-1': { facility: '/', sales: '/sales', premi: '/premi', proposal: '/premi', deposits: '/deposits' },
  approver: { decisions: '/decisions' },
  auditor: {
    'sales-empty': '/sales?facility=LP-NUSAKAMBANGAN',
    'ledger-empty': '/ledger?facility=LP-NUSAKAMBANGAN',
    'facility-empty': '/facilities/LP-NUSAKAMBANGAN',
    order: ORDER,
    explain: `${ORDER}/explain?facility=LP-MOJOKERTO`,
    entry: ENTRY,
    ledger: '/ledger?facility=LP-MOJOKERTO&owner=maker&kind=sale',
    reports: '/reports',
    report: '/reports?report=units',
    audit: '/audit',
    comparison: '/exceptions/order/blanja%2FDEMO-1',
  },
  directorate: { overview: '/overview' },
  region: { facilities: '/facilities' },
  officer: {
    lots: '/lots',
    lot: '/lots/MJK-TAS-KULIT-2026-01',
    'lot-correction': '/lots/MJK-TAS-KULIT-2026-01/correction',
    'lot-entry': '/lots/new',
    makers: '/makers',
    maker: '/makers/M-MJK-01',
    'makers-entry': '/lots/CKR-POT-PLASTIK-2026-01/makers',
    'lot-import': '/lots/import',
    'nothing-here': '/nowhere',
  },
  'national-drafter': {
    months: '/months',
    exceptions: '/exceptions',
    agreements: '/agreements',
    'agreement-editor': '/agreements/ID-1990/1/edit',
    'agreement-new': '/agreements/new',
    simulation: '/agreements/ID-1990/1/simulate',
    channels: '/channels?channel=blanja',
    'terms-entry': '/channels/blanja/terms',
    listings: '/channels/toko-sandbox/listings/1',
    stores: '/channels/toko-sandbox/stores/1',
  },
  'treasurer-2': { 'adjustment-entry': '/adjustments/new' },
  marketplace: { orders: '/orders', 'order-of-marketplace': ORDER, settlements: '/settlements' },
  'privacy-1': { readings: '/readings' },
  'operator-1': { operations: '/operations', rejected: '/rejected' },
  maker: { kiosk: '/kiosk', 'kiosk-open': '/kiosk' },
};

const pressed = (button: RegExp) => (visitor: Visitor) => visitor.page.getByRole('button', { name: button }).click();

/** What is done before some of them are looked at. */
const before: Readonly<Record<string, (visitor: Visitor) => Promise<void>>> = {
  proposal: pressed(/Usulkan pembayaran|Propose a payout/),
  'kiosk-open': pressed(/Lihat uang saya|Show my money/),
  simulation: async (visitor) => {
    await visitor.does(/Simulasikan|Simulate/);
    await visitor.page.locator('tbody tr').first().waitFor();
  },
  'lot-import': async (visitor) => {
    const lots = 'lot_id,sku,facility_id,quantity,unit_cost,made_on\nMJK-TAS-KULIT-2026-04';
    const buffer = Buffer.from(`${lots},MJK-TAS-KULIT,LP-MOJOKERTO,12,182000,2026-04-06`);
    await visitor.page.locator('input[type=file]').setInputFiles({ name: 'lots.csv', mimeType: 'text/csv', buffer });
    await pressed(/Periksa|Check/)(visitor);
    await visitor.page.locator('tbody tr').waitFor();
  },
};

/** Where `npm run screens` keeps what the guides show: every screen in Indonesian, in English those of the English one. */
const KEPT = process.env.SCREENS;

const isKept = (file: string, language: Language) =>
  language === 'id' || readFileSync('docs/USER-GUIDE.en.md', 'utf8').includes(`/${file}.webp`);

const MINUTES = 60_000;
const LANGUAGES: readonly Language[] = ['id', 'en'];

export function screensAre(): void {
  beforeAll(async () => {
    Object.assign(screens.approver ?? {}, { adjustment: await proposeAdjustment() });
    await recordBillingCode('treasurer-2', { owed: 78_375, code: '820260105123456' });
    const auditor = await Visitor.of('auditor');
    expect(await auditor.commands('ledger/verifications', {})).toBe(202);
    await auditor.leave();
    await draftTerms();
  }, MINUTES);

  it.each(LANGUAGES)(
    'in %s every screen is whole, breaks no rule of WCAG and has nothing at its side, at any width',
    async (language) => {
      const wrong: string[] = [];
      await eachScreen(language, async (name, visitor) => {
        for (const width of WIDTHS) {
          await visitor.page.setViewportSize({ width, height: 900 });
          if ((await visitor.overflow()) > 0) wrong.push(`${name}: wider than ${width} px`);
          if (width !== 360 && width !== 1280) continue; // between them nothing but the room is another
          wrong.push(...(await visitor.violations()).map((what) => `${name} at ${width} px: ${what}`));
          const file = `${name}-${language}-${width}`;
          if (!isKept(file, language)) continue;
          await visitor.picture(file);
          if (KEPT) await visitor.windowPicture(`${KEPT}/${file}.webp`);
        }
        if ((await visitor.moving()) > 0) wrong.push(`${name}: something moves`);
        if ((await visitor.overflowAtTwiceTheText()) > 0) wrong.push(`${name}: wider than the window at 200 % text`);
        wrong.push(
          ...(await visitor.page.locator('main [role=alert]').allInnerTexts()).map((what) => `${name}: ${what}`),
        );
        if ((await visitor.page.evaluate('document.documentElement.lang')) !== language) wrong.push(`${name}: lang`);
      });
      expect(wrong).toEqual([]);
    },
    6 * MINUTES,
  );

  it.each(Object.entries(PLIGHTS))(
    'a part that is %s says so, and breaks no rule of WCAG',
    async (_, { part, says }) => {
      const officer = await Visitor.of('officer', { width: 360 });
      await hinder(officer, part);
      await officer.page.goto(`${address('portal')}/lots`);
      await officer.page.getByRole('heading', { level: 1 }).waitFor();
      await officer.page.getByText(says).or(officer.page.getByLabel(says)).first().waitFor();
      expect(await officer.violations()).toEqual([]);
      expect(await officer.overflow()).toBe(0);
      await officer.page.unrouteAll({ behavior: 'ignoreErrors' }); // the page asks again by itself, perhaps just now
      await officer.leave();
    },
  );
}

/** What becomes of the parts of a screen, where nothing is as it should be. */
const PLIGHTS: Readonly<Record<string, { readonly part?: object; readonly says: string }>> = {
  'on its way': { says: 'Memuat' },
  stale: { part: { state: 'stale', asOf: '2026-11-05T03:42:00Z' }, says: 'Data pukul 10.42 WIB' },
  away: { part: { state: 'unavailable', data: null, problem: { status: 503 } }, says: 'belum dapat ditampilkan' },
};

/** Answers for the server: as it does, but for each part. */
async function hinder({ page }: Visitor, part: object | undefined): Promise<void> {
  await page.route('**/api/screens/lots*', async (route) => {
    if (!part) return; // it never comes
    const response = await route.fetch();
    const { sections } = await response.json();
    const changed = Object.entries<object>(sections).map(([name, told]) => [name, { ...told, ...part }]);
    await route.fulfill({ response, json: { sections: Object.fromEntries(changed) } });
  });
}

/** Terms, goods and stores that nobody has agreed to: they are seen, and change nothing. */
async function draftTerms(): Promise<void> {
  const fees = [
    { name: 'admin', bp: { A: 800, B: 575, '*': 425 }, vatBp: 1_100 },
    { name: 'pemrosesan', fixed: 1_250 },
  ];
  const bearing = { sellersPartOfDiscountBp: 5_000, shippingBorneBy: 'platform', returnWindowDays: 7 };
  const next = { version: 2, effectiveFrom: '2030-01-01T00:00:00+07:00', ...bearing, fees };
  const listings = [{ channelSku: 'SHP-88213', sku: 'MJK-TAS-KULIT', feeClass: 'A' }];
  const stores = [{ store: 'toko-sandbox-kota-mojokerto', facilityId: 'LP-MOJOKERTO' }];
  for (const [path, body] of [
    ['channels/blanja/terms', next],
    ['channels/toko-sandbox/listings', { version: 1, listings }],
    ['channels/toko-sandbox/stores', { version: 1, stores }],
  ] as const)
    expect((await post('orders', path, body)).status).toBe(200);
}

const WIDTHS: readonly Width[] = [1920, 1280, 768, 360];

async function eachScreen(language: Language, look: (name: string, visitor: Visitor) => Promise<void>): Promise<void> {
  const stranger = await Visitor.stranger({ language });
  await stranger.open('/');
  await look('sign-in', stranger);
  await stranger.leave();
  for (const [person, paths] of Object.entries(screens)) {
    const visitor = await Visitor.of(person, { language });
    for (const [name, path] of Object.entries(paths)) {
      await visitor.open(path);
      await before[name]?.(visitor);
      await visitor.settled();
      await look(name, visitor);
    }
    await visitor.leave();
  }
}
