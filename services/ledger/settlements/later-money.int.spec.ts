import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  disbursementPaid,
  type SalePaid,
  type SaleRefunded,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { messagingMigrations, newEvent, newId } from '#libs/messaging';
import { createDatabase } from '../../../test/kit/database.ts';
import { ledgerServices } from '../../../test/kit/ledger-services.ts';
import { eventually } from '../../../test/kit/service.ts';
import type { Agreement } from '../agreements/agreement.ts';
import type { Sale } from '../agreements/sale.ts';
import { ExplanationService } from '../journals/explanation.service.ts';
import { ledgerMigrations } from '../migrations/index.ts';

type Movements = Record<string, number>;

interface GoldenCase {
  readonly case: string;
  readonly title: string;
  readonly runs: {
    readonly name?: string;
    readonly agreement: 'ID-1990' | Agreement;
    readonly events: readonly GoldenEvent[];
  }[];
}

type GoldenEvent =
  | { readonly sale: Sale & { placedAt: string }; readonly journal: Movements }
  | { readonly refund: { orderRef: string; lineRef: string; amount: number }; readonly journal: Movements }
  | {
      readonly settlement: { orderRef: string; fee: number; shipping: number; withheldTax: number };
      readonly journal: Movements;
      readonly release: Movements;
    }
  /** By a settlement without fees, whose journal is left out. */
  | { readonly release: { orderRef: string }; readonly journal: Movements }
  /** From what is available, approved and paid by the bank. */
  | { readonly payout: { account: string; amount: number }; readonly journal: Movements }
  | { readonly deposit: { amount: number }; readonly journal: Movements }
  /** Of a month: asked for by one person, approved by another. */
  | { readonly close: string; readonly journal: Movements }
  | { readonly balances: Movements };

/** Golden cases of money after the sale, through the real posting: each journal to the rupiah. */
describe.each(
  ['g12', 'g18'].map((file) => {
    const path = new URL(`../agreements/golden/${file}.json`, import.meta.url);
    return JSON.parse(readFileSync(path, 'utf8')) as GoldenCase;
  }),
)('$case $title', ({ runs }) => {
  it.each(runs.map((run) => ({ name: 'is posted to the rupiah', ...run })))('$name', async ({ agreement, events }) => {
    const books = await openBooks(agreement);
    for (const [index, event] of events.entries()) {
      if ('sale' in event) expect(await books.sell(event.sale)).toEqual(event.journal);
      else if ('refund' in event) expect(await books.refund(event.refund, index)).toEqual(event.journal);
      else if ('settlement' in event) {
        const { journal, release } = event;
        expect(await books.settle(event.settlement, index)).toEqual({ settlement: journal, release });
      } else if ('release' in event) {
        const settlement = { ...event.release, fee: 0, shipping: 0, withheldTax: 0 };
        expect((await books.settle(settlement, index)).release).toEqual(event.journal);
      } else if ('payout' in event) expect(await books.payOut(event.payout)).toEqual(event.journal);
      else if ('close' in event) expect(await books.closeMonth(event.close)).toEqual(event.journal);
      else if ('deposit' in event) expect(await books.deposit(event.deposit)).toEqual(event.journal);
      else expect(await books.balances(Object.keys(event.balances))).toEqual(event.balances);
    }
    await books.close();
  });
});

async function openBooks(agreement: 'ID-1990' | Agreement) {
  const { url, drop } = await createDatabase();
  const database = await Database.open(url, [...messagingMigrations, ...ledgerMigrations]);
  const ledger = ledgerServices(database);
  const { journals, saleLines, balances, sales, settlements } = ledger;
  const explanations = new ExplanationService(database, journals, saleLines);
  if (agreement !== 'ID-1990') {
    await database.query(
      `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                              approved_by, approved_at)
       VALUES ($1, $2, 'facility', 'F1', '2026-01-01', 'approved', $3, 'P1', 'P2', now())`,
      [agreement.id, agreement.version, agreement],
    );
  }
  const ids = (orderRef: string) => {
    const orderId = `blanja/${orderRef}`;
    return { orderId, saleId: `${orderId}@F1`, facilityId: 'F1', channel: 'blanja' };
  };
  const cause = { correlationId: newId() };

  async function movementsOf(kind: string, reference: string): Promise<Movements> {
    const found = await journals.list({ source: reference, limit: 10 });
    const journal = found.find((each) => each.kind === kind);
    if (!journal) throw new Error(`${kind} ${reference} is not in the books`);
    if (kind === 'sale' || kind === 'refund') {
      expect(await explanations.explain(journal)).toMatchObject({ matches: true });
    }
    return movements(journal.journalId);
  }

  async function movements(journalId: string): Promise<Movements> {
    const moved: Movements = {};
    for (const { account, amount } of (await journals.entriesOf([journalId])).get(journalId) ?? []) {
      moved[account] = (moved[account] ?? 0) + amount;
    }
    return moved;
  }

  return {
    async sell(sale: Sale & { placedAt: string }): Promise<Movements> {
      const lines = sale.lines.map((line) => ({ ...line, sku: 'any' }));
      const event = newEvent(salePaid, { ...sale, ...ids(sale.orderRef), lines } as SalePaid, cause);
      await database.transaction((transaction) => sales.credit(transaction, [event]));
      return movementsOf('sale', event.data.saleId);
    },
    async refund({ orderRef, ...refund }: { orderRef: string; lineRef: string; amount: number }, index: number) {
      const data: SaleRefunded = {
        ...{ ...ids(orderRef), ...refund, refundId: `${orderRef} ${index}`, refundRef: `R${index}` },
        ...{ quantity: 1, occurredAt: '2026-01-20T03:00:00Z' },
      };
      const event = newEvent(saleRefunded, data, cause);
      await database.transaction((transaction) => sales.reverse(transaction, [event]));
      return movementsOf('refund', data.refundId);
    },
    async settle(
      { orderRef, ...amounts }: { orderRef: string; fee: number; shipping: number; withheldTax: number },
      index: number,
    ) {
      const settlementId = `${orderRef}~S${index}`;
      const data = { ...ids(orderRef), ...amounts, settlementId, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
      const event = newEvent(saleSettled, data, cause);
      await database.transaction((transaction) => settlements.settle(transaction, [event]));
      return {
        settlement: await movementsOf('settlement', `${settlementId}@F1`),
        release: await movementsOf('release', data.saleId),
      };
    },
    async payOut({ account, amount }: { account: string; amount: number }) {
      const [payoutId, itemId] = [newId(), newId()];
      const payout = { payoutId, facilityId: 'F1', bank: 'bri', upTo: '2026-01-31', createdBy: 'P1', ...cause };
      await database.transaction((transaction) =>
        ledger.payoutRows.add(transaction, payout, [{ itemId, account, amount, payee: null }]),
      );
      await database.transaction((transaction) => ledger.payouts.review(transaction, payoutId, 'P1', []));
      await database.transaction((transaction) => ledger.payouts.approve(transaction, payoutId, 'P2', cause));
      const paid = { itemId, payoutId, facilityId: 'F1', amount, paidAt: '2026-01-15T03:00:00Z' };
      const event = newEvent(disbursementPaid, paid, cause);
      await database.transaction((transaction) => ledger.payouts.answer(transaction, [event]));
      return movementsOf('payout', itemId);
    },
    async deposit({ amount }: { amount: number }) {
      const depositId = await database.transaction(async (transaction) => {
        const bill = { facilityId: 'F1', bank: 'bri', amount, billingCode: '820260115000001', by: 'P1' };
        const depositId = await ledger.deposits.bill(transaction, bill);
        const receipt = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: '2026-01-15T03:00:00Z', by: 'P1' };
        await ledger.deposits.confirm(transaction, depositId, receipt, cause);
        return depositId;
      });
      return movementsOf('deposit', depositId);
    },
    async closeMonth(month: string): Promise<Movements> {
      const asked = { by: 'P1', reason: 'month end' };
      const { decisionId } = await database.transaction((transaction) =>
        ledger.periods.request(transaction, { month, action: 'close' }, asked),
      );
      await eventually(
        () => ledger.periods.find(decisionId),
        ({ status }) => status === 'waiting',
      );
      const { journals: posted } = await ledger.periods.approve(decisionId, 'P2');
      expect(posted).toHaveLength(1);
      return movements(posted?.[0] ?? '');
    },
    async balances(codes: string[]): Promise<Movements> {
      return Object.fromEntries(await database.transaction((transaction) => balances.find(transaction, codes)));
    },
    async close(): Promise<void> {
      await database.onApplicationShutdown();
      await drop();
    },
  };
}
