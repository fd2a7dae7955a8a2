import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { elevated, type RowScope, rowAccess, type Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import { postEveryKind } from '../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../test/kit/ledger.ts';
import { ledgerServices } from '../../test/kit/ledger-services.ts';
import { type Call, handlersOf } from '../../test/kit/routes.ts';
import { eventually } from '../../test/kit/service.ts';
import { KnownOwners } from './books/accounts/known-owners.service.ts';
import { inSnapshot } from './books/snapshot.repository.ts';
import { EntryListService } from './reports/entries/entry-list.service.ts';
import { ReportRepository } from './reports/reports/report.repository.ts';
import { type ReportName, reports } from './reports/reports/reports.ts';

/*
 * What whoever sees some facilities is shown, by row-level security and the repositories alone: routes are called behind
 * the guard that would have refused most of this.
 */

const MODULES = [
  ...['BooksModule', 'SharingModule', 'SalesModule', 'DecisionsModule', 'ExplanationsModule', 'ProofModule'],
  ...['ClosingModule', 'ReportsModule'],
];
const cause = { correlationId: newId() };

let ledger: TestedLedger;
let admin: pg.Client;
let services: ReturnType<typeof ledgerServices>;
let gets: Map<string, Call>;
/** Of F1, open to decide about. */
let open: { payoutId: string; depositId: string; adjustmentId: string; eventId: string };

const of = (...facilities: string[]): RowScope => ({ facilities });
const as = <T>(scope: RowScope | 'all', work: () => Promise<T>): Promise<T> => rowAccess.run({ scope }, work);
const rowsOf = async (sql: string) => (await admin.query(sql)).rows;
const within = <T>(work: (transaction: Transaction) => Promise<T>) => ledger.database.transaction(work);

beforeAll(async () => {
  ledger = await startLedger();
  admin = new pg.Client(ledger.url);
  await admin.connect();
  services = ledgerServices(ledger.database);
  gets = handlersOf(ledger.app, 'GET', MODULES);
  await postEveryKind(ledger);
  await ledger.sell({ orderRef: 'open', placedAt: '2026-02-05T03:00:00Z', lines: [{ unitPrice: 400_000 }] });
  const earned = {
    ...{
      facilityId: 'F1',
      occurredAt: '2026-02-05T03:00:00Z',
      reason: 'earned',
      by: 'p1',
      type: 'adjustment' as const,
    },
    entries: [
      { account: 'facility:F1:earnings', amount: 1_000 },
      { account: 'maker:M1:wages', amount: -1_000 },
    ],
  };
  const { adjustmentId } = await within((transaction) => services.adjustments.draftEntries(transaction, earned));
  await services.adjustments.approve(adjustmentId, 'p2', cause);
  const drafted = { facilityId: 'F1', occurredAt: '2026-02-06T03:00:00Z', reason: 'to decide', by: 'p1' };
  open = await within(async (transaction) => ({
    payoutId: await services.payouts.propose(
      transaction,
      { facilityId: 'F1', bank: 'bri', upTo: '2026-02-28', by: 'p1' },
      cause,
    ),
    depositId: await services.deposits.bill(transaction, {
      facilityId: 'F1',
      bank: 'bri',
      amount: 1_000,
      billingCode: '820260206000001',
      by: 'p1',
    }),
    adjustmentId: (
      await services.adjustments.draftEntries(transaction, {
        ...drafted,
        type: 'adjustment',
        entries: [
          { account: 'facility:F1:earnings', amount: 10 },
          { account: 'maker:M1:wages', amount: -10 },
        ],
      })
    ).adjustmentId,
    eventId: (
      await services.makerEvents.draft(
        transaction,
        { ...drafted, makerId: 'M2' },
        { type: 'freeze', content: { because: 'other' } },
      )
    ).eventId,
  }));
  const untold = () =>
    rowsOf('SELECT facility_id, number FROM chain_head EXCEPT SELECT facility_id, number FROM feed_position');
  expect(await eventually(untold, (rows) => rows.length === 0)).toEqual([]); // totals are added up behind posting
});
afterAll(async () => {
  await admin.end();
  await ledger.close();
});

/** Everything by which rows of F1 can be told, but what is written into the books of others as well: a merge. */
async function marksOfF1(): Promise<RegExp> {
  const ids = await rowsOf(`
    SELECT journal_id::text AS id FROM journal WHERE facility_id = 'F1'
    UNION SELECT payout_id::text FROM payout WHERE facility_id = 'F1'
    UNION SELECT item_id::text FROM payout_item WHERE facility_id = 'F1'
    UNION SELECT deposit_id::text FROM deposit WHERE facility_id = 'F1'
    UNION SELECT billing_code FROM deposit WHERE facility_id = 'F1'
    UNION SELECT adjustment_id::text FROM adjustment WHERE facility_id = 'F1'
    UNION SELECT event_id::text FROM maker_event WHERE facility_id = 'F1' AND type <> 'merge'
    UNION SELECT unnest(ARRAY['F1', 'M1', 'M2', 'M4', 'M7'])`);
  return new RegExp(`(?<![\\w-])(?:${ids.map(({ id }) => id).join('|')})(?![\\w-])`);
}

const all = { limit: 1_000 };
const nobody = { client: 'tests', grants: [] };

/** Each read, asked for what is F1's. */
const reads: Readonly<Record<string, (call: Call) => Promise<unknown>[]>> = {
  'AccountsController.list': (list) => [
    list(all),
    list({ ...all, owner: 'maker:M1' }),
    list({ ...all, facilityId: 'F1' }),
    list({ ...all, asOf: '2026-03-01T00:00:00Z' }),
  ],
  'AccountsController.get': (get) => [
    get('facility:F1:earnings', {}),
    get('maker:M1:wages', {}),
    get('maker:M1:wages', { asOf: '2026-03-01T00:00:00Z' }),
  ],
  'AccountsController.statement': (statement) => [
    statement('facility:F1:earnings', all),
    statement('maker:M1:wages', all),
  ],
  'AccountsController.ownerStatement': (statement) => [statement('facility:F1', all), statement('maker:M2', all)],
  'AccountsController.owner': (owner) => [owner('facility:F1'), owner('maker:M1')],
  'AccountsController.trialBalance': (balance) => [
    balance({}),
    balance({ on: '2026-01-31' }),
    balance({ asOf: '2026-03-01T00:00:00Z' }),
  ],
  'JournalsController.list': (list) => [
    list(all),
    list({ ...all, facilityId: 'F1' }),
    list({ ...all, saleId: 'blanja/one@F1' }),
    list({ ...all, source: 'blanja/one@F1' }),
  ],
  'JournalsController.get': (get) => [get(ofF1.journalId)],
  'EntryListController.list': () =>
    [{}, { facilityId: 'F1' }, { account: 'maker:M1:wages' }, { saleId: 'blanja/one@F1' }].map((query) =>
      ledger.app
        .get(EntryListService, { strict: false })
        .page({ ...all, order: 'asc', format: 'json', language: 'id', ...query }),
    ),
  'FlowsController.list': (list) => [
    list({ ...all, orderId: 'blanja/one' }),
    list({ ...all, saleId: 'blanja/one@F1' }),
    list({ ...all, journalId: ofF1.journalId }),
  ],
  'ExplanationsController.explain': (explain) => [explain(ofF1.journalId)],
  'EntriesController.explain': (explain) => [
    explain('facility:F1:earnings', 1),
    explain('maker:M1:wages', 1),
    explain('maker:M1:wages-pending', 1),
  ],
  'MakerStatementController.statement': (statement) => [
    statement('M1', { format: 'json' }),
    statement('M2', { format: 'json' }),
  ],
  'TotalsController.get': (totals) =>
    (['facility', 'maker'] as const).map((by) => totals({ by, order: 'key', limit: 1_000, facilityId: 'F1' })),
  'PositionsController.get': (positions) =>
    (['facility', 'maker'] as const).flatMap((by) => [
      positions({ by, ...all }),
      positions({ by, ...all, facilityId: 'F1' }),
    ]),
  'StoryController.tell': (tell) => [tell('M1', { month: '2026-01' }), tell('M2', { month: '2026-01' })],
  'MakerEventsController.list': (list) => [
    list(all),
    list({ ...all, makerId: 'M2' }),
    list({ ...all, approved: false }),
  ],
  'MakerEventsController.find': (find) => [find(open.eventId)],
  'MakerEventsController.standing': (standing) => [standing('M1'), standing('M2')],
  'AdjustmentsController.list': (list) => [
    list(all),
    list({ ...all, facilityId: 'F1' }),
    list({ ...all, approved: false }),
  ],
  'AdjustmentsController.find': (find) => [find(open.adjustmentId)],
  'DepositsController.list': (list) => [list(all), list({ ...all, facilityId: 'F1' })],
  'PayoutsController.list': (list) => [list(all), list({ ...all, facilityId: 'F1' })],
  'PayoutsController.get': (get) => [get(open.payoutId)],
  'ExceptionsController.list': (list) => [list(all), list({ ...all, facilityId: 'F1' })],
  'InboxController.list': (list) => [
    list(all, nobody),
    list({ ...all, facilityId: 'F1' }, nobody),
    list({ ...all, state: 'open' }, nobody),
  ],
  'ReportsController.get': () =>
    (Object.keys(reports) as ReportName[])
      .filter((name) => !name.startsWith('reconciliation'))
      .flatMap((name) => [undefined, 'F1'].map((facilityId) => reported(name, facilityId))),
};

/** Of the nation alone, or of nobody: the guard lets others to none of the first. */
const national = [
  ...['AuditController.seals', 'AuditController.checkpoint', 'AuditController.keys', 'AuditController.publicKey'],
  ...['AgreementsController.list', 'AgreementsController.schema', 'AgreementsController.find'],
  ...['ObligationsController.list', 'ObligationsController.entries', 'RefusedEventsController.list'],
  ...['PeriodsController.list', 'PeriodsController.checklist', 'PeriodsController.get'],
  ...['ReconciliationController.get', 'ExportsController.hledger', 'ExportsController.beancount'],
  ...[
    'VerificationsController.get',
    'VerificationsController.list',
    'SimulationsController.find',
    'ReportsController.list',
  ],
];

let ofF1: { journalId: string };
beforeAll(async () => {
  [ofF1] = (await rowsOf(
    `SELECT journal_id AS "journalId" FROM journal WHERE source_reference = 'blanja/one@F1' AND kind = 'sale'`,
  )) as [typeof ofF1];
});

async function reported(name: ReportName, facilityId: string | undefined): Promise<unknown[]> {
  return inSnapshot(ledger.database, async (snapshot) => {
    const rows: unknown[] = [];
    const repository = ledger.app.get(ReportRepository, { strict: false });
    for await (const row of repository.rows(snapshot, name, { facilityId, from: '2026-01-01', to: '2026-12-31' }))
      rows.push(row);
    return rows;
  });
}

describe('whoever sees F3', () => {
  it('is asked about by every read that there is', () => {
    expect([...gets.keys()].sort()).toEqual([...Object.keys(reads), ...national].sort());
  });

  it.each(Object.keys(reads))('%s: nothing of F1 appears', async (name) => {
    const marks = await marksOfF1();
    const answers = await as(of('F3'), () =>
      Promise.allSettled((reads[name] as (typeof reads)[string])(gets.get(name) as Call)),
    );
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ problem: { status: 404 } });
      else expect(JSON.stringify(answer.value)).not.toMatch(marks);
    }
    // the same is full of F1 for who may see it
    const own = await as(of('F1'), () =>
      Promise.allSettled((reads[name] as (typeof reads)[string])(gets.get(name) as Call)),
    );
    const told = own.flatMap((each) => (each.status === 'fulfilled' ? [JSON.stringify(each.value)] : []));
    if (!/trialBalance|statement|standing/.test(name)) expect(told.join()).toMatch(marks);
  });

  it('no table gives a row of F1', async () => {
    const marks = await marksOfF1();
    const tables = await rowsOf(`
      SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity`);
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const rows = await as(of('F3'), () => ledger.database.query(`SELECT * FROM ${name}`));
      expect({ name, rows: JSON.stringify(rows) }).not.toMatchObject({ rows: expect.stringMatching(marks) });
    }
  });

  it('sees of lists what the nation sees of F3, and F1 what it sees of F1', async () => {
    const lists = [
      'AccountsController.list',
      'JournalsController.list',
      'AdjustmentsController.list',
      'DepositsController.list',
      'PayoutsController.list',
      'MakerEventsController.list',
    ];
    for (const name of lists) {
      const list = async (scope: RowScope | 'all') =>
        (
          (await as(scope, () => gets.get(name)?.(all) as Promise<unknown>)) as {
            items: { facilityId: string; memory?: unknown; entries: unknown[] }[];
          }
        ).items.map(({ memory: _, ...item }) => ({
          ...item,
          entries: Array.isArray(item.entries) ? item.entries.length : item.entries,
        }));
      const nation = await list('all');
      for (const facility of ['F1', 'F3']) {
        expect(await list(of(facility))).toEqual(nation.filter(({ facilityId }) => facilityId === facility));
      }
      expect(nation.filter(({ facilityId }) => facilityId === 'F1').length).toBeGreaterThan(0);
    }
  });

  it('sees a trial balance of F3, which balances; all facilities together are the nation’s', async () => {
    const balanceOf = async (scope: RowScope | 'all', query = {}) =>
      (await as(scope, () => gets.get('AccountsController.trialBalance')?.(query) as Promise<unknown>)) as {
        rows: { purpose: string; debit: number; credit: number }[];
        total: number;
        debit: number;
      };
    const nets = (rows: { purpose: string; debit: number; credit: number }[]) =>
      Object.fromEntries(
        rows.map(({ purpose, debit, credit }) => [purpose, debit - credit]).filter(([, net]) => net !== 0),
      );
    for (const query of [{}, { on: '2026-01-31' }, { asOf: new Date().toISOString() }]) {
      const own = await balanceOf(of('F3'), query);
      expect(own.total).toBe(0);
      const each = await balanceOf(of('F1', 'F2', 'F3', 'unallocated'), query);
      expect(nets(each.rows)).toEqual(nets((await balanceOf('all', query)).rows));
    }
    const [{ debit }] = (await rowsOf(
      `SELECT sum(amount)::int AS debit FROM (SELECT sum(amount) AS amount FROM entry WHERE facility_id = 'F3' GROUP BY account_id) AS held WHERE amount > 0`,
    )) as [{ debit: number }];
    expect((await balanceOf(of('F3'))).debit).toBe(debit);
  });
});

describe('lists ask for the facilities themselves, and do not stand on row-level security alone', () => {
  it.each([
    'JournalsController.list',
    'AdjustmentsController.list',
    'DepositsController.list',
    'PayoutsController.list',
    'MakerEventsController.list',
    'AccountsController.list',
  ])('%s', async (name) => {
    await admin.query(`DO $$ BEGIN EXECUTE format('ALTER ROLE %I BYPASSRLS', current_database() || '_scoped'); END $$`);
    try {
      const answer = await as(of('F3'), () => gets.get(name)?.(all) as Promise<unknown>);
      for (const { facilityId } of (answer as { items: { facilityId: string }[] }).items) expect(facilityId).toBe('F3');
    } finally {
      await admin.query(
        `DO $$ BEGIN EXECUTE format('ALTER ROLE %I NOBYPASSRLS', current_database() || '_scoped'); END $$`,
      );
    }
  });
});

describe('a command of somebody who sees F3', () => {
  /** By what it would do: the same on a row of F1, and on one that is not there. */
  const commands: Readonly<Record<string, (id: 'F1' | 'missing') => Promise<unknown>>> = {
    'review of a payout': (id) => within((tx) => services.payouts.review(tx, idOf(id, 'payoutId'), 'p9', [])),
    'approval of a payout': (id) => within((tx) => services.payouts.approve(tx, idOf(id, 'payoutId'), 'p9', cause)),
    'rejection of a payout': (id) => within((tx) => services.payouts.reject(tx, idOf(id, 'payoutId'), 'p9', 'no')),
    'withdrawal of a payout': (id) => within((tx) => services.payouts.withdraw(tx, idOf(id, 'payoutId'), 'p1')),
    'receipt of a deposit': (id) =>
      within((tx) =>
        services.deposits.confirm(
          tx,
          idOf(id, 'depositId'),
          { ntpn: 'N9', depositedAt: '2026-02-07T03:00:00Z', by: 'p9' },
          cause,
        ),
      ),
    'approval of an adjustment': (id) => services.adjustments.approve(idOf(id, 'adjustmentId'), 'p9', cause),
    'rejection of an adjustment': (id) =>
      services.adjustments.refuse(idOf(id, 'adjustmentId'), { step: 'rejection', by: 'p9', reason: 'no' }),
    'approval of a maker event': (id) => services.makerEvents.approve(idOf(id, 'eventId'), 'p9', cause),
    'withdrawal of a maker event': (id) =>
      services.makerEvents.refuse(idOf(id, 'eventId'), { step: 'withdrawal', by: 'p1' }),
    'proposal to pay': (id) =>
      within((tx) =>
        services.payouts.propose(tx, { facilityId: id, bank: 'bri', upTo: '2026-12-31', by: 'p1' }, cause),
      ),
    'billing of a deposit': (id) =>
      within((tx) =>
        services.deposits.bill(tx, {
          facilityId: id,
          bank: 'bri',
          amount: 1,
          billingCode: '820260209000001',
          by: 'p1',
        }),
      ),
    'draft about a facility': (id) => named([{ field: 'facilityId', owner: `facility:${id}` }]),
    'draft about money of a maker': (id) =>
      named([{ field: 'entries.0.account', owner: id === 'F1' ? 'maker:M1' : 'maker:missing' }]),
    'draft about what happened to a maker': (id) =>
      named([{ field: 'makerId', owner: id === 'F1' ? 'maker:M2' : 'maker:missing', isSeated: true }]),
  };
  const missing = newId();
  const idOf = (id: 'F1' | 'missing', key: keyof typeof open) => (id === 'F1' ? open[key] : missing);
  const named = (owners: Parameters<KnownOwners['require']>[1]) =>
    within((transaction) => ledger.app.get(KnownOwners, { strict: false }).require(transaction, owners));

  it.each(Object.keys(commands))(
    '%s: on what is F1’s it is answered as on what is not there, and nothing is done',
    async (name) => {
      const command = commands[name] as (typeof commands)[string];
      const state = () =>
        rowsOf(`SELECT (SELECT count(*) FROM journal) AS journals, (SELECT count(*) FROM row_change) AS changes`);
      const before = await state();
      const refused = async (id: 'F1' | 'missing') => {
        const reason = await as(of('F3'), () => command(id)).then(
          () => 'done',
          ({ problem }) => problem,
        );
        const hidden = [...Object.values(open), missing, 'F1', 'maker:M1', 'maker:M2', 'maker:missing'];
        return hidden
          .reduce((text, each) => text.replaceAll(each, 'it'), JSON.stringify(reason))
          .replaceAll('missing', 'it');
      };
      const answer = await refused('F1');
      expect(answer).toBe(await refused('missing'));
      expect(answer).not.toBe('"done"');
      expect(await state()).toEqual(before);
    },
  );

  it.each<[what: string, draft: (transaction: Transaction) => Promise<unknown>]>([
    [
      'an adjustment',
      (tx) =>
        services.adjustments.draftEntries(tx, {
          facilityId: 'F1',
          occurredAt: '2026-02-06T03:00:00Z',
          reason: 'x',
          by: 'p1',
          type: 'adjustment',
          entries: [],
        }),
    ],
    [
      'a maker event',
      (tx) =>
        services.makerEvents.draft(
          tx,
          { facilityId: 'F1', makerId: 'M8', occurredAt: '2026-02-06T03:00:00Z', reason: 'x', by: 'p1' },
          { type: 'transfer', content: {} },
        ),
    ],
  ])('the database itself refuses %s at F1', async (_, draft) => {
    await expect(as(of('F3'), () => within(draft))).rejects.toMatchObject({ code: '42501' });
  });

  it('of F1, by somebody who sees F1, is done', async () => {
    await as(of('F1'), () => within((tx) => services.payouts.review(tx, open.payoutId, 'p1', [])));
    await as(of('F1'), () => within((tx) => services.payouts.approve(tx, open.payoutId, 'p2', cause)));
    await as(of('F1'), () =>
      within((tx) =>
        services.deposits.confirm(
          tx,
          open.depositId,
          { ntpn: 'N1', depositedAt: '2026-02-07T03:00:00Z', by: 'p2' },
          cause,
        ),
      ),
    );
    expect(await as(of('F1'), () => services.adjustments.approve(open.adjustmentId, 'p2', cause))).toMatchObject({
      journals: 1,
    });
    expect(await as(of('F1'), () => services.makerEvents.approve(open.eventId, 'p2', cause))).toMatchObject({
      approvedBy: 'p2',
    });
    const [{ reserved }] = (await rowsOf(
      `SELECT sum(reserved)::int AS reserved FROM account WHERE owner LIKE 'maker:%'`,
    )) as [{ reserved: number }];
    expect(reserved).toBeGreaterThan(0); // triggers reached accounts that the scope does not see
  });
});

describe('a maker who was transferred from F5 to F6', () => {
  const line = (unitPrice: number, ...makerIds: string[]) => ({
    unitPrice,
    portions: [
      {
        lotId: 'LT',
        quantity: 1,
        unitCost: 0,
        measure: 'hours' as const,
        contributions: makerIds.map((makerId) => ({ makerId, weight: '1' })),
      },
    ],
  });
  const PENDING = 'maker:MT:wages-pending';
  const call = (scope: RowScope | 'all', name: string, ...parameters: unknown[]) =>
    // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
    as(scope, () => gets.get(name)?.(...parameters) as Promise<any>);
  const missing = { problem: { status: 404 } };
  const maker: RowScope = { facilities: [], maker: 'MT' };

  beforeAll(async () => {
    const recorded = { region: 'Bali', recordedAt: '2026-02-08T03:00:00Z' };
    await within((tx) =>
      services.floors.record(tx, [
        { ...recorded, lotId: 'LT', facilityId: 'F5', makerIds: ['MT', 'MC'] },
        { ...recorded, lotId: 'LN', facilityId: 'F6', makerIds: ['MN'] },
      ]),
    );
    await ledger.sell({
      orderRef: 'before',
      facilityId: 'F5',
      placedAt: '2026-02-08T03:00:00Z',
      lines: [line(200_000, 'MT', 'MC')],
    });
    expect(await rowsOf(`SELECT facility_id FROM maker_seat WHERE maker_id = 'MT'`)).toEqual([{ facility_id: 'F5' }]);
    const moved = {
      makerId: 'MT',
      facilityId: 'F6',
      occurredAt: '2026-02-09T03:00:00Z',
      reason: 'SK 9/2026',
      by: 'p1',
    };
    const { eventId } = await within((tx) => services.makerEvents.draft(tx, moved, { type: 'transfer', content: {} }));
    await services.makerEvents.approve(eventId, 'p2', cause);
    await ledger.sell({
      orderRef: 'after',
      facilityId: 'F6',
      placedAt: '2026-02-10T03:00:00Z',
      lines: [line(100_000, 'MT', 'MN')],
    });
  });

  it('is seen by F5 in the lines of its own books: without balance, and nothing new', async () => {
    const { items } = await call(of('F5'), 'JournalsController.list', all);
    expect(items.map(({ sourceReference }: { sourceReference: string }) => sourceReference)).toEqual([
      'blanja/before@F5',
    ]);
    const own = items[0].entries.find(({ account }: { account: string }) => account === PENDING);
    expect(own).toMatchObject({ amount: expect.any(Number), runningBalance: null });
    const explained = await call(of('F5'), 'EntriesController.explain', PENDING, 1);
    expect(explained).toMatchObject({ matches: true, entry: { runningBalance: null } });
    expect(JSON.stringify(await call(of('F5'), 'ExplanationsController.explain', items[0].journalId))).toContain('MC');
    for (const [name, ...parameters] of [
      ['AccountsController.get', PENDING, {}],
      ['AccountsController.statement', PENDING, all],
      ['AccountsController.owner', 'maker:MT'],
      ['AccountsController.ownerStatement', 'maker:MT', all],
      ['MakerStatementController.statement', 'MT', { format: 'json' }],
      ['EntriesController.explain', PENDING, 2],
    ] as const) {
      await expect(call(of('F5'), name, ...parameters)).rejects.toMatchObject(missing);
    }
    expect(await call(of('F5'), 'MakerEventsController.list', all)).toEqual({ items: [] });
    expect(await call(of('F5'), 'MakerEventsController.standing', 'MT')).toMatchObject({ paidBy: null });
  });

  it.each<[who: string, scope: RowScope]>([
    ['F6, which pays and must explain', of('F6')],
    ['the maker', maker],
  ])('is seen whole by %s, but for who else made what others sold', async (_, scope) => {
    for (const [name, ...parameters] of [
      ['AccountsController.get', PENDING, {}],
      ['AccountsController.statement', PENDING, all],
      ['AccountsController.owner', 'maker:MT'],
      ['AccountsController.ownerStatement', 'maker:MT', all],
      ['MakerEventsController.standing', 'MT'],
    ] as const) {
      expect(await call(scope, name, ...parameters)).toEqual(await call('all', name, ...parameters));
    }
    const { items } = await call(scope, 'AccountsController.statement', PENDING, all);
    expect(items.map(({ facilityId }: { facilityId: string }) => facilityId)).toEqual(['F5', 'F6']);
    const explained = await call(scope, 'EntriesController.explain', PENDING, 1);
    expect(explained).toMatchObject({ matches: true, entry: { account: PENDING, runningBalance: expect.any(Number) } });
    expect(JSON.stringify(explained)).not.toContain('MC');
    await expect(call(scope, 'JournalsController.get', explained.entry.journalId)).rejects.toMatchObject(missing);
    await expect(call(scope, 'AccountsController.get', 'maker:MC:wages-pending', {})).rejects.toMatchObject(missing);
  });

  it('has a statement with proofs at F6 and for the maker', async () => {
    for (const scope of [of('F6'), maker]) {
      const file = await call(scope, 'MakerStatementController.statement', 'MT', { format: 'json' });
      const statement = JSON.parse(Buffer.concat(await file.getStream().toArray()).toString()).statement;
      expect(statement.lines).toHaveLength(2);
    }
  });

  it('is seen by the region of both with everybody’s names', async () => {
    const explained = await call(of('F5', 'F6'), 'EntriesController.explain', PENDING, 1);
    expect(explained).toEqual(await call('all', 'EntriesController.explain', PENDING, 1));
    const { items } = await call(of('F5', 'F6'), 'JournalsController.list', all);
    expect(items).toHaveLength(3);
    for (const { entries } of items) {
      for (const { runningBalance } of entries) expect(runningBalance).not.toBeNull();
    }
  });

  it('who looks at his or her own sees nothing else', async () => {
    expect(await call(maker, 'AccountsController.list', all)).toEqual({ items: [] });
    expect(await call(maker, 'JournalsController.list', all)).toEqual({ items: [] });
    await expect(call(maker, 'AccountsController.owner', 'maker:MC')).rejects.toMatchObject(missing);
  });

  it('is paid by F6 for what F5 earned, and listed in its premi', async () => {
    const premi = (facilityId: string) => as(of(facilityId), () => elevated(() => reported('premi', facilityId)));
    expect(JSON.stringify(await premi('F6'))).toContain('MT');
    expect(JSON.stringify(await as(of('F5'), () => reported('premi', 'F6')))).toBe('[]');
  });
});
