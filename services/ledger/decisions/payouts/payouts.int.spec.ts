import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import {
  type DataOf,
  disbursementFailed,
  disbursementPaid,
  type Event,
  payoutApproved,
  payoutSent,
  type SalePaid,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../../../test/kit/database.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import { eventually, send, startTested } from '../../../../test/kit/service.ts';
import { signedFetch } from '../../../../test/kit/sign-in.ts';
import { LedgerModule } from '../../ledger.module.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { ledgerPolicy } from '../../policy.ts';

const run = randomUUID().slice(0, 8);
const facilityId = `F-${run}`;

/** Payments, as far as the ledger can see it. */
@Controller()
class Payments {
  static readonly approved: Event<DataOf<typeof payoutApproved>>[] = [];

  @EventHandler(payoutApproved)
  async onApproved(events: Event<DataOf<typeof payoutApproved>>[]): Promise<void> {
    Payments.approved.push(...events);
  }
}

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  process.env.LEDGER_SEAL_KEY = newSealKey();
  app = await startTested(
    {
      name: `payouts-${run}`,
      module: LedgerModule,
      policy: ledgerPolicy,
      migrations: ledgerMigrations,
      neighbours: [Payments],
    },
    testDatabase,
  );
  database = app.get(Database);
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

const cause = () => ({ correlationId: newId() });
const ids = (orderRef: string) => {
  const orderId = `blanja/${orderRef}`;
  return { orderId, saleId: `${orderId}@${facilityId}`, facilityId, channel: 'blanja' };
};
/** A sale whose makers get half of it, in the books and settled. */
function settledSale(orderRef: string, price: number, makers: string[], settledAt = '2026-01-12T03:00:00Z'): Event[] {
  const contributions = makers.map((makerId) => ({ makerId, weight: '1' }));
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'equal' as const, contributions }];
  const line = { lineRef: '1', sku: 'batik', quantity: 1, unitPrice: price, portions };
  const lines = [{ ...line, discount: 0, fees: 0, shipping: 0, tax: 0 }];
  const sale: SalePaid = { ...ids(orderRef), orderRef, placedAt: '2026-01-05T03:00:00Z', lines };
  const amounts = { fee: 0, shipping: 0, withheldTax: 0, bank: 'bri', settledAt };
  return [
    newEvent(salePaid, sale, cause()),
    newEvent(saleSettled, { ...ids(orderRef), ...amounts, settlementId: `blanja/${orderRef}~S1` }, cause()),
  ];
}

async function call(method: 'GET' | 'POST', path: string, body?: object, key = newId()) {
  const response = await signedFetch(`${await app.getUrl()}/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
  return { status: response.status, body: (await response.json()) as any };
}
const proposal = { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'treasurer' };
const ownerOnce = async (owner: string, is: object) => {
  const { body } = await eventually(
    () => call('GET', `owners/${owner}`),
    ({ body }) => Object.entries(is).every(([name, value]) => body[name] === value),
  );
  return body;
};
const itemsOf = (payout: { items: { account: string; amount: number; status: string; itemId: string }[] }) =>
  Object.fromEntries(payout.items.map((item) => [item.account, item]));
const [M1, M2, M3] = ['M1', 'M2', 'M3'].map((name) => `${name}-${run}`) as [string, string, string];

it('pays what is available by the approval of a second person, and what fails is available again', async () => {
  await send(
    app,
    ...settledSale('p1', 200_000, [M1, M2]),
    ...settledSale('p2', 60_000, [M3], '2026-02-01T03:00:00Z'), // available after the last day of the payout
  );
  await ownerOnce(`maker:${M3}`, { available: 30_000 });

  const key = newId();
  const { status, body: payout } = await call('POST', 'payouts', proposal, key);
  expect(status).toBe(201);
  expect((await call('POST', 'payouts', proposal, key)).body.payoutId).toBe(payout.payoutId);
  expect(payout).toMatchObject({ status: 'proposed', total: 100_000, createdBy: 'treasurer' });
  expect(payout.counts).toEqual([{ status: 'proposed', items: 2, amount: 100_000 }]);
  expect(payout.leftOut).toEqual([{ account: `maker:${M3}:wages`, amount: 30_000, because: 'later' }]);
  const ofStatus = async (status: string) =>
    (await call('GET', `payouts?facilityId=${facilityId}&status=${status}`)).body.items.map(
      ({ payoutId }: { payoutId: string }) => payoutId,
    );
  expect([await ofStatus('proposed'), await ofStatus('reviewed')]).toEqual([[payout.payoutId], []]);
  expect(payout.items.map(({ account, amount }: { account: string; amount: number }) => [account, amount])).toEqual([
    [`maker:${M1}:wages`, 50_000],
    [`maker:${M2}:wages`, 50_000],
  ]);

  const path = `payouts/${payout.payoutId}`;
  expect(await call('POST', `${path}/approval`, { by: 'head' })).toMatchObject({ status: 409 });
  expect(await call('POST', `${path}/review`, { by: 'reviewer' })).toMatchObject({
    status: 200,
    body: { status: 'reviewed', reviewedBy: 'reviewer', items: [{ status: 'proposed' }, { status: 'proposed' }] },
  });
  for (const by of ['treasurer', 'reviewer']) {
    expect(await call('POST', `${path}/approval`, { by })).toMatchObject({ status: 403 });
  }
  await expect(
    database.query(`UPDATE payout SET status = 'approved', decided_by = created_by, decided_at = now()`),
  ).rejects.toThrow('approved_by_another');
  const approval = await call('POST', `${path}/approval`, { by: 'head' });
  expect(approval).toMatchObject({
    status: 200,
    body: { status: 'approved', decidedBy: 'head', items: [{ status: 'reserved' }, { status: 'reserved' }] },
  });
  expect(await call('POST', `${path}/approval`, { by: 'head' })).toEqual(approval);
  expect(await call('POST', `${path}/approval`, { by: 'another' })).toMatchObject({ status: 409 });
  expect(await call('POST', `${path}/rejection`, { by: 'head', reason: 'late' })).toMatchObject({ status: 409 });
  expect(await ownerOnce(`maker:${M1}`, {})).toMatchObject({ available: 0, reserved: 50_000, total: 50_000 });
  expect(await call('POST', 'payouts', proposal)).toMatchObject({ status: 409, body: { title: 'Nothing to pay' } });

  const [told] = await eventually(
    () => Payments.approved,
    ({ length }) => length > 0,
  );
  expect(told?.data).toMatchObject({ payoutId: payout.payoutId, bank: 'bri', items: [{ payee: `maker:${M1}` }, {}] });

  const items = itemsOf(payout);
  const answerOf = (maker: string) => {
    const { itemId = '', amount = 0 } = items[`maker:${maker}:wages`] ?? {};
    return { itemId, payoutId: payout.payoutId, facilityId, amount };
  };
  const sent = { payoutId: payout.payoutId, facilityId, items: 2, sentAt: '2026-02-01T03:00:00Z' };
  await send(app, newEvent(payoutSent, sent, cause()));
  await eventually(
    () => call('GET', path),
    ({ body }) => body.items[1].status === 'sent',
  );
  expect(await ownerOnce(`maker:${M1}`, {})).toMatchObject({ available: 0, reserved: 50_000 });
  const paid = newEvent(disbursementPaid, { ...answerOf(M1), paidAt: '2026-02-02T03:00:00Z' }, cause());
  const failure = { reason: 'account closed', failedAt: '2026-02-02T03:00:00Z' };
  const failed = newEvent(disbursementFailed, { ...answerOf(M2), ...failure }, cause());
  await send(app, paid, failed, { ...paid, id: newId() }, { ...failed, id: newId() });
  expect(await ownerOnce(`maker:${M2}`, { reserved: 0 })).toMatchObject({ available: 50_000, total: 50_000 });
  expect(await ownerOnce(`maker:${M1}`, { reserved: 0 })).toMatchObject({ available: 0, total: 0 });
  expect((await call('GET', path)).body.items).toMatchObject([
    { status: 'paid', journalId: expect.any(String), paidOn: '2026-02-02' },
    { status: 'failed', reason: 'account closed', journalId: null, paidOn: null },
  ]);
  const journals = await database.query<{ kind: string; entries: number }>(
    `SELECT kind, entries FROM journal WHERE kind IN ('payout', 'payout-failed') ORDER BY kind`,
  );
  expect(journals).toEqual([
    { kind: 'payout', entries: 2 },
    { kind: 'payout-failed', entries: 0 },
  ]);

  // The bank sends back what it paid: another journal undoes the first.
  await send(app, newEvent(disbursementFailed, { ...answerOf(M1), ...failure }, cause()));
  expect(await ownerOnce(`maker:${M1}`, { available: 50_000 })).toMatchObject({ total: 50_000 });
  expect((await call('POST', 'payouts', proposal)).body).toMatchObject({ total: 100_000 });
});

it('a refund never takes what is reserved; a proposal that is no longer covered is not approved', async () => {
  const maker = `M4-${run}`;
  await send(app, ...settledSale('r1', 100_000, [maker]));
  await ownerOnce(`maker:${maker}`, { available: 50_000 });
  const first = (await call('POST', 'payouts', proposal)).body;
  const second = (await call('POST', 'payouts', proposal)).body;
  for (const { payoutId } of [first, second]) await call('POST', `payouts/${payoutId}/review`, { by: 'reviewer' });
  await call('POST', `payouts/${first.payoutId}/approval`, { by: 'head' });
  expect(await call('POST', `payouts/${second.payoutId}/approval`, { by: 'head' })).toMatchObject({
    status: 409,
    body: { title: 'No longer available', detail: expect.stringContaining(`maker:${maker}:wages`) },
  });
  expect(await call('POST', `payouts/${second.payoutId}/rejection`, { by: 'head', reason: 'again' })).toMatchObject({
    status: 200,
    body: { status: 'rejected', reason: 'again', items: expect.any(Array) },
  });

  const spent = [
    { account: `maker:${maker}:wages`, amount: 1_000 },
    { account: `facility:${facilityId}:earnings`, amount: -1_000 },
  ];
  const draft = { facilityId, occurredAt: '2026-02-03T03:00:00Z', reason: 'shop', by: 'p1', type: 'adjustment' };
  const { adjustmentId } = (await call('POST', 'adjustments', { ...draft, entries: spent })).body;
  expect(await call('POST', `adjustments/${adjustmentId}/approval`, { by: 'p2' })).toMatchObject({
    status: 409,
    body: {
      detail: `maker:${maker}:wages: the balance is 50000, 50000 of it is reserved, 0 is free, 1000 would be taken.`,
    },
  });

  const refund = { refundId: 'blanja/r1/1#R1', lineRef: '1', refundRef: 'R1', quantity: 1, amount: 100_000 };
  await send(app, newEvent(saleRefunded, { ...ids('r1'), ...refund, occurredAt: '2026-02-03T03:00:00Z' }, cause()));
  expect(await ownerOnce(`maker:${maker}`, { receivable: 50_000 })).toMatchObject({
    ...{ pending: 0, available: 0, reserved: 50_000, total: 0 },
  });
});

it('a review leaves out whom not to pay; who proposed it withdraws it until it is approved', async () => {
  const [kept, left] = [`M5-${run}`, `M6-${run}`];
  await send(app, ...settledSale('v1', 80_000, [kept, left]));
  await ownerOnce(`maker:${left}`, { available: 20_000 });
  const payout = (await call('POST', 'payouts', proposal)).body;
  const path = `payouts/${payout.payoutId}`;
  const all = payout.items.map(({ itemId }: { itemId: string }) => itemId);
  const { itemId } = itemsOf(payout)[`maker:${left}:wages`] ?? {};
  expect(await call('POST', `${path}/review`, { by: 'treasurer', exclude: all })).toMatchObject({ status: 409 });
  expect(await call('POST', `${path}/review`, { by: 'treasurer', exclude: [newId()] })).toMatchObject({ status: 409 });
  const { body: reviewed } = await call('POST', `${path}/review`, { by: 'treasurer', exclude: [itemId] });
  expect(reviewed).toMatchObject({ status: 'reviewed', total: payout.total - 20_000 });
  expect(reviewed.counts).toContainEqual({ status: 'rejected', items: 1, amount: 20_000 });
  expect(reviewed.leftOut).toContainEqual({ account: `maker:${left}:wages`, amount: 20_000, because: 'excluded' });
  expect((await call('POST', `${path}/review`, { by: 'treasurer', exclude: [itemId] })).body).toEqual(reviewed);
  expect(await call('POST', `${path}/review`, { by: 'treasurer', exclude: [] })).toMatchObject({ status: 409 });
  expect(itemsOf(reviewed)).toMatchObject({
    [`maker:${kept}:wages`]: { status: 'proposed' },
    [`maker:${left}:wages`]: { status: 'rejected' },
  });

  expect(await call('POST', `${path}/withdrawal`, { by: 'head' })).toMatchObject({ status: 403 });
  expect(await call('POST', `${path}/withdrawal`, { by: 'treasurer' })).toMatchObject({
    status: 200,
    body: { status: 'withdrawn' },
  });
  expect(await call('POST', `${path}/approval`, { by: 'head' })).toMatchObject({ status: 409 });

  const again = (await call('POST', 'payouts', proposal)).body;
  const excluded = itemsOf(again)[`maker:${left}:wages`]?.itemId;
  await call('POST', `payouts/${again.payoutId}/review`, { by: 'reviewer', exclude: [excluded] });
  const { body: approved } = await call('POST', `payouts/${again.payoutId}/approval`, { by: 'head' });
  expect(approved.leftOut).toEqual([{ account: `maker:${left}:wages`, amount: 20_000, because: 'excluded' }]);
  const { body: next } = await call('POST', 'payouts', proposal);
  expect(next.leftOut).toContainEqual({ account: `maker:${kept}:wages`, amount: 20_000, because: 'being-paid' });
  expect(itemsOf(approved)).toMatchObject({
    [`maker:${kept}:wages`]: { status: 'reserved' },
    [`maker:${left}:wages`]: { status: 'rejected' },
  });
  expect(await ownerOnce(`maker:${left}`, {})).toMatchObject({ available: 20_000, reserved: 0 });
});

it('deposits what the state is owed, once per billing code and receipt', async () => {
  await send(app, ...settledSale('d1', 100_000, [M1]));
  await eventually(
    () => call('GET', `accounts/state:pnbp@${facilityId}`),
    ({ body }) => body.balance <= -54_000,
  );
  const bill = { facilityId, bank: 'bri', amount: 15_000, billingCode: '820260115000001', by: 'treasurer' };
  const { status, body: deposit } = await call('POST', 'deposits', bill);
  expect({ status, deposit }).toMatchObject({ status: 201, deposit: { amount: 15_000, ntpn: null } });
  expect(await call('POST', 'deposits', bill)).toMatchObject({ status: 409, body: { title: 'Billing code used' } });
  const ofStatus = async (status: string) =>
    (await call('GET', `deposits?status=${status}`)).body.items.map(
      ({ depositId }: { depositId: string }) => depositId,
    );
  expect([await ofStatus('billed'), await ofStatus('deposited')]).toEqual([[deposit.depositId], []]);
  const more = { ...bill, billingCode: '820260115000002', amount: 1_000_000 };
  expect(await call('POST', 'deposits', more)).toMatchObject({ status: 409, body: { title: 'More than is owed' } });

  const receipt = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: '2026-02-05T03:00:00Z', by: 'head' };
  const before = (await call('GET', `accounts/state:pnbp@${facilityId}`)).body.balance;
  const path = `deposits/${deposit.depositId}/receipt`;
  for (const by of ['treasurer', 'Treasurer', 'ｔreasurer']) {
    expect(await call('POST', path, { ...receipt, by })).toMatchObject({ status: 403 });
  }
  await expect(
    database.query(
      `UPDATE deposit SET ntpn = '1', deposited_at = now(), journal_id = deposit_id, confirmed_by = upper(created_by)`,
    ),
  ).rejects.toThrow('confirmed_by_another');
  expect(await call('POST', path, receipt)).toMatchObject({
    status: 200,
    body: { ntpn: receipt.ntpn, journalId: expect.any(String) },
  });
  expect((await call('GET', `accounts/state:pnbp@${facilityId}`)).body.balance).toBe(before + 15_000);
  expect(await call('POST', path, receipt)).toMatchObject({ status: 200, body: { ntpn: receipt.ntpn } });
  expect(await call('POST', path, { ...receipt, by: 'another' })).toMatchObject({ status: 409 });
  expect(await call('POST', path, { ...receipt, ntpn: '1A1B2C3D4E5F6G7H' })).toMatchObject({ status: 409 });
  expect((await call('GET', `accounts/state:pnbp@${facilityId}`)).body.balance).toBe(before + 15_000);
  expect((await call('GET', `deposits?facilityId=${facilityId}`)).body.items).toHaveLength(1);
});

it('was paid on the day that the bank says, also if its month was closed by then', async () => {
  const maker = `M7-${run}`;
  const account = `maker:${maker}:wages`;
  await send(app, ...settledSale('c1', 40_000, [maker]));
  await ownerOnce(`maker:${maker}`, { available: 20_000 });
  const payout = (await call('POST', 'payouts', proposal)).body;
  const path = `payouts/${payout.payoutId}`;
  await call('POST', `${path}/review`, { by: 'reviewer' });
  expect(await call('POST', `${path}/approval`, { by: 'head' })).toMatchObject({ status: 200 });
  const { body: close } = await call('POST', 'periods/2026-01/close', { by: 'p1', reason: 'month end' });
  const decision = `periods/decisions/${close.decisionId}`;
  await eventually(
    () => call('GET', decision),
    ({ body }) => body.status === 'waiting',
  );
  expect(await call('POST', `${decision}/approval`, { by: 'p2' })).toMatchObject({ status: 200 });

  const { itemId = '', amount = 0 } = itemsOf(payout)[account] ?? {};
  const answer = { itemId, payoutId: payout.payoutId, facilityId, amount };
  const itemOnce = async (status: string) => {
    const { body } = await eventually(
      () => call('GET', path),
      ({ body }) => itemsOf(body)[account]?.status === status,
    );
    return itemsOf(body)[account];
  };
  await send(app, newEvent(disbursementPaid, { ...answer, paidAt: '2026-01-30T20:00:00Z' }, cause()));
  expect(await itemOnce('paid')).toMatchObject({ status: 'paid', paidOn: '2026-01-31' });
  expect(
    await database.query(`SELECT posted_on AS "postedOn" FROM journal WHERE source_reference = $1`, [itemId]),
  ).toEqual([{ postedOn: '2026-02-01' }]);

  const failure = { reason: 'account closed', failedAt: '2026-02-03T03:00:00Z' };
  await send(app, newEvent(disbursementFailed, { ...answer, ...failure }, cause()));
  expect(await itemOnce('failed')).toMatchObject({ status: 'failed', paidOn: '2026-01-31' });
});
