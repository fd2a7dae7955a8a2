import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, payoutApproved, saleSettled } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { type Served, serve } from '../../../../test/kit/http.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { KnownOwners } from '../../books/accounts/known-owners.service.ts';
import { OwnerRepository } from '../../books/accounts/owner.repository.ts';
import type { PostedJournal } from '../../books/journals/journal.repository.ts';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { explainCaused } from '../../explanations/entries/entry-explanation.ts';
import type { Caused } from '../../explanations/recompute/cause.ts';
import { ExplanationService } from '../../explanations/recompute/explanation.service.ts';
import { ReportRepository } from '../../reports/reports/report.repository.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import { PayoutRepository } from '../payouts/payout.repository.ts';
import { PayoutsController } from '../payouts/payouts.controller.ts';
import { PayoutsService } from '../payouts/payouts.service.ts';
import { MakerEventsController } from './maker-events.controller.ts';
import { MakerEventsService } from './maker-events.service.ts';

let books: Books;
let served: Served;
let ledger: ReturnType<typeof ledgerServices>;

beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
  served = await serve(
    books.database,
    [MakerEventsController, PayoutsController],
    [
      { provide: MakerEventsService, useValue: ledger.makerEvents },
      { provide: PayoutsService, useValue: ledger.payouts },
      { provide: PayoutRepository, useValue: ledger.payoutRows },
      KnownOwners,
      OwnerRepository,
    ],
  );
  await books.database.query(
    `INSERT INTO contribution (lot_id, maker_id, facility_id, region, recorded_at)
     SELECT 'known', 'M' || number, 'F1', 'Bali', '2025-12-01' FROM generate_series(1, 9) AS number`,
  );
});
afterAll(async () => {
  served.close();
  await books.close();
});

type Happening = 'transfers' | 'releases' | 'freezes' | 'unfreezes' | 'merges';

const draft = (happening: Happening, makerId: string, more: object = {}) =>
  served.call('POST', `maker-events/${happening}`, {
    ...{ makerId, facilityId: 'F1', occurredAt: '2026-01-15T00:00:00+07:00', reason: 'SK 17/2026', by: 'p1' },
    ...more,
  });
const approve = (eventId: string, by = 'p2') => served.call('POST', `maker-events/${eventId}/approval`, { by });
const happen = async (...drafted: Parameters<typeof draft>) => {
  const answer = await approve((await draft(...drafted)).body.eventId);
  expect(answer).toMatchObject({ status: 200, body: { approvedBy: 'p2' } });
  return answer.body;
};

/** Half of the price less a production cost of 2,000 is the maker's (books.ts). */
const sell = (orderRef: string, makerId: string, premi: number, facilityId = 'F1') =>
  books.sell(orderRef, { price: 2 * premi + 2_000, makers: [{ makerId, weight: '1' }], facilityId });
const settle = async (orderRef: string, settledAt: string, facilityId = 'F1') => {
  const orderId = `blanja/${orderRef}`;
  const of = {
    settlementId: `${orderId}~S1`,
    saleId: `${orderId}@${facilityId}`,
    orderId,
    facilityId,
    channel: 'blanja',
  };
  const report = { ...of, fee: 0, shipping: 0, withheldTax: 0, bank: 'bri', settledAt };
  const events = [newEvent(saleSettled, report, { correlationId: newId() })];
  await books.database.transaction(async (transaction) =>
    ledger.settlements.settle(await openBooksFor(transaction, events), events),
  );
};
const balances = async (makerId: string) => {
  const codes = ['wages-pending', 'wages', 'savings', 'receivable'].map((purpose) => `maker:${makerId}:${purpose}`);
  const found = await books.database.transaction((transaction) => ledger.balances.find(transaction, codes));
  return Object.fromEntries(codes.map((code) => [code.split(':')[2], found.get(code)]));
};
const propose = (facilityId: string) =>
  served.call('POST', 'payouts', { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'p1' });
const payable = async (facilityId: string) => {
  const { status, body } = await propose(facilityId);
  if (status === 409) return {};
  return Object.fromEntries(body.items.map((item: { account: string; amount: number }) => [item.account, item.amount]));
};
const payOut = async (payoutId: string) => {
  await served.call('POST', `payouts/${payoutId}/review`, { by: 'p2' });
  return served.call('POST', `payouts/${payoutId}/approval`, { by: 'p3' });
};
const premiList = (facilityId: string) =>
  inSnapshot(books.database, async (snapshot) => {
    const rows: Record<string, unknown> = {};
    const month = { facilityId, from: '2026-01-01', to: '2026-01-31' };
    for await (const row of new ReportRepository().rows(snapshot, 'premi', month))
      rows[String(row.makerId)] = row.premi;
    return rows;
  });
const faults = () => faultsOf(books.database);
const journalOf = async (eventId: string) => {
  const [journal] = await ledger.journals.list({ source: `maker/${eventId}`, limit: 1 });
  const entries = journal && (await ledger.journals.entriesOf([journal.journalId])).get(journal.journalId);
  return { ...journal, entries: entries?.map(({ account, amount }) => [account, amount]) };
};

it('a transferred maker is paid by the new facility, all that is available, and stands on its premi list from that day on', async () => {
  await books.setClock('2026-01-14T16:59:59Z'); // 14 January in Jakarta
  await sell('t1', 'M1', 100_000);
  await sell('t2', 'M1', 10_000);
  await settle('t1', '2026-01-10T03:00:00Z');
  expect(await payable('F1')).toEqual({ 'maker:M1:wages': 100_000 });
  const { payoutId } = (await propose('F1')).body;

  const event = await happen('transfers', 'M1', { facilityId: 'F2' });
  expect(event).toMatchObject({ number: 1, effectiveOn: '2026-01-15' });
  expect(await journalOf(event.eventId)).toMatchObject({ kind: 'transfer', facilityId: 'F2', entries: [] });

  await books.setClock('2026-01-14T17:00:00Z'); // 15 January
  expect(await payable('F1')).toEqual({});
  expect(await payable('F2')).toEqual({ 'maker:M1:wages': 100_000 });
  expect(await payOut(payoutId)).toMatchObject({ status: 409, body: { title: 'No longer available' } });

  await sell('t3', 'M1', 5_000); // what was made before the transfer goes on being sold
  await settle('t2', '2026-01-20T03:00:00Z');
  expect(await payable('F2')).toEqual({ 'maker:M1:wages': 110_000 });
  expect(await premiList('F1')).toEqual({ M1: 110_000 });
  expect(await premiList('F2')).toEqual({ M1: 5_000 });

  expect(await payOut((await propose('F2')).body.payoutId)).toMatchObject({ status: 200 });
  expect(await payable('F2')).toEqual({});
  expect(await served.call('GET', 'makers/M1/standing')).toMatchObject({ body: { paidBy: 'F2', frozen: false } });
});

it('at release savings become available after what is to be given back; pending sales go on and settle as ever', async () => {
  await books.setClock('2026-01-16T03:00:00Z');
  const opening = {
    ...{
      type: 'opening' as const,
      by: 'p1',
      facilityId: 'F3',
      occurredAt: '2026-01-02T03:00:00Z',
      reason: 'old books',
    },
    entries: [
      { account: 'maker:M2:savings', amount: -60_000 },
      { account: 'maker:M2:receivable', amount: 25_000 },
      { account: 'facility:F3:earnings', amount: 35_000 },
    ],
  };
  const { adjustmentId } = await books.database.transaction((transaction) =>
    ledger.adjustments.draftEntries(transaction, opening),
  );
  await ledger.adjustments.approve(adjustmentId, 'p2', { correlationId: newId() });
  await sell('r1', 'M2', 10_000, 'F3');

  const event = await happen('releases', 'M2', { facilityId: 'F3' });
  expect((await journalOf(event.eventId)).entries).toEqual([
    ['maker:M2:receivable', -25_000],
    ['maker:M2:savings', 60_000],
    ['maker:M2:wages', -35_000],
  ]);
  expect(await balances('M2')).toEqual({ 'wages-pending': -10_000, wages: -35_000, savings: 0, receivable: 0 });
  await settle('r1', '2026-01-20T03:00:00Z', 'F3');
  expect(await balances('M2')).toEqual({ 'wages-pending': 0, wages: -45_000, savings: 0, receivable: 0 });
  expect(await payable('F3')).toEqual({ 'maker:M2:wages': 45_000 });
});

describe('after a death', () => {
  it('nothing is paid out or spent, and what is earned goes on', async () => {
    await books.setClock('2026-01-16T03:00:00Z');
    await sell('d1', 'M3', 50_000, 'F4');
    await sell('d2', 'M3', 7_000, 'F4');
    await settle('d1', '2026-01-16T03:00:00Z', 'F4');
    const { payoutId } = (await propose('F4')).body;
    await happen('freezes', 'M3', { facilityId: 'F4', because: 'death' });

    expect(await payOut(payoutId)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('M3') } });
    expect(await payable('F4')).toEqual({});
    const spent = {
      ...{
        type: 'adjustment' as const,
        by: 'p1',
        facilityId: 'F4',
        occurredAt: '2026-01-16T03:00:00Z',
        reason: 'shop',
      },
      entries: [
        { account: 'maker:M3:wages', amount: 1_000 },
        { account: 'facility:F4:earnings', amount: -1_000 },
      ],
    };
    const { adjustmentId } = await books.database.transaction((transaction) =>
      ledger.adjustments.draftEntries(transaction, spent),
    );
    await expect(ledger.adjustments.approve(adjustmentId, 'p2', { correlationId: newId() })).rejects.toThrow(
      'Nothing may be taken from maker:M3:wages',
    );

    await sell('d3', 'M3', 3_000, 'F4');
    await settle('d2', '2026-01-17T03:00:00Z', 'F4');
    expect(await balances('M3')).toMatchObject({ 'wages-pending': -3_000, wages: -57_000 });
    for (const again of ['freezes', 'releases'] as const) {
      const { eventId } = (
        await draft(again, 'M3', { facilityId: 'F4', ...(again === 'freezes' && { because: 'death' }) })
      ).body;
      expect(await approve(eventId)).toMatchObject({ status: 409 });
    }
  });

  it('heirs are paid by pseudonym in the maker’s place, once it is unfrozen', async () => {
    await happen('unfreezes', 'M3', { facilityId: 'F4', payee: 'beneficiary:heir-17' });
    const { body } = await propose('F4');
    expect(body.items).toMatchObject([{ account: 'maker:M3:wages', amount: 57_000, payee: 'beneficiary:heir-17' }]);
    expect(await payOut(body.payoutId)).toMatchObject({ status: 200 });
    const [told] = await books.database.query<{ value: string }>(
      'SELECT value FROM outbox WHERE topic = $1 AND key = $2',
      [payoutApproved.topic.name, 'F4'],
    );
    const { items } = JSON.parse(told?.value ?? '') as DataOf<typeof payoutApproved>;
    expect(items).toMatchObject([{ payee: 'beneficiary:heir-17', amount: 57_000 }]);
  });
});

describe('of duplicate persons', () => {
  it('what the number that was merged earned elsewhere is paid, and listed, where its person was transferred', async () => {
    await books.setClock('2026-01-16T03:00:00Z');
    await sell('n1', 'N1', 20_000, 'F8');
    await sell('n2', 'N2', 1_000, 'F8');
    await happen('merges', 'N1', { facilityId: 'F8', into: 'N2' });
    await happen('transfers', 'N2', { facilityId: 'F9' });
    await sell('n3', 'N1', 3_000, 'F8');
    for (const sold of ['n1', 'n2', 'n3']) await settle(sold, '2026-01-17T03:00:00Z', 'F8');
    expect(await payable('F8')).toEqual({});
    expect(await payable('F9')).toEqual({ 'maker:N1:wages': 23_000, 'maker:N2:wages': 1_000 });
    expect(await premiList('F8')).toEqual({});
    expect(await premiList('F9')).toEqual({ N1: 23_000, N2: 1_000 });
  });

  const merge = (into: string, more: object = {}) => ({ facilityId: 'F5', into, ...more });
  const post = async (draft: Promise<{ adjustmentId: string }>) =>
    ledger.adjustments.approve((await draft).adjustmentId, 'p2', { correlationId: newId() });
  const drafted = { by: 'p1', facilityId: 'F6', occurredAt: '2026-01-02T03:00:00Z', reason: 'old books' };

  it('the survivor gets what is available, saved and owed, facility by facility; pending stays with its sales', async () => {
    await books.setClock('2026-01-16T03:00:00Z');
    await sell('m1', 'M5', 50_000, 'F5');
    await sell('m2', 'M5', 8_000, 'F5');
    await sell('m3', 'M5', 6_000, 'F5');
    await settle('m1', '2026-01-16T03:00:00Z', 'F5');
    const entries = [
      { account: 'maker:M5:savings', amount: -4_000 },
      { account: 'maker:M5:receivable', amount: 1_000 },
      { account: 'facility:F6:earnings', amount: 3_000 },
    ];
    const obligation = { debtor: 'maker:M5', beneficiary: 'beneficiary:restitution', amount: 90_000 };
    const { database } = books;
    await post(
      database.transaction((tx) => ledger.adjustments.draftEntries(tx, { ...drafted, type: 'opening', entries })),
    );
    await post(database.transaction((tx) => ledger.adjustments.draftObligation(tx, { ...drafted, obligation })));

    const { eventId } = await happen('merges', 'M5', merge('M6'));
    expect((await journalOf(eventId)).entries).toEqual([
      ['maker:M5:wages', 50_000],
      ['maker:M6:wages', -50_000],
    ]);
    expect((await journalOf(`${eventId}@F6`)).entries).toEqual([
      ['maker:M5:receivable', -1_000],
      ['maker:M5:savings', 4_000],
      ['maker:M6:receivable', 1_000],
      ['maker:M6:savings', -4_000],
    ]);
    expect(await balances('M5')).toEqual({ 'wages-pending': -14_000, wages: 0, savings: 0, receivable: 0 });
    expect(await balances('M6')).toEqual({ 'wages-pending': 0, wages: -50_000, savings: -4_000, receivable: 1_000 });
    const owed = await database.query(
      `SELECT key, input - taken AS owed FROM accumulator WHERE key LIKE '%restitution%' ORDER BY key`,
    );
    expect(owed).toEqual([
      { key: 'maker:M5|beneficiary:restitution:payable', owed: 0 },
      { key: 'maker:M6|beneficiary:restitution:payable', owed: 90_000 },
    ]);
    expect(await faults()).toEqual([]);
  });

  it('what was pending is released and refunded as ever, and paid to the survivor', async () => {
    await books.refund('m3', { amount: 14_000, facilityId: 'F5' });
    await settle('m2', '2026-01-17T03:00:00Z', 'F5');
    expect(await balances('M5')).toEqual({ 'wages-pending': 0, wages: -8_000, savings: 0, receivable: 0 });
    expect((await propose('F5')).body.items).toMatchObject([
      { account: 'maker:M5:wages', amount: 8_000, payee: 'maker:M6' },
      { account: 'maker:M6:wages', amount: 50_000, payee: null },
    ]);
  });

  it('a later refund of the duplicate’s sale is owed by the survivor once they are merged again', async () => {
    await books.refund('m1', { amount: 102_000, facilityId: 'F5' });
    expect(await balances('M5')).toMatchObject({ wages: 0, receivable: 42_000 });
    await happen('merges', 'M5', merge('M6'));
    expect(await balances('M5')).toMatchObject({ wages: 0, receivable: 0 });
    expect(await balances('M6')).toMatchObject({ wages: -50_000, receivable: 43_000 });
    expect(await faults()).toEqual([]);
  });

  it('a freeze of the survivor holds for both; the duplicate is none any more', async () => {
    await sell('m4', 'M5', 2_000, 'F5');
    await settle('m4', '2026-01-18T03:00:00Z', 'F5');
    await happen('freezes', 'M6', { facilityId: 'F5', because: 'escape' });
    expect(await payable('F5')).toEqual({});
    await happen('unfreezes', 'M6', { facilityId: 'F5' });
    expect(await payable('F5')).toEqual({ 'maker:M5:wages': 2_000, 'maker:M6:wages': 50_000 });

    const refused = async (...drafted: Parameters<typeof draft>) =>
      (await approve((await draft(...drafted)).body.eventId)).body.detail;
    expect(await refused('merges', 'M5', merge('M7'))).toBe('M5 was merged into M6.');
    expect(await refused('merges', 'M6', merge('M5'))).toBe('M5 was merged into M6.');
    expect(await refused('freezes', 'M5', { because: 'death' })).toBe('M5 was merged into M6.');
    await payOut((await propose('F5')).body.payoutId);
    expect(await refused('merges', 'M5', merge('M6'))).toBe('a payment to M5 is on its way.');
    expect(await draft('merges', 'M5', merge('M5'))).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'into' }] },
    });
  });
});

describe('two persons', () => {
  it('are needed; the same approval again changes nothing, another is a conflict, a withdrawn draft is not approved', async () => {
    const { eventId } = (await draft('transfers', 'M4')).body;
    expect(await approve(eventId, 'p1')).toMatchObject({ status: 403 });
    const first = await approve(eventId);
    expect(await approve(eventId)).toEqual(first);
    expect(await approve(eventId, 'p3')).toMatchObject({ status: 409 });

    const drafted = (await draft('transfers', 'M4')).body;
    expect(await served.call('POST', `maker-events/${drafted.eventId}/withdrawal`, { by: 'p2' })).toMatchObject({
      status: 403,
    });
    expect(await served.call('POST', `maker-events/${drafted.eventId}/withdrawal`, { by: 'p1' })).toMatchObject({
      body: { withdrawnAt: expect.any(String) },
    });
    expect(await approve(drafted.eventId)).toMatchObject({ status: 409 });

    const other = (await draft('transfers', 'M4')).body;
    const rejection = { by: 'p2', reason: 'not heard of it' };
    expect(await served.call('POST', `maker-events/${other.eventId}/rejection`, rejection)).toMatchObject({
      body: { rejectedBy: 'p2', number: null },
    });
    expect(await approve(other.eventId, 'p3')).toMatchObject({ status: 409 });
  });

  it('are told that nobody knows a maker', async () => {
    expect(await draft('merges', 'M99', { into: 'M98' })).toMatchObject({
      status: 422,
      body: {
        errors: [
          { field: 'makerId', code: 'unknown-owner' },
          { field: 'into', code: 'unknown-owner' },
        ],
      },
    });
  });

  it('are told which field is wrong', async () => {
    expect(await draft('transfers', 'M4', { occurredAt: '2999-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'occurredAt', code: 'in-the-future' }] },
    });
    expect(await draft('unfreezes', 'M4', { payee: 'Siti' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'payee' }] },
    });
    expect(await draft('freezes', 'M4')).toMatchObject({ status: 400, body: { errors: [{ field: 'because' }] } });
  });
});

it('every entry says why it is there, and is what it is computed again to be', async () => {
  const { database } = books;
  const explanations = new ExplanationService(database, ledger.journals, ledger.saleLines, ledger.agreements);
  const said = new Map<string, string>();
  const events = await database.query<{ id: string }>(
    `SELECT journal_id AS id FROM journal WHERE source_reference LIKE 'maker/%'`,
  );
  const entries = await ledger.journals.entriesOf(events.map(({ id }) => id));
  for (const [journalId, posted] of entries) {
    const caused = await explanations.recompute((await ledger.journals.find(journalId)) as PostedJournal);
    for (const entry of posted) {
      const { matches, sentence } = explainCaused(entry, caused as Caused);
      expect({ entry, matches }).toEqual({ entry, matches: true });
      said.set(`${entry.account} ${entry.amount}`, sentence.en);
    }
  }
  expect(said.get('maker:M2:receivable -25000')).toBe(
    'What M2 has to give back falls by Rp25,000 because of the end of M2’s custody: “SK 17/2026”, drafted by p1, approved by p2.',
  );
  expect(said.get('maker:M6:wages -50000')).toBe(
    'M6’s premi (available) grows by Rp50,000 because of the finding that M5 and M6 are one person, M6: “SK 17/2026”, drafted by p1, approved by p2.',
  );
});

it('the books are sound, and what happened cannot be changed or taken away unseen', async () => {
  expect(await faults()).toEqual([]);
  const change = (set: string) => books.database.query(`UPDATE maker_event SET ${set} WHERE number = 1`);
  await expect(change(`facility_id = 'F9'`)).rejects.toThrow('never edited');
  await expect(books.database.query('DELETE FROM maker_event')).rejects.toThrow('never edited');
  await books.intruder.query(`UPDATE maker_event SET facility_id = 'F9' WHERE number = 1`);
  expect((await faults()).map(({ table }) => table)).toEqual(['maker_seat', 'maker_event', 'maker_event']); // where the maker is, its journal, its last change
});
