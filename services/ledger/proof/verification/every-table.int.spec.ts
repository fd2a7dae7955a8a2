import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  disbursementFailed,
  disbursementPaid,
  moneyHeld,
  type SalePaid,
  saleFrozen,
  salePaid,
  saleSettled,
  saleThawed,
  UNALLOCATED,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { transactionOver } from '../../../../test/kit/database.ts';
import { faultsFound } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices, postWithin } from '../../../../test/kit/ledger-services.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import { eventually } from '../../../../test/kit/service.ts';
import type { Journal } from '../../books/journals/journal.ts';
import { DecisionFeedRepository } from '../../reports/feed/decision-feed.repository.ts';
import { FeedService } from '../../reports/feed/feed.service.ts';
import { JournalFeedRepository } from '../../reports/feed/journal-feed.repository.ts';
import { TotalRepository } from '../../reports/totals/total.repository.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import { SealingService } from '../seals/sealing.service.ts';
import type { Fault } from './verification.ts';

/** Not the books: what has been sent, received and said by others, and how the schema has grown. */
const infrastructure = [
  ...['blocked_key', 'claimed_event_id', 'dead_letter', 'idempotency_key', 'inbox', 'migrations', 'outbox'],
  ...['consumed_position', 'event_namespace', 'heard_type'],
  ...[
    'reused_event_id',
    'test_clock',
    'undeliverable',
    'external_record',
    'reconciliation_break',
    'reconciliation_position',
    'feed_position',
    'decision_feed_position',
  ],
  ...[
    'verification',
    'known_approver',
    'facility',
    'personal_read',
    'custody_end_told',
    'exception_note',
    'simulation',
  ],
];

let books: Books;
const query: Transaction['query'] = async (sql, parameters) => (await books.intruder.query(sql, parameters)).rows;

const faults = () => faultsFound(query);

/** In a transaction of the intruder's, which is undone. */
async function undone<T>(work: () => Promise<T>): Promise<T> {
  await books.intruder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    return await work();
  } finally {
    await books.intruder.query('ROLLBACK');
  }
}

async function soldOnce(query: Transaction['query']): Promise<SalePaid> {
  const [sold] = await query<{ source: SalePaid }>(`SELECT source FROM journal WHERE kind = 'sale' LIMIT 1`);
  return sold?.source as SalePaid;
}

/** Books in which every table has a row. */
beforeAll(async () => {
  books = await openBooks();
  const { database } = books;
  const ledger = ledgerServices(database);
  const cause = { correlationId: newId() };
  await books.setClock('2026-01-05T03:00:00Z');
  const [{ agreement }] = JSON.parse(
    readFileSync(new URL('../../sharing/golden/g20.json', import.meta.url), 'utf8'),
  ).runs;
  await database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ($1, $2, 'facility', 'F2', '2026-01-01', 'approved', $3, 'p1', 'p2', now())`,
    [agreement.id, agreement.version, agreement],
  );
  await database.transaction((transaction) =>
    ledger.floors.record(transaction, [
      { lotId: 'L1', facilityId: 'F2', region: 'Bali', makerIds: ['M1', 'M2'], recordedAt: '2026-01-05T03:00:00Z' },
    ]),
  );
  await books.sell('remembered', { price: 100_000, facilityId: 'F2' });
  await books.sell('one', { price: 90_000, makers: ['M6', 'M7', 'M8'].map((makerId) => ({ makerId, weight: '1' })) });
  await books.sell('two', { price: 70_000 });
  await books.refund('two', { amount: 30_000 });
  await books.sell('held', { price: 20_000, makers: [] });

  const amounts = { fee: 500, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
  const sale = { saleId: 'blanja/one@F1', orderId: 'blanja/one', facilityId: 'F1', channel: 'blanja' };
  const settled = newEvent(saleSettled, { settlementId: 'blanja/one~S1', ...sale, ...amounts }, cause);
  const unknown = newEvent(
    saleSettled,
    { ...settled.data, saleId: 'blanja/no@F1', settlementId: 'blanja/no~S1' },
    cause,
  );
  await database.transaction(async (transaction) =>
    ledger.settlements.settle(await openBooksFor(transaction, [settled, unknown]), [settled, unknown]),
  );
  await database.query(
    `INSERT INTO refused_event_resolution (resolution_id, event_id, action, reason, created_by)
     SELECT gen_random_uuid(), event_id, 'discard', 'unknown', 'p1' FROM refused_event`,
  );
  const second = newEvent(saleSettled, { ...settled.data, settlementId: 'blanja/one~S2', fee: -100 }, cause);
  await database.transaction(async (transaction) =>
    ledger.settlements.settle(await openBooksFor(transaction, [second]), [second]),
  );

  const { channel: __, ...ofSale } = sale;
  const frozen = { ...ofSale, disputeId: 'blanja/one/1#D1' };
  const disputes = [
    newEvent(saleFrozen, frozen, cause),
    newEvent(saleThawed, { ...frozen, closedAt: '2026-01-13T03:00:00Z' }, cause),
  ];
  await database.transaction(async (transaction) =>
    ledger.events.post(await openBooksFor(transaction, disputes), disputes),
  );

  const ofOrder = { orderId: 'blanja/unknown', channel: 'blanja', facilityId: UNALLOCATED };
  const order = { subject: 'order' as const, amount: 5_000, occurredAt: '2026-01-12T03:00:00Z', awaits: 'unknown-sku' };
  const held = newEvent(moneyHeld, { holdId: 'blanja/unknown!1', ...ofOrder, ...order }, cause);
  const { facilityId: _, ...early } = (await soldOnce(query)) as SalePaid;
  const ids = { saleId: 'blanja/early@F1', orderId: 'blanja/early', facilityId: 'F1' };
  const unagreed = newEvent(salePaid, { ...early, ...ids, placedAt: '1989-01-01T03:00:00Z' }, cause);
  await database.transaction(async (transaction) =>
    ledger.events.post(await openBooksFor(transaction, [held, unagreed]), [held, unagreed]),
  );

  const proposal = { facilityId: 'F1', bank: 'bri', upTo: '2026-01-31', by: 'p1' };
  const payoutId = await database.transaction((transaction) => ledger.payouts.propose(transaction, proposal, cause));
  await database.transaction((transaction) => ledger.payouts.review(transaction, payoutId, 'p1', []));
  await database.transaction((transaction) => ledger.payouts.approve(transaction, payoutId, 'p2', cause));
  const items = await query<{ itemId: string; amount: number }>(
    'SELECT item_id AS "itemId", amount FROM payout_item ORDER BY account',
  );
  const answer = (index: number) => ({ payoutId, facilityId: 'F1', ...(items[index] as (typeof items)[number]) });
  const paidAt = '2026-01-13T03:00:00Z';
  const failure = { reason: 'no such account', failedAt: '2026-01-14T03:00:00Z' };
  for (const event of [
    newEvent(disbursementPaid, { ...answer(0), paidAt }, cause),
    newEvent(disbursementPaid, { ...answer(1), paidAt }, cause),
    newEvent(disbursementFailed, { ...answer(1), ...failure }, cause),
  ]) {
    await database.transaction(async (transaction) =>
      ledger.payouts.answer(await openBooksFor(transaction, [event]), [event]),
    );
  }

  const billed = { facilityId: 'F1', bank: 'bri', amount: 1_000, billingCode: '820260112', by: 'p1' };
  const receipt = { ntpn: 'NTPN1', depositedAt: '2026-01-14T05:00:00Z', by: 'p2' };
  const depositId = await database.transaction((transaction) => ledger.deposits.bill(transaction, billed));
  await database.transaction((transaction) => ledger.deposits.confirm(transaction, depositId, receipt, cause));

  const drafted = { by: 'p1', facilityId: 'F1', occurredAt: '2026-01-15T03:00:00Z', reason: 'found' };
  const entries = [
    { account: 'facility:F1:earnings', amount: 10 },
    { account: 'maker:M1:wages', amount: -10 },
  ];
  const lot = { lotId: 'L1', measure: 'hours' as const, contributions: [{ makerId: 'M9', weight: '1' }] };
  const drafts = await database.transaction(async (transaction) => [
    await ledger.adjustments.draftEntries(transaction, { ...drafted, type: 'adjustment', entries }),
    await ledger.adjustments.draftContributions(transaction, { ...drafted, lot }),
  ]);
  for (const { adjustmentId } of drafts) await ledger.adjustments.approve(adjustmentId, 'p2', cause);
  await database.transaction((transaction) =>
    ledger.adjustments.draftEntries(transaction, {
      ...drafted,
      type: 'write-off',
      entries: [
        { account: 'facility:F1:earnings', amount: 5 },
        { account: 'maker:M1:receivable', amount: -5 },
      ],
    }),
  );

  const moved = { makerId: 'M1', facilityId: 'F1', occurredAt: '2026-01-16T03:00:00Z', reason: 'moved', by: 'p1' };
  const { eventId } = await database.transaction((transaction) =>
    ledger.makerEvents.draft(transaction, moved, { type: 'transfer', content: {} }),
  );
  await ledger.makerEvents.approve(eventId, 'p2', cause);

  const { decisionId } = await database.transaction((transaction) =>
    ledger.periods.request(transaction, { month: '2026-01', action: 'close' }, { by: 'p1', reason: 'month end' }),
  );
  await eventually(
    () => ledger.periods.find(decisionId),
    ({ status }) => status === 'waiting',
  );
  await ledger.periods.approve(decisionId, 'p2');
  await books.setClock('2026-01-20T03:00:00Z');
  await new SealingService(database, createPrivateKey(newSealKey())).sealDaysThatAreOver();
  await new FeedService(
    database,
    new JournalFeedRepository(),
    new TotalRepository(),
    new DecisionFeedRepository(),
    new Outbox(),
  ).tellJournals();
});
afterAll(() => books.close());

it('nothing is wrong with them', async () => {
  expect(await undone(faults)).toEqual([]);
});

it('every table is of the books, or known to be none', async () => {
  const tables = await query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !infrastructure.includes(name));
  expect(names).toEqual(tablesOfBooks);
});

/** As the database itself names them: the test above fails for a table that is not here. */
const tablesOfBooks = [
  'account',
  'account_book',
  'accumulator',
  'accumulator_entry',
  'adjustment',
  'agreement',
  'chain_head',
  'closing_balance',
  'contribution',
  'deposit',
  'entry',
  'hold',
  'journal',
  'journal_memory',
  'maker_event',
  'maker_seat',
  'payout',
  'payout_item',
  'period_decision',
  'refused_event',
  'refused_event_resolution',
  'row_change',
  'sale',
  'sale_dispute',
  'sale_line',
  'sales_total',
  'seal',
  'seal_block',
  'seal_key',
];

/** Another value of the column's type. */
const others: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  uuid: () => 'gen_random_uuid()',
  interval: (column) => `${column} + interval '1 day'`,
  bigint: (column) => `coalesce(${column}, 0) + 1`,
  integer: (column) => `coalesce(${column}, 0) + 1`,
  'timestamp with time zone': (column) => `coalesce(nullif(${column}, '-infinity'), now()) + interval '1 day'`,
  date: (column) => `${column} + 1`,
  bytea: (column) => `coalesce(sha256(${column}), sha256(''))`,
  json: () => `'{"tampered": true}'`,
  jsonb: () => `'{"tampered": true}'`,
  ARRAY: () => `ARRAY[gen_random_uuid()]`,
};

it.each(tablesOfBooks)('tampering with any column of %s, or deleting a row, is found or impossible', async (table) => {
  const columns = await query<{ name: string; type: string }>(
    'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = $1',
    [table],
  );
  const unnoticed: string[] = [];
  for (const { name, type } of columns) {
    const column = `"${name}"`;
    const other = others[type]?.(column);
    if (!other) throw new Error(`no other value of ${type}`);
    const row = `(SELECT ctid FROM ${table} ORDER BY ${column} IS NULL, ${column}::text DESC LIMIT 1)`;
    const found = await undone(async () => {
      try {
        const { rowCount } = await books.intruder.query(`UPDATE ${table} SET ${column} = ${other} WHERE ctid = ${row}`);
        expect({ table, rowCount }).toEqual({ table, rowCount: 1 });
      } catch (error) {
        if ((error as { code?: string }).code?.startsWith('23')) return true; // no constraint lets it
        if ((error as { code?: string }).code === '428C9') return true; // an identity
        throw error;
      }
      return (await faults()).length > 0;
    });
    if (!found) unnoticed.push(name);
  }
  const deleted = await undone(async () => {
    await books.intruder.query(`DELETE FROM ${table} WHERE ctid = (SELECT max(ctid) FROM ${table})`);
    return (await faults()).length > 0;
  });
  expect({ unnoticed, deleted }).toEqual({ unnoticed: [], deleted: true });
});

/** Not a column of a row, but rows that should be there together, or in an order. */
it.each<[string, table: Fault['table'], statement: string]>([
  [
    'a journal of an adjustment that was approved',
    'adjustment',
    `DELETE FROM journal WHERE source ->> 'adjustmentId' IS NOT NULL`,
  ],
  [
    'an adjustment, whose journal is there',
    'adjustment',
    `DELETE FROM adjustment WHERE approved_by IS NOT NULL;
     DELETE FROM row_change WHERE "table" = 'adjustment'`,
  ],
  ['a journal of a close', 'period_decision', `DELETE FROM journal WHERE source ->> 'closing' IS NOT NULL`],
  [
    'a payout, though its deletion was recorded as triggers record it',
    'payout',
    `SET LOCAL session_replication_role = origin;
     ALTER TABLE payout DISABLE TRIGGER refuse_edit; ALTER TABLE payout_item DISABLE TRIGGER refuse_edit;
     DELETE FROM payout_item; DELETE FROM payout`,
  ],
  ['a seal between others', 'seal', `DELETE FROM seal WHERE sealed_on = '2026-01-07'`],
  [
    'the order of two seals',
    'seal',
    `UPDATE seal SET sealed_on = '2020-01-01' WHERE sealed_on = '2026-01-07';
     UPDATE seal SET sealed_on = '2026-01-07' WHERE sealed_on = '2026-01-06';
     UPDATE seal SET sealed_on = '2026-01-06' WHERE sealed_on = '2020-01-01'`,
  ],
  ['the keys of all seals', 'seal', `UPDATE seal_key SET seals_from = '2026-01-08'`],
])('it is found when somebody takes away %s', async (_, table, statement) => {
  const found = await undone(async () => {
    await books.intruder.query(statement);
    return faults();
  });
  expect(found.map((fault) => fault.table)).toContain(table);
});

it('who says that another approved, and records all changes anew, is found by the seal', async () => {
  const found = await undone(async () => {
    await books.intruder.query(`
      UPDATE adjustment SET approved_by = 'p3' WHERE approved_by = 'p2';
      UPDATE row_change SET row_hash = sha256(convert_to(jsonb_strip_nulls(to_jsonb(adjustment))::text, 'UTF8'))
        FROM adjustment
       WHERE "table" = 'adjustment' AND key = adjustment_id::text
         AND number = (SELECT max(number) FROM row_change AS other WHERE other.key = row_change.key);
      DO $$
      DECLARE change record; previous bytea := '';
      BEGIN
        SET LOCAL timezone = 'UTC';
        FOR change IN SELECT * FROM row_change ORDER BY number LOOP
          previous := sha256(previous || convert_to(json_build_array(change.number, change.table, change.key,
                             encode(change.row_hash, 'hex'), change.changed_at)::text, 'UTF8'));
          UPDATE row_change SET hash = previous WHERE number = change.number;
        END LOOP;
      END $$`);
    return (await faults()).filter(({ table }) => table === 'row_change');
  });
  expect(found.length).toBeGreaterThan(0);
  for (const { says } of found) expect(says).toMatch(/^is not what was sealed on /); // the chain itself is sound
});

/** By somebody who writes into the tables, and hashes as the ledger does: only a law tells. */
async function posted(...moves: Record<string, number>[]): Promise<void> {
  const journals = moves.map((accounts): Journal => {
    const [journalId, sourceEventId, correlationId] = [newId(), newId(), newId()];
    return {
      ...{ journalId, sourceEventId, correlationId, sourceReference: `adjustment/${journalId}`, source: {} },
      ...{ facilityId: 'F1', kind: 'correction', postedOn: '2026-02-02', occurredAt: '2026-02-02T03:00:00Z' },
      ...{ reverses: null, agreement: null },
      entries: Object.entries(accounts).map(([account, amount]) => ({ account, amount, lineRef: null, step: null })),
    };
  });
  await postWithin(transactionOver(query), journals);
}
const sql = (statement: string) => () => books.intruder.query(statement);
const bank = 'bank:bri@F1';

it.each<[law: string, broken: () => Promise<unknown>, table: string, says: string]>([
  ['wages are never debit', () => posted({ 'maker:M7:wages': 1_000_000, [bank]: -1_000_000 }), 'entry', 'M7:wages'],
  [
    'not even for a while',
    () =>
      posted({ 'maker:M7:wages': 1_000_000, [bank]: -1_000_000 }, { 'maker:M7:wages': -1_000_000, [bank]: 1_000_000 }),
    'entry',
    'M7:wages',
  ],
  ['nor pending ones', () => posted({ 'maker:M7:wages-pending': 1, [bank]: -1 }), 'entry', 'M7:wages-pending'],
  ['savings are never debit', () => posted({ 'maker:M7:savings': 1, [bank]: -1 }), 'entry', 'M7:savings'],
  [
    'beneficiaries are never debit',
    () => posted({ 'beneficiary:x:payable@F1': 1, [bank]: -1 }),
    'entry',
    'x:payable@F1',
  ],
  ['a receivable is never credit', () => posted({ 'maker:M7:receivable': -1, [bank]: 1 }), 'entry', 'M7:receivable'],
  [
    'what is reserved is there',
    async () => {
      await posted({ 'maker:M8:wages': 10, [bank]: -10 });
      await books.intruder.query(`UPDATE account SET reserved = -balance + 1 WHERE code = 'maker:M8:wages'`);
    },
    'account',
    'is reserved of a balance',
  ],
  [
    'what is reserved is promised to somebody',
    sql(`UPDATE account SET reserved = reserved + 1 WHERE code = 'maker:M1:wages'`),
    'account',
    'is promised of it',
  ],
  ...(
    [
      ['deposit', 'confirmed_by_another', `confirmed_by = upper(created_by) || ' '`],
      ['adjustment', 'approved_by_another', `approved_by = ' ' || lower(created_by) WHERE approved_by IS NOT NULL`],
      ['agreement', 'approved_by_another', `approved_by = ' ' || lower(created_by)`],
      ['maker_event', 'approved_by_another', `approved_by = E'\\u3000' || created_by`],
      ['period_decision', 'approved_by_another', 'approved_by = requested_by'],
      ['payout', 'approved_by_another', `decided_by = created_by, reviewed_by = 'p9'`],
      ['payout', 'approved_by_neither', `created_by = 'p9', decided_by = lower(reviewed_by)`],
    ] as const
  ).map(([table, constraint, set]): [string, () => Promise<unknown>, string, string] => [
    `a row of ${table} has two persons (${constraint})`,
    sql(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}; UPDATE ${table} SET ${set}`),
    table,
    'one person',
  ]),
  [
    'a payee is named by two persons',
    sql(`UPDATE payout_item SET payee = 'beneficiary:crony' WHERE status = 'paid'`),
    'payout_item',
    'no two persons',
  ],
  [
    'a facility pays from its own accounts',
    sql(`UPDATE payout_item SET account = 'beneficiary:victims:payable@F2' WHERE status = 'failed'`),
    'payout_item',
    'pays nobody from',
  ],
])('%s: a row that breaks it is found', async (_, broken, table, says) => {
  const found = await undone(async () => {
    await broken();
    return faults();
  });
  const named = found.filter((fault) => fault.table === table).map((fault) => `${fault.row} ${fault.says}`);
  expect(named).toContainEqual(expect.stringContaining(says));
});
