import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { disbursementFailed, disbursementPaid, saleSettled } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import { type HashedJournal, type Head, link } from '../../books/chain/hash-chain.ts';
import { inclusionProof, rootOfProof } from '../../books/chain/merkle-tree.ts';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';
import { blockRoots, blocksHolding, firstLeafOf, sealsAfter } from '../seals/seal.repository.ts';
import { dayAfter, hashOfSeal, isGenuine } from '../seals/seal.ts';
import { SealingService } from '../seals/sealing.service.ts';
import { nothingOutside } from './outside.ts';
import { verifyBooks } from './verification.repository.ts';
import type { Fault } from './verification.ts';
import { type Checked, reportOf } from './verification-report.ts';

let books: Books;
let sealing: SealingService;

beforeAll(async () => {
  books = await openBooks();
  sealing = new SealingService(books.database, createPrivateKey(newSealKey()));
});
afterAll(() => books.close());

const query: Transaction['query'] = (sql, parameters) => books.database.query(sql, parameters);
const seals = () => sealsAfter(query, undefined, 100);

async function verify(): Promise<{ faults: Fault[]; checked: Checked | undefined }> {
  const faults: Fault[] = [];
  let checked: Checked | undefined;
  await inSnapshot(books.database, (snapshot) =>
    reportOf(
      nothingOutside,
      (progress) => verifyBooks(snapshot.query, progress),
      (line) => {
        if ('fault' in line) faults.push(line.fault);
        if ('result' in line) checked = line.result.checked;
      },
    ),
  );
  return { faults, checked };
}

describe('books of five days', () => {
  it('are sealed day by day, each day once it is over, days without journals too', async () => {
    await books.setClock('2026-01-05T03:00:00Z');
    await sealing.sealDaysThatAreOver();
    expect(await seals()).toEqual([]);

    const makers = [
      { makerId: 'M1', weight: '2' },
      { makerId: 'M2', weight: '1' },
    ];
    await books.sell('1', { price: 100_000, makers });
    await books.sell('2', { price: 50_002, makers });
    await books.sell('3', { price: 70_000, facilityId: 'F2' });
    await sealing.sealDaysThatAreOver();
    expect(await seals()).toEqual([]);

    await books.setClock('2026-01-05T16:59:59.999Z'); // the last instant of the 5th in Jakarta
    await books.sell('4', { price: 60_000 });
    await books.setClock('2026-01-05T17:00:00Z');
    await sealing.sealDaysThatAreOver();
    expect(await seals()).toMatchObject([{ date: '2026-01-05', journals: 4, previous: null }]);

    await books.setClock('2026-01-08T03:00:00Z');
    await books.refund('1', { amount: 50_000 });
    await books.refund('1', { amount: 50_000, refundRef: 'R2' });
    await books.refund('2', { amount: 1_001 });
    await books.setClock('2026-01-09T03:00:00Z');
    await Promise.all([sealing.sealDaysThatAreOver(), sealing.sealDaysThatAreOver()]);
    const all = await seals();
    expect(all.map(({ date, journals }) => [date, journals])).toEqual([
      ['2026-01-05', 4],
      ['2026-01-06', 0],
      ['2026-01-07', 0],
      ['2026-01-08', 3],
    ]);
    expect(all.every(isGenuine)).toBe(true);
    for (const [index, seal] of all.slice(1).entries()) {
      expect(seal.previous).toBe(hashOfSeal(all[index] as (typeof all)[number]));
      expect(seal.date).toBe(dayAfter(all[index]?.date ?? ''));
    }
  });

  it('take nothing on a day that is sealed, even if the clock is set back', async () => {
    const before = await seals();
    await books.setClock('2026-01-05T03:00:00Z');
    await books.sell('5', { price: 10_000 });
    await books.sell('6', { price: 10_000, facilityId: 'F3' });
    const recorded = await query<{ at: Date }>(
      `SELECT recorded_at AS at FROM journal WHERE source_reference LIKE 'blanja/5@%' OR source_reference LIKE 'blanja/6@%'`,
    );
    expect(recorded.map(({ at }) => at.toISOString())).toEqual(Array(2).fill('2026-01-08T17:00:00.000Z'));
    await books.setClock('2026-01-09T04:00:00Z');
    await sealing.sealDaysThatAreOver();
    expect(await seals()).toEqual(before);
  });

  it('have a seal that waits for whoever is posting', async () => {
    await books.setClock('2026-01-09T16:59:59Z');
    let posted: Promise<void> | undefined;
    let sealed: Promise<void> | undefined;
    await books.database.transaction(async (other) => {
      await other.query(`SELECT FROM chain_head WHERE facility_id = 'F1' FOR UPDATE`);
      posted = books.sell('7', { price: 10_000 }); // takes the time, then waits
      await new Promise((resolve) => setTimeout(resolve, 300));
      await books.setClock('2026-01-09T17:00:00Z');
      sealed = sealing.sealDaysThatAreOver();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect((await seals()).at(-1)?.date).toBe('2026-01-08');
    });
    await Promise.all([posted, sealed]);
    const { faults } = await verify();
    expect(faults).toEqual([]);
  });

  it('prove each journal against its seal, over many blocks', async () => {
    await books.setClock('2026-01-10T03:00:00Z');
    const journal = (number: number) => ({
      journalId: `019c0000-0000-7000-8000-${String(number).padStart(12, '0')}`,
      facilityId: `F${number % 3}`,
      kind: 'opening' as const,
      postedOn: '2026-01-10',
      occurredAt: '2026-01-10T03:00:00Z',
      sourceEventId: `019c0000-0000-7000-9000-${String(number).padStart(12, '0')}`,
      sourceReference: `opening-${number}`,
      reverses: null,
      agreement: null,
      correlationId: '019c0000-0000-7000-8000-00000000000c',
      source: {},
      entries: [],
    });
    await books.post(...Array.from({ length: 700 }, (_, number) => journal(number)));
    await books.setClock('2026-01-10T17:00:00Z');
    await sealing.sealDaysThatAreOver();

    const seal = (await seals()).at(-1);
    expect(seal).toMatchObject({ date: '2026-01-10', journals: 700 });
    const roots = await blockRoots(query, '2026-01-10');
    expect(roots).toHaveLength(3);
    const rows = await query<{ facilityId: string; number: number; hash: string }>(
      `SELECT facility_id AS "facilityId", chain_number AS number, encode(hash, 'hex') AS hash
         FROM journal WHERE kind = 'opening' ORDER BY facility_id, chain_number`,
    );
    const blocks = await blocksHolding(query, '2026-01-10', rows);
    for (const [position, { hash }] of rows.entries()) {
      const { block, leaves } = blocks.find(({ leaves }) => leaves.includes(hash)) as (typeof blocks)[number];
      const proof = [...inclusionProof(leaves, leaves.indexOf(hash)), ...inclusionProof(roots, block)];
      expect(firstLeafOf(block) + leaves.indexOf(hash)).toBe(position);
      expect(rootOfProof(hash, position, 700, proof)).toBe(seal?.root);
    }
  });

  it('are sound', async () => {
    const { faults, checked } = await verify();
    expect(faults).toEqual([]);
    const [counted] = await query(
      `SELECT (SELECT count(*) FROM journal) AS journals, (SELECT count(*) FROM entry) AS entries,
              (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM sale_line) AS "saleLines",
              (SELECT count(*) FROM seal) AS seals,
              (SELECT count(*) FROM journal) AS explained`,
    );
    expect(checked).toEqual(counted);
  });

  it('are chained whatever happens at once, and without what is refused', async () => {
    await books.setClock('2026-01-11T03:00:00Z');
    const [sale] = await query<{ source: object; id: string }>(
      `SELECT source, source_event_id AS id FROM journal WHERE source_reference = 'blanja/1@F1'`,
    );
    const draft = (number: number, sourceEventId: string) => ({
      journalId: `019d0000-0000-7000-8000-${String(number).padStart(12, '0')}`,
      facilityId: 'F1',
      kind: 'opening' as const,
      postedOn: '2026-01-11',
      occurredAt: '2026-01-11T03:00:00.123456Z',
      sourceEventId,
      sourceReference: `later-${number}`,
      reverses: null,
      agreement: null,
      correlationId: '019c0000-0000-7000-8000-00000000000c',
      source: {},
      entries: [],
    });
    const event = (number: number) => `019d0000-0000-7000-9000-${String(number).padStart(12, '0')}`;
    await Promise.all(
      Array.from({ length: 8 }, (_, writer) =>
        books.post(
          draft(writer * 10, event(writer * 10)),
          draft(writer * 10 + 1, (sale as { id: string }).id), // a conflict
          draft(writer * 10 + 2, event(writer * 10 + 2)),
        ),
      ),
    );
    const { faults } = await verify();
    expect(faults).toEqual([]);
    const [{ posted } = { posted: 0 }] = await query<{ posted: number }>(
      `SELECT count(*) AS posted FROM journal WHERE source_reference LIKE 'later-%'`,
    );
    expect(posted).toBe(16);
  });
});

it('later money is in the books as well: settled, released, paid out, deposited', async () => {
  await books.setClock('2026-01-12T03:00:00Z');
  const { database } = books;
  const { settlements, payouts, deposits } = ledgerServices(database);
  const cause = { correlationId: newId() };
  const facilityId = 'F7';
  await books.sell('settled', {
    price: 90_000,
    facilityId,
    makers: ['M6', 'M7', 'M8'].map((makerId) => ({ makerId, weight: '1' })),
  });
  const amounts = { fee: 500, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
  const sale = { saleId: `blanja/settled@${facilityId}`, orderId: 'blanja/settled', facilityId, channel: 'blanja' };
  const settled = newEvent(saleSettled, { settlementId: newId(), ...sale, ...amounts }, cause);
  await database.transaction(async (transaction) =>
    settlements.settle(await openBooksFor(transaction, [settled]), [settled]),
  );

  const proposal = { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'A' };
  const payoutId = await database.transaction((transaction) => payouts.propose(transaction, proposal, cause));
  await database.transaction((transaction) => payouts.review(transaction, payoutId, 'A', []));
  await database.transaction((transaction) => payouts.approve(transaction, payoutId, 'B', cause));
  const items = await query<{ itemId: string; amount: number }>(
    'SELECT item_id AS "itemId", amount FROM payout_item ORDER BY account',
  );
  expect(items).toHaveLength(3);
  const answer = (index: number) => ({ payoutId, facilityId, ...(items[index] as (typeof items)[number]) });
  const paid = newEvent(disbursementPaid, { ...answer(0), paidAt: '2026-01-12T04:00:00Z' }, cause);
  const failure = { ...answer(1), reason: 'no such account', failedAt: '2026-01-12T04:00:00Z' };
  await database.transaction(async (transaction) => payouts.answer(await openBooksFor(transaction, [paid]), [paid]));
  const failed = newEvent(disbursementFailed, failure, cause);
  await database.transaction(async (transaction) =>
    payouts.answer(await openBooksFor(transaction, [failed]), [failed]),
  );

  const billed = { facilityId, bank: 'bri', amount: 1_000, billingCode: '820260112', by: 'A' };
  const receipt = { ntpn: 'NTPN1', depositedAt: '2026-01-12T05:00:00Z', by: 'B' };
  const depositId = await database.transaction((transaction) => deposits.bill(transaction, billed));
  await database.transaction((transaction) => deposits.confirm(transaction, depositId, receipt, cause));
  expect((await verify()).faults).toEqual([]);
});

it('what sharing remembers is in the books as well', async () => {
  const { adjustments } = ledgerServices(books.database);
  const steps = [
    {
      id: 'family',
      take: { rate: { bp: 1_000 } },
      maxPerPeriod: { amount: 5_000, per: 'month' },
      to: 'beneficiary:family',
    },
    { id: 'restitution', take: { rate: { bp: 5_000 } }, maxOwed: true, to: 'beneficiary:victim' },
    { id: 'own', take: 'rest', to: 'wages' },
  ];
  const sale = { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] };
  await query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ('F8', 1, 'facility', 'F8', '2025-12-01', 'approved', $1, 'p1', 'p2', now())`,
    [{ ...id1990, id: 'F8', sale, maker: { steps } }],
  );
  const obligation = { debtor: 'maker:M9', beneficiary: 'beneficiary:victim', amount: 30_000 };
  const recorded = { facilityId: 'F8', occurredAt: '2026-01-12T03:00:00Z', reason: 'verdict', by: 'p1', obligation };
  const { adjustmentId } = await books.database.transaction((transaction) =>
    adjustments.draftObligation(transaction, recorded),
  );
  await adjustments.approve(adjustmentId, 'p2', { correlationId: newId() });
  const makers = [{ makerId: 'M9', weight: '1' }];
  for (const orderRef of ['remembering', 'remembered']) {
    await books.sell(orderRef, { price: 40_000, facilityId: 'F8', makers });
  }
  await books.refund('remembering', { amount: 20_000, facilityId: 'F8' });
  expect((await verify()).faults).toEqual([]);
});

/** Each statement is run by a superuser whom no trigger stops, and undone after the verification. */
describe('tampering is found', () => {
  const refund = `(SELECT journal_id FROM journal WHERE source_reference = 'blanja/1/1#R1')`;
  const sale = `(SELECT journal_id FROM journal WHERE source_reference = 'blanja/2@F1')`;
  const account = (code: string) => `(SELECT account_id FROM account WHERE code = '${code}')`;
  const wages = account('maker:M1:wages-pending');
  const ofJournal = (set: string): string => `UPDATE journal SET ${set} WHERE journal_id = ${sale}`;
  const ofCounter = `key = 'maker:M9|family|2026-01'`;
  const ofObligation = `key = 'maker:M9|beneficiary:victim:payable'`;
  const ofEntry = (set: string): string =>
    `UPDATE entry SET ${set} WHERE account_id = ${wages} AND account_version = 2`;

  beforeEach(async () => {
    expect((await verify()).faults).toEqual([]);
  });

  it.each<[table: Fault['table'], statement: string]>([
    ['journal', ofJournal(`journal_id = '019c0000-0000-7000-8000-0000000000ff'`)],
    ['journal', ofJournal(`source_event_id = '019c0000-0000-7000-8000-0000000000ff'`)],
    ['journal', ofJournal(`source_reference = 'blanja/20@F1'`)],
    ['journal', ofJournal(`kind = 'correction'`)],
    ['journal', ofJournal(`facility_id = 'F9'`)],
    ['journal', ofJournal(`posted_on = posted_on + 1`)],
    ['journal', ofJournal(`occurred_at = occurred_at + '1 microsecond'`)],
    ['journal', ofJournal(`occurred_at = occurred_at + '1 day'`)],
    ['journal', ofJournal(`recorded_at = recorded_at + '1 millisecond'`)],
    ['journal', ofJournal(`recorded_at = recorded_at - '1 day'::interval`)],
    ['journal', ofJournal(`reverses = journal_id`)],
    ['journal', ofJournal(`agreement_version = 2`)],
    ['journal', ofJournal(`agreement_id = 'ID-1991'`)],
    ['journal', ofJournal(`correlation_id = '019c0000-0000-7000-8000-0000000000ff'`)],
    ['journal', ofJournal(`source = (source::text || ' ')::json`)],
    ['journal', ofJournal(`entries = entries + 1`)],
    ['journal', ofJournal(`chain_number = 1000`)],
    ['journal', ofJournal(`hash = sha256('')`)],
    ['journal', `UPDATE journal SET reverses = ${sale} WHERE journal_id = ${refund}`],
    ['journal', `DELETE FROM journal WHERE journal_id = ${sale}`],
    ['journal', `DELETE FROM journal WHERE journal_id = ${sale}; DELETE FROM entry WHERE journal_id = ${sale}`],
    [
      'journal',
      `INSERT INTO journal SELECT (jsonb_populate_record(journal, jsonb_build_object('journal_id',
         '019c0000-0000-7000-8000-0000000000ff', 'source_event_id', '019c0000-0000-7000-8000-0000000000fe',
         'source_reference', 'blanja/21@F1', 'chain_number', 1000))).* FROM journal WHERE journal_id = ${sale}`,
    ],
    [
      'chain_head',
      `DELETE FROM journal WHERE facility_id = 'F1' AND chain_number = (SELECT max(chain_number) FROM journal WHERE facility_id = 'F1')`,
    ],
    ['entry', ofEntry('amount = amount - 1')],
    ['entry', ofEntry('amount = amount - 1, running_balance = running_balance - 1')],
    ['entry', ofEntry('running_balance = running_balance - 1')],
    ['entry', ofEntry('account_version = 1000')],
    ['entry', ofEntry(`account_id = ${account('maker:M2:wages-pending')}, account_version = 1000`)],
    ['entry', ofEntry('account_id = 1000')],
    ['entry', ofEntry('posted_on = posted_on + 1')],
    ['entry', ofEntry(`facility_id = 'F9'`)],
    ['entry', ofEntry(`journal_id = '019c0000-0000-7000-8000-0000000000ff'`)],
    ['journal', ofEntry(`journal_id = ${refund}`)],
    ['journal', ofEntry(`line_ref = '2'`)],
    ['journal', ofEntry(`step = 'x'`)],
    ['entry', `DELETE FROM entry WHERE account_id = ${wages} AND account_version = 2`],
    [
      'entry',
      `INSERT INTO entry SELECT account_id, 1000, journal_id, amount, running_balance, posted_on, facility_id, line_ref, step
         FROM entry WHERE account_id = ${wages} AND account_version = 2`,
    ],
    ['account', `UPDATE account SET balance = balance - 1 WHERE account_id = ${wages}`],
    ['account', `UPDATE account SET version = version + 1 WHERE account_id = ${wages}`],
    ['account', `UPDATE account SET code = 'maker:M3:wages-pending' WHERE account_id = ${wages}`],
    ['account', `UPDATE account SET class = 'asset' WHERE account_id = ${wages}`],
    ['account', `UPDATE account SET owner = 'maker:M2' WHERE account_id = ${wages}`],
    ['account', `UPDATE account SET purpose = 'wages' WHERE account_id = ${wages}`],
    ['account', `UPDATE account SET facility_id = 'F1' WHERE account_id = ${wages}`],
    ['entry', `DELETE FROM account WHERE account_id = ${wages}`],
    [
      'account',
      `INSERT INTO account (code, class, owner, purpose, balance) VALUES ('maker:M9:wages', 'liability', 'maker:M9', 'wages', -5)`,
    ],
    ['sale_line', `UPDATE sale_line SET price = price + 1 WHERE sale_id = 'blanja/2@F1'`],
    ['sale_line', `UPDATE sale_line SET refunded = refunded + 1 WHERE sale_id = 'blanja/2@F1'`],
    ['sale_line', `UPDATE sale_line SET units = units + 1 WHERE sale_id = 'blanja/2@F1'`],
    ['sale_line', `UPDATE sale_line SET units_refunded = 0 WHERE sale_id = 'blanja/2@F1'`],
    ['sale_line', `UPDATE sale_line SET journal_id = ${refund} WHERE sale_id = 'blanja/2@F1'`],
    [
      'sale_line',
      `UPDATE sale_line SET credits = jsonb_set(credits, '{0,reversed}', '1') WHERE sale_id = 'blanja/2@F1'`,
    ],
    ['sale_line', `UPDATE sale_line SET line_ref = '2' WHERE sale_id = 'blanja/2@F1'`],
    ['sale_line', `UPDATE sale_line SET sale_id = 'blanja/20@F1' WHERE sale_id = 'blanja/2@F1'`],
    ['sale_line', `DELETE FROM sale_line WHERE sale_id = 'blanja/2@F1'`],
    [
      'sale_line',
      `INSERT INTO sale_line SELECT 'blanja/20@F1', line_ref, journal_id, price, refunded, units, units_refunded, credits, shared_by, shared_by_version, facility_id FROM sale_line WHERE sale_id = 'blanja/2@F1'`,
    ],
    ['chain_head', `UPDATE chain_head SET number = number - 1 WHERE facility_id = 'F1'`],
    ['chain_head', `UPDATE chain_head SET hash = sha256('') WHERE facility_id = 'F1'`],
    ['chain_head', `DELETE FROM chain_head WHERE facility_id = 'F1'`],
    ['chain_head', `INSERT INTO chain_head VALUES ('F9', 1, sha256(''), now())`],
    ['sale', `UPDATE sale SET receivable = receivable + 1 WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET fees = fees + 1 WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET shipping = shipping + 1 WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET facility_id = 'F9' WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET channel = 'other' WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET journal_id = ${refund} WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET release_at = now() WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET released_by = journal_id WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `UPDATE sale SET released_by = NULL WHERE sale_id = 'blanja/settled@F7'`],
    ['sale', `UPDATE sale SET sale_id = 'blanja/20@F1' WHERE sale_id = 'blanja/2@F1'`],
    ['sale', `DELETE FROM sale WHERE sale_id = 'blanja/2@F1'`],
    ['payout_item', `UPDATE payout_item SET amount = amount + 1 WHERE status = 'paid'`],
    ['payout_item', `UPDATE payout_item SET amount = amount + 1 WHERE status = 'failed'`],
    ['payout_item', `UPDATE payout_item SET account = 'maker:M9:wages' WHERE status = 'paid'`],
    ['payout_item', `UPDATE payout_item SET status = 'reserved' WHERE status = 'paid'`],
    ['payout_item', `UPDATE payout_item SET status = 'reserved', reason = NULL WHERE status = 'failed'`],
    ['payout_item', `UPDATE payout_item SET status = 'proposed' WHERE status = 'reserved'`],
    ['payout_item', `UPDATE payout_item SET status = 'paid', journal_id = ${refund} WHERE status = 'reserved'`],
    ['payout_item', `UPDATE payout_item SET reason = 'another' WHERE status = 'failed'`],
    ['payout_item', `UPDATE payout_item SET journal_id = ${refund} WHERE status = 'paid'`],
    ['payout_item', `DELETE FROM payout_item WHERE status = 'paid'`],
    ['payout_item', `UPDATE payout SET bank = 'other'`],
    ['payout_item', `UPDATE payout SET facility_id = 'F9'`],
    ['payout_item', `UPDATE payout SET status = 'rejected', reason = ''`],
    ['deposit', `UPDATE deposit SET amount = amount + 1`],
    ['deposit', `UPDATE deposit SET bank = 'other'`],
    ['deposit', `UPDATE deposit SET facility_id = 'F9'`],
    ['deposit', `UPDATE deposit SET billing_code = '1'`],
    ['deposit', `UPDATE deposit SET ntpn = '1'`],
    ['deposit', `UPDATE deposit SET confirmed_by = 'C'`],
    ['deposit', `UPDATE deposit SET deposited_at = now()`],
    ['deposit', `UPDATE deposit SET ntpn = NULL, deposited_at = NULL, confirmed_by = NULL, journal_id = NULL`],
    ['deposit', `DELETE FROM deposit`],
    ...['input = input + 1', 'taken = taken + 1', 'version = version + 1', `key = 'maker:M1|family|2026-01'`].map(
      (set): [Fault['table'], string] => ['accumulator', `UPDATE accumulator SET ${set} WHERE ${ofCounter}`],
    ),
    ['accumulator', `UPDATE accumulator SET input = input + 1 WHERE ${ofObligation}`],
    ['accumulator', `DELETE FROM accumulator WHERE ${ofCounter}`],
    ['accumulator', `INSERT INTO accumulator VALUES ('maker:M9|other|2026-01', 1, 1, 1)`],
    ...[
      'input_change = input_change + 1',
      'taken_change = taken_change + 1, taken = taken + 1',
      'input = input + 1',
      'version = 9',
      `key = 'maker:M1|family|2026-01'`,
      `journal_id = ${refund}`,
    ].map((set): [Fault['table'], string] => [
      'accumulator_entry',
      `UPDATE accumulator_entry SET ${set} WHERE ${ofCounter} AND version = 2`,
    ]),
    ['accumulator_entry', `DELETE FROM accumulator_entry WHERE ${ofCounter} AND version = 3`],
    [
      'accumulator_entry',
      `UPDATE accumulator_entry SET input = input - 1, input_change = input_change - CASE version WHEN 1 THEN 1 ELSE 0 END
        WHERE ${ofObligation};
       UPDATE accumulator SET input = input - 1 WHERE ${ofObligation}`,
    ],
    [
      'accumulator_entry',
      `INSERT INTO accumulator_entry VALUES ('maker:M9|other|2026-01', 1, ${refund}, 1, 1, 1, 1);
       INSERT INTO accumulator VALUES ('maker:M9|other|2026-01', 1, 1, 1)`,
    ],
    ['journal', `UPDATE journal_memory SET memory = replace(memory::text, '30000', '40000')::json`],
    ['journal', `DELETE FROM journal_memory`],
    ['journal', `INSERT INTO journal_memory VALUES (${refund}, '{"counters":{},"owed":{},"pots":{}}')`],
    ['journal_memory', `UPDATE journal_memory SET journal_id = gen_random_uuid()`],
    ['seal', `UPDATE seal SET root = sha256('') WHERE sealed_on = '2026-01-05'`],
    ['seal', `UPDATE seal SET journals = 5 WHERE sealed_on = '2026-01-05'`],
    ['seal', `UPDATE seal SET previous = NULL WHERE sealed_on = '2026-01-06'`],
    [
      'seal',
      `UPDATE seal SET signature = (SELECT signature FROM seal WHERE sealed_on = '2026-01-06') WHERE sealed_on = '2026-01-05'`,
    ],
    ['seal', `UPDATE seal SET public_key = '' WHERE sealed_on = '2026-01-05'`],
    ['seal', `UPDATE seal SET sealed_on = '2026-01-04' WHERE sealed_on = '2026-01-05'`],
    ['seal', `DELETE FROM seal WHERE sealed_on = '2026-01-06'`],
    [
      'journal',
      `DELETE FROM seal WHERE sealed_on = '2026-01-05'; DELETE FROM seal_block WHERE sealed_on = '2026-01-05'`,
    ],
    ['seal_block', `UPDATE seal_block SET hashes = hashes || sha256('') WHERE sealed_on = '2026-01-05'`],
    ['seal_block', `UPDATE seal_block SET root = sha256('') WHERE sealed_on = '2026-01-05'`],
    ['seal_block', `UPDATE seal_block SET facility_id = 'F9' WHERE sealed_on = '2026-01-05'`],
    ['seal_block', `UPDATE seal_block SET chain_number = 9 WHERE sealed_on = '2026-01-05'`],
    ['seal_block', `UPDATE seal_block SET block = 9 WHERE sealed_on = '2026-01-05'`],
    ['seal_block', `UPDATE seal_block SET sealed_on = '2026-01-01' WHERE sealed_on = '2026-01-05'`],
    ['seal_block', `DELETE FROM seal_block WHERE sealed_on = '2026-01-05'`],
    ['agreement', `UPDATE agreement SET effective_from = '2026-01-07'`],
    ['agreement', `UPDATE agreement SET effective_until = '2026-01-01'`],
    ['agreement', `UPDATE agreement SET scope_level = 'facility', scope_id = 'F2'`],
    ['agreement', `DELETE FROM agreement`],
    ['journal', `UPDATE agreement SET definition = replace(definition::text, '5000', '5001')::jsonb`],
  ])('in %s: %s', async (table, statement) => {
    const { intruder } = books;
    const undo = await backup();
    try {
      await intruder.query(statement);
      const { faults } = await verify();
      expect(faults.map(({ table }) => table)).toContain(table);
    } finally {
      await undo();
    }
  });

  /** Even one who computes the hashes anew is found, by the seals. */
  it('in a day that is sealed, though its whole chain was hashed anew', async () => {
    const undo = await backup();
    try {
      await books.intruder.query(`
        UPDATE journal SET posted_on = posted_on - 1 WHERE source_reference = 'blanja/3@F2';
        UPDATE entry SET posted_on = entry.posted_on - 1 FROM journal
         WHERE journal.journal_id = entry.journal_id AND source_reference = 'blanja/3@F2'`);
      const heads = new Map<string, Head>([['F2', { number: 0, hash: null }]]);
      for (const { recordedAt, ...journal } of await chainOf('F2')) {
        const [anew] = link([journal], heads, new Map([['F2', recordedAt.toISOString()]]));
        await books.intruder.query(`UPDATE journal SET hash = decode($1, 'hex') WHERE journal_id = $2`, [
          anew?.hash,
          journal.journalId,
        ]);
      }
      await books.intruder.query(`UPDATE chain_head SET hash = decode($1, 'hex') WHERE facility_id = 'F2'`, [
        heads.get('F2')?.hash,
      ]);
      const { faults } = await verify();
      expect(faults.map(({ table, row }) => `${table} ${row}`)).toEqual([
        'seal_block 2026-01-05 0',
        'seal 2026-01-05',
        'seal_block 2026-01-10 1',
        'seal_block 2026-01-10 2',
        'seal 2026-01-10',
      ]);
    } finally {
      await undo();
    }
  });

  function chainOf(facilityId: string): Promise<(HashedJournal & { recordedAt: Date })[]> {
    return query(
      `SELECT journal_id AS "journalId", facility_id AS "facilityId", kind, posted_on AS "postedOn",
              occurred_at AS "occurredAt", source_event_id AS "sourceEventId", source_reference AS "sourceReference",
              reverses, correlation_id AS "correlationId", source::text AS source, recorded_at AS "recordedAt",
              CASE WHEN agreement_id IS NOT NULL THEN json_build_object('id', agreement_id, 'version',
                agreement_version) END AS agreement,
              (SELECT coalesce(json_agg(json_build_object('account', code, 'amount', amount, 'lineRef', line_ref,
                                                          'step', step)), '[]')
                 FROM entry JOIN account USING (account_id) WHERE entry.journal_id = journal.journal_id) AS entries
         FROM journal WHERE facility_id = $1 ORDER BY chain_number`,
      [facilityId],
    );
  }

  async function backup(): Promise<() => Promise<void>> {
    const tables = [
      'payout',
      'payout_item',
      'deposit',
      'sale',
      'account',
      'journal',
      'entry',
      'sale_line',
      'chain_head',
      'seal',
      'seal_block',
      'agreement',
      'accumulator',
      'accumulator_entry',
      'journal_memory',
    ];
    for (const table of tables) await books.intruder.query(`CREATE TABLE saved_${table} AS TABLE ${table}`);
    return async () => {
      for (const table of tables) {
        await books.intruder.query(`
          DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE TABLE saved_${table}; DROP TABLE saved_${table}`);
      }
    };
  }
});
