import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { Database } from '#libs/database';
import { messagingMigrations, newId } from '#libs/messaging';
import { createDatabase } from '../../../../test/kit/database.ts';
import { post as postAll } from '../../../../test/kit/ledger-services.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { BalanceRepository } from '../accounts/balance.repository.ts';
import { JournalRepository } from './journal.repository.ts';
import type { Entry, Journal } from './journal.ts';
import { POST_JOURNALS, postingParameters } from './posting.ts';

const testDatabase = await createDatabase();
let database: Database;
let journals: JournalRepository;
const owner = new pg.Client(testDatabase.url);

beforeAll(async () => {
  database = await Database.open(testDatabase.url, [...messagingMigrations, ...ledgerMigrations]);
  journals = new JournalRepository(database, new BalanceRepository());
  await owner.connect();
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await owner.end();
  await testDatabase.drop();
});

const receivable = 'channel:blanja:receivable@F1';
const wages = (makerId: string) => `maker:${makerId}:wages-pending`;
const entry = (account: string, amount: number): Entry => ({ account, amount, lineRef: '1', step: null });
const credit = (makerId: string, amount: number) => [entry(receivable, amount), entry(wages(makerId), -amount)];

function journal(entries: Entry[], more: Partial<Journal> = {}): Journal {
  const journalId = newId();
  return {
    journalId,
    facilityId: 'F1',
    kind: 'sale',
    postedOn: '2026-01-05',
    occurredAt: '2026-01-05T03:00:00Z',
    sourceEventId: newId(),
    sourceReference: `blanja/${journalId}@F1`,
    reverses: null,
    agreement: { id: 'ID-1990', version: 1 },
    correlationId: newId(),
    source: { text: 'with "quotes", \\ and\na line' },
    entries,
    ...more,
  };
}

const post = (...batch: Journal[]) => postAll(database, batch);
const balanceOf = async (code: string) => {
  const [account] = await database.query<{ balance: number }>('SELECT balance FROM account WHERE code = $1', [code]);
  return account?.balance;
};

/** What must hold of all entries, whatever was posted: an empty answer says that it does. */
const brokenAccounts = () =>
  database.query(`
    SELECT code FROM account LEFT JOIN LATERAL (
      SELECT count(*) AS entries, coalesce(sum(amount), 0) AS total,
             bool_and(account_version = number AND running_balance = sum_so_far) AS steady
        FROM (SELECT *, row_number() OVER numbered AS number, sum(amount) OVER numbered AS sum_so_far
                FROM entry WHERE entry.account_id = account.account_id
              WINDOW numbered AS (ORDER BY account_version)) AS numbered_entries) AS sums ON true
     WHERE balance <> total OR version <> entries OR NOT coalesce(steady, true)`);
const brokenJournals = () =>
  database.query(`
    SELECT journal_id FROM journal LEFT JOIN entry USING (journal_id)
     GROUP BY journal_id HAVING coalesce(sum(amount), 0) <> 0 OR count(amount) <> journal.entries`);

async function expectSoundBooks(): Promise<void> {
  expect(await brokenAccounts()).toEqual([]);
  expect(await brokenJournals()).toEqual([]);
}

describe('posting', () => {
  it('writes journals and entries as they were drafted, and moves the balances', async () => {
    const sale = journal([...credit('A', 70), ...credit('A', 30), entry(receivable, 5), entry('suspense@F1', -5)]);
    expect(await post(sale)).toEqual(new Map());

    const posted = await journals.find(sale.journalId);
    const { entries: _, occurredAt, sourceEventId: __, correlationId: ___, ...header } = sale; // two that nobody is shown
    const stored = {
      occurredAt: new Date(occurredAt),
      recordedAt: expect.any(Date),
      late: false,
      memory: null,
      number: 1,
    };
    expect(posted).toEqual({ ...header, ...stored });
    expect((await journals.entriesOf([sale.journalId])).get(sale.journalId)).toEqual([
      { ...entry(receivable, 70), accountVersion: 1, runningBalance: 70 },
      { ...entry(receivable, 30), accountVersion: 2, runningBalance: 100 },
      { ...entry(receivable, 5), accountVersion: 3, runningBalance: 105 },
      { ...entry(wages('A'), -70), accountVersion: 1, runningBalance: -70 },
      { ...entry(wages('A'), -30), accountVersion: 2, runningBalance: -100 },
      { ...entry('suspense@F1', -5), accountVersion: 1, runningBalance: -5 },
    ]);
    expect(await balanceOf(wages('A'))).toBe(-100);
  });

  it('posts a journal without entries: nothing moved, but it happened', async () => {
    const empty = journal([]);
    expect(await post(empty)).toEqual(new Map());
    expect(await journals.find(empty.journalId)).toMatchObject({ journalId: empty.journalId });
  });

  it('posts nothing of an empty batch', async () => {
    expect(await post()).toEqual(new Map());
  });

  it('keeps every journal balanced and every running balance right, whatever the batches', async () => {
    const earnings = ['P1', 'P2', 'P3'].map((id) => `facility:${id}:earnings`); // may be on either side of zero
    const anyEntries = fc.array(fc.tuple(fc.constantFrom(...earnings), fc.integer({ min: -1000, max: 1000 })), {
      maxLength: 6,
    });
    const anyBatches = fc.array(fc.array(anyEntries, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyBatches, async (batches) => {
        for (const batch of batches) {
          const drafts = batch.map((moves) => {
            const entries = moves
              .filter(([, amount]) => amount !== 0)
              .flatMap(([account, amount]) => [entry(receivable, amount), entry(account, -amount)]);
            return journal(entries);
          });
          await post(...drafts);
        }
        await expectSoundBooks();
      }),
      { numRuns: 25 },
    );
  });
});

describe('a source that comes again', () => {
  it('is a duplicate with the same content, whatever its event, and moves nothing', async () => {
    const sale = journal(credit('D', 10));
    await post(sale);
    const redelivered = { ...sale, journalId: newId() };
    const told = { ...sale, journalId: newId(), sourceEventId: newId() };
    const other = journal(credit('D', 1));
    expect(await post(redelivered, other, told)).toEqual(
      new Map([
        [redelivered.journalId, 'duplicate'],
        [told.journalId, 'duplicate'],
      ]),
    );
    expect(await balanceOf(wages('D'))).toBe(-11);
    await expectSoundBooks();
  });

  it('is a conflict with other content', async () => {
    const sale = journal(credit('E', 10));
    await post(sale);
    const changed = { ...sale, journalId: newId(), source: { other: true } };
    const sameSale = { ...changed, journalId: newId(), sourceEventId: newId() };
    const sameEvent = { ...sale, journalId: newId(), sourceReference: 'another' };
    expect([...(await post(changed, sameSale, sameEvent)).values()]).toEqual(['conflict', 'conflict', 'conflict']);
    expect(await balanceOf(wages('E'))).toBe(-10);
  });

  it('may come twice in one batch', async () => {
    const sale = journal(credit('F', 10));
    const again = { ...sale, journalId: newId() };
    const changed = { ...again, journalId: newId(), source: null };
    expect(await post(sale, again, changed)).toEqual(
      new Map([
        [again.journalId, 'duplicate'],
        [changed.journalId, 'conflict'],
      ]),
    );
    expect(await balanceOf(wages('F'))).toBe(-10);
  });

  it('is posted once when two writers bring it at the same time', async () => {
    const sale = journal(credit('G', 10));
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => post({ ...sale, journalId: newId() }, journal(credit('G', 1)))),
    );
    expect(outcomes.filter(({ size }) => size === 0)).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => [...outcome.values()])).toEqual(Array(5).fill('duplicate'));
    expect(await balanceOf(wages('G'))).toBe(-16);
    await expectSoundBooks();
  });

  it('is told apart by kind: a sale and its refund may share words', async () => {
    const sale = journal(credit('H', 10));
    const refund = journal([entry(receivable, -10), entry(wages('H'), 10)], {
      kind: 'refund',
      sourceReference: sale.sourceReference,
      reverses: sale.journalId,
      agreement: null,
    });
    expect(await post(sale, refund)).toEqual(new Map());
  });
});

it('lets writers share accounts, open them at once and take them in any order', async () => {
  const makers = Array.from({ length: 12 }, (_, index) => `S${index}`);
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let batch = 0; batch < 10; batch += 1) {
      const order = writer % 2 ? makers : [...makers].reverse();
      await post(...order.map((maker, index) => journal(credit(maker, 1 + ((writer + batch + index) % 7)))));
    }
  });
  await Promise.all(writers);
  await expectSoundBooks();
  const [counted] = await database.query(
    "SELECT sum(version)::int AS entries FROM account WHERE owner LIKE 'maker:S%'",
  );
  expect(counted).toEqual({ entries: 8 * 10 * 12 });
});

describe('the database refuses', () => {
  const refused = (work: Promise<unknown>, reason: RegExp) => expect(work).rejects.toThrow(reason);

  it('a journal that does not balance, and with it the whole batch', async () => {
    const bad = journal([entry(receivable, 10), entry(wages('U'), -9)]);
    await refused(post(journal(credit('U', 5)), bad), /would not balance.*sum 1/);
    expect(await balanceOf(wages('U'))).toBeUndefined();
  });

  it.each([
    ['one entry', '{1,9}', /would not balance: 1 entries of 2/],
    ['all entries of a journal', '{8,9}', /0 of 2 entries would be posted/],
  ])('to drop %s whose account is missing', async (_, accounts, reason) => {
    const draft = journal(credit('V', 10));
    const link = { number: 1, hash: '0'.repeat(64), recordedAt: draft.occurredAt };
    const parameters = postingParameters([{ ...draft, ...link, facilityId: 'F2', source: '{}', memory: null }]);
    parameters[21] = accounts; // positions beyond the accounts given
    await refused(database.query(POST_JOURNALS, parameters), reason);
  });

  it('an account that is not in the chart', async () => {
    await refused(post(journal([entry('maker:M1:pocket', 1), entry(receivable, -1)])), /not in the chart of accounts/);
  });

  it('a balance beyond 2^53-1', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    await refused(post(journal(credit('W', most)), journal(credit('W', most))), /would be beyond 2\^53-1 rupiah/);
  });

  it('entries of a journal that does not exist, or added to one later', async () => {
    const sale = journal(credit('X', 10));
    await post(sale);
    const add = (journalId: string) =>
      database.query(
        `INSERT INTO entry (account_id, account_version, journal_id, amount, running_balance, posted_on, facility_id)
         SELECT account_id, version + amount + 10, $1, amount, 0, '2026-01-05', 'F1'
           FROM account, (VALUES (1), (-1)) AS amounts (amount) WHERE code = $2`,
        [journalId, wages('X')],
      );
    await refused(add(newId()), /no journal/);
    const [one] = await database.query('SELECT journal_id AS id FROM journal WHERE entries = 0 LIMIT 1');
    await refused(add((one as { id: string }).id), /2 entries of 0/);
  });

  it.each([
    'UPDATE journal SET posted_on = posted_on',
    'DELETE FROM journal',
    'TRUNCATE journal',
    'UPDATE entry SET amount = amount',
    'DELETE FROM entry',
    'TRUNCATE entry',
    'UPDATE seal SET root = root',
    'DELETE FROM seal_block',
  ])('%s: to the service, which may not, and to the owner of the tables as well', async (statement) => {
    await refused(database.query(statement), /permission denied/);
    await refused(owner.query(statement), /append-only/);
  });

  it.each([
    'ALTER TABLE journal DISABLE TRIGGER refuse_change',
    'DROP TRIGGER refuse_change ON entry',
    'DROP TABLE journal',
    'DELETE FROM account',
    "UPDATE account SET code = 'maker:M9:wages'",
    'DELETE FROM chain_head',
    'SET session_replication_role = replica',
  ])('%s: to the service', (statement) => refused(database.query(statement), /permission denied|must be owner/));
});
