import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  type MoneyHeld,
  moneyCleared,
  moneyHeld,
  refundIdOf,
  type SalePaid,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
  UNALLOCATED,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsFound } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';
import { openBooksFor } from '../sales/event-posting.service.ts';
import type { SaleEvent } from '../sales/sale-events.service.ts';

let books: Books;
let ledger: ReturnType<typeof ledgerServices>;
beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
});
afterAll(() => books.close());

const cause = { correlationId: newId() };
const on = (day: string) => `${day}T03:00:00.000Z`;

/** One after the other, as they come; each twice, as they may. */
async function tell(...events: SaleEvent[]): Promise<void> {
  for (const event of [...events, ...events.map((event) => ({ ...event, id: newId() }))]) {
    await books.database.transaction(async (transaction) =>
      ledger.events.post(await openBooksFor(transaction, [event]), [event]),
    );
  }
}

interface Posted {
  readonly day: string;
  readonly book: string;
  readonly kind: string;
  readonly entries: Readonly<Record<string, number>>;
}

/** What was posted of an order, in the order of recording; accounts without their book. */
async function postedOf(orderId: string): Promise<Posted[]> {
  return books.database.query<Posted>(
    `SELECT posted_on AS day, journal.facility_id AS book, kind,
            (SELECT json_object_agg(split_part(code, '@', 1), amount) FROM entry JOIN account USING (account_id)
              WHERE entry.journal_id = journal.journal_id) AS entries
       FROM journal
      WHERE source ->> 'orderId' = $1 OR source ->> 'saleId' LIKE $1 || '@%' OR starts_with(source ->> 'holdId', $1)
      ORDER BY journal_id`,
    [orderId],
  );
}

async function balances(book: string): Promise<Record<string, number>> {
  const rows = await books.database.query<{ code: string; balance: number }>(
    'SELECT code, balance FROM account WHERE facility_id = $1 AND balance <> 0',
    [book],
  );
  return Object.fromEntries(rows.map(({ code, balance }) => [code, balance]));
}

async function isSound(): Promise<void> {
  const query: Transaction['query'] = async (sql, parameters) => (await books.intruder.query(sql, parameters)).rows;
  await books.intruder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    expect(await faultsFound(query)).toEqual([]);
  } finally {
    await books.intruder.query('ROLLBACK');
  }
}

const mirror = (entries: Record<string, number>) =>
  Object.fromEntries(Object.entries(entries).map(([account, amount]) => [account, -amount]));

/** Sale B: one piece for 100,001 on shopee, fees of 13,000, cost 20,000, one maker M1 at F1. */
function saleB(orderRef: string) {
  const orderId = `shopee/${orderRef}`;
  const ids = { orderId, saleId: saleIdOf(orderId, 'F1'), facilityId: 'F1', channel: 'shopee' };
  const contributions = [{ makerId: 'M1', weight: '1' }];
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 20_000, measure: 'hours' as const, contributions }];
  const line = { lineRef: '1', sku: 'TAS', quantity: 1, unitPrice: 100_001, discount: 0, fees: 13_000 };
  const lines = [{ ...line, shipping: 0, tax: 0, portions }];
  const sale: SalePaid = { ...ids, orderRef, placedAt: on('2026-03-02'), lines };
  const kept = { fee: 13_000, shipping: 0, withheldTax: 0, bank: 'shopee-wallet' };
  const settlementId = `${orderId}~S1`;
  const amounts = { ...kept, revenue: 100_001, paidOut: 87_001, settles: 'all' as const, settledAt: on('2026-03-06') };
  const hold = (number: number, more: Pick<MoneyHeld, 'subject' | 'amount' | 'occurredAt'> & Partial<MoneyHeld>) =>
    newEvent(
      moneyHeld,
      { holdId: `${orderId}!${number}`, orderId, channel: 'shopee', facilityId: UNALLOCATED, ...more },
      cause,
    );
  return {
    orderId,
    paid: newEvent(salePaid, sale, cause),
    settled: newEvent(saleSettled, { ...ids, settlementId, ...amounts }, cause),
    orderHeld: (number: number) =>
      hold(number, { subject: 'order', amount: 100_001, occurredAt: on('2026-03-02'), awaits: 'unknown-sku: line 1' }),
    settlementHeld: (number: number, subject: 'settlement' | 'settlement-without-order') =>
      hold(number, {
        ...{ subject, amount: 100_001, occurredAt: on('2026-03-06') },
        settlement: { settlementId, ...kept },
      }),
    cleared: (upTo: number) =>
      newEvent(moneyCleared, { orderId, facilityId: UNALLOCATED, upTo } satisfies DataOf<typeof moneyCleared>, cause),
  };
}

const OF_SALE = {
  ...{ 'channel:shopee:receivable': 100_001, 'channel:shopee:fees': -13_000, 'facility:F1:cost-recovery': -20_000 },
  ...{ 'maker:M1:wages-pending': -33_501, 'facility:F1:earnings-pending': -23_450, 'state:pnbp': -10_050 },
};
const SETTLED = { 'bank:shopee-wallet': 87_001, 'channel:shopee:fees': 13_000, 'channel:shopee:receivable': -100_001 };
const RELEASED = {
  ...{ 'maker:M1:wages-pending': 33_501, 'facility:F1:earnings-pending': 23_450 },
  ...{ 'maker:M1:wages': -33_501, 'facility:F1:earnings': -23_450 },
};

it('H1: the goods of an order are unknown, it is settled, then they are mapped: it becomes an ordinary sale', async () => {
  const { orderId, orderHeld, settlementHeld, cleared, paid, settled } = saleB('H1');
  await tell(orderHeld(1), settlementHeld(2, 'settlement'));
  expect(await balances(UNALLOCATED)).toEqual({
    'bank:shopee-wallet@unallocated': 87_001,
    'channel:shopee:fees@unallocated': 13_000,
    'channel:shopee:unallocated@unallocated': -100_001,
  });
  await isSound();
  await tell(cleared(2), paid, settled);

  const order = { 'channel:shopee:receivable': 100_001, 'channel:shopee:unallocated': -100_001 };
  expect(await postedOf(orderId)).toEqual([
    { day: '2026-03-02', book: UNALLOCATED, kind: 'held', entries: order },
    { day: '2026-03-06', book: UNALLOCATED, kind: 'held', entries: SETTLED },
    { day: '2026-03-02', book: UNALLOCATED, kind: 'held-cleared', entries: mirror(order) },
    { day: '2026-03-06', book: UNALLOCATED, kind: 'held-cleared', entries: mirror(SETTLED) },
    { day: '2026-03-02', book: 'F1', kind: 'sale', entries: OF_SALE },
    { day: '2026-03-06', book: 'F1', kind: 'settlement', entries: SETTLED },
    { day: '2026-03-06', book: 'F1', kind: 'release', entries: RELEASED },
  ]);
  expect(await balances(UNALLOCATED)).toEqual({});
  await isSound();
});

it('S8: a settlement of an order that is not there is held, until its checkout comes; then while its goods are unknown', async () => {
  const { orderId, orderHeld, settlementHeld, cleared, paid, settled } = saleB('S8');
  await tell(settlementHeld(1, 'settlement-without-order'));
  const without = {
    ...{ 'bank:shopee-wallet': 87_001, 'channel:shopee:fees': 13_000 },
    'channel:shopee:unallocated': -100_001,
  };
  expect(await postedOf(orderId)).toEqual([{ day: '2026-03-06', book: UNALLOCATED, kind: 'held', entries: without }]);
  await tell(cleared(1), orderHeld(2), settlementHeld(3, 'settlement'));
  await tell(cleared(1)); // an old word again undoes nothing that was held since
  await isSound();
  await tell(cleared(3), paid, settled);
  const order = { 'channel:shopee:receivable': 100_001, 'channel:shopee:unallocated': -100_001 };
  expect((await postedOf(orderId)).map(({ kind, entries }) => ({ kind, entries }))).toEqual([
    { kind: 'held', entries: without },
    { kind: 'held-cleared', entries: mirror(without) },
    { kind: 'held', entries: order },
    { kind: 'held', entries: SETTLED },
    { kind: 'held-cleared', entries: mirror(order) },
    { kind: 'held-cleared', entries: mirror(SETTLED) },
    { kind: 'sale', entries: OF_SALE },
    { kind: 'settlement', entries: SETTLED },
    { kind: 'release', entries: RELEASED },
  ]);
  expect(await balances(UNALLOCATED)).toEqual({});
  await isSound();
});

describe('what was paid out of an order that does not come', () => {
  const { orderId, orderHeld, settlementHeld, cleared, paid, settled } = saleB('lost');
  const draft = { holdId: `${orderId}!1`, facilityId: 'F1', reason: 'sold before the programme', by: 'p1' };
  const drafted = () => books.database.transaction((tx) => ledger.adjustments.draftAssignment(tx, draft));
  const without = {
    ...{ 'bank:shopee-wallet': 87_001, 'channel:shopee:fees': 13_000 },
    'channel:shopee:unallocated': -100_001,
  };
  const given = { 'bank:shopee-wallet': 87_001, 'facility:F1:earnings': -87_001 };

  it('is given to a facility by two persons, once', async () => {
    await expect(drafted()).rejects.toMatchObject({ problem: { status: 409 } });
    await tell(settlementHeld(1, 'settlement-without-order'));
    const before = await balances('F1');
    const [one, other] = [await drafted(), await drafted()];
    await expect(ledger.adjustments.approve(one.adjustmentId, 'p1', cause)).rejects.toMatchObject({
      problem: { status: 403 },
    });
    for (const _ of ['once', 'again']) {
      expect(await ledger.adjustments.approve(one.adjustmentId, 'p2', cause)).toMatchObject({
        approvedBy: 'p2',
        journals: 1,
      });
    }
    await expect(ledger.adjustments.approve(other.adjustmentId, 'p2', cause)).rejects.toMatchObject({
      problem: { status: 409 },
    });
    expect(await postedOf(orderId)).toEqual([
      { day: '2026-03-06', book: UNALLOCATED, kind: 'held', entries: without },
      { day: '2026-03-06', book: UNALLOCATED, kind: 'held-cleared', entries: mirror(without) },
      { day: '2026-03-06', book: 'F1', kind: 'assigned', entries: given },
    ]);
    expect(await balances(UNALLOCATED)).toEqual({});
    expect(await balances('F1')).toEqual({
      ...before,
      'bank:shopee-wallet@F1': (before['bank:shopee-wallet@F1'] ?? 0) + 87_001,
      'facility:F1:earnings': (before['facility:F1:earnings'] ?? 0) - 87_001,
    });
    await isSound();
  });

  it('is taken back when its order comes after all, and becomes an ordinary sale', async () => {
    const before = await postedOf(orderId);
    await tell(cleared(1), orderHeld(2), settlementHeld(3, 'settlement'), cleared(3), paid, settled);
    const since = (await postedOf(orderId)).slice(before.length);
    expect(since[0]).toEqual({ day: '2026-03-06', book: 'F1', kind: 'held-cleared', entries: mirror(given) });
    expect(since.slice(-3).map(({ kind, entries }) => ({ kind, entries }))).toEqual([
      { kind: 'sale', entries: OF_SALE },
      { kind: 'settlement', entries: SETTLED },
      { kind: 'release', entries: RELEASED },
    ]);
    expect(await balances(UNALLOCATED)).toEqual({});
    await isSound();
  });
});

/** Two pieces, 80,001, of maker M7 at F2, before anything was agreed. */
function saleWithoutAgreement(orderRef: string, placedAt: string) {
  const orderId = `blanja/${orderRef}`;
  const ids = { orderId, saleId: saleIdOf(orderId, 'F2'), facilityId: 'F2', channel: 'blanja' };
  const contributions = [{ makerId: 'M7', weight: '1' }];
  const portions = [{ lotId: 'L7', quantity: 2, unitCost: 0, measure: 'hours' as const, contributions }];
  const line = { lineRef: '1', sku: 'KAIN', quantity: 2, unitPrice: 40_001, discount: 1, fees: 0, shipping: 0, tax: 0 };
  const refundId = refundIdOf(orderId, '1', 'R1');
  const refund = { refundId, lineRef: '1', refundRef: 'R1', quantity: 1, amount: 40_000, occurredAt: placedAt };
  const settlement = { settlementId: `${orderId}~S1`, fee: 1_000, shipping: 0, withheldTax: 500, bank: 'bri' };
  return {
    ...ids,
    paid: newEvent(salePaid, { ...ids, orderRef, placedAt, lines: [{ ...line, portions }] }, cause),
    refunded: newEvent(saleRefunded, { ...ids, ...refund }, cause),
    settled: newEvent(saleSettled, { ...ids, ...settlement, settledAt: placedAt }, cause),
  };
}

const heardOf = (saleId: string) =>
  books.database.query<{ type: string }>(
    `SELECT headers::json ->> 'ce_type' AS type FROM outbox WHERE value::json ->> 'saleId' = $1 ORDER BY seq`,
    [saleId],
  );

it('H2: a sale without an agreement is held with what follows of it, and posted in order when one is approved', async () => {
  const { orderId, saleId, paid, refunded, settled } = saleWithoutAgreement('H2', on('1989-03-02'));
  await tell(paid, refunded);
  const order = { 'channel:blanja:receivable': 80_001, 'channel:blanja:unallocated': -80_001 };
  const back = { 'channel:blanja:unallocated': 40_000, 'channel:blanja:receivable': -40_000 };
  const [day, book] = ['1989-03-02', 'F2'];
  expect(await postedOf(orderId)).toEqual([
    { day, book, kind: 'held', entries: order },
    { day, book, kind: 'held', entries: back },
  ]);
  expect(await heardOf(saleId)).toEqual([{ type: 'ledger.sale-held.v1' }]);
  expect(await books.database.query('SELECT FROM refused_event')).toEqual([]);
  await isSound();
  expect(await ledger.heldSales.postAgreed()).toBe(0);

  await books.database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ('EARLY', 1, 'facility', 'F2', '1989-01-01', 'approved', $1, 'p1', 'p2', now())`,
    [{ ...id1990, id: 'EARLY' }],
  );
  expect(await Promise.all([ledger.heldSales.postAgreed(), ledger.heldSales.postAgreed()])).toEqual(
    expect.arrayContaining([1]),
  );
  expect(await ledger.heldSales.postAgreed()).toBe(0);
  expect((await postedOf(orderId)).slice(2)).toEqual([
    { day, book, kind: 'held-cleared', entries: mirror(order) },
    { day, book, kind: 'held-cleared', entries: mirror(back) },
    {
      ...{ day, book, kind: 'sale' },
      entries: {
        ...{ 'channel:blanja:receivable': 80_001, 'maker:M7:wages-pending': -40_001 },
        ...{ 'facility:F2:earnings-pending': -28_000, 'state:pnbp': -12_000 },
      },
    },
    {
      ...{ day, book, kind: 'refund' },
      entries: {
        ...{ 'maker:M7:wages-pending': 20_000, 'facility:F2:earnings-pending': 14_000, 'state:pnbp': 6_000 },
        'channel:blanja:receivable': -40_000,
      },
    },
  ]);
  expect((await heardOf(saleId)).map(({ type }) => type)).toEqual([
    ...['ledger.sale-held.v1', 'ledger.sale-credited.v1', 'ledger.refund-posted.v1'],
  ]);
  await tell(settled); // by now it is like any other
  expect((await postedOf(orderId)).at(-1)).toMatchObject({ kind: 'release' });
  await isSound();
});

it('a held sale that is settled without a word of how much is settled for what its channel still holds', async () => {
  const { orderId, paid, refunded, settled } = saleWithoutAgreement('settled', on('1988-03-02'));
  await tell(paid, refunded, settled);
  expect((await postedOf(orderId)).at(-1)?.entries).toEqual({
    ...{ 'bank:bri': 38_501, 'channel:blanja:fees': 1_000, 'tax:pph22-withheld': 500 },
    'channel:blanja:receivable': -40_001,
  });
  await isSound();
});
