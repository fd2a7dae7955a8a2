import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.close());

interface Line {
  account: string;
  version: number;
  amount: number;
  balance: number;
}

let sold = 0;
const sellOne = (price: number, placedAt = '2026-01-05T03:00:00Z') =>
  ledger.sell({ orderRef: `S${++sold}`, placedAt, lines: [{ unitPrice: price }] });

/** All pages of a statement, of `limit` lines each; after each, `meanwhile` happens. */
async function pagesOf(path: string, limit: number, meanwhile: () => Promise<void>) {
  const first = await ledger.get(`${path}limit=${limit}`);
  const lines: Line[] = [...first.items];
  for (let page = first; page.nextCursor; ) {
    await meanwhile();
    page = await ledger.get(`${path}limit=${limit}&cursor=${page.nextCursor}`);
    expect([page.opening, page.closing, page.accounts]).toEqual([first.opening, first.closing, first.accounts]);
    lines.push(...page.items);
  }
  return { ...first, lines };
}

describe('a statement', () => {
  const accountStatement = 'accounts/maker:M1:wages-pending/statement?';
  const facilityStatement = 'owners/facility:F1/statement?';

  it('opens, runs and closes on every page, whatever is posted between two pages', async () => {
    const step = fc.record({
      before: fc.array(fc.integer({ min: 2, max: 1_000_000 }), { minLength: 1, maxLength: 5 }),
      limit: fc.integer({ min: 1, max: 7 }),
      from: fc.constantFrom('', 'from=2026-01-06&', 'to=2026-01-05&'),
      path: fc.constantFrom(accountStatement, facilityStatement),
    });
    await fc.assert(
      fc.asyncProperty(step, async ({ before, limit, from, path }) => {
        for (const [index, price] of before.entries()) await sellOne(price, `2026-01-0${5 + (index % 2)}T03:00:00Z`);
        await ledger.refund({ orderRef: `S${sold}`, amount: 1 });
        const whole = await ledger.get(`${path}${from}limit=1000`);
        let writes = 0;
        const paged = await pagesOf(`${path}${from}`, limit, async () => {
          writes += 1;
          if (writes <= 3) await sellOne(1_000 + writes);
        });
        expect(paged.lines).toEqual(whole.items);
        const sum = paged.lines.reduce((total: number, { amount }: Line) => total + amount, 0);
        expect(paged.opening + sum).toBe(paged.closing);
        const opening = new Map(
          (paged.accounts ?? []).map((each: { account: string; opening: number }) => [each.account, each.opening]),
        );
        const balances = new Map<string, number>();
        for (const { account, amount, balance } of paged.lines as Line[]) {
          const previous = balances.get(account) ?? Number(opening.get(account) ?? paged.opening);
          expect(balance).toBe(previous + amount);
          balances.set(account, balance);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('is right while a writer posts at the same time', async () => {
    let writing = true;
    const writer = (async () => {
      while (writing) await sellOne(10_001);
    })();
    try {
      for (let round = 0; round < 10; round += 1) {
        const { opening, closing, lines } = await pagesOf(facilityStatement, 5, async () => {});
        expect(opening + lines.reduce((total: number, { amount }: Line) => total + amount, 0)).toBe(closing);
        const versions = (lines as Line[]).map(({ account, version }) => `${account} ${version}`);
        expect(new Set(versions).size).toBe(versions.length);
      }
    } finally {
      writing = false;
      await writer;
    }
  });

  it('of a maker has all his or her accounts', async () => {
    const { balance } = await ledger.get('accounts/maker:M1:wages-pending');
    expect(await ledger.get('owners/maker:M1/statement')).toMatchObject({
      owner: 'maker:M1',
      opening: 0,
      closing: balance,
      accounts: [{ account: 'maker:M1:wages-pending', opening: 0, closing: balance }],
    });
  });

  it.each([
    ['owners/maker:M9/statement', 404],
    ['owners/state/statement', 404],
    ['owners/maker:M1/statement?cursor=Zm9v', 400],
  ])('%s is a problem', async (path, status) => {
    expect(await ledger.get(path)).toMatchObject({ status });
  });
});

describe('as of an instant', () => {
  it('balances and the trial balance are those of then', async () => {
    const before = await ledger.get('accounts/maker:M1:wages-pending');
    const trialBefore = await ledger.get('trial-balance');
    const [{ now } = { now: new Date() }] = await ledger.database.query<{ now: Date }>(
      'SELECT clock_timestamp() AS now',
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    await sellOne(50_000);

    const asOf = `asOf=${now.toISOString()}`;
    expect(await ledger.get('accounts/maker:M1:wages-pending')).not.toEqual(before);
    expect(await ledger.get(`accounts/maker:M1:wages-pending?${asOf}`)).toEqual(before);
    expect((await ledger.get(`accounts?owner=maker:M1&${asOf}`)).items).toEqual([before]);
    expect(await ledger.get(`trial-balance?${asOf}`)).toEqual(trialBefore);
    expect(await ledger.get('accounts/maker:M1:wages-pending?asOf=2020-01-01T00:00:00Z')).toMatchObject({
      balance: 0,
      entries: 0,
    });
  });

  it('the trial balance of a day has what was posted until then', async () => {
    const on = await ledger.get('trial-balance?on=2026-01-05');
    const { closing } = await ledger.get('accounts/maker:M1:wages-pending/statement?to=2026-01-05');
    expect(on.total).toBe(0);
    expect(on.rows).toContainEqual(expect.objectContaining({ purpose: 'wages-pending', credit: -closing }));
    expect(await ledger.get('trial-balance?on=1990-01-01')).toMatchObject({ rows: [], total: 0 });
  });
});
