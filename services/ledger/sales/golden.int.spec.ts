import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Event, type SalePaid, type SaleRefunded, saleIdOf, salePaid, saleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import { messagingMigrations, newEvent, newId } from '#libs/messaging';
import { createDatabase } from '../../../test/kit/database.ts';
import { ledgerServices } from '../../../test/kit/ledger-services.ts';
import type { Lot } from '../adjustments/adjustment.ts';
import type { AdjustmentsService } from '../adjustments/adjustments.service.ts';
import { AgreementRepository } from '../agreements/agreement.repository.ts';
import type { Agreement } from '../agreements/agreement.ts';
import type { Sale } from '../agreements/sale.ts';
import { ExplanationService } from '../journals/explanation.service.ts';
import type { JournalRepository } from '../journals/journal.repository.ts';
import { ledgerMigrations } from '../migrations/index.ts';
import type { SalesService } from './sales.service.ts';

interface GoldenCase {
  readonly case: string;
  readonly title: string;
  readonly runs: {
    readonly name?: string;
    readonly agreement: 'ID-1990' | Agreement;
    readonly events: GoldenEvent[];
  }[];
}

type GoldenEvent =
  | { sale: Sale & { placedAt: string }; journal: Record<string, number> }
  | { refund: { orderRef: string; lineRef: string; amount: number }; journal: Record<string, number> }
  | { contributions: Lot & { orderRef: string; lineRef: string }; journal: Record<string, number> };

const testDatabase = await createDatabase();
let database: Database;
let journals: JournalRepository;
let sales: SalesService;
let adjustments: AdjustmentsService;
let explanations: ExplanationService;

beforeAll(async () => {
  database = await Database.open(testDatabase.url, [...messagingMigrations, ...ledgerMigrations]);
  ({ journals, sales, adjustments } = ledgerServices(database));
  explanations = new ExplanationService(database, journals, new AgreementRepository());
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

/** ID-1990 gives the makers half: the case's total is the half of a price. */
it.each([
  ['a', '1', 100_003, ['7', '5', '3', '0', '1'], 'hours', [43_751, 31_251, 18_751, 0, 6_250]],
  ['b', '1', 100, ['1', '1', '1'], 'equal', [34, 33, 33]],
  ['b', '2', 100, ['1', '1', '1'], 'equal', [33, 34, 33]],
  ['e', '1', 10_000, ['7.5', '2.25'], 'hours', [7_692, 2_308]],
] as const)('G17 Weights and ties: %s, line %s', async (name, lineRef, total, weights, measure, parts) => {
  const contributions = weights.map((weight, index) => ({ makerId: `M${index + 1}`, weight }));
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure, contributions }];
  const costs = { discount: 0, fees: 0, shipping: 0, tax: 0 };
  const lines = [{ lineRef, quantity: 1, unitPrice: 2 * total, ...costs, portions }];
  const placedAt = '2026-01-05T03:00:00Z';
  const event = soldEvent({ channel: 'blanja', orderRef: 'G17', facilityId: 'F1', placedAt, lines });
  const data = { ...event.data, saleId: `blanja/G17@F1 ${name} ${lineRef}` };
  await database.transaction((transaction) => sales.credit(transaction, [{ ...event, data }]));
  const [journal] = await journals.list({ source: data.saleId, limit: 1 });
  const movements = await movementsOf(journal?.journalId ?? '');
  expect(parts.map((_, index) => -(movements[`maker:M${index + 1}:wages-pending`] ?? 0) + 0)).toEqual(parts);
});

/** Golden cases through the real posting: each journal to the rupiah, and it explains itself. */
describe.each(
  ['g1', 'g10', 'g11', 'g14', 'g16', 'g22'].map((file) => {
    const path = new URL(`../agreements/golden/${file}.json`, import.meta.url);
    return JSON.parse(readFileSync(path, 'utf8')) as GoldenCase;
  }),
)('$case $title', ({ runs }) => {
  it.each(runs.map((run) => ({ name: 'is posted to the rupiah', ...run })))(
    '$name',
    async ({ agreement, events, name }) => {
      if (agreement !== 'ID-1990') await approveForF1(agreement);
      const saleIdIn = (orderRef: string) => `${saleIdOf(`blanja/${orderRef}`, 'F1')} ${name}`;
      for (const [index, event] of events.entries()) {
        if ('contributions' in event) {
          expect(await movementsOf(await recordContributions(event.contributions))).toEqual(event.journal);
          continue;
        }
        const told = 'sale' in event ? soldEvent(event.sale) : refundedEvent(event.refund, index);
        const data = { ...told.data, saleId: saleIdIn('sale' in event ? event.sale.orderRef : event.refund.orderRef) };
        await database.transaction((transaction) =>
          'lines' in data
            ? sales.credit(transaction, [{ ...told, data }])
            : sales.reverse(transaction, [{ ...told, data: { ...data, refundId: `${data.saleId} ${index}` } }]),
        );
        const reference = 'lines' in data ? data.saleId : `${data.saleId} ${index}`;
        const [journal] = await journals.list({ source: reference, limit: 1 });
        if (!journal) throw new Error(`${reference} is not in the books`);
        expect(await movementsOf(journal.journalId)).toEqual(event.journal);
        expect(await explanations.explain(journal)).toMatchObject({ matches: true });
      }
    },
  );
});

/** In force at F1 from now on: the case that needs it is the last. */
async function approveForF1(agreement: Agreement): Promise<void> {
  await database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ($1, $2, 'facility', 'F1', '2026-01-01', 'approved', $3, 'P1', 'P2', now())`,
    [agreement.id, agreement.version, agreement],
  );
}

/** Recorded by one person, approved by another. @returns the one journal that moves it out of suspense */
async function recordContributions({ lotId, measure, contributions }: Lot): Promise<string> {
  const lot = { lotId, measure, contributions: [...contributions] };
  const recorded = { facilityId: 'F1', occurredAt: '2026-01-07T03:00:00Z', reason: 'found', lot, by: 'P1' };
  const { adjustmentId } = await database.transaction((transaction) =>
    adjustments.draftContributions(transaction, recorded),
  );
  expect(await adjustments.approve(adjustmentId, 'P2', { correlationId: newId() })).toMatchObject({ journals: 1 });
  const [journal] = await database.query<{ journalId: string }>(
    `SELECT journal_id AS "journalId" FROM journal WHERE source ->> 'adjustmentId' = $1`,
    [adjustmentId],
  );
  return journal?.journalId ?? '';
}

async function movementsOf(journalId: string): Promise<Record<string, number>> {
  const movements: Record<string, number> = {};
  for (const { account, amount } of (await journals.entriesOf([journalId])).get(journalId) ?? []) {
    movements[account] = (movements[account] ?? 0) + amount;
  }
  return movements;
}

function soldEvent(sale: Sale & { placedAt: string }): Event<SalePaid> {
  const orderId = `${sale.channel}/${sale.orderRef}`;
  const lines = sale.lines.map((line) => ({ ...line, sku: 'any' }));
  return newEvent(salePaid, { ...sale, orderId, saleId: '', lines } as SalePaid, { correlationId: newId() });
}

function refundedEvent(
  refund: { orderRef: string; lineRef: string; amount: number },
  index: number,
): Event<SaleRefunded> {
  return newEvent(
    saleRefunded,
    {
      ...refund,
      refundId: '',
      saleId: '',
      orderId: `blanja/${refund.orderRef}`,
      facilityId: 'F1',
      channel: 'blanja',
      refundRef: `R${index}`,
      quantity: 1,
      occurredAt: '2026-01-06T03:00:00Z',
    },
    { correlationId: newId() },
  );
}
