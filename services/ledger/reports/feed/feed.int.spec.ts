import { commonMigrations } from '#libs/service';
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, decisionChanged, type Event, journalPosted, topics } from '#libs/contracts';
import { Database } from '#libs/database';
import { newId, Outbox } from '#libs/messaging';
import { configuredKafka, eventsSince, KafkaBroker } from '#libs/messaging/kafka';
import { read } from '../../../../libs/messaging/cloud-events.ts';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { postEveryKind } from '../../../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { ledgerServices, post } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { signedFetch } from '../../../../test/kit/sign-in.ts';
import type { Journal } from '../../books/journals/journal.ts';
import type { JournalKind } from '../../books/journals/kind.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';
import { TotalRepository } from '../totals/total.repository.ts';
import { DecisionFeedRepository } from './decision-feed.repository.ts';
import { FeedService } from './feed.service.ts';
import { forgottenOf } from './forgotten.repository.ts';
import { JournalFeedRepository } from './journal-feed.repository.ts';

type Posted = DataOf<typeof journalPosted>;
type Changed = DataOf<typeof decisionChanged>;

/** What stands on the topic, as somebody reads it who knows nothing else, each event judged by its contract. */
async function readTopic(isAll: (told: readonly Event[]) => boolean): Promise<Event[]> {
  const told: Event[] = [];
  const group = `reader-${randomUUID()}`;
  const reader = new KafkaBroker(group).subscription(group, [topics.books.name], async (messages) => {
    told.push(...messages.map((message) => read(message).event));
  });
  await reader.start();
  await eventually(() => told, isAll);
  await reader.stop();
  return told;
}

const dataOf = <Data>({ type }: { type: string }, told: readonly Event[]) =>
  told.filter((event) => event.type === type).map(({ data }) => data as Data);

const idOf = ({ kind, id, version }: Changed) => `${kind} ${id} ${version ?? ''}`;
const idsOf = (all: readonly Changed[]) => new Set(all.map(idOf));

describe('a month with every kind of journal', () => {
  /** All that there are: the compiler misses one that is not here. */
  const kinds: Record<JournalKind, true> = {
    ...{
      sale: true,
      refund: true,
      settlement: true,
      difference: true,
      release: true,
      payout: true,
      'payout-failed': true,
    },
    ...{ deposit: true, correction: true, opening: true, 'write-off': true, obligation: true, contribution: true },
    ...{ variance: true, 'floor-top-up': true, transfer: true, 'release-of-savings': true, freeze: true },
    ...{ unfreeze: true, merge: true, held: true, 'held-cleared': true, assigned: true },
    ...{ charge: true, withdrawal: true },
  };
  let ledger: TestedLedger;
  let told: Event[];
  let journals: Posted[];

  beforeAll(async () => {
    ledger = await startLedger();
    await postEveryKind(ledger);
    const [posted] = await ledger.database.query<{ journals: number; changes: number }>(
      'SELECT (SELECT count(*) FROM journal) AS journals, (SELECT max(number) FROM row_change) AS changes',
    );
    await eventually(
      () => ledger.database.query<{ number: number }>('SELECT number FROM decision_feed_position'),
      ([position]) => position?.number === posted?.changes,
    );
    const [decided] = await ledger.database.query<{ rows: number }>(
      `SELECT (SELECT count(*) FROM adjustment) + (SELECT count(*) FROM payout) + (SELECT count(*) FROM deposit)
            + (SELECT count(*) FROM maker_event) + (SELECT count(*) FROM agreement)
            + (SELECT count(*) FROM period_decision) AS rows`,
    );
    told = await readTopic(
      (all) =>
        dataOf(journalPosted, all).length >= (posted?.journals ?? 0) &&
        idsOf(dataOf<Changed>(decisionChanged, all).filter(({ status }) => status === 'approved')).size >=
          (decided?.rows ?? 0),
    );
    journals = dataOf<Posted>(journalPosted, told);
  });
  afterAll(() => ledger.close());

  it('is told whole, by facility and in the order of its chain', async () => {
    expect(new Set(journals.map(({ kind }) => kind))).toEqual(new Set(Object.keys(kinds)));
    const chains = await ledger.database.query<{ facilityId: string; hashes: string[] }>(
      `SELECT facility_id AS "facilityId", array_agg(encode(hash, 'hex') ORDER BY chain_number) AS hashes
         FROM journal GROUP BY facility_id`,
    );
    for (const { facilityId, hashes } of chains) {
      const ofChain = journals.filter((journal) => journal.facilityId === facilityId);
      expect(ofChain.map(({ number }) => number)).toEqual(hashes.map((_, index) => index + 1));
      expect(ofChain.map(({ hash }) => hash)).toEqual(hashes);
    }
  });

  it('rebuilds every account, from the topic alone', async () => {
    const rebuilt = new Map<string, { balance: number; entries: number }>();
    for (const { entries } of journals) {
      expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
      for (const { account, amount } of entries) {
        const { balance, entries } = rebuilt.get(account) ?? { balance: 0, entries: 0 };
        rebuilt.set(account, { balance: balance + amount, entries: entries + 1 });
      }
    }
    const { items } = await ledger.get('accounts?limit=1000');
    expect(items.length).toBeGreaterThan(20);
    const kept = items.map(({ code, balance, entries }: { code: string; balance: number; entries: number }) => [
      code,
      { balance, entries },
    ]);
    expect(Object.fromEntries(rebuilt)).toEqual(Object.fromEntries(kept));
  });

  it('and every statement, with the balance after each entry', async () => {
    const entries = journals.flatMap((journal) => journal.entries);
    for (const account of new Set(entries.map((entry) => entry.account))) {
      let expected = 0;
      const ofAccount = entries.filter((entry) => entry.account === account).sort((a, b) => a.version - b.version);
      for (const [index, { amount, version, balance }] of ofAccount.entries()) {
        expected += amount;
        expect({ account, version, balance }).toEqual({ account, version: index + 1, balance: expected });
      }
    }
  });

  it('tells how each decision stands in the end, under the key of its facility', async () => {
    const changed = dataOf<Changed>(decisionChanged, told);
    const last = new Map(changed.map((each) => [idOf(each), each]));
    const counted = await ledger.database.query<{ kind: string; rows: number }>(
      `SELECT 'adjustment' AS kind, count(*) AS rows FROM adjustment UNION ALL SELECT 'payout', count(*) FROM payout
       UNION ALL SELECT 'deposit', count(*) FROM deposit UNION ALL SELECT 'maker-event', count(*) FROM maker_event
       UNION ALL SELECT 'agreement', count(*) FROM agreement UNION ALL SELECT action, count(*) FROM period_decision GROUP BY action`,
    );
    for (const { kind, rows } of counted) {
      const ofKind = [...last.values()].filter((each) => each.kind === kind);
      expect({ kind, rows: ofKind.length }).toEqual({ kind, rows });
      expect(ofKind.map(({ status }) => status)).toEqual(ofKind.map(() => 'approved'));
    }
    const [payout] = [...last.values()].filter(({ kind }) => kind === 'payout');
    expect(payout).toMatchObject({ facilityId: 'F1', draftedBy: 'p1', reviewedBy: 'p1', decidedBy: 'p2' });
    expect([...last.values()].filter(({ kind }) => kind === 'close').map((each) => decisionChanged.key(each))).toEqual([
      '*',
    ]);
  });

  it('is the same by HTTP: who follows a facility loses nothing that is posted meanwhile', async () => {
    const places: string[] = [];
    let posted = 0;
    for (let last = 0, page = { items: [{ number: 0, facilityId: '' }] }; page.items.length > 0; ) {
      page = await ledger.get(`journals?facilityId=F1&after=${last}&limit=7`);
      places.push(...page.items.map(({ facilityId, number }) => `${facilityId} ${number}`));
      last += page.items.length;
      if (posted < 9)
        await ledger.sell({ orderRef: `meanwhile-${posted++}`, placedAt: '2026-02-05T03:00:00Z', lines: [{}] });
    }
    const [chain] = await ledger.database.query<{ number: number }>(
      `SELECT number FROM chain_head WHERE facility_id = 'F1'`,
    );
    expect(places).toEqual(Array.from({ length: chain?.number ?? 0 }, (_, index) => `F1 ${index + 1}`));
    expect(places.length).toBe(journals.filter(({ facilityId }) => facilityId === 'F1').length + 9);
  });

  it('and pages over all facilities give each journal once', async () => {
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await ledger.get(`journals?limit=7${cursor}`);
      ids.push(...items.map(({ journalId }: { journalId: string }) => journalId));
      if (!nextCursor) break;
      cursor = `&cursor=${nextCursor}`;
    }
    const all = await ledger.database.query<{ id: string }>(
      'SELECT journal_id AS id FROM journal ORDER BY facility_id, chain_number',
    );
    expect(ids).toEqual(all.map(({ id }) => id));
  });

  it('tells nothing of what people wrote, and no event that hashes are salted with', async () => {
    const secrets = await ledger.database.query<{ id: string }>('SELECT source_event_id AS id FROM journal');
    const all = JSON.stringify(told);
    for (const secret of ['books before these', 'the list was found', 'never to be paid', 'SK 17/2026', 'verdict'])
      expect(all).not.toContain(secret);
    for (const { id } of secrets) expect(all).not.toContain(id);
  });

  it('tells of a draft of each kind that it was rejected or withdrawn, and by whom', async () => {
    const began = new Date().toISOString();
    const post = async (path: string, by: string, body: object = {}) => {
      const response = await signedFetch(`${await ledger.app.getUrl()}/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ by, ...body }),
      });
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return (await response.json()) as Record<string, string>;
    };
    const at = { facilityId: 'F1', occurredAt: '2026-02-05T03:00:00Z', reason: 'drafted' };
    const entries = [
      { account: 'facility:F1:earnings', amount: 10 },
      { account: 'maker:M1:wages', amount: -10 },
    ];
    const version = {
      scope: { level: 'facility', id: 'FEED' },
      effectiveFrom: '2030-01-01T00:00:00+07:00',
      definition: { ...id1990, id: 'FEED' },
    };
    const { firstOpenMonth } = await ledger.get('periods');
    const drafts = {
      adjustment: `adjustments/${(await post('adjustments', 'p1', { ...at, type: 'adjustment', entries })).adjustmentId}`,
      'maker-event': `maker-events/${(await post('maker-events/transfers', 'p1', { ...at, makerId: 'M1' })).eventId}`,
      agreement: `agreements/${(await post('agreements', 'p1', version)).id}/1`,
      close: `periods/decisions/${(await post(`periods/${firstOpenMonth}/close`, 'p1', { reason: 'month end' })).decisionId}`,
    };
    for (const path of Object.values(drafts)) await post(`${path}/rejection`, 'p2', { reason: 'not so' });
    const again = await post('adjustments', 'p1', { ...at, type: 'adjustment', entries });
    await post(`adjustments/${again.adjustmentId}/withdrawal`, 'p1');
    const ended = (all: readonly Event[]) =>
      dataOf<Changed>(decisionChanged, all).filter(
        ({ status, changedAt }) => status !== 'draft' && status !== 'approved' && changedAt >= began,
      );
    const ends = ended(await readTopic((all) => idsOf(ended(all)).size >= 5)); // one that changed twice may be told twice
    const rejected = ends.filter(({ status }) => status === 'rejected');
    expect(new Set(rejected.map(({ kind }) => kind))).toEqual(new Set(Object.keys(drafts)));
    for (const each of rejected) expect(each).toMatchObject({ draftedBy: 'p1', decidedBy: 'p2' });
    const withdrawn = ends.filter(({ status }) => status === 'withdrawn');
    expect(idsOf(withdrawn)).toEqual(new Set([`adjustment ${again.adjustmentId} `]));
    for (const each of withdrawn) expect(each).toMatchObject({ draftedBy: 'p1' });
    expect(JSON.stringify(ends)).not.toContain('not so');
  });

  it('tells books that were put back what people had decided that they do not know', async () => {
    const since = dataOf<Changed>(
      decisionChanged,
      await eventsSince(configuredKafka(), topics.books.name, new Date(0)),
    );
    expect(since.length).toBeGreaterThan(5);
    expect(await forgottenOf(ledger.database, since)).toEqual([]);
    const [one] = since.filter(({ kind, status }) => kind === 'agreement' && status === 'rejected');
    const approved = { ...one, status: 'approved' } as Changed;
    const { version, ...payout } = approved; // an agreement's, if that was rejected first
    const unknown: Changed = { ...payout, kind: 'payout', id: newId() };
    expect(await forgottenOf(ledger.database, [...since, approved, unknown])).toEqual([
      { told: approved, is: 'rejected' },
      { told: unknown, is: undefined },
    ]);
    expect(await eventsSince(configuredKafka(), topics.books.name, new Date(Date.now() + 60_000))).toEqual([]);
  });
});

/** Over a database alone: events stay in the outbox, whose order is the order of sending. */
describe('the feed', () => {
  let books: Books;
  const opened: Database[] = [];
  beforeAll(async () => {
    books = await openBooks();
  });
  afterEach(() => books.database.query('DELETE FROM outbox'));
  afterAll(async () => {
    for (const database of opened) await database.onApplicationShutdown();
    await books.close();
  });

  const migrations = [...commonMigrations, ...ledgerMigrations];
  const feedOver = (database: Database) =>
    new FeedService(
      database,
      new JournalFeedRepository(),
      new TotalRepository(),
      new DecisionFeedRepository(),
      new Outbox(),
    );
  const tellAll = async (feed: FeedService) => {
    while ((await feed.tellJournals()) > 0);
  };
  const written = async (): Promise<Posted[]> => {
    const rows = await books.database.query<{ value: string }>(
      'SELECT value FROM outbox WHERE headers LIKE $1 ORDER BY seq',
      [`%${journalPosted.type}%`],
    );
    return rows.map(({ value }) => JSON.parse(value));
  };
  const numbersOf = (journals: readonly Posted[], facilityId: string) =>
    journals.filter((journal) => journal.facilityId === facilityId).map(({ number }) => number);
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
  const correction = (facilityId: string, entries: number): Journal => ({
    ...{ journalId: newId(), sourceEventId: newId(), correlationId: newId(), source: {}, kind: 'correction' },
    ...{ facilityId, sourceReference: `adjustment/${newId()}`, reverses: null, agreement: null },
    ...{ postedOn: '2026-01-05', occurredAt: '2026-01-05T03:00:00Z' },
    entries: Array.from({ length: entries }, (_, index) => ({
      ...{ account: index % 2 === 0 ? `bank:bri@${facilityId}` : `facility:${facilityId}:earnings` },
      ...{ amount: index % 2 === 0 ? 1 : -1, lineRef: null, step: null },
    })),
  });

  it('keeps the order of each chain while two instances post and two tell', async () => {
    const second = await Database.open(books.url, migrations);
    opened.push(second);
    const feeds = [feedOver(books.database), feedOver(second)];
    const facilities = ['T1', 'T2', 'T3'];
    const each = async (database: Database) => {
      for (let round = 0; round < 15; round += 1) {
        await post(
          database,
          facilities.map((facilityId) => correction(facilityId, 2)),
        );
      }
    };
    let posting = true;
    const telling = feeds.map(async (feed) => {
      while (posting) await feed.tellJournals();
    });
    await Promise.all([each(books.database), each(second)]);
    posting = false;
    await Promise.all(telling);
    await tellAll(feeds[0] as FeedService);
    const all = await written();
    for (const facilityId of facilities) expect(numbersOf(all, facilityId)).toEqual(upTo(30));
  });

  it('what was posted before it is told before what is posted now, and a crash tells nothing twice or never', async () => {
    await post(
      books.database,
      upTo(5).map(() => correction('B1', 2)),
    );
    await books.database.query(`DELETE FROM feed_position WHERE facility_id = 'B1'`); // as if there had been no feed
    const failing = new FeedService(
      books.database,
      new (class extends JournalFeedRepository {
        override advance(): Promise<void> {
          throw new Error('the process dies here');
        }
      })(),
      new TotalRepository(),
      new DecisionFeedRepository(),
      new Outbox(),
    );
    await expect(failing.tellJournals()).rejects.toThrow('dies here');
    expect(await written()).toEqual([]);
    await post(books.database, [correction('B1', 2)]);
    await tellAll(feedOver(books.database));
    await tellAll(feedOver(books.database));
    expect(numbersOf(await written(), 'B1')).toEqual(upTo(6));
  });

  it('waits while much is to be sent, so that nothing else has to', async () => {
    await books.database.query(
      `INSERT INTO outbox (topic, key, headers, value) SELECT 'orders.order.v1', 'k', '{}', '{}' FROM generate_series(1, 2000)`,
    );
    await post(books.database, [correction('W1', 2)]);
    expect(await feedOver(books.database).tellJournals()).toBe(0);
    await books.database.query('DELETE FROM outbox');
    expect(await feedOver(books.database).tellJournals()).toBe(1);
  });

  it('a journal of many entries is told in parts, which together are the journal', async () => {
    await post(books.database, [correction('P1', 4_100), correction('P1', 20_000), correction('P1', 2)]);
    await tellAll(feedOver(books.database));
    const told = (await written()).filter(({ facilityId }) => facilityId === 'P1');
    expect(told.map(({ number, part, parts, entries }) => [number, part, parts, entries.length])).toEqual([
      ...[1, 2, 3].map((part) => [1, part, 3, part < 3 ? 2_000 : 100]),
      ...Array.from({ length: 10 }, (_, index) => [2, index + 1, 10, 2_000]),
      [3, 1, 1, 2],
    ]);
    const versions = told.flatMap(({ entries }) => entries).filter(({ account }) => account === 'bank:bri@P1');
    expect(versions.map(({ version }) => version)).toEqual(upTo(12_051));
  });

  it('a person whose id could be a name is not told', async () => {
    const { adjustments } = ledgerServices(books.database);
    const entries = [
      { account: 'bank:bri@F1', amount: 1 },
      { account: 'facility:F1:earnings', amount: -1 },
    ];
    const drafted = { facilityId: 'F1', occurredAt: '2026-01-05T03:00:00Z', reason: 'found', entries };
    for (const by of ['Siti Aminah', 'p1']) {
      await books.database.transaction((tx) => adjustments.draftEntries(tx, { ...drafted, type: 'adjustment', by }));
    }
    await feedOver(books.database).tellDecisions();
    const rows = await books.database.query<{ value: string }>(
      `SELECT value FROM outbox WHERE value LIKE '%"adjustment"%' ORDER BY seq`,
    );
    expect(rows.map(({ value }) => JSON.parse(value).draftedBy)).toEqual([undefined, 'p1']);
  });
});
