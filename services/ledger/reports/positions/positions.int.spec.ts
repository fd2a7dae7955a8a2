import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowAccess } from '#libs/database';
import { postEveryKind } from '../../../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import type { PositionsView } from './position.dto.ts';
import { PositionsService } from './positions.service.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
  await postEveryKind(ledger);
  await ledger.database.query(`INSERT INTO facility VALUES ('F1', 'Jawa Timur'), ('F3', 'Jawa Timur')`);
  await ledger.database.query(
    `INSERT INTO contribution (lot_id, maker_id, facility_id, region, recorded_at)
     SELECT 'L30', maker, facility, 'Jawa Timur', '2026-01-20'
       FROM (VALUES ('M1', 'F1'), ('M4', 'F1'), ('M8', 'F3')) AS made (maker, facility)`,
  );
  const placedAt = (day: number) => `2026-02-0${day}T03:00:00Z`;
  const costs = { fees: 5_000, shipping: 2_000 };
  for (const day of [2, 3, 5]) {
    await ledger.sell({
      orderRef: `F7-${day}`,
      facilityId: 'F7',
      placedAt: placedAt(day),
      lines: [{ unitPrice: 107_000, ...costs }],
    });
  }
  await eventually(
    () => ledger.get('totals?by=facility&facilityId=F7'),
    ({ totals }) => totals.sales === 3,
  );
});
afterAll(() => ledger.close());

const positions = (query: string): Promise<PositionsView> => ledger.get(`positions?${query}`);
type Item = PositionsView['items'][number];

it('of a facility: what channels hold for it less what they keep, what is its own, and what it owes the state', async () => {
  const { items, totals } = await positions('by=facility&facilityId=F7');
  expect(items).toEqual([
    {
      ...{ key: 'F7', channelHeld: 300_000, bank: 0, costRecovery: 0, suspense: 0 },
      facility: { pending: 105_000, available: 0 },
      makers: { count: 0, awaiting: 0, pending: 0, available: 0, reserved: 0, savings: 0, receivable: 0 },
      pnbp: { owed: 45_000, billed: 0, unbilled: 45_000, since: '2026-02-02' },
    },
  ]);
  expect(totals).toEqual((({ key: _, ...figures }) => figures)(items[0] as Item));
});

it('what is deposited pays the oldest first; what has a billing code is said', async () => {
  const { deposits } = ledgerServices(ledger.database);
  const bill = (amount: number, billingCode: string) =>
    ledger.database.transaction((tx) =>
      deposits.bill(tx, { facilityId: 'F7', bank: 'bri', amount, billingCode, by: 'p1' }),
    );
  const pnbp = async () => (await positions('by=facility&facilityId=F7')).items[0]?.pnbp;
  const depositId = await bill(20_000, '820260206000007');
  expect(await pnbp()).toEqual({ owed: 45_000, billed: 20_000, unbilled: 25_000, since: '2026-02-02' });
  await ledger.database.transaction((tx) =>
    deposits.confirm(
      tx,
      depositId,
      { ntpn: 'NTPN7', depositedAt: '2026-02-07T03:00:00Z', by: 'p2' },
      { correlationId: depositId },
    ),
  );
  expect(await pnbp()).toEqual({ owed: 25_000, billed: 0, unbilled: 25_000, since: '2026-02-03' });
});

it('of all facilities together they are the balances of all accounts, but of makers whose seat nobody knows', async () => {
  const balances = await ledger.database.query<{ purpose: string; balance: number }>(
    `SELECT purpose, sum(balance)::bigint AS balance FROM account
      WHERE NOT starts_with(owner, 'maker:') OR substr(owner, 7) IN (SELECT maker_id FROM maker_seat)
      GROUP BY purpose, starts_with(owner, 'channel:') ORDER BY purpose, starts_with(owner, 'channel:')`,
  );
  const of = (...purposes: string[]) =>
    balances.reduce((sum, { purpose, balance }) => sum + (purposes.includes(purpose) ? balance : 0), 0);
  const { items, totals } = await positions('by=facility&limit=1000');
  const { makers, facility, pnbp, channelHeld } = totals;
  const receivable = of('receivable') - makers.receivable;
  expect(channelHeld).toBe(receivable + of('fees', 'shipping'));
  expect(totals).toMatchObject({
    bank: of('bank'),
    costRecovery: -of('cost-recovery') + 0,
    suspense: -of('suspense') + 0,
  });
  expect(facility).toEqual({ pending: -of('earnings-pending') + 0, available: -of('earnings') + 0 });
  expect(pnbp?.owed).toBe(-of('pnbp'));
  expect(makers.pending).toBe(-of('wages-pending') + 0);
  expect(makers.available + makers.reserved).toBe(-of('wages') + 0);
  expect(makers.savings).toBe(-of('savings') + 0);
  const sum = (all: readonly Item[], figure: (item: Item) => number | null | undefined) =>
    all.reduce((total, item) => total + (figure(item) ?? 0), 0);
  for (const by of ['facility', 'region', 'maker']) {
    const all = (await positions(`by=${by}&limit=1000`)).items;
    for (const each of ['count', 'awaiting', 'pending', 'available', 'reserved', 'savings', 'receivable'] as const) {
      expect({ by, each, sum: sum(all, (item) => item.makers[each]) }).toEqual({ by, each, sum: makers[each] });
    }
    if (by === 'maker') continue;
    for (const each of ['channelHeld', 'bank', 'costRecovery', 'suspense'] as const) {
      expect({ by, each, sum: sum(all, (item) => item[each]) }).toEqual({ by, each, sum: totals[each] });
    }
    expect(sum(all, (item) => item.pnbp?.owed)).toBe(pnbp?.owed);
  }
  expect(items.length).toBeGreaterThan(3);
});

it('of makers: what each has, whether payouts are on hold, and who is paid', async () => {
  const { items } = await positions('by=maker&limit=1000');
  for (const item of items) {
    const { pending, available, reserved, savings, receivable } = await ledger
      .get(`owners/maker:${item.key}`)
      .then((owner) =>
        owner.status === 404 ? { pending: 0, available: 0, reserved: 0, savings: 0, receivable: 0 } : owner,
      );
    const awaiting = available > 0 ? 1 : 0;
    const makers = { count: 1, awaiting, pending, available, reserved, savings, receivable };
    expect(item).toMatchObject({ makers, bank: null });
  }
  expect(new Set(items.map(({ makers }) => makers.awaiting))).toEqual(new Set([0, 1]));
  expect(items.find(({ key }) => key === 'M8')).toMatchObject({ payee: 'maker:M9' });
  expect(items.find(({ key }) => key === 'M2')).toMatchObject({ facilityId: 'F1', frozen: false, payee: null });
  const first = await positions('by=maker&limit=1');
  const next = await positions(`by=maker&limit=1000&cursor=${first.nextCursor}`);
  expect([...first.items, ...next.items]).toEqual(items);
  expect(next.totals).toEqual(first.totals);
});

it('whoever sees F1 is told of F1 and of makers who are there, and of nobody else', async () => {
  const of = (facilities: string[], query: object) =>
    rowAccess.run({ scope: { facilities } }, () =>
      ledger.app.get(PositionsService, { strict: false }).of({ by: 'facility', limit: 100, ...query }),
    );
  const [nation] = (await positions('by=facility&facilityId=F1')).items;
  expect((await of(['F1'], {})).items).toEqual([nation]);
  expect(nation?.makers.count).toBeGreaterThan(0);
  expect((await of(['F1'], { by: 'maker' })).items.every(({ facilityId }) => facilityId === 'F1')).toBe(true);
  expect(await of(['F3'], { facilityId: 'F1' })).toMatchObject({
    items: [],
    totals: { bank: 0, makers: { count: 0 } },
  });
  expect((await of(['F3'], { by: 'maker' })).items.filter(({ facilityId }) => facilityId !== 'F3')).toEqual([]);
  expect((await of(['F1', 'F3'], { by: 'region' })).items.map(({ key }) => key)).toEqual(['Jawa Timur']);
});

it.each(['', 'by=day', 'by=maker&cursor=x', 'by=facility&limit=0'])('?%s is refused', async (query) => {
  expect(await positions(query)).toMatchObject({ status: 400 });
});
