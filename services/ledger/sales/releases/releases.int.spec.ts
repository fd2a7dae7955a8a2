import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Event, type SalePaid, type SaleSettled, salePaid, saleSettled } from '#libs/contracts';
import { Database } from '#libs/database';
import { messagingMigrations, newEvent, newId } from '#libs/messaging';
import { createDatabase } from '../../../../test/kit/database.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { openBooksFor } from '../sales/event-posting.service.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import { SaleLineRepository } from '../sales/sale-line.repository.ts';
import { ReleasesService } from './releases.service.ts';

const testDatabase = await createDatabase();
let database: Database;
let ledger: ReturnType<typeof ledgerServices>;

beforeAll(async () => {
  database = await Database.open(testDatabase.url, [...messagingMigrations, ...ledgerMigrations]);
  ledger = ledgerServices(database);
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

const ids = (orderRef: string, facilityId: string) => {
  const orderId = `toko-sandbox/${orderRef}`;
  return { orderId, saleId: `${orderId}@${facilityId}`, facilityId, channel: 'toko-sandbox' };
};
const paid = (orderRef: string, facilityId: string, releaseAt?: string): Event<SalePaid> => {
  const contributions = [{ makerId: 'M1', weight: '1' }];
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  const line = { lineRef: '1', sku: 'batik', quantity: 1, unitPrice: 100_000, portions };
  const lines = [{ ...line, discount: 0, fees: 0, shipping: 0, tax: 0 }];
  const sale = { ...ids(orderRef, facilityId), orderRef, placedAt: '2026-01-05T03:00:00Z', lines };
  return newEvent(salePaid, { ...sale, ...(releaseAt && { releaseAt }) }, { correlationId: newId() });
};
const settled = (orderRef: string, number: number, fee = 0): Event<SaleSettled> => {
  const amounts = { fee, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
  const settlement = { ...ids(orderRef, 'F9'), ...amounts, settlementId: `toko-sandbox/${orderRef}~S${number}` };
  return newEvent(saleSettled, settlement, { correlationId: newId() });
};
const sell = (...events: Event<SalePaid>[]) =>
  database.transaction(async (tx) => ledger.sales.credit(await openBooksFor(tx, events), events));
const settle = (...events: Event<SaleSettled>[]) =>
  database.transaction(async (tx) => ledger.settlements.settle(await openBooksFor(tx, events), events));
const balance = async (code: string) =>
  (await database.transaction((tx) => ledger.balances.find(tx, [code]))).get(code);
const journalsOf = (kind: string) =>
  database.query<{ reference: string; postedOn: string; source: object }>(
    `SELECT source_reference AS reference, posted_on AS "postedOn", source FROM journal WHERE kind = $1 ORDER BY 1`,
    [kind],
  );

it('releases each sale once when its return window is over, however many are at it, on the day it ended', async () => {
  const early = Array.from({ length: 20 }, (_, index) => paid(`${index}`, `F${index % 3}`, '2026-01-12T17:00:00Z'));
  await sell(...early, paid('late', 'F1', '2026-01-13T03:00:00Z'), paid('reported', 'F1'));
  const at = new Date('2026-01-12T17:00:00Z');
  const refused = await Promise.allSettled([1, 2, 3, 4].map(() => ledger.releases.releaseDue(at, 500)));
  expect(refused.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await ledger.releases.releaseDue(at, 500)).toBe(0);

  const releases = await journalsOf('release');
  expect(releases.map(({ reference }) => reference)).toEqual(early.map(({ data }) => data.saleId).sort());
  expect(new Set(releases.map(({ postedOn }) => postedOn))).toEqual(new Set(['2026-01-13']));
  expect(releases[0]?.source).toMatchObject({ returnWindowEnded: '2026-01-12T17:00:00.000Z' });
  expect(await balance('maker:M1:wages')).toBe(-50_000 * 20);
  expect(await balance('maker:M1:wages-pending')).toBe(-50_000 * 2);
});

class DyingSaleRepository extends SaleRepository {
  override save(): Promise<void> {
    return Promise.reject(new Error('killed'));
  }
}

it('leaves nothing half done when it dies: it is all to do again', async () => {
  await sell(paid('crash', 'F4', '2026-01-12T17:00:00Z'));
  const dying = new ReleasesService(database, new DyingSaleRepository(), new SaleLineRepository(), ledger.balances);
  await expect(dying.releaseDue(new Date(), 500)).rejects.toThrow('killed');
  expect(await balance('facility:F4:earnings')).toBe(0);
  await ledger.releases.releaseDue(new Date(), 500);
  expect(await balance('facility:F4:earnings')).toBe(-35_000);
});

it('a settlement told again moves nothing; a later one clears what was refunded since, and releases nothing', async () => {
  const sale = paid('again', 'F9');
  await sell(sale);
  const first = settled('again', 1, 1_000);
  await settle(first, { ...first, id: newId() }, settled('again', 2, -400));
  await settle({ ...first, id: newId() }, settled('again', 1, 2_000), settled('never-sold', 1));
  expect(await balance('bank:bri@F9')).toBe(100_000 - 1_000 + 400);
  expect(await balance('channel:toko-sandbox:receivable@F9')).toBe(0);
  expect(await balance('channel:toko-sandbox:variance@F9')).toBe(600);
  expect(await balance('facility:F9:earnings')).toBe(-35_000);
  expect(await journalsOf('settlement')).toHaveLength(2);
  expect(await database.query('SELECT reference, reason FROM refused_event ORDER BY 2')).toEqual([
    { reference: 'toko-sandbox/again~S1@F9', reason: 'conflict' },
    { reference: 'toko-sandbox/never-sold~S1@F9', reason: 'sale-unknown' },
  ]);
});
