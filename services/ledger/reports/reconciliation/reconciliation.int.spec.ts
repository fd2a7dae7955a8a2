import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import {
  channelCharged,
  chargeBorne,
  chargeCleared,
  disbursementPaid,
  type Event,
  orderCancelled,
  orderPaid,
  orderPlaced,
  paymentCaptured,
  paymentRefunded,
  refundIdOf,
  refundRequested,
  salePaid,
  saleRefunded,
  saleSettled,
  settlementConfirmed,
  settlementIdOf,
  UNALLOCATED,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../../../test/kit/database.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import { eventually, send, startTested } from '../../../../test/kit/service.ts';
import { signedFetch } from '../../../../test/kit/sign-in.ts';
import { PayoutRepository } from '../../decisions/payouts/payout.repository.ts';
import { PayoutsService } from '../../decisions/payouts/payouts.service.ts';
import { LedgerModule } from '../../ledger.module.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { ledgerPolicy } from '../../policy.ts';
import { ReconciliationService } from './reconciliation.service.ts';

let testDatabase: TestDatabase;
let app: INestApplication;

beforeAll(async () => {
  testDatabase = await createDatabase();
  process.env.LEDGER_SEAL_KEY = newSealKey();
  const service = { module: LedgerModule, policy: ledgerPolicy, migrations: ledgerMigrations, neighbours: [] };
  app = await startTested({ ...service, name: `reconciliation-${randomUUID()}` }, testDatabase);
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

const cause = { correlationId: newId() };
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000 - 60_000).toISOString();

async function get(path: string): Promise<Response> {
  return signedFetch(`${await app.getUrl()}/v1/${path}`);
}

interface Break {
  readonly subject: string;
  readonly reference: string;
  readonly kind: string;
}

async function breaksOf(part: string): Promise<Break[]> {
  const { rows } = (await (await get('reports/reconciliation')).json()) as { rows: Break[] };
  return rows.filter(({ reference }) => reference.includes(part));
}

/** Everything that orders, payments and the ledger say of an order of two sales, at two facilities, for 60,000 and 40,000. */
function told(orderRef: string, days = 0) {
  const orderId = `blanja/${orderRef}`;
  const [placedAt, refundId, settlementId] = [
    daysAgo(days),
    refundIdOf(orderId, '1', 'R1'),
    settlementIdOf(orderId, 'S1'),
  ];
  const line = (lineRef: string, unitPrice: number) => {
    const contributions = [{ makerId: `M-${orderRef}`, weight: '1' }];
    const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
    const costs = { discount: 0, fees: 0, shipping: 0, tax: 0 };
    return { lineRef, sku: 'batik', quantity: 1, unitPrice, ...costs, portions };
  };
  const sale = (facilityId: string) => ({ saleId: `${orderId}@${facilityId}`, orderId, facilityId, channel: 'blanja' });
  const sold = (facilityId: string, lineRef: string, price: number) =>
    newEvent(salePaid, { ...sale(facilityId), orderRef, placedAt, lines: [line(lineRef, price)] }, cause);
  const kept = { fee: 600, shipping: 0, withheldTax: 0, bank: 'bri', settledAt: placedAt };
  const refund = { refundId, lineRef: '1', refundRef: 'R1', quantity: 1, amount: 20_000, occurredAt: placedAt };
  const lines = ['1', '2'].map((lineRef) => ({ lineRef, sku: 'batik', quantity: 1 }));
  const at = (event: Event): Event => ({ ...event, time: placedAt });
  return {
    placed: newEvent(orderPlaced, { orderId, placedAt, payment: 'escrow', amount: 100_000, lines }, cause),
    captured: newEvent(paymentCaptured, { orderId, amount: 100_000, capturedAt: placedAt }, cause),
    paid: at(newEvent(orderPaid, { orderId }, cause)),
    sold: sold(`F1-${orderRef}`, '1', 60_000),
    soldElsewhere: sold(`F2-${orderRef}`, '2', 40_000),
    requested: at(newEvent(refundRequested, { refundId, orderId, amount: 20_000 }, cause)),
    refunded: newEvent(paymentRefunded, { orderId, refundId, amount: 20_000, refundedAt: placedAt }, cause),
    reversed: newEvent(saleRefunded, { ...sale(`F1-${orderRef}`), ...refund }, cause),
    confirmed: newEvent(settlementConfirmed, { settlementId, orderId, ...kept, fee: 1_200 }, cause),
    settled: newEvent(saleSettled, { ...sale(`F1-${orderRef}`), ...kept, settlementId }, cause),
    settledElsewhere: newEvent(saleSettled, { ...sale(`F2-${orderRef}`), ...kept, settlementId }, cause),
  } satisfies Record<string, Event>;
}

type Said = keyof ReturnType<typeof told>;

/** What is known of a subject of an order, once so many have said something of it and it has so many journals. */
async function comparedOf(subject: string, reference: string, records: number, journals: number) {
  const look = async () => {
    const found = await get(`reconciliation/${subject}/${encodeURIComponent(`blanja/${reference}`)}`);
    return (await found.json()) as Partial<Record<'records' | 'journals', unknown[]>>;
  };
  const found = await eventually(look, (is) => is.records?.length === records && is.journals?.length === journals);
  expect([subject, reference, found.records?.length, found.journals?.length]).toEqual([
    ...[subject, reference, records, journals],
  ]);
  return found;
}

/** All but what is withheld. */
async function say(orderRef: string, { withheld = [], days = 0 }: { withheld?: Said[]; days?: number }) {
  const events = told(orderRef, days);
  const rest = Object.entries(events).filter(([name]) => !withheld.includes(name as Said));
  await send(app, ...rest.map(([, event]) => event as Event));
  return events;
}

it('where all three agree there is no break, in whatever order they are heard', async () => {
  const events = Object.values(told('agree')) as Event[];
  await send(app, ...events.reverse().filter(({ type }) => type.startsWith('payments.')), ...events.reverse());
  await eventually(
    () =>
      get('reconciliation/settlement/blanja%2Fagree~S1').then(
        (found) => found.json() as Promise<{ journals: unknown[] }>,
      ),
    ({ journals }) => journals?.length === 2,
  );
  expect(
    await eventually(
      () => breaksOf('agree'),
      (breaks) => breaks.length === 0,
    ),
  ).toEqual([]);
});

describe('an event that is withheld shows, and its break is gone when it arrives', () => {
  it.each<[withheld: Said, days: number, expected: object, withIt?: Said[]]>([
    [
      'paid',
      0,
      { subject: 'order', kind: 'not-in-orders', payments: 100_000, ledger: 100_000, amount: 100_000, days: 0 },
    ],
    ['captured', 3, { subject: 'order', kind: 'not-in-payments', orders: 100_000, ledger: 100_000, days: 3 }],
    [
      'soldElsewhere',
      12,
      { subject: 'order', kind: 'amounts-differ', ledger: 60_000, amount: 40_000, days: 12 },
      ['confirmed', 'settled', 'settledElsewhere'],
    ],
    ['requested', 40, { subject: 'refund', kind: 'not-in-orders', payments: 20_000, ledger: 20_000, days: 40 }],
    ['refunded', 5, { subject: 'refund', kind: 'not-in-payments', orders: 20_000, ledger: 20_000, days: 5 }],
    ['reversed', 95, { subject: 'refund', kind: 'not-in-ledger', orders: 20_000, payments: 20_000, days: 95 }],
    ['confirmed', 2, { subject: 'settlement', kind: 'not-in-payments', payments: null, ledger: 1_200, days: 2 }],
    [
      'settledElsewhere',
      9,
      { subject: 'settlement', kind: 'amounts-differ', payments: 1_200, ledger: 600, amount: 600 },
    ],
  ])('%s, for %i days', async (withheld, days, expected, withIt = []) => {
    const ref = `without-${withheld}`;
    const all = [withheld, ...withIt];
    const events = await say(ref, { withheld: all, days });
    const found = await eventually(
      () => breaksOf(ref),
      (breaks) => breaks.length === 1 && matches(breaks[0], expected),
    );
    expect(found).toMatchObject([expected]);
    await send(app, ...all.map((name) => events[name]));
    expect(
      await eventually(
        () => breaksOf(ref),
        (breaks) => breaks.length === 0,
      ),
    ).toEqual([]);
  });

  it('a sale and its settlement, whole', async () => {
    const { placed, captured, paid, sold, soldElsewhere } = told('unposted');
    await send(app, placed, captured, paid);
    const expected = { subject: 'order', kind: 'not-in-ledger', orders: 100_000, payments: 100_000, ledger: null };
    expect(
      await eventually(
        () => breaksOf('unposted'),
        (breaks) => matches(breaks[0], expected),
      ),
    ).toMatchObject([expected]);
    await send(app, sold, soldElsewhere);
    expect(
      await eventually(
        () => breaksOf('unposted'),
        (breaks) => breaks.length === 0,
      ),
    ).toEqual([]);
  });

  it('the money of an order that was cancelled, until it is given back', async () => {
    const { placed, captured } = told('cancelled');
    const { orderId } = captured.data;
    await send(app, placed, captured, newEvent(orderCancelled, { orderId, reason: 'out-of-stock' }, cause));
    const expected = { kind: 'not-in-orders-nor-ledger', payments: 100_000, amount: 100_000 };
    expect(
      await eventually(
        () => breaksOf('cancelled'),
        (breaks) => breaks.length === 1 && matches(breaks[0], expected),
      ),
    ).toMatchObject([expected]);
    await send(app, newEvent(paymentRefunded, { orderId, amount: 100_000, refundedAt: daysAgo(0) }, cause));
    expect(
      await eventually(
        () => breaksOf('cancelled'),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
  });

  it('what the bank has not answered', async () => {
    await say('payout', {});
    const [database, payouts, rows] = [app.get(Database), app.get(PayoutsService), app.get(PayoutRepository)];
    const proposal = { facilityId: 'F2-payout', bank: 'bri', upTo: '2999-12-31', by: 'p1' };
    const payoutId = await eventually(
      () => database.transaction((transaction) => payouts.propose(transaction, proposal, cause)).catch(() => ''),
      (id) => id !== '',
    );
    await database.transaction((transaction) => payouts.review(transaction, payoutId, 'p1', []));
    await database.transaction((transaction) => payouts.approve(transaction, payoutId, 'p2', cause));
    const [item] = (await rows.find(database, payoutId))?.items ?? [];
    const { itemId = '', amount = 0 } = item ?? {};
    expect(await breaksOf(itemId)).toMatchObject([{ subject: 'payout', kind: 'not-in-payments', ledger: 20_000 }]);
    const paid = { itemId, payoutId, facilityId: 'F2-payout', amount, paidAt: daysAgo(0) };
    await send(app, newEvent(disbursementPaid, paid, cause));
    expect(
      await eventually(
        () => breaksOf(itemId),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
  });
});

it('breaks are aged and opened, and written in every format', async () => {
  await say('aged', { withheld: ['captured'], days: 45 });
  await comparedOf('settlement', 'aged~S1', 1, 2);
  await comparedOf('refund', 'aged/1#R1', 2, 1); // orders asks for it after the sale
  const { records, journals } = await comparedOf('order', 'aged', 1, 2);
  const ageing = await (await get('reports/reconciliation-ageing?facilityId=F1-aged')).json();
  const none = { today: 0, week: 0, month: 0, older: 0 };
  expect(ageing).toMatchObject({
    rows: [{ subject: 'order', kind: 'not-in-payments', breaks: 1, amount: 100_000, quarter: 100_000, ...none }],
  });
  expect(records).toMatchObject([{ counterparty: 'orders', state: 'sold', amount: 100_000 }]);
  expect(journals).toMatchObject([{ kind: 'sale' }, { kind: 'sale' }]);
  expect((await get('reconciliation/order/blanja%2Fnever')).status).toBe(404);

  const csv = await (await get('reports/reconciliation?facilityId=F1-aged&format=csv&language=en')).text();
  expect(csv.split('\n')[1]).toMatch(/^order,blanja\/aged,"F1-aged, F2-aged",not-in-payments,100000,,100000,100000,/);
  for (const format of ['xlsx', 'pdf']) {
    expect((await get(`reports/reconciliation?format=${format}`)).status).toBe(200);
    expect((await get(`reports/reconciliation-ageing?format=${format}`)).status).toBe(200);
  }
});

it('what was compared as it came is what comparing everything finds', async () => {
  const [database, reconciliation] = [app.get(Database), app.get(ReconciliationService)];
  const broken = async () => {
    await reconciliation.compare();
    return database.query('SELECT * FROM reconciliation_break ORDER BY subject, reference');
  };
  await say('left', { withheld: ['captured', 'reversed', 'confirmed', 'settledElsewhere'], days: 2 });
  await eventually(broken, ({ length }) => length >= 4);
  await comparedOf('settlement', 'left~S1', 0, 1);
  await comparedOf('refund', 'left/1#R1', 2, 0);
  await comparedOf('order', 'left', 1, 2);
  const bitByBit = await broken();
  expect(bitByBit.length).toBeGreaterThanOrEqual(4);
  await database.query('UPDATE reconciliation_position SET compared_at = NULL');
  expect(await broken()).toEqual(bitByBit);
});

function matches(found: object | undefined, expected: object): boolean {
  return Object.entries(expected).every(([key, value]) => (found as Record<string, unknown>)?.[key] === value);
}

it('what a channel took of no order is compared like a settlement, while it is held and when it is borne', async () => {
  const charge = (ref: string, withheldTax = 500) => ({
    ...{ chargeId: `blanja/-~${ref}`, channel: 'blanja', called: 'Iklan', withheldTax, paidOut: -21_800 },
    ...{ bank: 'bri', chargedAt: daysAgo(2) },
  });
  const posted = (kind: string, ref: string) =>
    app
      .get(Database)
      .query('SELECT FROM journal WHERE kind = $1 AND starts_with(source_reference, $2)', [
        ...[kind, `blanja/-~${ref}`],
      ]);
  const isThere = ({ length }: readonly unknown[]) => length === 1;
  const broken = (ref: string, are: (breaks: readonly Break[]) => boolean) => eventually(() => breaksOf(ref), are);

  await send(app, newEvent(channelCharged, charge('told'), cause));
  expect(await broken('-~told', isThere)).toMatchObject([
    { subject: 'settlement', reference: 'blanja/-~told', kind: 'not-in-ledger' },
  ]);
  await send(app, newEvent(chargeBorne, { ...charge('told'), facilityId: UNALLOCATED }, cause));
  expect(await broken('-~told', ({ length }) => length === 0)).toEqual([]);
  await send(app, newEvent(chargeCleared, { chargeId: 'blanja/-~told', facilityId: UNALLOCATED }, cause));
  await send(app, newEvent(chargeBorne, { ...charge('told'), facilityId: 'F1' }, cause));
  expect(await eventually(() => posted('held-cleared', 'told'), isThere)).toHaveLength(1);
  expect(await eventually(() => posted('charge', 'told'), isThere)).toHaveLength(1);
  await comparedOf('settlement', '-~told', 1, 2);
  expect(await broken('-~told', ({ length }) => length === 0)).toEqual([]);

  await send(app, newEvent(chargeBorne, { ...charge('untold'), facilityId: 'F1' }, cause));
  expect(await broken('-~untold', isThere)).toMatchObject([{ subject: 'settlement', kind: 'not-in-payments' }]);
  await send(app, newEvent(channelCharged, charge('untold', 700), cause));
  const differ = (breaks: readonly Break[]) => breaks[0]?.kind === 'amounts-differ';
  expect(await broken('-~untold', differ)).toMatchObject([{ kind: 'amounts-differ', amount: 200 }]);
});
