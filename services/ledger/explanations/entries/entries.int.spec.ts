import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.close());

const explanationOf = (account: string, version: number) =>
  ledger.get(`entries/${encodeURIComponent(account)}/${version}/explanation`);

/** Golden case G11, and a second line. */
const lines = [
  {
    unitPrice: 33_334,
    quantity: 3,
    discount: 1,
    fees: 5_003,
    portions: [
      {
        lotId: 'L1',
        quantity: 3,
        unitCost: 6_666,
        measure: 'hours' as const,
        contributions: [
          { makerId: 'M1', weight: '5' },
          { makerId: 'M2', weight: '3.5' },
        ],
      },
    ],
  },
  { unitPrice: 1_000_001 },
];

it('every entry of sales and refunds explains itself as it is posted', async () => {
  await ledger.sell({ orderRef: 'all', lines });
  await ledger.refund({ orderRef: 'all', amount: 33_333 });
  await ledger.refund({ orderRef: 'all', amount: 70_000 });
  const { items } = await ledger.get('accounts?limit=1000');
  let entries = 0;
  for (const { code, entries: count } of items) {
    for (let version = 1; version <= count; version += 1) {
      const { entry, recomputed, matches, sentence } = await explanationOf(code, version);
      expect({ code, version, matches, recomputed }).toEqual({
        code,
        version,
        matches: true,
        recomputed: entry.amount,
      });
      expect(sentence).toEqual({ id: expect.stringContaining('Rp'), en: expect.stringContaining('Rp') });
      entries += 1;
    }
  }
  const [counted] = await ledger.database.query<{ entries: number }>('SELECT count(*) AS entries FROM entry');
  expect(entries).toBe(counted?.entries);
});

it('tells order, line, lot, contribution, agreement and each step', async () => {
  await ledger.sell({ orderRef: 'told', lines: [{ unitPrice: 1_000_001 }] });
  const { entries } = await ledger.get('accounts/maker:M1:wages-pending');
  expect(await explanationOf('maker:M1:wages-pending', entries)).toMatchObject({
    entry: { account: 'maker:M1:wages-pending', amount: -500_001, kind: 'sale', sourceReference: 'blanja/told@F1' },
    order: { orderId: 'blanja/told', facilityId: 'F1' },
    lines: [
      {
        agreement: { id: 'ID-1990', version: 1 },
        lineRef: '1',
        sku: 'batik',
        price: 1_000_001,
        chains: [
          {
            lotId: 'L1',
            amount: 500_001,
            links: [
              { link: 'basis', result: 1_000_001 },
              { link: 'step', step: 'shares', result: 1_000_001 },
              {
                link: 'share',
                rate: { num: 5_000, den: 10_000 },
                exact: { whole: 500_000, fraction: { num: 5_000, den: 10_000 } },
                result: 500_001,
              },
              { link: 'contribution', makerId: 'M1', weight: '1', weights: '1', result: 500_001 },
            ],
          },
        ],
      },
    ],
    recomputed: -500_001,
    matches: true,
    sentence: { en: expect.stringContaining('rounded up from 500,000.5') },
  });
});

it.each([
  ['maker:M9:wages', 1, 404],
  ['maker:M1:wages-pending', 999, 404],
])('%s, entry %i is a problem', async (account, version, status) => {
  expect(await explanationOf(account, version)).toMatchObject({ status });
});
