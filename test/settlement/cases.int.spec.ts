import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chargeCases, type SettlementCase, settlementCases } from './cases.ts';
import { documented, settlementDocument } from './document.ts';
import { openSaleBooks, type Posted } from './sale-books.ts';

let books: Awaited<ReturnType<typeof openSaleBooks>>;
beforeAll(async () => {
  books = await openSaleBooks();
});
afterAll(() => books.close());

describe.each(settlementCases)('$name $title', (each) => {
  it('is booked to the rupiah, step by step', async () => {
    const { name, price = 100_001, fees = 13_000, steps } = each;
    await books.sell(books.saleEvent(name, { price, fees }));
    let before = (await books.journalsOf(name)).length;
    for (const [index, { does, journals }] of steps.entries()) {
      await doStep(each, index, does);
      const posted = (await books.journalsOf(name)).slice(before);
      before += posted.length;
      expect(Object.fromEntries(posted.map(({ kind, entries }) => [kind, entries]))).toEqual(journals);
      expect(posted).toHaveLength(Object.keys(journals).length);
    }
    expect(await books.isOpen(name)).toBe(false);
    expect(await books.refused()).toEqual([]);
  });
});

describe.each(chargeCases)('$name $title', ({ name, steps }) => {
  it('is booked to the rupiah, step by step', async () => {
    let before = 0;
    for (const { does, journals } of steps) {
      await books.charge(name, does);
      const posted = (await books.journalsOfCharge(name)).slice(before);
      before += posted.length;
      expect(Object.fromEntries(posted.map(({ kind, entries }) => [kind, entries]))).toEqual(journals);
      expect(posted).toHaveLength(Object.keys(journals).length);
    }
    expect(await books.refused()).toEqual([]);
  });
});

async function doStep({ name }: SettlementCase, index: number, does: SettlementCase['steps'][number]['does']) {
  if ('settle' in does) {
    await books.settle(books.settlementEvent(name, `S${index + 1}`, { ...does.settle, tolerance: 3_000 }));
  } else if ('refund' in does) await books.refund(books.refundEvent(name, `R${index + 1}`, does.refund));
  else await books.accept(name, does.accept);
}

it('the books of all cases agree with themselves, journal by journal and table by table', async () => {
  expect(await books.faults()).toEqual([]);
  const journals: Posted[] = (
    await Promise.all([
      ...settlementCases.map(({ name }) => books.journalsOf(name)),
      ...chargeCases.map(({ name }) => books.journalsOfCharge(name)),
    ])
  ).flat();
  const sums = journals.map(({ entries }) => Object.values(entries).reduce((sum, amount) => sum + amount, 0));
  expect(new Set(sums)).toEqual(new Set([0]));
});

it('docs/SETTLEMENT.md has these cases: else `npm run docs:settlement`', () => {
  expect(documented()).toBe(settlementDocument());
});
