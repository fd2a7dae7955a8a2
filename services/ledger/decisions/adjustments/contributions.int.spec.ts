import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { contributionsRecorded } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { ContributionsListener } from '../../closing/floors/contributions.listener.ts';
import { ExplanationService } from '../../explanations/recompute/explanation.service.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());
beforeEach(() => books.setClock('2026-01-05T03:00:00Z'));

/** Sales of books.ts take from lot L1 and return a cost of 2,000 first; of the rest half is the makers'. */
async function recordMakers(facilityId: string): Promise<number | null> {
  const { adjustments } = ledgerServices(books.database);
  const lot = {
    lotId: 'L1',
    measure: 'hours' as const,
    contributions: [
      { makerId: `${facilityId}-1`, weight: '3' },
      { makerId: `${facilityId}-2`, weight: '1' },
    ],
  };
  const recorded = { facilityId, occurredAt: '2026-01-07T03:00:00Z', reason: 'the list was found', lot, by: 'p1' };
  const { adjustmentId } = await books.database.transaction((transaction) =>
    adjustments.draftContributions(transaction, recorded),
  );
  return (await adjustments.approve(adjustmentId, 'p2', { correlationId: newId() })).journals;
}

async function balances(facilityId: string): Promise<Record<string, number>> {
  const rows = await books.database.query<{ code: string; balance: number }>(
    `SELECT code, balance FROM account
      WHERE balance <> 0 AND (starts_with(code, 'maker:' || $1) OR code = 'suspense@' || $1)`,
    [facilityId],
  );
  return Object.fromEntries(rows.map(({ code, balance }) => [code, balance]));
}

const faults = () => faultsOf(books.database);

it('all sales of the lot leave suspense, less what refunds took; later refunds come from its makers', async () => {
  await books.sell('one', { price: 18_000, makers: [], facilityId: 'S' });
  await books.sell('two', { price: 10_000, makers: [], facilityId: 'S' });
  await books.refund('one', { amount: 9_000, facilityId: 'S' });
  expect(await balances('S')).toEqual({ 'suspense@S': -4_000 - 4_000 });

  expect(await recordMakers('S')).toBe(2);
  expect(await balances('S')).toEqual({ 'maker:S-1:wages-pending': -6_000, 'maker:S-2:wages-pending': -2_000 });
  await books.refund('one', { amount: 9_000, refundRef: 'R2', facilityId: 'S' });
  expect(await balances('S')).toEqual({ 'maker:S-1:wages-pending': -3_000, 'maker:S-2:wages-pending': -1_000 });
  expect(await faults()).toEqual([]);
});

it('its makers’ own steps share what each gets, and remember it in the period of the sale', async () => {
  const family = {
    id: 'family',
    take: { rate: { bp: 1_000 } },
    maxPerPeriod: { amount: 1_000, per: 'month' as const },
  };
  const steps = [
    { ...family, to: 'beneficiary:family' },
    { id: 'own', take: 'rest', to: 'wages' },
  ];
  const sale = { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] };
  await books.database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ('V', 1, 'facility', 'V', '2026-01-01', 'approved', $1, 'p1', 'p2', now())`,
    [{ ...id1990, id: 'V', sale, maker: { steps } }],
  );
  const held = async () => {
    const rows = await books.database.query<{ code: string; balance: number }>(
      `SELECT code, balance FROM account WHERE balance <> 0 AND code ~ '^(maker:V-|suspense@V|beneficiary:family)'`,
    );
    return Object.fromEntries(rows.map(({ code, balance }) => [code, balance]));
  };
  await books.sell('own', { price: 18_000, makers: [], facilityId: 'V' });
  await books.refund('own', { amount: 9_000, facilityId: 'V' });
  expect(await held()).toEqual({ 'suspense@V': -8_000 });

  // Of 16,000 V-1 gets 12,000: family 1,000 of 1,200, own 11,000. V-2 4,000: 400, 3,600. Half was taken back before.
  expect(await recordMakers('V')).toBe(1);
  expect(await held()).toEqual({
    'beneficiary:family:payable@V': -500 - 200,
    'maker:V-1:wages-pending': -5_500,
    'maker:V-2:wages-pending': -1_800,
  });
  // A sale of the same month finds room for 500 of the 800 that it asks for.
  await books.sell('later', { price: 10_000, makers: [{ makerId: 'V-1', weight: '1' }], facilityId: 'V' });
  expect(await held()).toMatchObject({ 'maker:V-1:wages-pending': -5_500 - 7_500 });
  await books.refund('own', { amount: 9_000, refundRef: 'R2', facilityId: 'V' });
  expect(await held()).toEqual({ 'beneficiary:family:payable@V': -500, 'maker:V-1:wages-pending': -7_500 });
  expect(
    await books.database.query(`SELECT input, taken FROM accumulator WHERE key = 'maker:V-1|family|2026-01'`),
  ).toEqual([{ input: 8_000, taken: 500 }]);

  const { journals, saleLines, agreements } = ledgerServices(books.database);
  const explanations = new ExplanationService(books.database, journals, saleLines, agreements);
  for (const reference of ['blanja/own@V', 'blanja/own/1#R1', 'blanja/own/1#R2', 'blanja/later@V']) {
    const [journal] = await journals.list({ source: reference, limit: 1 });
    expect(journal && (await explanations.explain(journal))).toMatchObject({ matches: true });
  }
  expect(await faults()).toEqual([]);
});

it('of a sale that is released they get what is available', async () => {
  await books.sell('released', { price: 10_000, makers: [], facilityId: 'R', releaseAt: '2026-01-06T00:00:00Z' });
  await ledgerServices(books.database).releases.releaseDue(new Date('2026-01-06T00:00:00Z'), 10);
  expect(await recordMakers('R')).toBe(1);
  expect(await balances('R')).toEqual({ 'maker:R-1:wages': -3_000, 'maker:R-2:wages': -1_000 });
  await books.refund('released', { amount: 5_000, facilityId: 'R' });
  expect(await balances('R')).toEqual({ 'maker:R-1:wages': -1_500, 'maker:R-2:wages': -500 });
  expect(await faults()).toEqual([]);
});

it('recorded again they move only what came into suspense since', async () => {
  await books.sell('one', { price: 10_000, makers: [], facilityId: 'T' });
  expect(await recordMakers('T')).toBe(1);
  expect(await recordMakers('T')).toBe(0);
  await books.sell('two', { price: 10_000, makers: [], facilityId: 'T' });
  expect(await recordMakers('T')).toBe(1);
  expect(await balances('T')).toEqual({ 'maker:T-1:wages-pending': -6_000, 'maker:T-2:wages-pending': -2_000 });
});

it('what was sold before the makers were recorded is drafted to be theirs, once, and nothing where nothing is held', async () => {
  const { adjustments, floors } = ledgerServices(books.database);
  const listener = new ContributionsListener(floors, adjustments);
  const recorded = (facilityId: string, lotId: string, isLate = true) => {
    const contributions = [{ makerId: `${facilityId}-1`, weight: '3' }];
    const late = { by: 'p-officer', measure: 'hours' as const, contributions };
    const lot = {
      lotId,
      facilityId,
      region: 'Bali',
      recordedAt: '2026-01-07T03:00:00Z',
      makerIds: [`${facilityId}-1`],
    };
    return newEvent(contributionsRecorded, { ...lot, ...(isLate && { late }) }, { correlationId: newId() });
  };
  await books.sell('early', { price: 18_000, makers: [], facilityId: 'W' });
  await books.sell('back', { price: 18_000, makers: [], facilityId: 'X' });
  await books.refund('back', { amount: 18_000, facilityId: 'X' });
  const events = [recorded('W', 'L1'), recorded('W', 'L-unsold'), recorded('X', 'L1'), recorded('W', 'L1', false)];
  await books.database.transaction((transaction) => listener.onRecorded(events, transaction));
  const drafts = async () =>
    (await adjustments.list({ approved: false, after: undefined, limit: 100 })).filter(({ facilityId }) =>
      ['W', 'X'].includes(facilityId),
    );
  const [draft, ...others] = await drafts();
  expect(others).toEqual([]);
  expect(draft).toMatchObject({
    ...{ facilityId: 'W', type: 'contributions', createdBy: 'p-officer', occurredAt: new Date('2026-01-07T03:00:00Z') },
    content: { lotId: 'L1', measure: 'hours', contributions: [{ makerId: 'W-1', weight: '3' }] },
  });
  expect(await balances('W')).toEqual({ 'suspense@W': -8_000 }); // until somebody else says yes
  await adjustments.approve(draft?.adjustmentId ?? '', 'p2', { correlationId: newId() });
  expect(await balances('W')).toEqual({ 'maker:W-1:wages-pending': -8_000 });
  await books.database.transaction((transaction) => listener.onRecorded([recorded('W', 'L1')], transaction));
  expect(await drafts()).toEqual([]);
  expect(await faults()).toEqual([]);
});
