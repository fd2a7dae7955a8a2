import { commonMigrations } from '#libs/service';
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { type SalePaid, type SaleSettled, saleIdOf, salePaid, saleSettled } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { createDatabase } from '../../../../test/kit/database.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { type Served, serve } from '../../../../test/kit/http.ts';
import { ledgerServices, post } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { holdRules } from '../../books/calendar/rules-lock.repository.ts';
import type { Journal } from '../../books/journals/journal.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import { objection } from './checklist.ts';
import { CloseCheckService } from './close-check.service.ts';
import { PeriodRepository } from './period.repository.ts';
import { PeriodsController } from './periods.controller.ts';
import { PeriodsService } from './periods.service.ts';

const testDatabase = await createDatabase();
let database: Database;
let served: Served;
let services: ReturnType<typeof ledgerServices>;

beforeAll(async () => {
  database = await Database.open(testDatabase.url, [...commonMigrations, ...ledgerMigrations]);
  services = ledgerServices(database);
  served = await serve(database, [PeriodsController], [{ provide: PeriodsService, useValue: services.periods }]);
});
afterAll(async () => {
  served.close();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

const call: Served['call'] = (method, path, body) => served.call(method, `periods${path}`, body);

async function sell(orderRef: string, placedAt: string, makers = [{ makerId: 'M1', weight: '1' }]) {
  const orderId = `blanja/${orderRef}`;
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions: makers }];
  const costs = { discount: 0, fees: 0, shipping: 0, tax: 0 };
  const sale: SalePaid = {
    saleId: saleIdOf(orderId, 'F1'),
    orderId,
    channel: 'blanja',
    orderRef,
    facilityId: 'F1',
    placedAt,
    lines: [{ lineRef: '1', sku: 'batik', quantity: 1, unitPrice: 10_000, ...costs, portions }],
  };
  const event = newEvent(salePaid, sale, { correlationId: newId() });
  await database.transaction(async (transaction) =>
    services.sales.credit(await openBooksFor(transaction, [event]), [event]),
  );
  const [journal] = await services.journals.list({ source: sale.saleId, limit: 1 });
  return journal;
}

/** A settlement whose fee was not expected. */
async function settle(orderRef: string, fee: number, settledAt: string, within?: Transaction) {
  const orderId = `blanja/${orderRef}`;
  const ids = { saleId: saleIdOf(orderId, 'F1'), orderId, facilityId: 'F1', channel: 'blanja' };
  const amounts = { fee, shipping: 0, withheldTax: 0, bank: 'bri', settledAt };
  const settled: SaleSettled = { ...ids, ...amounts, settlementId: `${orderId}~${settledAt}` };
  const event = newEvent(saleSettled, settled, { correlationId: newId() });
  const settleIn = async (transaction: Transaction) =>
    services.settlements.settle(await openBooksFor(transaction, [event]), [event]);
  await (within ? settleIn(within) : database.transaction(settleIn));
}

/** Asked for by P1, and checked. */
async function ask(month: string, action: 'close' | 'reopen' = 'close') {
  const asked = await call('POST', `/${month}/${action}`, { by: 'p1', reason: 'month end' });
  expect(asked).toMatchObject({ status: 202, body: { month, action, approvedBy: null } });
  return eventually(
    () => call('GET', `/decisions/${asked.body.decisionId}`),
    ({ body }) => body.status !== 'checking',
  );
}

async function decide(month: string, action: 'close' | 'reopen') {
  const asked = await ask(month, action);
  return call('POST', `/decisions/${asked.body.decisionId}/approval`, { by: 'p2' });
}

it('what is open until the end of a month is listed, and kept with its close', async () => {
  await sell('january', '2026-01-10T03:00:00Z');
  await sell('unknown-makers', '2026-01-31T16:59:59Z', []);
  await sell('february', '2026-01-31T17:00:00Z', []);
  await database.query(
    `INSERT INTO refused_event (event_id, type, reference, reason, data, correlation_id)
     VALUES (gen_random_uuid(), 'orders.sale-refunded.v1', 'blanja/x', 'sale-unknown', '{}', gen_random_uuid())`,
  );
  const { body } = await ask('2026-01');
  expect(body.checklist).toMatchObject({
    unsettled: {
      count: 2,
      first: [
        { saleId: 'blanja/january@F1', receivable: 10_000, released: false },
        { saleId: 'blanja/unknown-makers@F1' },
      ],
    },
    suspense: { count: 1, first: [{ facilityId: 'F1', balance: -5_000 }] },
    deadLetters: { count: 1, first: [{ why: 'sale-unknown: blanja/x' }] },
    drafts: { count: 0 },
    late: { count: 0 },
    unexplained: { count: 0, first: [] },
    unbalanced: { count: 0, first: [] },
  });
  expect((await call('GET', '/2026-01/checklist')).body).toEqual(body.checklist);
});

it('a month is closed by two persons, and takes no entry after that: what comes late waits for no one', async () => {
  const asked = await ask('2026-01');
  const path = `/decisions/${asked.body.decisionId}/approval`;
  expect(await call('POST', path, { by: 'p1' })).toMatchObject({ status: 403 });
  expect((await sell('in-time', '2026-01-20T03:00:00Z'))?.postedOn).toBe('2026-01-20');
  const approved = await call('POST', path, { by: 'p2' });
  expect(approved).toMatchObject({ status: 200, body: { approvedBy: 'p2' } });
  expect(await call('POST', path, { by: 'p2' })).toEqual(approved);
  expect(await call('POST', path, { by: 'p3' })).toMatchObject({ status: 409 });
  expect((await call('GET', '')).body).toMatchObject({ firstOpenMonth: '2026-02' });

  // golden.md, G21, last row
  const late = await sell('late', '2026-01-20T03:00:00Z');
  expect(late).toMatchObject({ postedOn: '2026-02-01', occurredAt: new Date('2026-01-20T03:00:00Z'), late: true });
  expect(await sell('on-time', '2026-02-01T03:00:00Z')).toMatchObject({ postedOn: '2026-02-01', late: false });
  const credited = await database.query<{ value: string }>('SELECT value FROM outbox ORDER BY seq DESC LIMIT 2');
  expect(credited.map(({ value }) => JSON.parse(value).postedOn)).toEqual(['2026-02-01', '2026-02-01']);
  expect((await call('GET', '/2026-02/checklist')).body).toMatchObject({
    late: { count: 1, first: [{ sourceReference: 'blanja/late@F1' }] },
  });
});

it('the database itself refuses an entry in a closed month', async () => {
  const journal: Journal = {
    journalId: newId(),
    facilityId: 'F1',
    kind: 'correction',
    postedOn: '2026-01-31',
    occurredAt: '2026-01-31T03:00:00Z',
    sourceEventId: newId(),
    sourceReference: 'by hand',
    reverses: null,
    agreement: null,
    correlationId: newId(),
    source: {},
    entries: [],
  };
  await expect(post(database, [journal])).rejects.toThrow('the books are closed before 2026-02-01');
});

it('months are closed in order, and the last closed one is reopened', async () => {
  expect(await call('POST', '/2026-03/close', { by: 'p1', reason: 'x' })).toMatchObject({
    status: 409,
    body: { detail: '2026-02 comes first' },
  });
  expect(await call('POST', '/2999-01/close', { by: 'p1', reason: 'x' })).toMatchObject({ status: 409 });
  expect(await call('POST', '/2025-12/reopen', { by: 'p1', reason: 'x' })).toMatchObject({ status: 409 });
  expect(await decide('2026-01', 'reopen')).toMatchObject({ status: 200 });
  expect((await call('GET', '')).body).toMatchObject({ firstOpenMonth: null });
  expect((await sell('reopened', '2026-01-25T03:00:00Z'))?.postedOn).toBe('2026-01-25');
  expect(await decide('2026-01', 'close')).toMatchObject({ status: 200 });
});

it('a close waits for who is posting, and two closes of one month are one', async () => {
  const asked = await Promise.all([1, 2].map(() => ask('2026-02')));
  let answered = false;
  let approvals: Promise<{ status: number }[]> | undefined;
  await database.transaction(async (transaction) => {
    await holdRules(transaction);
    approvals = Promise.all(
      asked.map(({ body }) => call('POST', `/decisions/${body.decisionId}/approval`, { by: 'p2' })),
    );
    void approvals.then(() => {
      answered = true;
    });
    await sleep(100);
    expect(answered).toBe(false);
  });
  expect((await approvals)?.map(({ status }) => status).sort()).toEqual([200, 409]);
});

it('a close takes the month’s variance to the facility’s earnings; after a reopening, only the difference (L2)', async () => {
  await sell('settled', '2026-03-10T03:00:00Z');
  await sell('settled-later', '2026-03-11T03:00:00Z');
  await settle('settled', 750, '2026-03-20T03:00:00Z');
  await settle('settled-later', 40, '2026-04-01T03:00:00Z'); // of April
  const { body: closed } = await decide('2026-03', 'close');
  expect(await journalsOf(closed.journals)).toEqual([
    { 'channel:blanja:variance@F1': -750, 'facility:F1:earnings': 750, kind: 'variance', postedOn: '2026-03-31' },
  ]);
  expect(await decide('2026-03', 'reopen')).toMatchObject({ body: { journals: null } });
  await sell('found', '2026-03-12T03:00:00Z');
  await settle('found', -50, '2026-03-31T16:59:59Z');
  const { body: again } = await decide('2026-03', 'close');
  expect(await journalsOf(again.journals)).toEqual([
    { 'channel:blanja:variance@F1': 50, 'facility:F1:earnings': -50, kind: 'variance', postedOn: '2026-03-31' },
  ]);
  expect((await decide('2026-03', 'reopen')).status).toBe(200);
  expect((await decide('2026-03', 'close')).body.journals).toEqual([]);
});

async function journalsOf(ids: string[]) {
  const entries = await services.journals.entriesOf(ids);
  return Promise.all(
    ids.map(async (id) => {
      const { kind, postedOn } = (await services.journals.find(id)) ?? {};
      return {
        kind,
        postedOn,
        ...Object.fromEntries((entries.get(id) ?? []).map((each) => [each.account, each.amount])),
      };
    }),
  );
}

it('books that contradict themselves are not closed', async () => {
  await database.query(`UPDATE sale_line SET units_refunded = 1 WHERE sale_id = 'blanja/january@F1'`);
  const { body } = await ask('2026-04');
  expect(body).toMatchObject({ status: 'unsound', checklist: { unexplained: { count: 1 } } });
  expect(await call('POST', `/decisions/${body.decisionId}/approval`, { by: 'p2' })).toMatchObject({
    status: 409,
    body: { detail: '1 unexplained: see the checklist.' },
  });
  await database.query(`UPDATE sale_line SET units_refunded = 0 WHERE sale_id = 'blanja/january@F1'`);
});

it('is withdrawn by who asked for it, and by nobody else; then nobody approves it', async () => {
  const { body } = await ask('2026-04');
  const withdraw = (by: string) => call('POST', `/decisions/${body.decisionId}/withdrawal`, { by });
  expect(await withdraw('p2')).toMatchObject({ status: 403 });
  expect(await withdraw('p1')).toMatchObject({ status: 200, body: { status: 'withdrawn' } });
  expect(await withdraw('p1')).toMatchObject({ status: 200 });
  expect(await call('POST', `/decisions/${body.decisionId}/approval`, { by: 'p2' })).toMatchObject({ status: 409 });
  const { body: asked } = await ask('2026-04');
  const rejection = { by: 'p2', reason: 'a settlement is missing' };
  expect(await call('POST', `/decisions/${asked.decisionId}/rejection`, rejection)).toMatchObject({
    body: { status: 'rejected', rejectedBecause: 'a settlement is missing' },
  });
  expect(await call('POST', `/decisions/${asked.decisionId}/approval`, { by: 'p3' })).toMatchObject({ status: 409 });
  const { body: approved } = await decide('2026-04', 'close');
  expect(await call('POST', `/decisions/${approved.decisionId}/withdrawal`, { by: 'p1' })).toMatchObject({
    status: 409,
  });
});

it('a check that a process left undone is taken up when one starts; one of long ago speaks no longer', async () => {
  const [{ id } = { id: '' }] = await database.query<{ id: string }>(
    `INSERT INTO period_decision (decision_id, month, action, reason, requested_by)
     VALUES (gen_random_uuid(), '2026-05', 'close', 'month end', 'p1') RETURNING decision_id AS id`,
  );
  expect((await call('POST', `/decisions/${id}/approval`, { by: 'p2' })).body).toMatchObject({
    title: 'Still checking',
  });
  const started = new CloseCheckService(database, new PeriodRepository());
  started.onApplicationBootstrap();
  const { body } = await eventually(
    () => call('GET', `/decisions/${id}`),
    ({ body }) => body.status === 'waiting',
  );
  await started.onModuleDestroy();
  const { verifiedAt } = body.checklist;
  const later = new Date(Date.parse(verifiedAt) + 73 * 3_600_000);
  expect(objection(body, new Date(verifiedAt))).toBeUndefined();
  expect(objection(body, later)).toMatchObject({ code: 'checked-long-ago' });
});

it('what is posted while a close is prepared is in it', async () => {
  await sell('may', '2026-05-10T03:00:00Z');
  await sell('may-too', '2026-05-11T03:00:00Z');
  await settle('may', 750, '2026-05-20T03:00:00Z');
  const { body: asked } = await ask('2026-05');
  const approval = await database.transaction(async (transaction) => {
    await holdRules(transaction);
    const approved = call('POST', `/decisions/${asked.decisionId}/approval`, { by: 'p2' });
    await eventually(
      () => database.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`),
      ({ length }) => length > 0,
    );
    await settle('may-too', 40, '2026-05-21T03:00:00Z', transaction);
    await settle('may-too', 5, '2026-06-01T03:00:00Z', transaction); // of June
    return { approved };
  });
  const { body: closed } = await approval.approved;
  expect(await journalsOf(closed.journals)).toEqual([
    { 'channel:blanja:variance@F1': -790, 'facility:F1:earnings': 790, kind: 'variance', postedOn: '2026-05-31' },
  ]);
  expect((await faultsOf(database)).filter(({ table }) => table === 'closing_balance')).toEqual([]);
});

it('a decision is kept as it was taken', async () => {
  await expect(database.query(`UPDATE period_decision SET reason = 'other'`)).rejects.toThrow('never edited');
});

it('the last decision about a month counts, also if the clock was set back before it', async () => {
  const clock = new pg.Client(testDatabase.url);
  await clock.connect();
  await clock.query(`SET session_replication_role = replica;
    UPDATE period_decision SET approved_at = approved_at + interval '1 hour' WHERE approved_at IS NOT NULL`);
  await clock.end();
  expect((await call('GET', '')).body).toMatchObject({ firstOpenMonth: '2026-06' });
  expect(await decide('2026-05', 'reopen')).toMatchObject({ status: 200 });
  expect((await call('GET', '')).body).toMatchObject({ firstOpenMonth: '2026-05' });
});
