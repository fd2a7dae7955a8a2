import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
import { allocate, type Claim, type Rupiah } from '#libs/money';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { faultsOf } from '../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../test/kit/ledger-services.ts';
import { Pristine } from '../../../test/kit/pristine.ts';
import { eventually } from '../../../test/kit/service.ts';
import type { Adjustment } from '../decisions/adjustments/adjustment.repository.ts';
import type { Lot } from '../decisions/adjustments/adjustment.ts';
import { explainCaused, explainEntry } from '../explanations/entries/entry-explanation.ts';
import { ExplanationService } from '../explanations/recompute/explanation.service.ts';
import { ledgerMigrations } from '../migrations/index.ts';
import { openBooksFor } from '../sales/sales/event-posting.service.ts';
import type { Agreement } from './agreements/agreement.ts';
import { agreementFrom } from './agreements/lint.ts';
import { type Memory, memoryOf, noMemory } from './memory/memory.ts';
import type { Sale } from './waterfall/sale.ts';

/** Debit +, credit -: rupiah by account. */
type Movements = Record<string, Rupiah>;

interface GoldenCase {
  readonly case: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly runs: {
    readonly name?: string;
    readonly agreement?: 'ID-1990' | object;
    /** What the books hold before: obligations that were imposed, and balances. */
    readonly memory?: Memory;
    readonly events: readonly (GoldenEvent & { readonly remembers?: Partial<Memory> })[];
  }[];
}

type GoldenEvent =
  | { readonly sale: Sale & { placedAt: string }; readonly journal: Movements }
  | { readonly refund: { orderRef: string; lineRef: string; amount: Rupiah }; readonly journal: Movements }
  | { readonly contributions: Lot; readonly journal: Movements }
  | {
      readonly settlement: { orderRef: string; fee: Rupiah; shipping: Rupiah; withheldTax: Rupiah };
      readonly journal: Movements;
      readonly release: Movements;
    }
  /** By a settlement without fees, whose journal is left out. */
  | { readonly release: { orderRef: string }; readonly journal: Movements }
  /** From what is available, approved and paid by the bank. */
  | { readonly payout: { account: string; amount: Rupiah }; readonly journal: Movements }
  | { readonly deposit: { amount: Rupiah }; readonly journal: Movements }
  /** Of a month: asked for by one person, approved by another. Without a journal it posts none. */
  | { readonly close: string; readonly journal?: Movements }
  | { readonly reopen: string }
  /** By the catalogue: who made a lot. */
  | { readonly recorded: { lotId: string; makerIds: string[]; recordedAt: string } }
  | { readonly balances: Movements }
  | { readonly allocate: { total: Rupiah; scope: string; claims: Claim[] }; readonly parts: Rupiah[] }
  /** A sale of the run's agreement, by which every step counts over a week or a month. */
  | { readonly posting: string; readonly postedOn: string; readonly week: string; readonly month: string };

const directory = new URL('./golden/', import.meta.url);
const cases = readdirSync(directory)
  .map((file) => JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as GoldenCase)
  .sort((a, b) => Number(a.case.slice(1)) - Number(b.case.slice(1)));

let testDatabase: TestDatabase;
let database: Database;
let pristine: Pristine;

beforeAll(async () => {
  testDatabase = await createDatabase();
  database = await Database.open(testDatabase.url, [...messagingMigrations, ...ledgerMigrations]);
  pristine = await Pristine.of(testDatabase.url);
});
beforeEach(() => pristine.putBack());
afterAll(async () => {
  await pristine.close();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

/**
 * Every golden case through the real posting, each run in empty books: each journal to the rupiah, and it explains
 * itself, then and after all that followed.
 */
describe.each(cases.map((each) => ({ ...each, rules: each.rules.join(', ') })))('$case ($rules) $title', ({ runs }) => {
  it.each(runs.map((run) => ({ name: 'to the rupiah', ...run })))(
    '$name',
    async ({ agreement = 'ID-1990', memory = noMemory, events }) => {
      const books = await openBooks(agreement === 'ID-1990' ? agreement : agreementFrom(agreement));
      await books.begin(memory);
      for (const [index, event] of events.entries()) {
        await expectEvent(books, event, index);
        if (event.remembers) expect(await books.remembered(event.remembers)).toMatchObject(event.remembers);
      }
      expect(await books.faults()).toEqual([]);
      expect(await books.unexplained()).toEqual([]);
    },
  );
});

type Books = Awaited<ReturnType<typeof openBooks>>;

async function expectEvent(books: Books, event: GoldenEvent, index: number): Promise<void> {
  if ('sale' in event) expect(await books.sell(event.sale)).toEqual(event.journal);
  else if ('refund' in event) expect(await books.refund(event.refund, index)).toEqual(event.journal);
  else if ('contributions' in event) expect(await books.record(event.contributions)).toEqual(event.journal);
  else if ('settlement' in event) {
    const { journal, release } = event;
    expect(await books.settle(event.settlement, index)).toEqual({ settlement: journal, release });
  } else if ('release' in event) {
    const settlement = { ...event.release, fee: 0, shipping: 0, withheldTax: 0 };
    expect((await books.settle(settlement, index)).release).toEqual(event.journal);
  } else if ('payout' in event) expect(await books.payOut(event.payout)).toEqual(event.journal);
  else if ('close' in event) expect(await books.close(event.close)).toEqual(event.journal ? [event.journal] : []);
  else if ('reopen' in event) await books.decide('reopen', event.reopen);
  else if ('recorded' in event) await books.recordMakers(event.recorded);
  else if ('deposit' in event) expect(await books.deposit(event.deposit)).toEqual(event.journal);
  else if ('balances' in event) expect(await books.balances(Object.keys(event.balances))).toEqual(event.balances);
  else if ('posting' in event) {
    const { posting, postedOn, week, month } = event;
    expect(await books.sellAt(posting, index)).toEqual({ postedOn, periods: [month, week] });
  } else {
    const { total, scope, claims } = event.allocate;
    expect(allocate(total, claims, scope)).toEqual(event.parts);
    if (total > 0 && claims.every(({ payee }) => payee.startsWith('maker:'))) {
      const shared = await books.sell(saleOfMakers(event.allocate));
      expect(claims.map(({ payee }) => 0 - (shared[`${payee}:wages-pending`] ?? 0))).toEqual(event.parts);
    }
  }
}

/** ID-1990 gives the makers half: the total is the half of the price. */
function saleOfMakers({ total, scope, claims }: { total: Rupiah; scope: string; claims: Claim[] }) {
  const [channel = '', orderRef = '', lineRef = ''] = scope.split('/');
  const contributions = claims.map(({ payee, weight }) => ({
    makerId: payee.slice('maker:'.length),
    weight: `${weight}`,
  }));
  return { ...oneLine({ lineRef, unitPrice: 2 * total, contributions }), channel, orderRef };
}

function oneLine({ lineRef = '1', unitPrice = 100_000, contributions = [{ makerId: 'M1', weight: '1' }] } = {}) {
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  const line = { lineRef, quantity: 1, unitPrice, discount: 0, fees: 0, shipping: 0, tax: 0, portions };
  return { channel: 'blanja', orderRef: '1', facilityId: 'F1', placedAt: '2026-01-05T03:00:00Z', lines: [line] };
}

async function openBooks(agreement: 'ID-1990' | Agreement) {
  const ledger = ledgerServices(database);
  const { journals } = ledger;
  const explanations = new ExplanationService(database, journals, ledger.saleLines, ledger.agreements);
  const cause = { correlationId: newId() };
  if (agreement !== 'ID-1990') {
    await database.query(
      `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                              approved_by, approved_at)
       VALUES ($1, $2, 'facility', 'F1', '2025-01-01', 'approved', $3, 'p1', 'p2', now())`,
      [agreement.id, agreement.version, agreement],
    );
  }
  const ids = (orderRef: string) => {
    const orderId = `blanja/${orderRef}`;
    return { orderId, saleId: `${orderId}@F1`, facilityId: 'F1', channel: 'blanja' };
  };

  async function journalOf(kind: string, reference: string) {
    const found = await journals.list({ source: reference, limit: 10 });
    const journal = found.find((each) => each.kind === kind);
    if (!journal) throw new Error(`${kind} ${reference} is not in the books`);
    if (kind === 'sale' || kind === 'refund') {
      expect(await explanations.explain(journal)).toMatchObject({ matches: true });
    }
    return journal;
  }

  async function movements(journalId: string): Promise<Movements> {
    const moved: Movements = {};
    for (const { account, amount } of (await journals.entriesOf([journalId])).get(journalId) ?? []) {
      moved[account] = (moved[account] ?? 0) + amount;
    }
    return moved;
  }
  const movementsOf = async (kind: string, reference: string) =>
    movements((await journalOf(kind, reference)).journalId);

  async function credit(sale: Sale & { placedAt: string }) {
    const lines = sale.lines.map((line) => ({ ...line, sku: 'any' }));
    const event = newEvent(salePaid, { ...sale, ...ids(sale.orderRef), lines } as SalePaid, cause);
    await database.transaction(async (transaction) =>
      ledger.sales.credit(await openBooksFor(transaction, [event]), [event]),
    );
    return event.data.saleId;
  }

  /** Recorded by one person, approved by another. @returns its journals */
  async function approved({ adjustmentId }: Adjustment): Promise<Movements[]> {
    await ledger.adjustments.approve(adjustmentId, 'p2', cause);
    const posted = await database.query<{ journalId: string }>(
      `SELECT journal_id AS "journalId" FROM journal WHERE source ->> 'adjustmentId' = $1 ORDER BY 1`,
      [adjustmentId],
    );
    return Promise.all(posted.map(({ journalId }) => movements(journalId)));
  }
  const drafted = { occurredAt: '2026-01-02T03:00:00Z', reason: 'golden case', by: 'p1' };

  return {
    /** Balances but makers' are opened in the books of another facility: a ceiling is on those of all together. */
    async begin({ owed, pots }: Memory): Promise<void> {
      for (const [key, amount] of Object.entries(owed)) {
        const [debtor = '', payable = ''] = key.split('|');
        const obligation = { debtor, beneficiary: payable.replace(/:payable$/, ''), amount };
        const recorded = await database.transaction((transaction) =>
          ledger.adjustments.draftObligation(transaction, { ...drafted, facilityId: 'F2', obligation }),
        );
        expect(await approved(recorded)).toEqual([{}]);
      }
      for (const [pot, amount] of Object.entries(pots)) {
        const [facilityId, account] = pot.startsWith('maker:') ? ['F1', pot] : ['F2', `${pot}@F2`];
        const entries = [
          { account: `bank:bri@${facilityId}`, amount },
          { account, amount: -amount },
        ];
        const recorded = await database.transaction((transaction) =>
          ledger.adjustments.draftEntries(transaction, { ...drafted, facilityId, type: 'opening', entries }),
        );
        await approved(recorded);
      }
    },
    remembered({ counters = {}, owed = {}, pots = {} }: Partial<Memory>): Promise<Memory> {
      const keys = { counters: Object.keys(counters), owed: Object.keys(owed), pots: Object.keys(pots) };
      return database.transaction((transaction) => ledger.memories.hold(transaction, [keys]));
    },
    async sell(sale: Sale & { placedAt: string }): Promise<Movements> {
      return movementsOf('sale', await credit(sale));
    },
    async sellAt(placedAt: string, index: number): Promise<{ postedOn: string; periods: (string | undefined)[] }> {
      const saleId = await credit({ ...oneLine(), placedAt, orderRef: `${index}` });
      const journal = await journalOf('sale', saleId);
      return {
        postedOn: journal.postedOn,
        periods: Object.keys(memoryOf(journal)?.counters ?? {})
          .map((key) => key.split('|')[2])
          .sort(),
      };
    },
    async refund({ orderRef, ...refund }: { orderRef: string; lineRef: string; amount: Rupiah }, index: number) {
      const data: SaleRefunded = {
        ...{ ...ids(orderRef), ...refund, refundId: `${orderRef} ${index}`, refundRef: `R${index}` },
        ...{ quantity: 1, occurredAt: '2026-01-20T03:00:00Z' },
      };
      const event = newEvent(saleRefunded, data, cause);
      await database.transaction(async (transaction) =>
        ledger.sales.reverse(await openBooksFor(transaction, [event]), [event]),
      );
      return movementsOf('refund', data.refundId);
    },
    async record({ lotId, measure, contributions }: Lot): Promise<Movements> {
      const lot = { lotId, measure, contributions: [...contributions] };
      const recorded = await database.transaction((transaction) =>
        ledger.adjustments.draftContributions(transaction, { ...drafted, facilityId: 'F1', lot }),
      );
      const [journal = {}, ...others] = await approved(recorded);
      expect(others).toEqual([]);
      return journal;
    },
    async settle(
      { orderRef, ...amounts }: { orderRef: string; fee: Rupiah; shipping: Rupiah; withheldTax: Rupiah },
      index: number,
    ) {
      const settlementId = `${orderRef}~S${index}`;
      const data = { ...ids(orderRef), ...amounts, settlementId, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
      const event = newEvent(saleSettled, data, cause);
      await database.transaction(async (transaction) =>
        ledger.settlements.settle(await openBooksFor(transaction, [event]), [event]),
      );
      return {
        settlement: await movementsOf('settlement', `${settlementId}@F1`),
        release: await movementsOf('release', data.saleId),
      };
    },
    async payOut({ account, amount }: { account: string; amount: Rupiah }): Promise<Movements> {
      const [payoutId, itemId] = [newId(), newId()];
      const payout = { payoutId, facilityId: 'F1', bank: 'bri', upTo: '2026-01-31', createdBy: 'p1', ...cause };
      await database.transaction((transaction) =>
        ledger.payoutRows.add(transaction, payout, [{ itemId, account, amount, payee: null }]),
      );
      await database.transaction((transaction) => ledger.payouts.review(transaction, payoutId, 'p1', []));
      await database.transaction((transaction) => ledger.payouts.approve(transaction, payoutId, 'p2', cause));
      const paid = { itemId, payoutId, facilityId: 'F1', amount, paidAt: '2026-01-15T03:00:00Z' };
      const event = newEvent(disbursementPaid, paid, cause);
      await database.transaction(async (transaction) =>
        ledger.payouts.answer(await openBooksFor(transaction, [event]), [event]),
      );
      return movementsOf('payout', itemId);
    },
    async deposit({ amount }: { amount: Rupiah }): Promise<Movements> {
      const depositId = await database.transaction(async (transaction) => {
        const bill = { facilityId: 'F1', bank: 'bri', amount, billingCode: '820260115000001', by: 'p1' };
        const depositId = await ledger.deposits.bill(transaction, bill);
        const receipt = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: '2026-01-15T03:00:00Z', by: 'p2' };
        await ledger.deposits.confirm(transaction, depositId, receipt, cause);
        return depositId;
      });
      return movementsOf('deposit', depositId);
    },
    recordMakers: (lot: { lotId: string; makerIds: string[]; recordedAt: string }): Promise<void> =>
      database.transaction((transaction) =>
        ledger.floors.record(transaction, [{ ...lot, facilityId: 'F1', region: 'Bali' }]),
      ),
    async close(month: string): Promise<Movements[]> {
      return Promise.all((await this.decide('close', month)).map(movements));
    },
    /** @returns the journals that it posted */
    async decide(action: 'close' | 'reopen', month: string): Promise<readonly string[]> {
      const asked = { by: 'p1', reason: 'month end' };
      const { decisionId } = await database.transaction((transaction) =>
        ledger.periods.request(transaction, { month, action }, asked),
      );
      await eventually(
        () => ledger.periods.find(decisionId),
        ({ status }) => status === 'waiting',
      );
      return (await ledger.periods.approve(decisionId, 'p2')).journals ?? [];
    },
    async balances(codes: string[]): Promise<Movements> {
      return Object.fromEntries(await database.transaction((transaction) => ledger.balances.find(transaction, codes)));
    },
    faults: () => faultsOf(database),
    /** Entries whose explanation is not what is posted, or that no sentence is found for. */
    async unexplained(): Promise<string[]> {
      const all = await journals.list({ limit: 1_000 });
      const unexplained: string[] = [];
      for (const journal of all) {
        const entries = (await journals.entriesOf([journal.journalId])).get(journal.journalId) ?? [];
        const recomputed = await explanations.recompute(journal);
        for (const entry of entries) {
          const explained =
            recomputed && ('cause' in recomputed ? explainCaused(entry, recomputed) : explainEntry(entry, recomputed));
          const { id = '', en = '' } = explained?.sentence ?? {};
          const isSaid = [id, en].every((sentence) => sentence && !/undefined|NaN|\[object/.test(sentence));
          if (!explained?.matches || !isSaid) unexplained.push(`${journal.kind} ${entry.account} ${entry.step}: ${en}`);
        }
      }
      return unexplained;
    },
  };
}
