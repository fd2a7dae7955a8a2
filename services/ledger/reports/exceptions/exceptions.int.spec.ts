import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chargeBorne, moneyHeld, UNALLOCATED } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { tokenOf } from '../../../../test/kit/issuer.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import { SaleEventsService } from '../../sales/sales/sale-events.service.ts';

let ledger: TestedLedger;
let address: string;

async function ask(path: string, body?: object, person = 'p-drafter', ...grants: string[]) {
  const response = await fetch(`${address}/v1/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${await tokenOf({ person, grants: grants.length > 0 ? grants : ['drafter@national'] })}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  return { status: response.status, body: (await response.json()) as any };
}
async function exceptions(query = '', ...grants: string[]) {
  const { status, body } = await ask(`exceptions?${query}`, undefined, 'p-reader', ...grants);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
}
const counts = ({ kinds }: { kinds: { kind: string; count: number; amount: number }[] }) =>
  Object.fromEntries(kinds.map(({ kind, count, amount }) => [kind, [count, amount]]));

beforeAll(async () => {
  ledger = await startLedger();
  address = await ledger.app.getUrl();
  await ledger.sell({ orderRef: 'one', lines: [{}] }); // of January: 100,000, of which 15 % are PNBP
  const portions = [{ lotId: 'L9', quantity: 1, unitCost: 0, measure: 'equal' as const, contributions: [] }];
  await ledger.sell({ orderRef: 'two', facilityId: 'F2', lines: [{ portions }] });
  await ledger.refund({ orderRef: 'never-sold', amount: 5_000 });
  const posted = { facilityId: 'F1', occurredAt: '2026-03-02T03:00:00Z', reason: 'paid too much', type: 'adjustment' };
  const entries = [
    { account: 'maker:M1:receivable', amount: 700 },
    { account: 'facility:F1:earnings', amount: -700 },
  ];
  const { body: draft } = await ask('adjustments', { ...posted, entries });
  const approval = `adjustments/${draft.adjustmentId}/approval`;
  expect(await ask(approval, {}, 'p-approver', 'approver@national')).toMatchObject({ status: 200 });
  await ledger.database.query(
    `INSERT INTO deposit (deposit_id, facility_id, bank, amount, billing_code, created_by, created_at)
     VALUES ($1, 'F1', 'bri', 1000, '820260206000001', 'p-drafter', now() - interval '7 days')`,
    [randomUUID()],
  );
  const today = { facilityId: 'F1', bank: 'bri', amount: 500, billingCode: '820260206000002' };
  expect(await ask('deposits', today)).toMatchObject({ status: 201 });
  await ledger.database.query(`INSERT INTO facility (facility_id, region) VALUES ('F1', 'Jatim'), ('F2', 'NTB')`);
  await ledger.database.query(
    `INSERT INTO maker_seat (maker_id, facility_id) VALUES ('M1', 'F1') ON CONFLICT (maker_id) DO NOTHING`,
  );
});
afterAll(() => ledger.close());

const sale = (orderRef: string, facilityId: string) => `blanja/${orderRef}@${facilityId}`;

it('everything that does not come right by itself is listed, by kind and age', async () => {
  const all = await exceptions();
  expect(counts(all)).toEqual({
    break: [2, 200_000],
    suspense: [1, 50_000],
    receivable: [1, 700],
    unsettled: [2, 200_000],
    'late-deposit': [3, 29_500], // and not what was billed today
    refused: [1, 5_000],
  });
  const days = all.items.map(({ since }: { since: string }) => since);
  expect(days).toEqual([...days].sort());
  expect(all.items).toEqual(
    expect.arrayContaining([
      {
        ...{ kind: 'unsettled', reference: sale('one', 'F1'), detail: 'blanja', facilityId: 'F1', amount: 100_000 },
        ...{
          since: '2026-01-05',
          days: expect.any(Number),
          actions: ['assign'],
          owner: null,
          note: null,
          proposal: null,
        },
      },
      expect.objectContaining({ kind: 'break', reference: 'order/blanja/one', detail: 'not-in-orders-nor-payments' }),
      expect.objectContaining({ kind: 'suspense', facilityId: 'F2', detail: 'L9', amount: 50_000 }),
      expect.objectContaining({ kind: 'receivable', facilityId: 'F1', since: '2026-03-02', amount: 700 }),
      expect.objectContaining({ kind: 'late-deposit', reference: 'state:pnbp@F1', detail: 'owed', amount: 13_500 }),
      expect.objectContaining({ kind: 'late-deposit', facilityId: 'F1', detail: 'billed', amount: 1_000 }),
      expect.objectContaining({ kind: 'late-deposit', reference: 'state:pnbp@F2', amount: 15_000 }),
      expect.objectContaining({ kind: 'refused', facilityId: 'F1', amount: 5_000 }),
    ]),
  );
});

it('it is asked for by facility, region, kind and age, page by page', async () => {
  const own = { break: [1, 100_000], suspense: [1, 50_000], unsettled: [1, 100_000], 'late-deposit': [1, 15_000] };
  expect(counts(await exceptions('facilityId=F2'))).toEqual(own);
  expect(counts(await exceptions('region=NTB'))).toEqual(own);
  expect(counts(await exceptions('region=NTB&facilityId=F1'))).toEqual({});
  expect(counts(await exceptions('kind=receivable'))).toEqual({ receivable: [1, 700] });
  const old = counts(await exceptions('days=1'));
  expect([old.refused, old['late-deposit'], old.unsettled]).toEqual([undefined, [3, 29_500], [2, 200_000]]);
  const whole = await exceptions();
  const seen: unknown[] = [];
  for (let cursor = ''; ; ) {
    const page = await exceptions(`limit=3${cursor}`);
    expect(page.kinds).toEqual(whole.kinds);
    seen.push(...page.items);
    if (page.nextCursor === undefined) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(seen).toEqual(whole.items);
});

it('whoever sees a facility sees what is in its books, and looks after that alone', async () => {
  const { items } = await exceptions('', 'approver@facility:F2');
  expect(items).toEqual((await exceptions('facilityId=F2')).items);
  const note = { owner: 'P-Owner', note: 'asked the marketplace' };
  const path = (orderRef: string, facilityId: string) =>
    `exceptions/unsettled/${encodeURIComponent(sale(orderRef, facilityId))}/notes`;
  expect(await ask(path('one', 'F1'), note, 'p-2', 'approver@facility:F2')).toMatchObject({ status: 404 });
  expect(await ask(path('no', 'F2'), note, 'p-2', 'approver@facility:F2')).toMatchObject({ status: 404 });
  expect(await ask(path('two', 'F2'), note, 'p-2', 'officer@facility:F2')).toMatchObject({ status: 403 });
  expect(await ask(path('two', 'F2'), note, 'p-2', 'approver@facility:F2')).toMatchObject({
    status: 200,
    body: {
      ...{ kind: 'unsettled', reference: sale('two', 'F2'), owner: 'p-owner' },
      note: { note: 'asked the marketplace', by: 'p-2', at: expect.any(String) },
    },
  });
  const later = await ask(path('two', 'F2'), { owner: 'p-3', note: 'they pay on Friday' }, 'p-3');
  expect(later.body).toMatchObject({ owner: 'p-3', note: { note: 'they pay on Friday', by: 'p-3' } });
  expect((await exceptions('owner=p-3')).items).toEqual([later.body]);
  expect((await exceptions('owner=p-owner')).items).toEqual([]);
  expect(await ledger.database.query('SELECT note FROM exception_note ORDER BY note_id')).toHaveLength(2);
});

it('what somebody has proposed about one is told with it, and nothing else is offered until it is decided', async () => {
  const refused = async () => (await exceptions('kind=refused')).items[0];
  const { reference, actions, proposal } = await refused();
  expect([actions, proposal]).toEqual([['assign', 'redrive', 'discard'], null]);
  const discard = `refused-events/${reference}/discard`;
  expect(await ask(discard, { reason: 'nobody knows it' })).toMatchObject({ status: 200 });
  expect(await refused()).toMatchObject({
    actions: ['assign'],
    proposal: {
      kind: 'refused-event',
      id: reference,
      by: 'p-drafter',
      at: expect.any(String),
      reason: 'nobody knows it',
    },
  });
  expect(await ask(`${discard}/withdrawal`, {})).toMatchObject({ status: 200 });
  expect(await refused()).toMatchObject({ actions, proposal: null });

  const held = {
    ...{ holdId: 'blanja/lost!1', orderId: 'blanja/lost', channel: 'blanja', facilityId: UNALLOCATED, amount: 90_000 },
    ...{ subject: 'settlement-without-order' as const, occurredAt: '2026-01-05T03:00:00Z' },
    settlement: { settlementId: 'blanja/lost~S1', fee: 4_000, shipping: 1_000, withheldTax: 500, bank: 'bri' },
  };
  const event = newEvent(moneyHeld, held, { correlationId: newId() });
  await ledger.database.transaction(async (transaction) =>
    ledger.app.get(SaleEventsService).post(await openBooksFor(transaction, [event]), [event]),
  );
  const lost = async () => (await exceptions('kind=unknown-order')).items[0];
  expect(await lost()).toMatchObject({ amount: 90_000, actions: ['assign', 'allocate'], proposal: null });
  const path = `holds/${encodeURIComponent(held.holdId)}/assignment`;
  const { body: draft } = await ask(path, { facilityId: 'F1', reason: 'sold before the programme' });
  expect(draft).toMatchObject({ type: 'assignment', content: { holdId: held.holdId, amount: 85_000 } });
  expect(await lost()).toMatchObject({
    actions: ['assign'],
    proposal: { kind: 'adjustment', id: draft.adjustmentId, by: 'p-drafter', reason: 'sold before the programme' },
  });
  const { body: inbox } = await ask(`decisions?kind=adjustment&state=open`);
  expect(inbox.items).toMatchObject([{ id: draft.adjustmentId, type: 'assignment', amount: 85_000 }]);
  expect(
    await ask(`adjustments/${draft.adjustmentId}/rejection`, { reason: 'the order will come' }, 'p-2'),
  ).toMatchObject({
    status: 200,
  });
  expect(await lost()).toMatchObject({ actions: ['assign', 'allocate'], proposal: null });
});

it('what its channel is to have paid by its terms is listed when it has not, however old it is', async () => {
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const late = (orderRef: string, placedAt: string, settlesBy: string) =>
    ledger.sell({ orderRef, placedAt, settlesBy, lines: [{}] });
  await late('patient', '2026-01-05T03:00:00Z', at(2));
  await late('prompt', at(-4), at(-2));
  const listed = (await exceptions('kind=unsettled')).items.map(({ reference }: { reference: string }) => reference);
  expect(listed).toContain(sale('prompt', 'F1'));
  expect(listed).not.toContain(sale('patient', 'F1'));
});

it('what a channel took of no store that is known is listed, and can be given to a facility', async () => {
  const charge = {
    ...{ chargeId: 'blanja/-~Iklan 1', channel: 'blanja', store: 'bali', called: 'Iklan', facilityId: UNALLOCATED },
    ...{ withheldTax: 0, paidOut: -21_800, bank: 'bri', chargedAt: '2026-01-08T03:00:00Z' },
  };
  const event = newEvent(chargeBorne, charge, { correlationId: newId() });
  await ledger.database.transaction(async (transaction) =>
    ledger.app.get(SaleEventsService).post(await openBooksFor(transaction, [event]), [event]),
  );
  expect((await exceptions('kind=no-store')).items).toMatchObject([
    {
      ...{ reference: 'blanja/-~Iklan 1!1', detail: 'Iklan, bali', facilityId: UNALLOCATED, amount: -21_800 },
      ...{ since: '2026-01-08', actions: ['assign', 'allocate'], proposal: null },
    },
  ]);
  const path = `holds/${encodeURIComponent('blanja/-~Iklan 1!1')}/assignment`;
  const { body: draft } = await ask(path, { facilityId: 'F1', reason: 'the only store of then' });
  expect(await ask(`adjustments/${draft.adjustmentId}/approval`, {}, 'p-approver', 'approver@national')).toMatchObject({
    status: 200,
  });
  expect((await exceptions('kind=no-store')).items).toEqual([]);
});
