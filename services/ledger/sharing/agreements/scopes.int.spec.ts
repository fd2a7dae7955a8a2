import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  refundIdOf,
  type SalePaid,
  type SaleSettled,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { commonMigrations } from '#libs/service';
import { createDatabase, type TestDatabase } from '../../../../test/kit/database.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { type Served, serve } from '../../../../test/kit/http.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { simulated } from '../../../../test/kit/simulated.ts';
import { ExplanationService } from '../../explanations/recompute/explanation.service.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import { MemoryService } from '../memory/memory.service.ts';
import { SimulationsController } from '../simulation/simulations.controller.ts';
import { SimulationsService } from '../simulation/simulations.service.ts';
import { AgreementRepository } from './agreement.repository.ts';
import { AgreementsController } from './agreements.controller.ts';
import { AgreementsService } from './agreements.service.ts';
import type { ScopeLevel } from './in-force.ts';

let testDatabase: TestDatabase;
let database: Database;
let ledger: ReturnType<typeof ledgerServices>;
let served: Served;

beforeAll(async () => {
  testDatabase = await createDatabase();
  database = await Database.open(testDatabase.url, [...commonMigrations, ...ledgerMigrations]);
  ledger = ledgerServices(database);
  served = await serve(
    database,
    [AgreementsController, SimulationsController],
    [AgreementsService, SimulationsService, AgreementRepository, { provide: MemoryService, useValue: ledger.memories }],
  );
});
afterAll(async () => {
  served.close();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

/** Makers get this many percent of the price, the state the rest. */
const definition = (id: string, percent: number, recovery = 0) => ({
  ...{ id, version: 1, basis: 'gross', recovery: { bp: recovery } },
  sale: {
    steps: [
      {
        ...{ id: 'shares', take: 'rest' },
        to: [
          { to: 'makers', rate: { bp: percent * 100 } },
          { to: 'state', rate: { bp: 10_000 - percent * 100 } },
        ],
      },
    ],
  },
});

const draft = (id: string, level: ScopeLevel, scopeId: string, percent: number, more: object = {}) =>
  served.call('POST', 'agreements', {
    by: 'p1',
    scope: { level, id: scopeId },
    effectiveFrom: '2026-01-01T00:00:00+07:00',
    definition: definition(id, percent),
    ...more,
  });
const approve = (id: string) => served.call('POST', `agreements/${id}/1/approval`, { by: 'p2' });

interface Line {
  readonly price: number;
  readonly sku?: string;
  readonly programme?: string;
}
interface Sold {
  readonly lines: readonly Line[];
  readonly facilityId?: string;
  readonly region?: string;
  readonly placedAt?: string;
  readonly makerId?: string;
}

async function sell(orderRef: string, { lines, facilityId = 'ambarawa', makerId = 'M1', ...said }: Sold) {
  const orderId = `blanja/${orderRef}`;
  const contributions = [{ makerId, weight: '1' }];
  const sale: SalePaid = {
    saleId: saleIdOf(orderId, facilityId),
    ...{ orderId, channel: 'blanja', orderRef, facilityId, region: 'Jawa Tengah', placedAt: '2026-02-01T03:00:00Z' },
    ...said,
    lines: lines.map(({ price, sku = 'TAS-01', ...line }, index) => ({
      ...{ lineRef: String(index + 1), sku, quantity: 1, unitPrice: price, discount: 0, fees: 0, shipping: 0, tax: 0 },
      ...line,
      portions: [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours', contributions }],
    })),
  };
  const event = newEvent(salePaid, sale, { correlationId: newId() });
  await database.transaction(async (tx) => ledger.sales.credit(await openBooksFor(tx, [event]), [event]));
  return sale;
}

async function refund({ orderId, saleId, facilityId }: SalePaid, lineRef: string, amount: number): Promise<string> {
  const refundId = refundIdOf(orderId, lineRef, 'R1');
  const of = { refundId, saleId, orderId, facilityId, channel: 'blanja', lineRef, refundRef: 'R1' };
  const data = { ...of, quantity: 1, amount, occurredAt: '2026-02-02T03:00:00Z' };
  const event = newEvent(saleRefunded, data, { correlationId: newId() });
  await database.transaction(async (tx) => ledger.sales.reverse(await openBooksFor(tx, [event]), [event]));
  return refundId;
}

async function settle({ orderId, saleId, facilityId }: SalePaid): Promise<void> {
  const amounts = { fee: 0, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: '2026-02-09T03:00:00Z' };
  const of = { settlementId: `${orderId}~S1`, saleId, orderId, facilityId, channel: 'blanja' };
  const event = newEvent(saleSettled, { ...of, ...amounts } satisfies SaleSettled, { correlationId: newId() });
  await database.transaction(async (tx) => ledger.settlements.settle(await openBooksFor(tx, [event]), [event]));
}

async function journalOf(source: string) {
  const [journal] = await ledger.journals.list({ source, limit: 1 });
  if (!journal) throw new Error(`${source} is not in the books`);
  const entries = (await ledger.journals.entriesOf([journal.journalId])).get(journal.journalId) ?? [];
  return { ...journal, entries: entries.map(({ account, lineRef, amount }) => [account, lineRef, amount]) };
}
const agreementOf = async ({ saleId }: SalePaid) => (await journalOf(saleId)).agreement?.id;

const explained = async (source: string) => {
  const [journal] = await ledger.journals.list({ source, limit: 1 });
  return (
    journal && new ExplanationService(database, ledger.journals, ledger.saleLines, ledger.agreements).explain(journal)
  );
};

const faults = () => faultsOf(database);

it('five scopes at once: each sale is shared by the most specific that it is in', async () => {
  await draft('REGION', 'region', 'Jawa Tengah', 10);
  await draft('FACILITY', 'facility', 'ambarawa', 20);
  await draft('PROGRAMME', 'programme', 'meubelair', 30);
  await draft('PRODUCT', 'product', 'KURSI-01', 40, {
    effectiveUntil: '2026-07-01T00:00:00+07:00',
    definition: definition('PRODUCT', 40, 10_000),
  });
  for (const id of ['REGION', 'FACILITY', 'PROGRAMME', 'PRODUCT']) {
    expect(await approve(id)).toMatchObject({ status: 200, body: { status: 'approved', problems: [] } });
  }
  const price = 1_000;
  const sales: [string, Sold, string, number][] = [
    ['in none', { facilityId: 'bangli', region: 'Bali', lines: [{ price }] }, 'ID-1990', 500],
    ['in a region', { facilityId: 'kendal', lines: [{ price }] }, 'REGION', 100],
    ['at a facility', { lines: [{ price, programme: 'batik' }] }, 'FACILITY', 200],
    ['of a programme', { lines: [{ price, programme: 'meubelair' }] }, 'PROGRAMME', 300],
    ['of a product', { lines: [{ price, programme: 'meubelair', sku: 'KURSI-01' }] }, 'PRODUCT', 400],
  ];
  for (const [name, sold, agreement, premi] of sales) {
    const sale = await sell(name, sold);
    expect([name, await agreementOf(sale)]).toEqual([name, agreement]);
    expect((await journalOf(sale.saleId)).entries).toContainEqual(['maker:M1:wages-pending', '1', -premi]);
  }
  // An event of before regions and programmes were said.
  const { region: _, ...old } = await sell('old', {
    facilityId: 'kendal',
    lines: [{ price }],
    region: undefined as never,
  });
  expect(await agreementOf(old as SalePaid)).toBe('ID-1990');
});

it('a scope ends just before its last instant, and the next wider one takes over at it', async () => {
  const chair = { lines: [{ price: 1_000, sku: 'KURSI-01', programme: 'meubelair' }] };
  const at = async (placedAt: string) => agreementOf(await sell(placedAt, { ...chair, placedAt }));
  expect(await at('2025-12-31T16:59:59.999Z')).toBe('ID-1990');
  expect(await at('2025-12-31T17:00:00.000Z')).toBe('PRODUCT');
  expect(await at('2026-06-30T16:59:59.999Z')).toBe('PRODUCT');
  expect(await at('2026-06-30T17:00:00.000Z')).toBe('PROGRAMME');
});

it('lines of one order under two agreements are one journal; each explains itself and is refunded at its own ratio', async () => {
  const sale = await sell('mixed', { lines: [{ price: 100_001 }, { price: 50_000, sku: 'KURSI-01' }] });
  const journal = await journalOf(sale.saleId);
  // 20 % of 100,001: 20,000.2 and 80,000.8; 40 % of 50,000.
  expect(journal).toMatchObject({ agreement: null });
  expect(journal.entries.sort()).toEqual([
    ['channel:blanja:receivable@ambarawa', null, 150_001],
    ['maker:M1:wages-pending', '1', -20_000],
    ['maker:M1:wages-pending', '2', -20_000],
    ['state:pnbp@ambarawa', '1', -80_001],
    ['state:pnbp@ambarawa', '2', -30_000],
  ]);
  expect(await explained(sale.saleId)).toMatchObject({
    ...{ matches: true, agreement: null },
    lines: [{ agreement: { id: 'FACILITY' } }, { agreement: { id: 'PRODUCT' } }],
  });

  // 33,333 of 100,001: 6,666.5 of the makers', 26,666.5 of the state's; one rupiah is missing, and the state's is due first.
  const first = await refund(sale, '1', 33_333);
  expect((await journalOf(first)).entries.sort()).toEqual([
    ['channel:blanja:receivable@ambarawa', null, -33_333],
    ['maker:M1:wages-pending', '1', 6_666],
    ['state:pnbp@ambarawa', '1', 26_667],
  ]);
  const second = await refund(sale, '2', 50_000);
  expect((await journalOf(second)).entries.sort()).toEqual([
    ['channel:blanja:receivable@ambarawa', null, -50_000],
    ['maker:M1:wages-pending', '2', 20_000],
    ['state:pnbp@ambarawa', '2', 30_000],
  ]);
  expect(await explained(first)).toMatchObject({ matches: true, agreement: { id: 'FACILITY' } });
  expect(await explained(second)).toMatchObject({ matches: true, agreement: { id: 'PRODUCT' } });
  expect(await faults()).toEqual([]);
});

it('a release recovers of each line at the rate of its own agreement', async () => {
  const opening = {
    ...{
      type: 'opening' as const,
      by: 'p1',
      facilityId: 'ambarawa',
      occurredAt: '2026-01-01T03:00:00Z',
      reason: 'books',
    },
    entries: [
      { account: 'maker:M2:receivable', amount: 50_000 },
      { account: 'facility:ambarawa:earnings', amount: -50_000 },
    ],
  };
  const { adjustmentId } = await database.transaction((tx) => ledger.adjustments.draftEntries(tx, opening));
  await ledger.adjustments.approve(adjustmentId, 'p2', { correlationId: newId() });
  const lines = [{ price: 100_000 }, { price: 50_000, sku: 'KURSI-01' }];
  const sale = await sell('recovered', { lines, makerId: 'M2' });
  await settle(sale);
  // 20,000 of FACILITY, which recovers nothing, and 20,000 of PRODUCT, which recovers all.
  const balances = await database.transaction((tx) =>
    ledger.balances.find(tx, ['maker:M2:receivable', 'maker:M2:wages', 'maker:M2:wages-pending']),
  );
  expect(Object.fromEntries(balances)).toEqual({
    ...{ 'maker:M2:receivable': 30_000, 'maker:M2:wages': -20_000, 'maker:M2:wages-pending': 0 },
  });
  expect(await faults()).toEqual([]);
});

it('no scope is approved over lines that are in the books, unless a more specific agreement shared them', async () => {
  await sell('rattan', { lines: [{ price: 1_000 }, { price: 2_000, programme: 'rotan' }] });
  await draft('ROTAN', 'programme', 'rotan', 50);
  expect(await approve('ROTAN')).toMatchObject({
    status: 422,
    body: { errors: [{ message: expect.stringContaining('blanja/rattan@ambarawa') }] },
  });
  await draft('BALI', 'region', 'Bali', 50);
  expect(await approve('BALI')).toMatchObject({ status: 422 });
  await draft('ROTAN-KURSI', 'product', 'KURSI-ROTAN', 50);
  expect(await approve('ROTAN-KURSI')).toMatchObject({ status: 200 });
  await draft('ANYAMAN', 'programme', 'anyaman', 50);
  await sell('basket', { lines: [{ price: 1_000, sku: 'KURSI-ROTAN', programme: 'anyaman' }] });
  expect(await approve('ANYAMAN')).toMatchObject({ status: 200 });
});

it('a simulation shares again the lines of its scope alone', async () => {
  await draft('MORE', 'product', 'TAS-01', 60, { effectiveFrom: '2028-01-01T00:00:00+07:00' });
  await sell('bag', { lines: [{ price: 1_000 }, { price: 9_000, sku: 'KURSI-01' }], placedAt: '2026-05-01T03:00:00Z' });
  const may = { from: '2026-05-01', to: '2026-05-31' };
  expect(await simulated(served, 'MORE', may)).toMatchObject({
    sales: 1,
    totals: [
      { owner: 'state', posted: 800, simulated: 400 },
      { owner: 'maker', posted: 200, simulated: 600 },
    ],
  });
  await draft('WIDER', 'facility', 'ambarawa', 60, { effectiveFrom: '2028-01-01T00:00:00+07:00' });
  expect(await simulated(served, 'WIDER', may)).toMatchObject({
    totals: [
      { owner: 'state', posted: 800, simulated: 400 },
      { owner: 'maker', posted: 200, simulated: 600 },
    ],
  });
});

it('another agreement in a line’s place is found by verification', async () => {
  await database.query(`UPDATE sale_line SET shared_by = 'ID-1990' WHERE sale_id = 'blanja/mixed@ambarawa'`);
  const rows = (await faults()).map(({ table, row }) => `${table} ${row}`);
  expect(rows.sort()).toEqual(['sale_line blanja/mixed@ambarawa 1', 'sale_line blanja/mixed@ambarawa 2']);
});
