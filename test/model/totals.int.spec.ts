import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountOfCode } from '../../services/ledger/books/accounts/account.ts';
import type { Sums } from '../../services/ledger/reports/totals/journal-totals.ts';
import type { TotalKey } from '../../services/ledger/reports/totals/total.repository.ts';
import { RealBooks } from './real-books.ts';
import type { SaleKey } from './reference-books.ts';
import { agreements, type Happening, happenings } from './scenario.ts';

let real: RealBooks;

beforeAll(async () => {
  real = await RealBooks.open();
});
afterAll(() => real.close());

const KEYS: readonly TotalKey[] = ['day', 'month', 'facility', 'region', 'sku', 'channel'];

/** By which sum a balance is a part of what sales moved; of what channels hold, what was sold less what was refunded. */
const SUM_OF: Readonly<Record<string, keyof Sums>> = {
  ...{ fees: 'fees', shipping: 'shipping', 'vat-output': 'tax', 'cost-recovery': 'cost', pnbp: 'state' },
  ...{ earnings: 'facility', 'earnings-pending': 'facility', payable: 'beneficiaries', suspense: 'suspense' },
  ...{ 'wages-pending': 'makers', wages: 'makers', savings: 'makers', receivable: 'makers' },
};

interface Sold {
  readonly key: SaleKey;
  readonly lineRef: string;
  readonly price: number;
  refunded: number;
}

/** What of all this is about what was sold; some of it is added up meanwhile. @returns units sold, and what was paid and given back */
async function sellAndRefund(all: readonly Happening[], atOnce: number) {
  const lines: Sold[] = [];
  const happened = { sales: 0, units: 0, sold: 0, refunded: 0 };
  for (const [index, happening] of all.entries()) {
    if (index % atOnce === atOnce - 1) await real.tell();
    if (happening.kind === 'sale') {
      const key = { channel: 'blanja', orderRef: `O${happened.sales}`, facilityId: happening.facilityId };
      await real.sell(real.saleEvent({ ...key, lines: happening.lines }, happening.placedAt));
      happened.sales += 1;
      for (const { lineRef, unitPrice, quantity, discount } of happening.lines) {
        const price = unitPrice * quantity - discount;
        lines.push({ key, lineRef, price, refunded: 0 });
        happened.units += quantity;
        happened.sold += price;
      }
    } else if (happening.kind === 'refund') {
      const line = lines[happening.line % Math.max(1, lines.length)];
      if (!line) continue;
      const amount = Math.floor(((line.price - line.refunded) * happening.percent) / 100);
      line.refunded += amount;
      happened.refunded += amount + happening.goodwill;
      await real.refund(real.refundEvent(line.key, line.lineRef, amount + happening.goodwill, happening.units));
    } else if (happening.kind === 'contributions') {
      await real.record(happening.facilityId, happening.lot);
    }
  }
  return happened;
}

describe.each(['no own steps', 'own steps'] as const)('any books: %s', (own) => {
  it('totals are what sales, refunds and contributions moved on all accounts, by whatever they are asked', async () => {
    await fc.assert(
      fc.asyncProperty(agreements(own), happenings, fc.integer({ min: 1, max: 9 }), async (agreement, all, atOnce) => {
        await real.startAgain(agreement);
        const happened = await sellAndRefund(all, atOnce);
        await real.tell();

        const expected: Record<string, number> = {};
        let held = 0;
        for (const [code, balance] of Object.entries(await real.balances())) {
          const { owner, purpose } = accountOfCode(code);
          if (owner.startsWith('channel:') && purpose === 'receivable') held += balance;
          else expected[SUM_OF[purpose] as string] = (expected[SUM_OF[purpose] as string] ?? 0) - balance;
        }
        const { all: totals } = await real.totals('day');
        expect(totals).toMatchObject({ ...expected, ...happened });
        expect(totals.sold - totals.refunded).toBe(held);

        for (const by of KEYS) {
          const { items } = await real.totals(by);
          for (const sum of Object.keys(totals) as (keyof Sums)[]) {
            if (sum === 'sales' && by === 'sku') continue; // a sale is in each of its goods
            expect({ by, sum, total: items.reduce((all, item) => all + item[sum], 0) }).toEqual({
              by,
              sum,
              total: totals[sum],
            });
          }
        }
        const ofMakers = (await real.totals('maker')).items;
        expect(ofMakers.reduce((all, { makers }) => all + makers, 0)).toBe(totals.makers);
        expect(await real.faults()).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
