import 'reflect-metadata';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { register } from 'prom-client';
import {
  contributionsRecorded,
  type DataOf,
  type Event,
  refundIdOf,
  refundPosted,
  type SalePaid,
  type SaleRefunded,
  saleCredited,
  saleIdOf,
  salePaid,
  saleRefunded,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase } from '../../test/kit/database.ts';
import { untilSomebodyWaits } from '../../test/kit/locks.ts';
import { isInstalled } from '../../test/kit/programs.ts';
import { newSealKey } from '../../test/kit/seal-key.ts';
import { eventually, send as sendTo, startTested } from '../../test/kit/service.ts';
import { signedFetch } from '../../test/kit/sign-in.ts';
import { openBooks } from './books/open-books.repository.ts';
import { LedgerModule } from './ledger.module.ts';
import { ledgerMigrations } from './migrations/index.ts';
import { ledgerPolicy } from './policy.ts';
import { RefusedEventsService } from './sales/sales/refused-events.service.ts';
import { SalesListener } from './sales/sales/sales.listener.ts';

/** The broker is shared with other files and runs: facilities of our own keep the books apart. */
const run = randomUUID().slice(0, 8);
const facilityId = `F1-${run}`;

const testDatabase = await createDatabase();
process.env.LEDGER_SEAL_KEY = newSealKey();

/** What the ledger says, as orders hears it. */
const credited: Event<DataOf<typeof saleCredited>>[] = [];
const reversed: Event<DataOf<typeof refundPosted>>[] = [];

@Controller()
class Listener {
  @EventHandler(saleCredited)
  async onCredited(events: Event<DataOf<typeof saleCredited>>[]): Promise<void> {
    credited.push(...events.filter(({ key }) => key.endsWith(run)));
  }

  @EventHandler(refundPosted)
  async onPosted(events: Event<DataOf<typeof refundPosted>>[]): Promise<void> {
    reversed.push(...events.filter(({ key }) => key.endsWith(run)));
  }
}

let app: INestApplication;

async function start(): Promise<void> {
  app = await startTested(
    {
      name: `ledger-${run}`,
      module: LedgerModule,
      policy: ledgerPolicy,
      migrations: ledgerMigrations,
      neighbours: [Listener],
    },
    testDatabase,
  );
}

beforeAll(start);
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

type Line = SalePaid['lines'][number];

const line: Line = {
  lineRef: '1',
  sku: 'batik',
  quantity: 3,
  unitPrice: 40_000,
  discount: 0,
  fees: 0,
  shipping: 0,
  tax: 0,
  portions: [
    {
      lotId: 'L1',
      quantity: 3,
      unitCost: 10_000,
      measure: 'hours',
      contributions: [
        { makerId: 'M1', weight: '6' },
        { makerId: 'M2', weight: '4' },
      ],
    },
  ],
};

const paid = (orderRef: string, more: Partial<SalePaid> = {}): Event<SalePaid> => {
  const orderId = `blanja/${orderRef}`;
  const sale = {
    orderId,
    channel: 'blanja',
    orderRef,
    facilityId,
    placedAt: '2026-01-05T03:00:00Z',
    lines: [line],
    ...more,
  };
  return newEvent(salePaid, { ...sale, saleId: saleIdOf(orderId, sale.facilityId) }, { correlationId: newId() });
};

let refundNumber = 0;
const refunded = (orderRef: string, amount: number, more: Partial<SaleRefunded> = {}): Event<SaleRefunded> => {
  refundNumber += 1;
  const refund = {
    orderId: `blanja/${orderRef}`,
    facilityId,
    channel: 'blanja',
    lineRef: '1',
    refundRef: `R${refundNumber}`,
    quantity: 1,
    amount,
    occurredAt: '2026-01-06T03:00:00Z',
    ...more,
  };
  return newEvent(
    saleRefunded,
    {
      ...refund,
      refundId: refundIdOf(refund.orderId, refund.lineRef, refund.refundRef),
      saleId: saleIdOf(refund.orderId, refund.facilityId),
    },
    { correlationId: newId() },
  );
};

/** Sends events as orders would. */
const send = (...events: Event[]) => sendTo(app, ...events);

/** What the ledger answered to these events; an event that it has not answered is missing. */
const answers = (...events: Event[]) =>
  eventually(
    () => {
      const heard = [...credited, ...reversed];
      return events.flatMap(({ id }) => heard.filter(({ causationId }) => causationId === id));
    },
    ({ length }) => length >= events.length,
  );

async function sendAndHear(...events: Event[]) {
  await send(...events);
  return answers(...events);
}

const address = async () => `${await app.getUrl()}/v1`;
// biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
async function get(path: string): Promise<any> {
  const response = await signedFetch(`${await address()}/${path}`);
  return response.json();
}
const hledgerExport = async () => (await signedFetch(`${await address()}/exports/hledger`)).text();
const accountsOf = async (filter: string) => {
  const { items } = await get(`accounts?limit=1000&${filter}`);
  return Object.fromEntries((items as { code: string; balance: number }[]).map(({ code, balance }) => [code, balance]));
};
const movements = (entries: readonly { account: string; amount: number }[]) => {
  const sums: Record<string, number> = {};
  for (const { account, amount } of entries) sums[account] = (sums[account] ?? 0) + amount;
  return sums;
};

describe('a sale', () => {
  it('is credited to facility, makers and state in one balanced journal, and orders is told', async () => {
    const event = paid('sale');
    const [answer] = await sendAndHear(event);
    // 120,000 less cost 30,000: 90,000 shared 50/35/15
    expect(answer).toMatchObject({
      type: saleCredited.type,
      key: facilityId,
      correlationId: event.correlationId,
      data: {
        saleId: `blanja/sale@${facilityId}`,
        orderId: 'blanja/sale',
        facilityId,
        postedOn: '2026-01-05',
        totals: {
          costRecovery: 30_000,
          facility: 31_500,
          makers: 45_000,
          state: 13_500,
          beneficiaries: 0,
          fees: 0,
          shipping: 0,
          tax: 0,
          suspense: 0,
        },
      },
    });

    const journal = await get(`journals/${answer?.data.journalId}`);
    expect(journal).toMatchObject({
      kind: 'sale',
      facilityId,
      postedOn: '2026-01-05',
      occurredAt: '2026-01-05T03:00:00.000Z',
      sourceReference: event.data.saleId,
      reverses: null,
      agreement: { id: 'ID-1990', version: 1 },
      source: event.data,
    });
    for (const path of [
      'journals?limit=1000',
      `journals/${journal.journalId}`,
      `journals/${journal.journalId}/explanation`,
    ]) {
      const told = JSON.stringify(await get(path));
      expect(told).toContain(journal.journalId);
      for (const salt of [event.id, event.correlationId]) expect(told).not.toContain(salt);
    }
    expect(movements(journal.entries)).toEqual({
      [`channel:blanja:receivable@${facilityId}`]: 120_000,
      [`facility:${facilityId}:cost-recovery`]: -30_000,
      [`facility:${facilityId}:earnings-pending`]: -31_500,
      [`state:pnbp@${facilityId}`]: -13_500,
      'maker:M1:wages-pending': -27_000,
      'maker:M2:wages-pending': -18_000,
    });
  });

  it('is posted on its day in Jakarta, not in UTC', async () => {
    const [answer] = await sendAndHear(paid('midnight', { placedAt: '2026-01-31T17:00:00Z' }));
    expect(answer?.data.postedOn).toBe('2026-02-01');
  });

  it('has several lines, and entries of each', async () => {
    const [answer] = await sendAndHear(paid('lines', { lines: [line, { ...line, lineRef: '2', unitPrice: 50_000 }] }));
    const { entries } = await get(`journals/${answer?.data.journalId}`);
    const facility = entries.filter(({ account }: { account: string }) => account.endsWith('earnings-pending'));
    expect(facility).toMatchObject([
      { lineRef: '1', amount: -31_500 },
      { lineRef: '2', amount: -42_000 },
    ]);
    expect(entries.filter(({ amount }: { amount: number }) => amount > 0)).toMatchObject([
      { account: `channel:blanja:receivable@${facilityId}`, amount: 270_000, lineRef: null },
    ]);
  });

  it('without contributions holds the makers’ part in suspense', async () => {
    const [portion] = line.portions;
    const lines = [{ ...line, portions: [{ ...portion, contributions: [] }] }] as Line[];
    const [answer] = await sendAndHear(paid('suspense', { lines }));
    expect(answer?.data.totals).toMatchObject({ makers: 0, suspense: 45_000 });
    expect((await accountsOf('owner=suspense'))[`suspense@${facilityId}`]).toBe(-45_000);
  });

  it('of price 0 is in the books, with nothing moved', async () => {
    const free = { ...line, unitPrice: 0, portions: line.portions.map((portion) => ({ ...portion, unitCost: 0 })) };
    const [answer] = await sendAndHear(paid('free', { lines: [free] }));
    expect(await get(`journals/${answer?.data.journalId}`)).toMatchObject({ entries: [] });
    const [refund] = await sendAndHear(refunded('free', 0, { quantity: 3 }));
    expect(await get(`journals/${refund?.data.journalId}/explanation`)).toMatchObject({ matches: true, entries: [] });
  });
});

describe('a refund', () => {
  it('takes back from everybody its part, then the rest, and leaves nothing', async () => {
    const sale = paid('refund');
    const [first, second] = [refunded('refund', 40_001), refunded('refund', 79_999, { quantity: 2 })];
    const [sold, ...refunds] = await sendAndHear(sale, first, second);
    expect(refunds.map(({ data }) => data)).toMatchObject([
      { refundId: first.data.refundId, saleId: sale.data.saleId, totals: { costRecovery: -10_000, state: -4_500 } },
      { refundId: second.data.refundId, saleId: sale.data.saleId },
    ]);

    const { items } = await get(`journals?saleId=${encodeURIComponent(sale.data.saleId)}`);
    expect(items).toMatchObject([
      { kind: 'sale', journalId: sold?.data.journalId },
      { kind: 'refund', reverses: sold?.data.journalId, postedOn: '2026-01-06' },
      { kind: 'refund', reverses: sold?.data.journalId },
    ]);
    const left = movements(items.flatMap(({ entries }: { entries: [] }) => entries));
    expect([...new Set(Object.values(left))]).toEqual([0]);
  });

  it('beyond the price is goodwill of the facility', async () => {
    const [, answer] = await sendAndHear(paid('goodwill'), refunded('goodwill', 125_000, { quantity: 3 }));
    const journal = await get(`journals/${answer?.data.journalId}`);
    expect(movements(journal.entries)).toMatchObject({
      [`channel:blanja:receivable@${facilityId}`]: -125_000,
      [`facility:${facilityId}:earnings`]: 5_000,
    });
    expect(await get(`journals/${answer?.data.journalId}/explanation`)).toMatchObject({ matches: true });
  });

  it('of a price of 0 gives fees back with the last unit', async () => {
    const free = { ...line, unitPrice: 0, fees: 900 };
    const answersOfAll = await sendAndHear(
      paid('free-fees', { lines: [free] }),
      refunded('free-fees', 0, { quantity: 2 }),
      refunded('free-fees', 0, { quantity: 1 }),
    );
    expect(answersOfAll.map(({ data }) => data.totals)).toMatchObject([
      { fees: 900, facility: -900 },
      { fees: 0, facility: 0 },
      { fees: -900, facility: 900 },
    ]);
  });
});

describe('an event that cannot be posted', () => {
  const refusedEvents = async (...events: Event[]) => {
    const after = paid(`after-${newId()}`);
    await send(...events, after);
    await answers(after);
    const { items } = await get('refused-events?limit=1000');
    return items.filter(({ eventId }: { eventId: string }) => events.some(({ id }) => id === eventId));
  };

  it('a refund of what was never sold is listed', async () => {
    const unknown = refunded('never-sold', 10);
    expect(await refusedEvents(unknown)).toMatchObject([
      { eventId: unknown.id, reason: 'sale-unknown', reference: unknown.data.refundId, data: unknown.data },
    ]);
  });

  it('a sale or refund told again with other content is listed and moves nothing', async () => {
    const [sale, refund] = [paid('conflict'), refunded('conflict', 1000)];
    await sendAndHear(sale, refund);
    const before = await accountsOf(`facilityId=${facilityId}`);
    const otherSale = paid('conflict', { placedAt: '2026-01-05T04:00:00Z' });
    const otherRefund = refunded('conflict', 2000, { refundRef: refund.data.refundRef });
    expect(await refusedEvents(otherSale, otherRefund)).toMatchObject([
      { eventId: otherSale.id, reason: 'conflict' },
      { eventId: otherRefund.id, reason: 'conflict' },
    ]);
    const after = await accountsOf(`facilityId=${facilityId}`);
    expect(before).toMatchObject({ [`state:pnbp@${facilityId}`]: expect.any(Number) });
    const control = 13_500; // of the sale that `refusedEvents` sends after them
    expect(after[`state:pnbp@${facilityId}`]).toBe((before[`state:pnbp@${facilityId}`] ?? 0) - control);
  });

  /** @param step behind `refused-events/{id}/` */
  async function resolve(eventId: string, step: string, by: string) {
    const response = await signedFetch(`${await app.getUrl()}/v1/refused-events/${eventId}/${step}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ by, ...(step !== 'discard/approval' && { reason: 'compared with the marketplace' }) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
    return { status: response.status, body: (await response.json()) as any };
  }
  const isException = async (eventId: string) =>
    (await get('exceptions?kind=refused&limit=1000')).items.some(
      ({ reference }: { reference: string }) => reference === eventId,
    );

  it('is posted after all, once, when what was missing has come', async () => {
    const early = refunded('late-sale', 10_000);
    await refusedEvents(early);
    expect(await resolve(early.id, 'redrive', 'p-1')).toMatchObject({ status: 409, body: { title: 'Refused again' } });
    expect(await isException(early.id)).toBe(true);
    await sendAndHear(paid('late-sale'));
    for (const _ of ['once', 'again']) {
      expect(await resolve(early.id, 'redrive', 'p-1')).toMatchObject({
        status: 200,
        body: { reason: 'sale-unknown', resolution: { action: 'redrive', createdBy: 'p-1' } },
      });
    }
    expect(await isException(early.id)).toBe(false);
    const { items } = await get(`journals?saleId=${encodeURIComponent(early.data.saleId)}`);
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['sale', 'refund']);
    expect(await resolve(early.id, 'discard', 'p-1')).toMatchObject({ status: 409 });
  });

  it('is given up by two persons, and moves nothing then', async () => {
    const sale = paid('discarded');
    await sendAndHear(sale);
    const other = paid('discarded', { placedAt: '2026-01-05T04:00:00Z' });
    await refusedEvents(other);
    const before = await accountsOf(`facilityId=${facilityId}`);
    expect(await resolve(other.id, 'discard/approval', 'p-2')).toMatchObject({ status: 409 });
    expect(await resolve(other.id, 'discard', 'p-1')).toMatchObject({
      status: 200,
      body: { resolution: { action: 'discard', approvedBy: null } },
    });
    expect(await resolve(other.id, 'redrive', 'p-1')).toMatchObject({ status: 409 });
    expect(await resolve(other.id, 'discard/approval', 'p-1')).toMatchObject({ status: 403 });
    expect(await isException(other.id)).toBe(true);
    for (const _ of ['once', 'again']) {
      expect(await resolve(other.id, 'discard/approval', 'p-2')).toMatchObject({
        status: 200,
        body: { resolution: { createdBy: 'p-1', approvedBy: 'p-2' } },
      });
    }
    expect(await isException(other.id)).toBe(false);
    expect(await resolve(other.id, 'redrive', 'p-1')).toMatchObject({ status: 409 });
    expect(await accountsOf(`facilityId=${facilityId}`)).toEqual(before);
    expect((await refusedEvents(other))[0]).toMatchObject({ resolution: { approvedBy: 'p-2' } });
  });

  it('of which nobody agreed, from before such sales were held, is held', async () => {
    const old = paid('before-holds', { placedAt: '1989-12-30T16:59:59Z' });
    const { id, type, data, correlationId } = old;
    await app.get(Database).query(
      `INSERT INTO refused_event (event_id, type, reference, reason, data, correlation_id)
       VALUES ($1, $2, $3, 'no-agreement', $4, $5)`,
      [id, type, data.saleId, JSON.stringify(data), correlationId],
    );
    await app.get(RefusedEventsService).holdWithoutAgreement();
    expect((await get('exceptions?kind=awaiting-agreement')).items).toContainEqual(
      expect.objectContaining({ reference: data.saleId }),
    );
    expect(await isException(id)).toBe(false);
  });

  it('an order placed before any agreement is none of them: it waits for one, and is listed', async () => {
    const early = paid('early', { placedAt: '1989-12-31T16:59:59Z' });
    expect(await refusedEvents(early)).toEqual([]);
    const { items } = await get('exceptions?kind=awaiting-agreement');
    expect(items).toContainEqual(expect.objectContaining({ reference: early.data.saleId }));
  });

  it('whose sum would be beyond 2^53-1 rupiah is listed, be it the last of many or one that shares with others', async () => {
    const portions = line.portions.map((each) => ({ ...each, contributions: [{ makerId: 'MH', weight: '1' }] }));
    const huge = (orderRef: string) =>
      paid(orderRef, { lines: [{ ...line, portions, unitPrice: 2_000_000_000_000_000 }] });
    const before = await accountsOf(`facilityId=${facilityId}`);
    const [first, second, third] = [huge('huge-1'), huge('huge-2'), huge('huge-3')];
    const most = Number.MAX_SAFE_INTEGER;
    const product = paid('product', { lines: [{ ...line, unitPrice: most }] });
    const costs = paid('costs', { lines: [{ ...line, fees: most, shipping: most }] });
    const refused = [product, second, costs, third];
    const listed = await refusedEvents(first, ...refused);
    expect(listed).toHaveLength(refused.length);
    for (const { id } of refused)
      expect(listed).toContainEqual(expect.objectContaining({ eventId: id, reason: 'too-large' }));
    const account = `channel:blanja:receivable@${facilityId}`;
    const after = await accountsOf(`facilityId=${facilityId}`);
    expect(after[account]).toBe((before[account] ?? 0) + 6_000_000_000_000_000 + 120_000);
  });
});

it('posts once what it is told twice, under the same event or another', async () => {
  const sale = paid('twice');
  const again = { ...sale, id: newId() };
  const refund = refunded('twice', 40_000);
  const refundAgain = { ...refund, id: newId() };
  await sendAndHear(sale, refund);
  await send(sale, again, refund, refundAgain);
  await sendAndHear(paid('twice-after'));
  const { items } = await get(`journals?saleId=${encodeURIComponent(sale.data.saleId)}`);
  expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['sale', 'refund']);
  const heard = [...credited, ...reversed].map(({ causationId }) => causationId);
  expect(heard.filter((id) => id === again.id || id === refundAgain.id)).toEqual([]);
});

it('hears who made something, once, for the floor of the month', async () => {
  const lot = {
    lotId: `L-${run}`,
    facilityId,
    region: 'Bali',
    recordedAt: '2026-01-05T03:00:00Z',
    makerIds: ['M1', 'M2'],
  };
  const told = () => newEvent(contributionsRecorded, lot, { correlationId: newId() });
  await send(told(), told());
  const contributions = await eventually(
    () =>
      app
        .get(Database)
        .query('SELECT maker_id AS "makerId" FROM contribution WHERE lot_id = $1 ORDER BY 1', [lot.lotId]),
    ({ length }) => length > 0,
  );
  expect(contributions).toEqual([{ makerId: 'M1' }, { makerId: 'M2' }]);
});

it('goes on after a stop where it left off: nothing lost, nothing twice', async () => {
  const sales = Array.from({ length: 300 }, (_, index) => paid(`restart-${index}`, { facilityId: `F2-${run}` }));
  await send(...sales);
  await app.close();
  register.clear(); // of metrics: a process that is started again has an empty one
  await start();
  expect(await answers(...sales)).toHaveLength(300);
  expect(await accountsOf(`facilityId=F2-${run}`)).toMatchObject({ [`state:pnbp@F2-${run}`]: -13_500 * 300 });
});

describe('by HTTP', () => {
  it('accounts are listed by owner or facility, in pages', async () => {
    const all = await accountsOf(`facilityId=${facilityId}`);
    expect(Object.keys(all)).toEqual(expect.arrayContaining([`suspense@${facilityId}`, `state:pnbp@${facilityId}`]));
    const pages: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await get(`accounts?facilityId=${facilityId}&limit=2${cursor}`);
      pages.push(...items.map(({ code }: { code: string }) => code));
      if (!nextCursor) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(pages).toEqual(Object.keys(all));
    expect(Object.keys(await accountsOf('owner=maker:M1'))).toEqual(['maker:M1:wages-pending']);
    expect(await get('accounts/maker:M1:wages-pending')).toMatchObject({
      class: 'liability',
      owner: 'maker:M1',
      purpose: 'wages-pending',
      facilityId: null,
    });
  });

  it('a statement opens, runs and closes, over pages and periods', async () => {
    const { balance, entries } = await get('accounts/maker:M2:wages-pending');
    const whole = await get('accounts/maker:M2:wages-pending/statement?limit=1000');
    expect(whole).toMatchObject({ opening: 0, closing: balance });
    expect(whole.items).toHaveLength(entries);
    expect(whole.items.at(-1)).toMatchObject({ version: entries, balance });

    for (const period of ['to=2026-01-05', 'from=2026-01-06&to=2026-01-31', 'from=2026-02-01']) {
      const { opening, closing } = await get(`accounts/maker:M2:wages-pending/statement?${period}`);
      let expected = opening;
      for (let cursor = ''; ; ) {
        const page = await get(`accounts/maker:M2:wages-pending/statement?${period}&limit=50${cursor}`);
        for (const line of page.items) {
          expected += line.amount;
          expect(line.balance).toBe(expected);
        }
        if (!page.nextCursor) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(closing).toBe(expected);
    }
    const february = await get('accounts/maker:M2:wages-pending/statement?from=2026-02-01');
    expect(february.items).toMatchObject([{ sourceReference: `blanja/midnight@${facilityId}`, amount: -18_000 }]);
    expect(february).toMatchObject({ opening: balance + 18_000, closing: balance });
  });

  it('the trial balance is 0', async () => {
    const { rows, debit, credit, total } = await get('trial-balance');
    expect(total).toBe(0);
    expect(debit).toBe(credit);
    expect(rows).toContainEqual(
      expect.objectContaining({ class: 'asset', ownerKind: 'channel', purpose: 'receivable', accounts: 2 }),
    );
  });

  it('every journal explains itself', async () => {
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await get(`journals?limit=100${cursor}`);
      const explained = await Promise.all(
        items
          .filter(({ kind }: { kind: string }) => kind !== 'held') // it shares nothing yet
          .map(({ journalId }: { journalId: string }) => get(`journals/${journalId}/explanation`)),
      );
      expect(explained.filter(({ matches }) => matches !== true)).toEqual([]);
      if (!nextCursor) break;
      cursor = `&cursor=${nextCursor}`;
    }
  });

  it('an explanation tells the basis, the rate, the rounding and who got what', async () => {
    const { items } = await get(`journals?source=${encodeURIComponent(`blanja/sale@${facilityId}`)}`);
    expect(await get(`journals/${items[0].journalId}/explanation`)).toMatchObject({
      kind: 'sale',
      agreement: { id: 'ID-1990', version: 1 },
      lines: [
        {
          lineRef: '1',
          price: 120_000,
          portions: [
            {
              lotId: 'L1',
              cost: 30_000,
              basis: 90_000,
              steps: [
                { step: 'shares', taken: 90_000, to: [{ amount: 45_000 }, { amount: 31_500 }, { amount: 13_500 }] },
              ],
              makers: [
                { makerId: 'M1', weight: '6', amount: 27_000 },
                { makerId: 'M2', weight: '4', amount: 18_000 },
              ],
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['accounts/maker:M9:wages', 404],
    ['accounts/maker:M9:wages/statement', 404],
    [`journals/${newId()}`, 404],
    [`journals/${newId()}/explanation`, 404],
    ['journals/1', 400],
    ['accounts/maker:M1:wages-pending/statement?from=2026-02-30', 400],
    ['accounts?limit=0', 400],
  ])('%s is a problem', async (path, status) => {
    expect(await get(path)).toMatchObject({ status, title: expect.any(String) });
  });
});

describe('the export', () => {
  it('declares every account and holds every journal', async () => {
    const text = await hledgerExport();
    expect(text).toContain('\ncommodity IDR 1000.\n');
    expect(text).toContain(`\naccount state:pnbp@${facilityId}  ; type: L\n`);
    const [counted] = await app.get(Database).query<{ journals: number }>('SELECT count(*) AS journals FROM journal');
    expect(text.match(/^\d{4}-\d\d-\d\d \(/gm)).toHaveLength(counted?.journals ?? 0);
  });

  (isInstalled('hledger') ? it : it.skip)('is read by hledger, strictly, and says the same balances', async () => {
    const odd = paid(' ;|  (odd) = "ref" % \u00a0');
    await sendAndHear(odd);

    const input = await hledgerExport();
    const hledger = (...args: string[]) => execFileSync('hledger', ['-f', '-', ...args], { input, encoding: 'utf8' });
    const check = spawnSync('hledger', ['-f', '-', 'check', '--strict'], { input, encoding: 'utf8' });
    expect(check).toMatchObject({ status: 0, stdout: '', stderr: '' });

    const rows = hledger('balance', '--flat', '--empty', '--no-total', '--output-format=csv')
      .trim()
      .split('\n')
      .slice(1);
    const balances = Object.fromEntries(
      rows.map((row) => {
        const [, account = '', balance = ''] = /^"(.*)","(?:IDR )?(-?\d+)"$/.exec(row) ?? [];
        return [account, Number(balance)];
      }),
    );
    expect(balances).toEqual(await accountsOf(''));
  });
});

it('a batch never waits in a circle with others that post for its facilities: it locks all their chains in one order', async () => {
  const [first, second] = [`A-${run}`, `B-${run}`];
  const sold = paid('circle-1', { facilityId: first });
  await send(sold);
  await answers(sold);
  const batch = [paid('circle-2', { facilityId: second }), refunded('circle-1', 40_000, { facilityId: first })];
  const database = app.get(Database);
  let heard: Promise<unknown> = Promise.resolve();
  const released = database.transaction(async (release) => {
    await openBooks(release, [first]);
    heard = database.transaction((transaction) => app.get(SalesListener).onEvents(batch, transaction));
    heard.catch(() => {}); // judged below
    await untilSomebodyWaits(database);
    await openBooks(release, [second]);
  });
  expect(await Promise.allSettled([released])).toMatchObject([{ status: 'fulfilled' }]);
  expect(await Promise.allSettled([heard])).toMatchObject([{ status: 'fulfilled' }]);
});
