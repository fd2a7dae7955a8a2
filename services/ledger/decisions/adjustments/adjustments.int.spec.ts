import { commonMigrations } from '#libs/service';
import { KnownOwners } from '../../books/accounts/known-owners.service.ts';
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#libs/database';
import { createDatabase } from '../../../../test/kit/database.ts';
import { type Served, serve } from '../../../../test/kit/http.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { OwnerRepository } from '../../books/accounts/owner.repository.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { AdjustmentsController } from './adjustments.controller.ts';
import { AdjustmentsService } from './adjustments.service.ts';

const testDatabase = await createDatabase();
let database: Database;
let served: Served;

beforeAll(async () => {
  database = await Database.open(testDatabase.url, [...commonMigrations, ...ledgerMigrations]);
  const { adjustments } = ledgerServices(database);
  served = await serve(
    database,
    [AdjustmentsController],
    [{ provide: AdjustmentsService, useValue: adjustments }, KnownOwners, OwnerRepository],
  );
  // The catalogue has told of one maker of each facility: A1 of A, B1 of B, ...
  await database.query(
    `INSERT INTO contribution (lot_id, maker_id, facility_id, region, recorded_at)
     SELECT 'lot-' || facility, facility || '1', facility, 'Bali', '2026-01-01' FROM unnest($1::text[]) AS facility`,
    [[...'ABCDEFKTWX']],
  );
});
afterAll(async () => {
  served.close();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

const call: Served['call'] = (method, path, body) => served.call(method, `adjustments${path}`, body);

const draft = (facilityId: string, accounts: Record<string, number>, more: object = {}) => ({
  by: 'p1',
  type: 'adjustment',
  facilityId,
  occurredAt: '2026-01-05T17:00:00Z',
  reason: 'paid twice',
  entries: Object.entries(accounts).map(([account, amount]) => ({ account, amount })),
  ...more,
});

const balanceOf = async (code: string) => {
  const [account] = await database.query<{ balance: number }>('SELECT balance FROM account WHERE code = $1', [code]);
  return account?.balance ?? 0;
};

async function post(facilityId: string, accounts: Record<string, number>, more: object = {}): Promise<string> {
  const { adjustmentId } = (await call('POST', '', draft(facilityId, accounts, more))).body;
  expect(await call('POST', `/${adjustmentId}/approval`, { by: 'p2' })).toMatchObject({ status: 200 });
  return adjustmentId;
}

it('is drafted by one person, posted when another approves, and never by its creator', async () => {
  const accounts = { 'facility:A:earnings': 5_000, 'maker:A1:wages': -5_000 };
  const drafted = await call('POST', '', draft('A', accounts));
  expect(drafted).toMatchObject({ status: 200, body: { approvedBy: null, journals: null } });
  expect(await balanceOf('maker:A1:wages')).toBe(0);

  const path = `/${drafted.body.adjustmentId}/approval`;
  expect(await call('POST', path, { by: 'p1' })).toMatchObject({ status: 403 });
  const approved = await call('POST', path, { by: 'p2' });
  expect(approved).toMatchObject({ status: 200, body: { approvedBy: 'p2', journals: 1 } });
  expect(await call('POST', path, { by: 'p2' })).toEqual(approved);
  expect(await call('POST', path, { by: 'p3' })).toMatchObject({ status: 409 });
  expect(await balanceOf('maker:A1:wages')).toBe(-5_000);

  const journals = await database.query(
    `SELECT kind, posted_on AS "postedOn", source FROM journal WHERE source_reference = 'adjustment/' || $1`,
    [drafted.body.adjustmentId],
  );
  expect(journals).toMatchObject([
    { kind: 'correction', postedOn: '2026-01-06', source: { reason: 'paid twice', createdBy: 'p1', approvedBy: 'p2' } },
  ]);
  const change = (set: string) => database.query(`UPDATE adjustment SET ${set} WHERE facility_id = 'A'`);
  await expect(change(`reason = 'other'`)).rejects.toThrow('never edited');
});

it('opens books with balances from before, and writes off what will never be paid', async () => {
  const opening = { 'bank:bri@B': 100_000, 'maker:B1:receivable': 7_000, 'facility:B:earnings': -107_000 };
  const adjustmentId = await post('B', opening, { type: 'opening' });
  expect(
    await database.query(`SELECT kind FROM journal WHERE source_reference = 'adjustment/' || $1`, [adjustmentId]),
  ).toEqual([{ kind: 'opening' }]);
  await post('B', { 'facility:B:earnings': 7_000, 'maker:B1:receivable': -7_000 }, { type: 'write-off' });
  expect(await balanceOf('maker:B1:receivable')).toBe(0);
  expect(await balanceOf('facility:B:earnings')).toBe(-100_000);
});

it('that would take from a maker what is not there waits: nothing of it is posted', async () => {
  const { adjustmentId } = (await call('POST', '', draft('C', { 'maker:C1:wages': 1, 'facility:C:earnings': -1 })))
    .body;
  expect(await call('POST', `/${adjustmentId}/approval`, { by: 'p2' })).toMatchObject({ status: 409 });
  expect(await balanceOf('facility:C:earnings')).toBe(0);
  await post('C', { 'facility:C:earnings': 1, 'maker:C1:wages': -1 });
  expect(await call('POST', `/${adjustmentId}/approval`, { by: 'p2' })).toMatchObject({ status: 200 });
});

it('is rejected for a reason; then nobody approves it, and it is kept as it was rejected', async () => {
  const { adjustmentId } = (await call('POST', '', draft('W', { 'facility:W:earnings': 1, 'maker:W1:wages': -1 })))
    .body;
  const reject = (by: string) => call('POST', `/${adjustmentId}/rejection`, { by, reason: 'wrong maker' });
  const rejected = await reject('p2');
  expect(rejected).toMatchObject({
    status: 200,
    body: { rejectedBy: 'p2', rejectedBecause: 'wrong maker', rejectedAt: expect.any(String), approvedBy: null },
  });
  expect(await reject('p2')).toEqual(rejected);
  expect(await reject('p3')).toMatchObject({ status: 409 });
  expect(await call('POST', `/${adjustmentId}/approval`, { by: 'p3' })).toMatchObject({
    status: 409,
    body: { title: 'Already rejected', detail: 'It is rejected by p2, and would have to be draft.' },
  });
  expect(await call('POST', `/${adjustmentId}/withdrawal`, { by: 'p1' })).toMatchObject({ status: 409 });
  expect((await call('GET', '?facilityId=W&approved=false')).body.items).toEqual([]);
  await expect(
    database.query(`UPDATE adjustment SET rejected_because = 'other' WHERE adjustment_id = $1`, [adjustmentId]),
  ).rejects.toThrow('never edited');
});

it('is withdrawn by its drafter, and by nobody else; then nobody approves it', async () => {
  const { adjustmentId } = (await call('POST', '', draft('W', { 'facility:W:earnings': 1, 'maker:W1:wages': -1 })))
    .body;
  expect(await call('POST', `/${adjustmentId}/withdrawal`, { by: 'p2' })).toMatchObject({ status: 403 });
  const withdrawn = await call('POST', `/${adjustmentId}/withdrawal`, { by: 'p1' });
  expect(withdrawn).toMatchObject({ status: 200, body: { withdrawnAt: expect.any(String), approvedBy: null } });
  expect(await call('POST', `/${adjustmentId}/withdrawal`, { by: 'p1' })).toEqual(withdrawn);
  expect(await call('POST', `/${adjustmentId}/approval`, { by: 'p2' })).toMatchObject({ status: 409 });
  expect((await call('GET', '?facilityId=W&approved=false')).body.items).toEqual([]);
  expect((await call('GET', '?facilityId=W&approved=true')).body.items).toEqual([]);
  const posted = await post('W', { 'facility:W:earnings': 2, 'maker:W1:wages': -2 });
  expect(await call('POST', `/${posted}/withdrawal`, { by: 'p1' })).toMatchObject({ status: 409 });
});

it('approved twice at once is posted once', async () => {
  const { adjustmentId } = (await call('POST', '', draft('D', { 'facility:D:earnings': 9, 'maker:D1:wages': -9 })))
    .body;
  const answers = await Promise.all(['p2', 'p3'].map((by) => call('POST', `/${adjustmentId}/approval`, { by })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await balanceOf('maker:D1:wages')).toBe(-9);
});

it('a balance beyond 2^53-1 rupiah is refused in words, and nothing of it is posted', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  await post('T', { 'facility:T:earnings': most, 'bank:bri@T': -most });
  const { adjustmentId } = (await call('POST', '', draft('T', { 'facility:T:earnings': 1, 'maker:T1:wages': -1 })))
    .body;
  expect(await call('POST', `/${adjustmentId}/approval`, { by: 'p2' })).toMatchObject({
    status: 422,
    body: { detail: 'the balance of facility:T:earnings would be beyond 2^53-1 rupiah.' },
  });
  expect(await balanceOf('facility:T:earnings')).toBe(most);
  const sums = { 'facility:T:earnings': most, 'bank:bri@T': most, 'maker:T1:wages': -most };
  expect((await call('POST', '', draft('T', sums))).body.errors).toMatchObject([{ field: 'entries' }]);
});

describe('by HTTP', () => {
  it('faults are told by entry', async () => {
    expect(await call('POST', '', draft('E', { 'maker:E1  x:wages': 1, 'nobody:x': -1 }))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'entries.0.account' }, { field: 'entries.1.account', code: 'not-an-account' }] },
    });
    expect(
      await call('POST', '', draft('E', { 'maker:E1:wages-pending': 1, 'facility:X:earnings': -2 })),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'entries.0' }, { field: 'entries.1' }, { field: 'entries' }] },
    });
    const lot = { lotId: 'L1', measure: 'hours', contributions: [{ makerId: 'M1', weight: '0' }] };
    const { type: _, entries: __, ...rest } = draft('E', {});
    expect(await call('POST', '/contributions', { ...rest, lot })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'lot.contributions' }] },
    });
  });

  describe('an owner is somebody whom the books know', () => {
    const refusedFields = async (answer: ReturnType<typeof call>) => {
      const { status, body } = await answer;
      return { status, errors: body.errors.map(({ field, code }: { field: string; code: string }) => [field, code]) };
    };
    const unknown = (...fields: string[]) => ({ status: 422, errors: fields.map((field) => [field, 'unknown-owner']) });

    it.each(['maker:K2:wages', 'beneficiary:nobody:payable@K', 'channel:pasar:receivable@K', 'bank:bpd@K'])(
      'not %s',
      async (account) => {
        const entries = { 'facility:K:earnings': 1, [account]: -1 };
        expect(await refusedFields(call('POST', '', draft('K', entries)))).toEqual(unknown('entries.1.account'));
      },
    );

    it('not a facility that nobody has told of', async () => {
      const entries = { 'maker:K1:wages': -1, 'maker:A1:wages': 1 };
      expect(await refusedFields(call('POST', '', draft('Z', entries)))).toEqual(unknown('facilityId'));
    });

    it('not a debtor or beneficiary whom no agreement names', async () => {
      const { type: _, entries: __, ...rest } = draft('K', {});
      const obligation = { debtor: 'maker:K2', beneficiary: 'beneficiary:nobody', amount: 1 };
      expect(await refusedFields(call('POST', '/obligations', { ...rest, obligation }))).toEqual(
        unknown('obligation.debtor', 'obligation.beneficiary'),
      );
    });

    it('but a bank account or a channel that an opening introduces', async () => {
      const entries = { 'bank:bpd@K': 2, 'channel:pasar:receivable@K': 1, 'facility:K:earnings': -3 };
      await post('K', entries, { type: 'opening' });
      await post('K', { 'bank:bpd@K': -1, 'facility:K:earnings': 1 });
    });

    it('and a beneficiary whom an agreement names', async () => {
      const { type: _, entries: __, ...rest } = draft('K', {});
      await database.query(
        `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by)
         VALUES ('K', 1, 'facility', 'K', '2026-01-01', 'draft', $1, 'p1')`,
        [{ maker: { steps: [{ to: [{ to: 'beneficiary:victims' }] }] } }],
      );
      const obligation = { debtor: 'maker:K1', beneficiary: 'beneficiary:victims', amount: 1 };
      expect(await call('POST', '/obligations', { ...rest, obligation })).toMatchObject({ status: 200 });
    });
  });

  it('drafts are listed', async () => {
    await call('POST', '', draft('F', { 'facility:F:earnings': 1, 'maker:F1:wages': -1 }));
    await post('F', { 'facility:F:earnings': 2, 'maker:F1:wages': -2 });
    expect((await call('GET', '?facilityId=F&approved=false')).body.items).toMatchObject([{ approvedBy: null }]);
    expect((await call('GET', '?facilityId=F')).body.items).toHaveLength(2);
  });
});
