import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { type Served, serve } from '../../../../test/kit/http.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { simulated } from '../../../../test/kit/simulated.ts';
import { holdRules } from '../../books/calendar/rules-lock.repository.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import { LintController } from '../../explanations/lint/lint.controller.ts';
import { LintService } from '../../explanations/lint/lint.service.ts';
import { MemoryService } from '../memory/memory.service.ts';
import type { Outcome } from '../simulation/simulation.ts';
import { simulateAlone } from '../simulation/simulation-run.repository.ts';
import { SimulationsController } from '../simulation/simulations.controller.ts';
import { SimulationsService } from '../simulation/simulations.service.ts';
import { AgreementRepository } from './agreement.repository.ts';
import { AgreementsController } from './agreements.controller.ts';
import { AgreementsService } from './agreements.service.ts';
import { id1990 } from './id-1990.ts';

let books: Books;
let served: Served;

beforeAll(async () => {
  books = await openBooks();
  served = await serve(
    books.database,
    [AgreementsController, SimulationsController, LintController],
    [
      LintService,
      { provide: JournalRepository, useValue: ledgerServices(books.database).journals },
      AgreementsService,
      SimulationsService,
      AgreementRepository,
      { provide: MemoryService, useValue: ledgerServices(books.database).memories },
    ],
  );
});
afterAll(async () => {
  served.close();
  await books.close();
});

const call: Served['call'] = (method, path, body) => served.call(method, `agreements${path}`, body);

/** All to the state: sales that it shares are recognised. */
const definition = (id: string, version: number) => ({
  ...id1990,
  id,
  version,
  sale: { steps: [{ id: 'all', take: 'rest', to: 'state' }] },
});

const draft = (id: string, version: number, more: object = {}) => ({
  by: 'p1',
  scope: { level: 'facility', id },
  effectiveFrom: '2026-01-01T00:00:00+07:00',
  definition: definition(id, version),
  ...more,
});

const agreementOf = async (facilityId: string, orderRef: string) => {
  const [journal] = await books.database.query(
    'SELECT agreement_id AS id, agreement_version AS version FROM journal WHERE source_reference = $1',
    [`blanja/${orderRef}@${facilityId}`],
  );
  return journal;
};

const sharedBy = async (facilityId: string, orderRef: string, placedAt: string) => {
  await books.setClock(placedAt);
  await books.sell(orderRef, { price: 10_000, facilityId });
  return agreementOf(facilityId, orderRef);
};

it('is drafted by one person, approved by another, and in force for orders placed from its beginning on', async () => {
  expect(await call('POST', '', draft('A', 1))).toMatchObject({
    status: 200,
    body: { id: 'A', version: 1, status: 'draft', createdBy: 'p1', approvedBy: null, problems: [], warnings: [] },
  });
  expect(await sharedBy('A', 'drafted', '2025-12-31T16:59:59Z')).toEqual({ id: 'ID-1990', version: 1 });

  expect(await call('POST', '/A/1/approval', { by: 'p1' })).toMatchObject({ status: 403 });
  expect(await call('POST', '/A/1/approval', { by: 'p2' })).toMatchObject({
    status: 200,
    body: { status: 'approved', approvedBy: 'p2', effectiveUntil: null },
  });
  expect(await sharedBy('A', 'late', '2025-12-31T16:59:59Z')).toEqual({ id: 'ID-1990', version: 1 });
  expect(await sharedBy('A', 'first', '2025-12-31T17:00:00Z')).toEqual({ id: 'A', version: 1 });
  expect(await sharedBy('elsewhere', 'first', '2025-12-31T17:00:00Z')).toEqual({ id: 'ID-1990', version: 1 });
});

it('is superseded by a later version, for orders placed from then on', async () => {
  await call('POST', '', draft('B', 1));
  await call('POST', '/B/1/approval', { by: 'p2' });
  await call('POST', '', draft('B', 2, { effectiveFrom: '2026-03-01T00:00:00+07:00' }));
  await call('POST', '/B/2/approval', { by: 'p2' });
  expect((await call('GET', '?id=B')).body.items).toMatchObject([
    { version: 1, status: 'superseded', effectiveUntil: '2026-02-28T17:00:00.000Z' },
    { version: 2, status: 'approved', effectiveUntil: null },
  ]);
  expect(await sharedBy('B', 'second', '2026-03-01T00:00:00Z')).toEqual({ id: 'B', version: 2 });
  expect(await sharedBy('B', 'old', '2026-02-01T00:00:00Z')).toEqual({ id: 'B', version: 1 });
});

it('is not approved if it would have shared a sale that is in the books, nor while it overlaps another', async () => {
  await sharedBy('C', 'sold', '2026-02-01T00:00:00Z');
  await call('POST', '', draft('C', 1));
  expect(await call('POST', '/C/1/approval', { by: 'p2' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'agreement', message: expect.stringContaining('blanja/sold@C') }] },
  });
  await call('POST', '', draft('C', 2, { effectiveFrom: '2026-02-01T00:00:01Z' }));
  expect(await call('POST', '/C/2/approval', { by: 'p2' })).toMatchObject({ status: 200 });

  const overlapping = { ...draft('C', 1), definition: definition('C-OTHER', 1) };
  expect(await call('POST', '', overlapping)).toMatchObject({
    body: { problems: [{ message: { en: expect.stringContaining('overlaps C v2') } }] },
  });
  expect(await call('POST', '/C-OTHER/1/approval', { by: 'p2' })).toMatchObject({ status: 422 });
});

it('waits with its approval for those who post by the rules before it', async () => {
  await call('POST', '', draft('D', 1));
  let answered = false;
  let approval: ReturnType<typeof call> | undefined;
  await books.database.transaction(async (transaction) => {
    await holdRules(transaction);
    approval = call('POST', '/D/1/approval', { by: 'p2' });
    void approval.then(() => {
      answered = true;
    });
    await sleep(100);
    expect(answered).toBe(false);
  });
  expect(await approval).toMatchObject({ status: 200 });
});

describe('a draft', () => {
  it('sent twice is one; with other content it is another version', async () => {
    const first = await call('POST', '', draft('E', 1));
    expect(await call('POST', '', draft('E', 1))).toEqual(first);
    expect(await call('POST', '', draft('E', 1, { by: 'p3' }))).toMatchObject({ status: 409 });
    expect(await call('POST', '', draft('E', 1, { effectiveUntil: '2027-01-01T00:00:00Z' }))).toMatchObject({
      status: 409,
    });
  });

  it('that is not sound is refused, and each problem names its step', async () => {
    const sale = { steps: [{ id: 'half', take: { rate: { bp: 5000 } }, to: 'makers' }] };
    expect(await call('POST', '', draft('F', 1, { definition: { ...definition('F', 1), sale } }))).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'step half', message: expect.stringContaining('the last step must take the rest') }] },
    });
    expect(await call('POST', '', draft('F', 1, { scope: { level: 'facility' } }))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'scope.id' }] },
    });
  });

  it('approved twice by the same person is approved once; by another it is a conflict; unknown it is not found', async () => {
    await call('POST', '', draft('G', 1));
    const approval = await call('POST', '/G/1/approval', { by: 'p2' });
    expect(await call('POST', '/G/1/approval', { by: 'p2' })).toEqual(approval);
    expect(await call('POST', '/G/1/approval', { by: 'p3' })).toMatchObject({ status: 409 });
    expect(await call('POST', '/G/2/approval', { by: 'p2' })).toMatchObject({ status: 404 });
  });

  it('rejected or withdrawn it is never in force, and the next version is drafted', async () => {
    await call('POST', '', draft('R', 1));
    const reason = 'too low';
    expect(await call('POST', '/R/1/rejection', { by: 'p2', reason })).toMatchObject({
      status: 200,
      body: { status: 'rejected', rejectedBy: 'p2', rejectedBecause: reason },
    });
    expect(await call('POST', '/R/1/approval', { by: 'p3' })).toMatchObject({ status: 409 });
    await call('POST', '', draft('R', 2));
    expect(await call('POST', '/R/2/withdrawal', { by: 'p2' })).toMatchObject({ status: 403 });
    expect(await call('POST', '/R/2/withdrawal', { by: 'p1' })).toMatchObject({ body: { status: 'withdrawn' } });
    expect(await call('POST', '/R/2/approval', { by: 'p2' })).toMatchObject({ status: 409 });
    expect(await sharedBy('R', 'refused', '2026-02-01T00:00:00Z')).toEqual({ id: 'ID-1990', version: 1 });
    await call('POST', '', draft('R', 3, { effectiveFrom: '2026-03-01T00:00:00+07:00' })); // after that sale
    expect(await call('POST', '/R/3/approval', { by: 'p2' })).toMatchObject({ body: { status: 'approved' } });
  });
});

describe('a draft against past sales', () => {
  /** Cost of 2,000 returned first (books.ts): 8,000 and 18,000 are shared 50/35/15. */
  const sell = async (facilityId: string) => {
    await books.setClock('2026-02-01T00:00:00Z');
    await books.sell('one', { price: 10_000, facilityId });
    await books.sell('two', { price: 20_000, facilityId, makers: [{ makerId: 'M2', weight: '1' }] });
    await books.setClock('2026-02-28T17:00:00Z');
    await books.sell('march', { price: 10_000, facilityId });
  };
  const february = { from: '2026-02-01', to: '2026-02-28' };

  it('tells who gains and who loses, net of refunds, and posts nothing', async () => {
    await sell('S');
    await books.refund('two', { amount: 10_000, facilityId: 'S' });
    const journals = () => books.database.query('SELECT count(*) AS journals FROM journal');
    const before = await journals();
    await call('POST', '', draft('S', 1));
    const totals = [
      { owner: 'facility', posted: 2_800 + 3_150 + 3_000, simulated: 3_000, difference: -5_950 },
      { owner: 'maker', posted: 4_000 + 4_500, simulated: 0, difference: -8_500 },
      { owner: 'state', posted: 1_200 + 1_350, simulated: 17_000, difference: 14_450 },
    ];
    expect(await simulated(served, 'S', february)).toEqual({
      currency: 'IDR',
      sales: 2,
      totals,
      byFacility: [{ facilityId: 'S', sales: 2, totals: expect.arrayContaining(totals) }],
      gain: 1,
      lose: 3,
      gainers: [{ owner: 'state', posted: 2_550, simulated: 17_000, difference: 14_450 }],
      losers: [
        { owner: 'facility:S', posted: 8_950, simulated: 3_000, difference: -5_950 },
        { owner: 'maker:M2', posted: 4_500, simulated: 0, difference: -4_500 },
        { owner: 'maker:M1', posted: 4_000, simulated: 0, difference: -4_000 },
      ],
    });
    expect(await journals()).toEqual(before);
  });

  it('remembers from sale to sale: from nothing in a period, from balances as they stand, in the order of posting', async () => {
    const steps = [
      {
        id: 'family',
        take: { rate: { bp: 1_000 } },
        maxPerPeriod: { amount: 1_500, per: 'month' },
        to: 'beneficiary:family',
      },
      { id: 'restitution', take: { rate: { bp: 5_000 } }, maxOwed: true, to: 'beneficiary:victim' },
      { id: 'own', take: 'rest', to: 'wages' },
    ];
    const sale = { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] };
    const remembering = { definition: { ...definition('U', 1), sale, maker: { steps } } };
    await call('POST', '', draft('U', 1, { ...remembering, effectiveFrom: '2026-03-01T00:00:00+07:00' }));
    expect(await call('POST', '/U/1/approval', { by: 'p2' })).toMatchObject({ status: 200 });

    const { adjustments } = ledgerServices(books.database);
    const obligation = { debtor: 'maker:M1', beneficiary: 'beneficiary:victim', amount: 5_000 };
    const recorded = { facilityId: 'U', occurredAt: '2026-01-31T03:00:00Z', reason: 'verdict', by: 'p1', obligation };
    const { adjustmentId } = await books.database.transaction((transaction) =>
      adjustments.draftObligation(transaction, recorded),
    );
    await adjustments.approve(adjustmentId, 'p2', { correlationId: newId() });

    await books.setClock('2026-02-01T00:00:00Z');
    await books.sell('one', { price: 10_000, facilityId: 'U' }); // premi 8,000: family 800, restitution 3,600
    await books.sell('two', { price: 20_000, facilityId: 'U' }); // premi 18,000: family 700 of 1,800, restitution 1,400
    await books.sell('three', { price: 10_000, facilityId: 'U' }); // premi 8,000: what the refund of two made room for
    await books.refund('two', { amount: 10_000, refundRef: 'U', facilityId: 'U' }); // half: family 350, restitution 700
    const { totals } = await simulated(served, 'U', february);
    expect(Object.fromEntries(totals.map(({ owner, simulated }: Outcome) => [owner, simulated]))).toEqual({
      facility: 2_000 + 2_000 - 1_000 + 2_000,
      beneficiary: 800 + 700 - 350 + 350 + 3_600 + 1_400 - 700 + 700,
      maker: 3_600 + 15_900 - 7_950 + 6_950,
      state: 0,
    });
  });

  it('that is what shared them changes nothing, and a wider one leaves a facility’s own sales alone', async () => {
    const own = { definition: { ...id1990, id: 'T', version: 1 } };
    await call('POST', '', draft('T', 1, own));
    await call('POST', '/T/1/approval', { by: 'p2' });
    await sell('T');
    expect(await simulated(served, 'T', february)).toMatchObject({ sales: 2, gain: 0, lose: 0 });
    await call('POST', '', { ...draft('WIDE', 1), scope: { level: 'national' } });
    expect(await simulated(served, 'WIDE', { ...february, facilityId: 'T' })).toMatchObject({
      sales: 0,
      byFacility: [],
    });
  });
});

describe('simulations run one at a time, of all instances', () => {
  const asked = { from: '2026-02-01', to: '2026-02-28' };

  it('while one runs another is refused; a lost process leaves it interrupted', async () => {
    await call('POST', '', draft('ALONE', 1));
    const stop = new AbortController();
    const taken = Promise.withResolvers<void>();
    const elsewhere = simulateAlone(
      books.database,
      async ({ query }) => {
        taken.resolve();
        while (!stop.signal.aborted) await query('SELECT pg_sleep(0.01)');
      },
      stop.signal,
    ).catch((error) => error);
    await taken.promise;
    expect(await call('POST', '/ALONE/1/simulations', asked)).toMatchObject({
      status: 409,
      body: { type: 'urn:pasindo:problem:another-simulation-runs' },
    });
    stop.abort();
    await elsewhere;

    const lost = newId();
    await books.database.query(
      `INSERT INTO simulation (simulation_id, agreement_id, version, asked, started_by, progress)
       VALUES ($1, 'ALONE', 1, $2, 'p-1', '{"sales": 1, "of": 2}')`,
      [lost, asked],
    );
    const known = await eventually(
      () => call('GET', `/ALONE/1/simulations/${lost}`),
      ({ body }) => body.status !== 'running', // as the server has noticed that the connection is gone
    );
    expect(known).toMatchObject({ status: 200, body: { status: 'interrupted', result: null } });
    expect(await simulated(served, 'ALONE', asked)).toMatchObject({ sales: 0 });
    expect((await call('GET', `/ALONE/1/simulations/${lost}`)).body.endedAt).toEqual(expect.any(String));
    expect(await call('GET', `/ALONE/2/simulations/${lost}`)).toMatchObject({ status: 404 });
    expect(await call('POST', '/NOWHERE/1/simulations', asked)).toMatchObject({ status: 404 });
  });
});

describe('what a draft would do', () => {
  const shares = (version: number, makers: number, facility: number, state: number) => ({
    ...{ ...id1990, version },
    sale: {
      steps: [
        {
          ...{ id: 'shares', take: 'rest' },
          to: [
            { to: 'makers', rate: { bp: makers } },
            { to: 'facility', rate: { bp: facility } },
            { to: 'state', rate: { bp: state } },
          ],
        },
      ],
    },
  });
  const national = { scope: { level: 'national' }, effectiveFrom: '2030-01-01T00:00:00+07:00' };
  const example = {
    ...{ quantity: 2, unitPrice: 475_000, unitCost: 180_000, fees: 47_501, shipping: 20_000, tax: 0, measure: 'hours' },
    contributions: [
      { makerId: 'M-1', weight: '32' },
      { makerId: 'M-2', weight: '24.5' },
      { makerId: 'M-3', weight: '16' },
    ],
  };
  const lint = (body: object) => call('POST', '/lint', { by: 'p1', ...national, ...body });
  type Node = { account: string | null; amount: number; version: number | null; sentence: { id: string } };
  const gotOf = (nodes: Node[]) =>
    Object.fromEntries(nodes.flatMap(({ account, amount }) => (account ? [[account, amount]] : [])));

  it('is told of an example, to the rupiah and with each reason, and nothing is kept', async () => {
    const { status, body } = await lint({ definition: shares(2, 6_000, 2_500, 1_500), example });
    expect([status, body.problems, body.warnings]).toEqual([200, [], []]);
    const [{ nodes, agreement }] = body.lines;
    expect(agreement).toEqual({ id: 'ID-1990', version: 2 });
    expect(gotOf(nodes)).toMatchObject({
      ...{ 'facility:CONTOH:cost-recovery': 360_000, 'facility:CONTOH:earnings-pending': 130_625 },
      ...{ 'state:pnbp@CONTOH': 78_375, 'maker:M-1:wages-pending': 138_372 },
      ...{ 'maker:M-2:wages-pending': 105_941, 'maker:M-3:wages-pending': 69_186 },
    });
    expect(nodes.every(({ version, sentence }: Node) => version === null && sentence.id.length > 5)).toBe(true);
    expect(await call('GET', '/ID-1990/2')).toMatchObject({ status: 404 });
  });

  it('is told of a sale in the books', async () => {
    await books.setClock('2026-02-01T00:00:00Z');
    await books.sell('lint', { price: 10_000, facilityId: 'LINT' });
    const saleId = 'blanja/lint@LINT';
    const { body } = await lint({ definition: definition('LINT', 1), saleId });
    expect(gotOf(body.lines[0].nodes)['state:pnbp@LINT']).toBe(8_000); // all but the cost of 2,000
    expect(await lint({ definition: definition('LINT', 1), saleId: 'blanja/never@LINT' })).toMatchObject({
      status: 404,
    });
    expect(await lint({ definition: definition('LINT', 1), saleId, example })).toMatchObject({ status: 400 });
  });

  it('is not told of what does not add up, overlaps or begins too early: that is said at its step', async () => {
    expect(await lint({ definition: shares(2, 6_000, 2_500, 1_000), example })).toMatchObject({
      status: 200,
      body: { problems: [{ step: 'shares', message: { id: 'bagian kelompok kurang dari 100 %' } }], lines: [] },
    });
    const early = { ...national, effectiveFrom: '2026-01-01T00:00:00+07:00' };
    const { body } = await lint({ ...early, definition: { ...shares(1, 6_000, 2_500, 1_500), id: 'OTHER' }, example });
    expect(body.problems.map(({ message }: { message: { en: string } }) => message.en)).toEqual([
      expect.stringContaining('overlaps ID-1990 v1'),
      expect.stringContaining('begins too early'),
    ]);
    expect(body.lines).toHaveLength(1);
    const absurd = { ...example, quantity: 1_000_000_000, unitPrice: 9_007_199_254_740_991 };
    expect(await lint({ definition: shares(2, 6_000, 2_500, 1_500), example: absurd })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'example', code: 'not-shareable' }] },
    });
  });
});

it('is kept by the database as it was drafted, whatever the service does', async () => {
  await call('POST', '', draft('H', 1));
  const change = (set: string) => books.database.query(`UPDATE agreement SET ${set} WHERE agreement_id = 'H'`);
  await expect(change(`status = 'approved', approved_by = 'p1', approved_at = now()`)).rejects.toThrow(
    'approved_by_another',
  );
  await expect(change(`status = 'approved'`)).rejects.toThrow('check constraint');
  await expect(change(`effective_from = '2025-01-01'`)).rejects.toThrow('never edited');
  await call('POST', '/H/1/approval', { by: 'p2' });
  await expect(change(`definition = '{}'`)).rejects.toThrow('never edited');
  await expect(change(`status = 'draft', approved_by = NULL, approved_at = NULL`)).rejects.toThrow('never edited');
});

it('is described by a JSON Schema, listed in pages, and shown', async () => {
  expect((await call('GET', '/schema')).body).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sharing agreement',
    required: expect.arrayContaining(['basis', 'sale', 'recovery']),
  });
  const first = await call('GET', '?limit=1');
  expect(first.body.items).toHaveLength(1);
  const { items } = (await call('GET', `?limit=1&cursor=${first.body.nextCursor}`)).body;
  expect(items[0].id > first.body.items[0].id).toBe(true);
  const ofStatus = async (status: string) =>
    (await call('GET', `?id=R&status=${status}&limit=1000`)).body.items.map(
      ({ version }: { version: number }) => version,
    );
  expect([await ofStatus('rejected'), await ofStatus('withdrawn'), await ofStatus('superseded')]).toEqual([
    [1],
    [2],
    [],
  ]);
  expect(await call('GET', '/ID-1990/1')).toMatchObject({
    body: { scope: { level: 'national', id: null }, status: 'approved', definition: { basis: 'net-of-costs' } },
  });
});
