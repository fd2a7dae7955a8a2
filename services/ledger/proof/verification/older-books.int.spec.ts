import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { disbursementPaid, saleSettled } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices, post as postAll } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import type { Journal } from '../../books/journals/journal.ts';
import type { JournalKind } from '../../books/journals/kind.ts';
import { depositEntries } from '../../decisions/deposits/deposit.ts';
import { ReserveOnAccounts1764000001600 } from '../../migrations/1764000001600-reserve-on-accounts.ts';
import { TwoPersons1764000001610 } from '../../migrations/1764000001610-two-persons.ts';
import { ResolveRefusedEvents1764000002972 } from '../../migrations/1764000002972-resolve-refused-events.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';

/*
 * Books that were written before the laws of accounts were enforced, and broke them: an adjustment spent what a payout
 * had reserved (of M1, whom the bank has not paid yet, and of M2, whom it has), and one person made a deposit.
 */

const cause = { correlationId: newId() };
const OCCURRED = '2026-01-12T03:00:00Z';
const facilityId = 'F1';

let books: Books;
let ledger: ReturnType<typeof ledgerServices>;
let items: Map<string, { itemId: string; payoutId: string; amount: number }>;

const within = <T>(work: (transaction: Transaction) => Promise<T>) => books.database.transaction(work);
const settle = (orderRef: string) => {
  const ids = { orderId: `blanja/${orderRef}`, saleId: `blanja/${orderRef}@F1`, facilityId, channel: 'blanja' };
  const amounts = { fee: 0, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: OCCURRED };
  const event = newEvent(saleSettled, { ...ids, ...amounts, settlementId: newId() }, cause);
  return within(async (transaction) => ledger.settlements.settle(await openBooksFor(transaction, [event]), [event]));
};
const pay = (maker: string) => {
  const item = items.get(`maker:${maker}:wages`);
  if (!item) throw new Error('nothing is reserved');
  const event = newEvent(disbursementPaid, { ...item, facilityId, paidAt: OCCURRED }, cause);
  return within(async (transaction) => ledger.payouts.answer(await openBooksFor(transaction, [event]), [event]));
};
const drafted = { by: 'P1', facilityId, occurredAt: OCCURRED, reason: 'shop' };
const spending = (maker: string, amount: number) =>
  within((transaction) =>
    ledger.adjustments.draftEntries(transaction, {
      ...{ ...drafted, type: 'adjustment' },
      entries: [
        { account: `maker:${maker}:wages`, amount },
        { account: `facility:${facilityId}:earnings`, amount: -amount },
      ],
    }),
  );

/** As it was done then. */
async function spendWithoutLaw(maker: string, amount: number): Promise<void> {
  const { adjustmentId, type, reason, createdBy, content } = await spending(maker, amount);
  if (!('entries' in content)) throw new Error('no entries');
  const source = { adjustmentId, type, reason, entries: content.entries, createdBy, approvedBy: 'P2' };
  const entries = content.entries.map((entry) => ({ ...entry, lineRef: null, step: null }));
  await post({
    kind: 'adjustment' as JournalKind, // as all adjustments were called then
    sourceEventId: adjustmentId,
    sourceReference: `adjustment/${adjustmentId}`,
    source,
    entries,
  });
  await books.database.query(
    `UPDATE adjustment SET approved_by = 'P2', approved_at = now(), journals = 1 WHERE adjustment_id = $1`,
    [adjustmentId],
  );
}

async function confirmByOne(): Promise<void> {
  const bill = { facilityId, bank: 'bri', amount: 100, billingCode: '820260115000001', by: 'P1' };
  const depositId = await within((transaction) => ledger.deposits.bill(transaction, bill));
  const said = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: OCCURRED, by: 'P1' };
  const { by: _, ...billed } = bill;
  const journalId = await post({
    ...{ kind: 'deposit', sourceReference: depositId, source: { depositId, ...billed, ...said } },
    entries: depositEntries(bill),
  });
  await books.database.query(
    `UPDATE deposit SET ntpn = $2, deposited_at = $3, confirmed_by = 'P1', journal_id = $4 WHERE deposit_id = $1`,
    [depositId, said.ntpn, OCCURRED, journalId],
  );
}

async function post(journal: Pick<Journal, 'kind' | 'sourceReference' | 'source' | 'entries'> & Partial<Journal>) {
  const ids = { journalId: newId(), sourceEventId: newId(), ...cause };
  const facts = { ...ids, facilityId, postedOn: '2026-01-12', occurredAt: OCCURRED, reverses: null, agreement: null };
  await postAll(books.database, [{ ...facts, ...journal }]);
  return ids.journalId;
}

beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
  await books.setClock(OCCURRED);
  for (const maker of ['M1', 'M2']) {
    await books.sell(maker, { price: 102_000, makers: [{ makerId: maker, weight: '1' }] });
    await books.sell(`${maker}-later`, { price: 22_000, makers: [{ makerId: maker, weight: '1' }] });
    await settle(maker);
  }
  await within(async (transaction) => {
    const proposal = { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'P1' };
    const payoutId = await ledger.payouts.propose(transaction, proposal, cause);
    await ledger.payouts.review(transaction, payoutId, 'P2', []);
    await ledger.payouts.approve(transaction, payoutId, 'P3', cause);
    const found = await ledger.payoutRows.find(transaction, payoutId);
    items = new Map(found?.items.map(({ account, itemId, amount }) => [account, { itemId, payoutId, amount }]));
  });

  const runner = { query: (sql: string) => books.intruder.query(sql) } as unknown as QueryRunner;
  const bill = { facilityId, bank: 'bri', amount: 200, billingCode: '820260115000002', by: 'P1' };
  await within((transaction) => ledger.deposits.bill(transaction, bill));
  const laws = [
    new ReserveOnAccounts1764000001600(),
    new TwoPersons1764000001610(),
    new ResolveRefusedEvents1764000002972(), // by two persons, as those tell them apart
  ] as const;
  // Billing reads what is reserved: so the deposit is billed before, and confirmed without the laws.
  await laws[2].down(runner);
  await laws[1].down(runner);
  await confirmByOne();
  await laws[0].down(runner);
  await spendWithoutLaw('M1', 50_000);
  await spendWithoutLaw('M2', 50_000);
  await pay('M2');
  for (const law of laws) await law.up(runner);
});
afterAll(() => books.close());

const reservedOf = async (code: string) =>
  (await books.database.query('SELECT balance, reserved FROM account WHERE code = $1', [code]))[0];
const found = async () => {
  const faults = await faultsOf(books.database);
  expect(faults.map(({ law }) => law)).toEqual(faults.map(() => true)); // their rows agree with each other
  return faults.map(({ table, row, says }) => `${table} ${table === 'deposit' ? '' : row} ${says}`).sort();
};

it('are taken over as they are, and the verification tells what breaks a law and nothing else', async () => {
  expect(await reservedOf('maker:M1:wages')).toEqual({ balance: 0, reserved: 50_000 });
  expect(await reservedOf('maker:M2:wages')).toEqual({ balance: 50_000, reserved: 0 });
  expect(await reservedOf('state:pnbp@F1')).toMatchObject({ reserved: 200 });
  expect(await found()).toEqual([
    'account maker:M1:wages 50000 is reserved of a balance of 0',
    'deposit  was decided by one person in the place of two',
    'entry maker:M2:wages 3 leaves a balance of 50000 on an account that is never on that side',
  ]);
});

it('what happens goes on to be booked; nobody decides to make it worse, and it can be put right', async () => {
  await pay('M1');
  for (const maker of ['M1', 'M2']) await settle(`${maker}-later`);
  await books.refund('M2', { amount: 102_000 });
  expect(await reservedOf('maker:M1:wages')).toEqual({ balance: 40_000, reserved: 0 });
  expect(await reservedOf('maker:M2:wages')).toEqual({ balance: 40_000, reserved: 0 });

  const worse = await spending('M1', 1);
  await expect(ledger.adjustments.approve(worse.adjustmentId, 'P2', cause)).rejects.toMatchObject({
    problem: { status: 409, title: 'Not enough there' },
  });
  for (const back of [-15_000, -25_000]) {
    const { adjustmentId } = await spending('M1', back);
    await ledger.adjustments.approve(adjustmentId, 'P2', cause);
  }
  expect(await reservedOf('maker:M1:wages')).toEqual({ balance: 0, reserved: 0 });
  expect(await found()).toEqual([
    'deposit  was decided by one person in the place of two',
    'entry maker:M1:wages 3 leaves a balance of 50000 on an account that is never on that side',
    'entry maker:M2:wages 3 leaves a balance of 50000 on an account that is never on that side',
  ]);
});

it('a month is closed all the same: people are told, and judge', async () => {
  await books.setClock('2026-02-02T03:00:00Z');
  const { decisionId } = await within((transaction) =>
    ledger.periods.request(transaction, { month: '2026-01', action: 'close' }, { by: 'P1', reason: 'month end' }),
  );
  const { checklist } = await eventually(
    () => ledger.periods.find(decisionId),
    ({ status }) => status === 'waiting',
  );
  expect(checklist).toMatchObject({ unlawful: { count: 3 }, unexplained: { count: 0 }, unbalanced: { count: 0 } });
  expect(await ledger.periods.approve(decisionId, 'P2')).toMatchObject({ status: 'approved' });
});
