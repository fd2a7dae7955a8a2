import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { contributionsRecorded, type DataOf } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { explainCaused } from '../../explanations/entries/entry-explanation.ts';
import type { Caused } from '../../explanations/recompute/cause.ts';
import { ExplanationService } from '../../explanations/recompute/explanation.service.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';
import { ContributionsListener } from './contributions.listener.ts';

let books: Books;
let ledger: ReturnType<typeof ledgerServices>;

beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
  const sale = { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] };
  await books.database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ('BALI', 1, 'region', 'Bali', '2026-01-01', 'approved', $1, 'p1', 'p2', now())`,
    [{ ...id1990, id: 'BALI', sale, floor: { amount: 500_000, per: 'month' } }],
  );
});
afterAll(() => books.close());

type Recorded = DataOf<typeof contributionsRecorded>;

async function recorded(
  ...lots: (Pick<Recorded, 'lotId' | 'facilityId' | 'makerIds' | 'recordedAt'> & Partial<Recorded>)[]
) {
  const events = lots.map((lot) =>
    newEvent(contributionsRecorded, { region: 'Bali', ...lot }, { correlationId: newId() }),
  );
  await books.database.transaction((transaction) =>
    new ContributionsListener(ledger.floors, ledger.adjustments).onRecorded(events, transaction),
  );
}

async function close(
  month: string,
): Promise<{ journalId: string; facilityId: string; moved: Record<string, number> }[]> {
  const { decisionId } = await books.database.transaction((transaction) =>
    ledger.periods.request(transaction, { month, action: 'close' }, { by: 'p1', reason: 'month end' }),
  );
  await eventually(
    () => ledger.periods.find(decisionId),
    ({ status }) => status === 'waiting',
  );
  const { journals } = await ledger.periods.approve(decisionId, 'p2');
  const entries = await ledger.journals.entriesOf(journals ?? []);
  return Promise.all(
    (journals ?? []).map(async (journalId) => {
      const moved = Object.fromEntries((entries.get(journalId) ?? []).map(({ account, amount }) => [account, amount]));
      return { journalId, facilityId: (await ledger.journals.find(journalId))?.facilityId ?? '', moved };
    }),
  );
}

it('is paid once, by the facility of the last contribution, less premi of all facilities; where no agreement has one, by nobody', async () => {
  await books.setClock('2026-01-05T03:00:00Z');
  const first = { lotId: 'L1', facilityId: 'F1', makerIds: ['M1', 'M2'], recordedAt: '2026-01-03T03:00:00Z' };
  await recorded(first, { lotId: 'L2', facilityId: 'F2', makerIds: ['M1'], recordedAt: '2026-01-20T03:00:00Z' });
  await recorded(first); // told again
  await recorded({
    lotId: 'L3',
    facilityId: 'F3',
    region: 'Papua',
    makerIds: ['M3'],
    recordedAt: '2026-01-20T03:00:00Z',
  });
  await books.sell('one', { price: 102_000, makers: [{ makerId: 'M1', weight: '1' }], facilityId: 'F4' }); // half of 100,000

  const posted = await close('2026-01');
  expect(posted.map(({ facilityId, moved }) => ({ facilityId, moved }))).toEqual([
    { facilityId: 'F1', moved: { 'facility:F1:earnings': 500_000, 'maker:M2:wages': -500_000 } },
    { facilityId: 'F2', moved: { 'facility:F2:earnings': 450_000, 'maker:M1:wages': -450_000 } },
  ]);

  const { journals, saleLines, agreements } = ledger;
  const journal = await journals.find(posted[1]?.journalId ?? '');
  if (!journal) throw new Error('not posted');
  const entries = (await journals.entriesOf([journal.journalId])).get(journal.journalId) ?? [];
  const explanations = new ExplanationService(books.database, journals, saleLines, agreements);
  const caused = (await explanations.recompute(journal)) as Caused | undefined;
  const said = entries.map((entry) => caused && explainCaused(entry, caused));
  expect(said.map((each) => each?.matches)).toEqual([true, true]);
  expect(said.map((each) => each?.sentence.en)).toEqual([
    'F2’s share (available) falls by Rp450,000 because 2026-01 was closed, asked for by p1, approved by p2: F2 guarantees a floor of Rp500,000, of which 1 maker lacks Rp450,000.',
    'M1’s premi (available) grows by Rp450,000 because 2026-01 was closed, asked for by p1, approved by p2: premi of Rp50,000 in that month is Rp450,000 less than the floor of Rp500,000 that F2 guarantees.',
  ]);
});

it('makers who were merged are one person: one floor, less the premi of both, paid to the survivor', async () => {
  await books.setClock('2026-02-05T03:00:00Z');
  const made = { facilityId: 'F6', recordedAt: '2026-02-03T03:00:00Z' };
  await recorded({ ...made, lotId: 'L6', makerIds: ['M61'] }, { ...made, lotId: 'L7', makerIds: ['M62', 'M63'] });
  await books.sell('merged', { price: 102_000, makers: [{ makerId: 'M61', weight: '1' }], facilityId: 'F7' });
  await books.sell('survivor', { price: 42_000, makers: [{ makerId: 'M62', weight: '1' }], facilityId: 'F7' });
  const draft = { makerId: 'M61', facilityId: 'F6', occurredAt: '2026-02-04T03:00:00Z', reason: 'twins', by: 'p1' };
  const { eventId } = await books.database.transaction((transaction) =>
    ledger.makerEvents.draft(transaction, draft, { type: 'merge', content: { into: 'M62' } }),
  );
  await ledger.makerEvents.approve(eventId, 'p2', { correlationId: newId() });

  await books.setClock('2026-03-02T03:00:00Z');
  expect((await close('2026-02')).map(({ moved }) => moved)).toEqual([
    {
      'facility:F6:earnings': 930_000,
      'maker:M62:wages': -430_000, // 500,000 less 50,000 and 20,000
      'maker:M63:wages': -500_000,
    },
  ]);
  expect(await faultsOf(books.database)).toEqual([]);
});
