import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowAccess } from '#libs/database';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { eventually } from '../../../../test/kit/service.ts';
import type { TotalsView } from './total.dto.ts';
import { TotalRepository } from './total.repository.ts';
import { TotalsService } from './totals.service.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
  const bags = { sku: 'tas', quantity: 2, unitPrice: 475_000, fees: 47_501, shipping: 20_000 };
  const contributions = [
    { makerId: 'M1', weight: '32' },
    { makerId: 'M2', weight: '40.5' },
  ];
  const portions = [{ lotId: 'L1', quantity: 2, unitCost: 180_000, measure: 'hours' as const, contributions }];
  await ledger.sell({
    orderRef: 'one',
    lines: [
      { ...bags, portions },
      { sku: 'batik', unitPrice: 190_000 },
    ],
  });
  await ledger.sell({ orderRef: 'one', facilityId: 'F2', placedAt: '2026-02-01T03:00:00Z', lines: [{ sku: 'batik' }] });
  await ledger.refund({ orderRef: 'one', amount: 475_000 });
  await ledger.database.query(`INSERT INTO facility VALUES ('F1', 'Jawa Timur')`);
  await eventually(
    () => totals('by=day'),
    ({ totals }) => totals.sales === 2 && totals.refunded === 475_000,
  );
});
afterAll(() => ledger.close());

const totals = (query: string): Promise<TotalsView> => ledger.get(`totals?${query}`);

it('are what was sold and who got it, by whatever is asked', async () => {
  const { items, count, totals: all, asOf } = await totals('by=facility');
  expect(count).toBe(2);
  expect(items).toMatchObject([
    {
      ...{ key: 'F1', sales: 1, units: 3, sold: 1_140_000, refunded: 475_000 },
      ...{ fees: 23_751, shipping: 10_000, tax: 0, cost: 180_000, beneficiaries: 0, suspense: 0 },
    },
    { key: 'F2', sales: 1, units: 1, sold: 100_000, refunded: 0, makers: 50_000, facility: 35_000, state: 15_000 },
  ]);
  expect(all).toMatchObject({ sales: 2, units: 4, sold: 1_240_000, refunded: 475_000 });
  expect(Date.parse(String(asOf))).toBeGreaterThan(Date.now() - 60_000);
  const [f1] = items;
  const { fees, shipping, tax, cost, makers, facility, state, beneficiaries, suspense } = f1 as (typeof items)[number];
  const got = [fees, shipping, tax, cost, makers, facility, state, beneficiaries, suspense];
  expect(got.reduce<number>((sum, part) => sum + Number(part), 0)).toBe(1_140_000 - 475_000);
  expect((await totals('by=region')).items.map(({ key, sold }) => ({ key, sold }))).toEqual([
    { key: 'Jawa Timur', sold: 1_140_000 },
    { key: null, sold: 100_000 },
  ]);
  expect((await totals('by=month&facilityId=F1')).items).toMatchObject([{ key: '2026-01', sold: 1_140_000 }]);
  expect((await totals('by=day&from=2026-02-01')).items).toMatchObject([{ key: '2026-02-01', sold: 100_000 }]);
  expect((await totals('by=day&to=2026-01-05')).totals).toMatchObject({ sold: 1_140_000, refunded: 0 });
  expect((await totals('by=channel&region=Jawa%20Timur')).items).toMatchObject([{ key: 'blanja', sold: 1_140_000 }]);
});

it('the largest come first where that is asked', async () => {
  const of = async (query: string) => (await totals(query)).items.map(({ key, sold }) => `${key} ${sold}`);
  expect(await of('by=sku')).toEqual(['batik 290000', 'tas 950000']);
  expect(await of('by=sku&order=amount')).toEqual(['tas 950000', 'batik 290000']);
  expect(await totals('by=sku&order=amount&limit=1')).toMatchObject({ count: 2, items: [{ key: 'tas' }] });
});

it('of makers nothing but what they got is theirs', async () => {
  const { items, totals: all } = await totals('by=maker');
  expect(items.map(({ key, sold, units }) => ({ key, sold, units }))).toEqual([
    { key: 'M1', sold: null, units: null },
    { key: 'M2', sold: null, units: null },
  ]);
  expect(items.reduce((sum, { makers }) => sum + makers, 0)).toBe(all.makers);
});

it('say until when: the first journal that is not added up', async () => {
  const journals = await ledger.database.query<{ recordedAt: Date }>(
    `SELECT recorded_at AS "recordedAt" FROM journal WHERE facility_id = 'F1' ORDER BY chain_number`,
  );
  expect(journals).toHaveLength(2);
  await ledger.database
    .transaction(async (transaction) => {
      await transaction.query(`UPDATE feed_position SET number = 1 WHERE facility_id = 'F1'`);
      expect(await new TotalRepository().asOf(transaction, ['F1', 'F2'])).toEqual(journals[1]?.recordedAt);
      await transaction.query('DELETE FROM feed_position');
      expect(await new TotalRepository().asOf(transaction, ['F1', 'F2'])).toEqual(journals[0]?.recordedAt);
      throw new Error('as it was');
    })
    .catch((error: Error) => expect(error.message).toBe('as it was'));
});

it('whoever sees F2 is told of F2', async () => {
  const of = (query: object) =>
    rowAccess.run({ scope: { facilities: ['F2'] } }, () =>
      ledger.app.get(TotalsService, { strict: false }).of({ by: 'facility', order: 'key', limit: 10, ...query }),
    );
  expect((await of({})).items.map(({ key }) => key)).toEqual(['F2']);
  expect(await of({ facilityId: 'F1' })).toMatchObject({ items: [], count: 0, totals: { sold: 0 } });
  expect((await of({ by: 'maker' })).items).toMatchObject([{ key: 'M1', makers: 50_000 }]);
});

it.each(['by=year', 'by=day&from=x', 'by=day&limit=0', ''])('?%s is refused', async (query) => {
  expect(await totals(query)).toMatchObject({ status: 400 });
});
