import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { ReportRepository } from '../../reports/reports/report.repository.ts';
import { openDay } from '../calendar/period.ts';
import type { Journal } from '../journals/journal.ts';
import { inSnapshot } from '../snapshot.repository.ts';
import { AccountRepository } from './account.repository.ts';
import { StatementService } from './statement.service.ts';

/*
 * Balances of days and instants are read from closing balances and by halving. Whatever was posted, for which day, at
 * which instant and in which order, and whatever was closed and opened again between, they are the sums of the entries.
 */

const FACILITIES = ['F1', 'F2', 'F3'];
const ACCOUNTS = ['maker:M1:wages-pending', 'maker:M2:wages-pending', 'bank:bri@F1', 'suspense@F2'];
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04'];

let books: Books;
let ledger: ReturnType<typeof ledgerServices>;
let accounts: AccountRepository;
let decisions = 0;

beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
  accounts = new AccountRepository(books.database);
});
afterAll(() => books.close());

type Step =
  | { post: { facility: number; account: number; amount: number; month: number; day: number }[]; at: number }
  | { decide: 'close' | 'reopen' };

const posting = fc.record({
  facility: fc.nat(FACILITIES.length - 1),
  account: fc.nat(ACCOUNTS.length - 1),
  amount: fc.integer({ min: 1, max: 1_000 }),
  month: fc.nat(MONTHS.length - 1),
  day: fc.integer({ min: 1, max: 28 }),
});
const history = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ post: fc.array(posting, { minLength: 1, maxLength: 4 }), at: fc.nat(999_999) }),
    },
    { weight: 1, arbitrary: fc.record({ decide: fc.constantFrom<'close' | 'reopen'>('close', 'close', 'reopen') }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 8, maxLength: 24 },
);

/** The clock of postings goes back and forth: facilities do not wait for each other. That of decisions does not. */
async function take(step: Step): Promise<void> {
  const open = await ledger.periods.firstOpenMonth();
  if ('post' in step) {
    await books.setClock(new Date(Date.parse('2026-05-01T00:00:00Z') + step.at * 1_000).toISOString());
    await books.post(
      ...step.post.map(({ facility, account, amount, month, day }): Journal => {
        const [journalId, sourceEventId, correlationId] = [newId(), newId(), newId()];
        const date = `${MONTHS[month]}-${String(day).padStart(2, '0')}`;
        return {
          ...{ journalId, sourceEventId, correlationId, sourceReference: `adjustment/${journalId}`, source: {} },
          ...{ facilityId: FACILITIES[facility] as string, kind: 'correction', reverses: null, agreement: null },
          postedOn: openDay(date, open ?? ''),
          occurredAt: `${date}T03:00:00Z`,
          entries: [
            { account: ACCOUNTS[account] as string, amount: -amount, lineRef: null, step: null },
            { account: 'tax:pph22-withheld@F3', amount, lineRef: null, step: null },
          ],
        };
      }),
    );
    return;
  }
  decisions += 1;
  await books.setClock(new Date(Date.parse('2026-06-01T00:00:00Z') + decisions * 1_000).toISOString());
  const action = step.decide;
  const last = MONTHS.findLastIndex((month) => month < (open ?? (MONTHS[0] as string)));
  const month = action === 'close' ? (open ?? MONTHS[1]) : MONTHS[last];
  if (month === undefined || month > (MONTHS.at(-1) as string) || (action === 'reopen' && open === null)) return;
  const decision = await books.database.transaction((transaction) =>
    ledger.periods.request(transaction, { month, action }, { by: 'p1', reason: 'x' }),
  );
  // These journals are of no drafts, which a verification tells: what is looked at here is not whether one may close.
  const id = decision.decisionId;
  if (action === 'close') {
    await eventually(
      () => ledger.periods.find(id),
      ({ status }) => status !== 'checking',
    );
    await books.intruder.query(
      `UPDATE period_decision SET checklist = jsonb_set(jsonb_set(checklist::jsonb, '{unexplained,count}', '0'), '{unbalanced,count}', '0')
        WHERE decision_id = $1`,
      [id],
    );
  }
  await ledger.periods.approve(id, 'p2');
}

const instant = (at: number) => new Date(Date.parse('2026-05-01T00:00:00Z') + at * 1_000).toISOString();

/** What all entries say. */
async function summed(filter: string, ...parameters: unknown[]): Promise<Record<string, number>> {
  const rows = await books.database.query<{ code: string; balance: number }>(
    `SELECT code, sum(amount)::bigint AS balance FROM entry JOIN account USING (account_id) JOIN journal USING (journal_id)
      WHERE ${filter} GROUP BY code HAVING sum(amount) <> 0`,
    parameters,
  );
  return Object.fromEntries(rows.map(({ code, balance }) => [code, balance]));
}

const nonZero = (balances: (readonly [string, number])[]) =>
  Object.fromEntries(balances.filter(([, balance]) => balance !== 0));

async function held(asOf: string): Promise<Record<string, number>> {
  const found = await accounts.list({ asOf, after: '', limit: 100 });
  return nonZero(found.map(({ code, balance }) => [code, balance]));
}

async function reported(facilityId: string | undefined, to: string): Promise<Record<string, number>> {
  return inSnapshot(books.database, async (snapshot) => {
    const found: [string, number][] = [];
    const scope = { facilityId, from: undefined, to };
    for await (const row of new ReportRepository().rows(snapshot, 'trial-balance', scope)) {
      found.push([String(row.account), Number(row.debit) - Number(row.credit)]);
    }
    return nonZero(found);
  });
}

it('balances of any day and instant are the sums of the entries, whatever was closed and opened again', async () => {
  const statements = new StatementService(books.database, accounts);
  await fc.assert(
    fc.asyncProperty(history, fc.array(fc.nat(999_999), { minLength: 3, maxLength: 3 }), async (steps, instants) => {
      for (const step of steps) await take(step);
      for (const at of instants.map(instant)) {
        expect(await held(at)).toEqual(await summed('recorded_at <= $1', at));
        const trial = await accounts.trialBalance({ asOf: at, on: '2026-02-14' });
        const total = trial.reduce((sum, { debit, credit }) => sum + debit - credit, 0);
        expect(total).toBe(0);
      }
      for (const day of ['2026-01-20', '2026-01-31', '2026-02-14', '2026-02-28', '2026-03-31', '2026-06-30']) {
        const expected = await summed('entry.posted_on <= $1', day);
        expect(await reported(undefined, day)).toEqual(expected);
        expect(await reported('F2', day)).toEqual(
          await summed(`entry.posted_on <= $1 AND entry.facility_id = 'F2'`, day),
        );
        const trial = await accounts.trialBalance({ on: day });
        expect(trial.reduce((sum, { debit }) => sum + debit, 0)).toBe(
          Object.values(expected).reduce((sum, balance) => sum + Math.max(0, balance), 0),
        );
        for (const account of ACCOUNTS) {
          const query = { from: '2026-01-15', to: day, limit: 1_000 };
          const statement = await statements.statementOf({ account }, query);
          if (!statement) continue;
          const [{ opening, closing } = { opening: 0, closing: 0 }] = statement.accounts;
          expect(closing).toBe(expected[account] ?? 0);
          expect(opening).toBe((await summed(`entry.posted_on < '2026-01-15'`))[account] ?? 0);
          expect(opening + statement.items.reduce((sum, { amount }) => sum + amount, 0)).toBe(closing);
        }
      }
      const derived = (await faultsOf(books.database)).filter(({ table }) =>
        ['account', 'closing_balance'].includes(table),
      );
      expect(derived).toEqual([]);
    }),
    { numRuns: 6 },
  );
}, 120_000);
