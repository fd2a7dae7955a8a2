import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Reported } from './cases.ts';
import { openSaleBooks, type Posted } from './sale-books.ts';

let books: Awaited<ReturnType<typeof openSaleBooks>>;
beforeAll(async () => {
  books = await openSaleBooks();
});
afterAll(() => books.close());

const RUNS = 8;
const SALES = 30;

type Happening =
  | { readonly is: 'settlement'; readonly ref: number; readonly reported: Reported }
  | { readonly is: 'refund'; readonly ref: number; readonly amount: number };

/** What channels report: mostly what is right or nearly so, and sometimes anything. */
const reports = fc
  .record({
    revenue: fc.oneof(
      fc.constantFrom(100_000, 60_000, 40_000, -100_000, 0),
      fc.integer({ min: -120_000, max: 120_000 }),
    ),
    fee: fc.oneof(fc.constantFrom(0, 8_000, 4_800, 3_200, -8_000), fc.integer({ min: -20_000, max: 20_000 })),
    shipping: fc.constantFrom(0, 0, 500, 1_600, -500),
    withheldTax: fc.constantFrom(0, 0, 500),
    settles: fc.constantFrom('all', 'part'),
  })
  .map((reported): Reported => {
    return { ...reported, paidOut: reported.revenue - reported.fee - reported.shipping - reported.withheldTax };
  });
const histories = fc.array(
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ is: fc.constant('settlement'), ref: fc.nat(5), reported: reports }) },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constant('refund'),
          ref: fc.nat(2),
          amount: fc.constantFrom(33_333, 40_000, 100_000),
        }),
      },
    ),
    { minLength: 1, maxLength: 8, size: 'max' },
  ),
  { minLength: SALES, maxLength: SALES },
) as fc.Arbitrary<Happening[][]>;

const ACCOUNTS = { bank: /^bank:/, channel: /^channel:/, tax: /^tax:pph22/ };
const movedOn = (journals: readonly Posted[], account: RegExp) =>
  journals
    .flatMap(({ entries }) => Object.entries(entries))
    .reduce((sum, [code, amount]) => sum + (account.test(code) ? amount : 0), 0);

/** The first of each reference: what comes again counts once, and what contradicts it not at all. */
function firstOf(all: readonly Happening[]): Happening[] {
  return all.filter((one, index) => all.findIndex(({ is, ref }) => is === one.is && ref === one.ref) === index);
}

interface Sale {
  readonly name: string;
  journals(): Promise<Posted[]>;
}

let run = 0;

/** What happens to some sales, as it is delivered: so much of each in a batch, in runs of what is of one kind. */
async function play(happened: readonly Happening[][], atOnce: number): Promise<Sale[]> {
  run += 1;
  const since = await books.end();
  const names = happened.map((_, index) => `${run}x${index}`);
  await books.sell(
    ...names.map((name) => books.saleEvent(name, { price: 100_000, fees: 8_000, shipping: 500, makerId: name })),
  );
  for (let round = 0; round < 8; round += atOnce) {
    const batch = Array.from({ length: atOnce }, (_, index) =>
      names.flatMap((name, sale) => {
        const happening = happened[sale]?.[round + index];
        return happening ? [{ name, ...happening }] : [];
      }),
    ).flat();
    while (batch.length > 0) {
      const end = batch.findIndex(({ is }) => is !== batch[0]?.is);
      const together = batch.splice(0, end === -1 ? batch.length : end);
      const settlements = together.flatMap((each) =>
        each.is === 'settlement'
          ? [books.settlementEvent(each.name, `S${each.ref}`, { ...each.reported, tolerance: 3_000 })]
          : [],
      );
      const refunds = together.flatMap((each) =>
        each.is === 'refund' ? [books.refundEvent(each.name, `R${each.ref}`, each.amount)] : [],
      );
      if (settlements.length > 0) await books.settle(...settlements);
      if (refunds.length > 0) await books.refund(...refunds);
    }
  }
  return names.map((name) => ({ name, journals: () => books.journalsOf(name, since) }));
}

/** As they would be of any other order; what is released comes last of a batch. */
const anonymous = async ({ name, journals }: Sale): Promise<string[]> =>
  (await journals()).map((journal) => JSON.stringify(journal).replaceAll(name, 'X')).sort();

it('however settlements come, in parts, again and among refunds, no rupiah is settled twice and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 4 }), async (happened, atOnce) => {
      for (const [of, sale] of (await play(happened, atOnce)).entries()) {
        await expectNothingLost(firstOf(happened[of] as Happening[]), sale);
      }
    }),
    { numRuns: RUNS },
  );
  expect(await books.faults()).toEqual([]);
});

async function expectNothingLost(told: readonly Happening[], sale: Sale): Promise<void> {
  const journals = await sale.journals();
  const [sold] = journals;
  const reported = told.flatMap((each) => (each.is === 'settlement' ? [each.reported] : []));
  const sumOf = (field: 'paidOut' | 'withheldTax') => reported.reduce((sum, each) => sum + (each[field] ?? 0), 0);
  const refunds = journals.filter(({ kind }) => kind === 'refund');

  expect(movedOn(journals, ACCOUNTS.bank)).toBe(sumOf('paidOut'));
  expect(movedOn(journals, ACCOUNTS.tax)).toBe(sumOf('withheldTax'));
  // What the channel has to pay of the sale and its refunds is paid, withheld, or stands on its accounts.
  const owed = movedOn(sold ? [sold, ...refunds] : [], ACCOUNTS.channel);
  expect(movedOn(journals, ACCOUNTS.channel)).toBe(owed - sumOf('paidOut') - sumOf('withheldTax'));

  const releases = journals.filter(({ kind }) => kind === 'release').length;
  const isOpen = await books.isOpen(sale.name);
  expect(releases).toBeLessThanOrEqual(1);
  if (reported.length > 0 && !isOpen) expect(releases).toBe(1);
  if (!isOpen) return;
  expect(movedOn(journals, /:receivable@/)).not.toBe(0);
  await books.accept(sale.name, 'let it be');
  const after = await sale.journals();
  expect(after.slice(journals.length).map(({ kind }) => kind)).toEqual([
    'difference',
    ...(releases === 0 ? ['release'] : []),
  ]);
  expect(movedOn(after, /:(receivable|fees|shipping)@/)).toBe(0);
}

it('the same, whatever comes together in a batch', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (happened) => {
      const [one, all] = [await play(happened, 1), await play(happened, 8)];
      for (const [of, sale] of one.entries()) {
        expect(await anonymous(all[of] as Sale)).toEqual(await anonymous(sale));
      }
    }),
    { numRuns: RUNS / 4 },
  );
});
