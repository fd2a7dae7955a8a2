import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  disbursementFailed,
  disbursementPaid,
  payoutSent,
  type SalePaid,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import type { Database, Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import type { Happening } from '../maker-events/maker-event.ts';

/*
 * Two at the same time about one maker's money. The first has done its work and waits before it commits; the second
 * begins, and waits for it or does not; then the first goes on. Whatever each may do, nothing is spent twice.
 */

const cause = { correlationId: newId() };
const OCCURRED = '2026-01-12T03:00:00Z';

/** A maker with 80,000 of wages, 20,000 of savings and pending money of another sale. */
interface World {
  readonly facilityId: string;
  readonly maker: string;
  /** Approved, if the race is about what becomes of it. */
  readonly approved: { payoutId: string; itemId: string; amount: number } | null;
  /** Reviewed. */
  readonly proposals: readonly [string, string];
  readonly drafts: Readonly<Record<'adjustment' | 'merge' | 'transfer' | 'release' | 'freeze', string>>;
}

type Services = ReturnType<typeof ledgerServices> & { readonly database: Database };
type Act = (services: Services, world: World) => Promise<unknown>;

const within = (work: (transaction: Transaction, services: Services, world: World) => Promise<unknown>): Act => {
  return (services, world) => services.database.transaction((transaction) => work(transaction, services, world));
};
const idsOf = (facilityId: string, orderRef: string) => {
  const orderId = `blanja/${facilityId}-${orderRef}`;
  return { orderId, saleId: `${orderId}@${facilityId}`, facilityId, channel: 'blanja' };
};
const settlement = (facilityId: string, orderRef: string) =>
  newEvent(
    saleSettled,
    {
      ...{ ...idsOf(facilityId, orderRef), settlementId: newId(), bank: 'bri', settledAt: OCCURRED },
      ...{ fee: 0, shipping: 0, withheldTax: 0 },
    },
    cause,
  );
const answer = (event: typeof disbursementPaid | typeof disbursementFailed) =>
  within(async (transaction, { payouts }, { approved, facilityId }) => {
    if (approved === null) throw new Error('nothing is approved');
    const item = { ...approved, facilityId };
    const events = [
      event === disbursementPaid
        ? newEvent(disbursementPaid, { ...item, paidAt: OCCURRED }, cause)
        : newEvent(disbursementFailed, { ...item, failedAt: OCCURRED, reason: 'account closed' }, cause),
    ];
    return payouts.answer(await openBooksFor(transaction, events), events);
  });

const acts = {
  'payout proposed': within((transaction, { payouts }, { facilityId }) =>
    payouts.propose(transaction, { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'p1' }, cause),
  ),
  'payout approved': within((transaction, { payouts }, { proposals }) =>
    payouts.approve(transaction, proposals[0], 'p3', cause),
  ),
  'second payout approved': within((transaction, { payouts }, { proposals }) =>
    payouts.approve(transaction, proposals[1], 'p3', cause),
  ),
  'payout sent': within((transaction, { payouts }, { approved, facilityId }) =>
    payouts.sent(transaction, [
      newEvent(payoutSent, { payoutId: approved?.payoutId ?? '', facilityId, items: 1, sentAt: OCCURRED }, cause),
    ]),
  ),
  'payout paid': answer(disbursementPaid),
  'payout failed': answer(disbursementFailed),
  adjustment: ({ adjustments }, { drafts }) => adjustments.approve(drafts.adjustment, 'p2', cause),
  merge: ({ makerEvents }, { drafts }) => makerEvents.approve(drafts.merge, 'p2', cause),
  transfer: ({ makerEvents }, { drafts }) => makerEvents.approve(drafts.transfer, 'p2', cause),
  'savings released': ({ makerEvents }, { drafts }) => makerEvents.approve(drafts.release, 'p2', cause),
  freeze: ({ makerEvents }, { drafts }) => makerEvents.approve(drafts.freeze, 'p2', cause),
  refund: within(async (transaction, { sales }, { facilityId }) => {
    const refund = { refundId: `${facilityId}-R1`, lineRef: '1', refundRef: 'R1', quantity: 1, amount: 100_000 };
    const events = [newEvent(saleRefunded, { ...idsOf(facilityId, 'one'), ...refund, occurredAt: OCCURRED }, cause)];
    return sales.reverse(await openBooksFor(transaction, events), events);
  }),
  settlement: within(async (transaction, { settlements }, { facilityId }) => {
    const events = [settlement(facilityId, 'two')];
    return settlements.settle(await openBooksFor(transaction, events), events);
  }),
} satisfies Record<string, Act>;
type Name = keyof typeof acts;

const ofApproved: readonly Name[] = ['payout sent', 'payout paid', 'payout failed'];
const names = Object.keys(acts) as Name[];
const races = names.flatMap((first) => names.filter((second) => second !== first).map((second) => ({ first, second })));

/** Of these not both can be done: each wants all, or more than half, of the same money. */
const exclusive: readonly (readonly Name[])[] = [
  ['payout approved', 'second payout approved'],
  ['payout approved', 'adjustment'],
  ['payout approved', 'merge'],
  ['second payout approved', 'adjustment'],
  ['second payout approved', 'merge'],
  ['payout sent', 'adjustment'],
  ['payout paid', 'adjustment'],
  ['payout sent', 'merge'],
];

let books: Books;
let services: Services;
let worlds: World[];

beforeAll(async () => {
  books = await openBooks();
  services = { ...ledgerServices(books.database), database: books.database };
  const own = [
    { id: 'saved', take: { rate: { bp: 2_000 } }, to: 'savings' },
    { id: 'own', take: 'rest', to: 'wages' },
  ];
  const definition = {
    ...{ id: 'ID-1990', version: 2, basis: 'gross', recovery: { bp: 5_000 } },
    ...{ sale: { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] }, maker: { steps: own } },
  };
  await books.database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ('ID-1990', 2, 'national', '2026-01-01', 'approved', $1, 'p1', 'p2', now())`,
    [definition],
  );
  worlds = await books.database.transaction(async (transaction) => {
    const sales = races.flatMap((_, index) => [sold(`F${index}`, 'one', 100_000), sold(`F${index}`, 'two', 40_000)]);
    const opened = await openBooksFor(transaction, sales);
    await services.sales.credit(opened, sales);
    await services.settlements.settle(
      opened,
      races.map((_, index) => settlement(`F${index}`, 'one')),
    );
    const made: World[] = [];
    for (const [index, { first, second }] of races.entries()) {
      made.push(await worldOf(transaction, `F${index}`, ofApproved.includes(first) || ofApproved.includes(second)));
    }
    return made;
  });
}, 240_000);
afterAll(() => books.close());

function sold(facilityId: string, orderRef: string, price: number) {
  const contributions = [{ makerId: `M-${facilityId}`, weight: '1' }];
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  const line = { lineRef: '1', sku: 'batik', quantity: 1, unitPrice: price, portions };
  const lines = [{ ...line, discount: 0, fees: 0, shipping: 0, tax: 0 }];
  const sale: SalePaid = { ...idsOf(facilityId, orderRef), orderRef, placedAt: '2026-01-05T03:00:00Z', lines };
  return newEvent(salePaid, sale, cause);
}

async function worldOf(transaction: Transaction, facilityId: string, isApproved: boolean): Promise<World> {
  const { adjustments, makerEvents, payouts, payoutRows } = services;
  const maker = `M-${facilityId}`;
  const reviewed = async () => {
    const proposal = { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'p1' };
    const payoutId = await payouts.propose(transaction, proposal, cause);
    await payouts.review(transaction, payoutId, 'p2', []);
    return payoutId;
  };
  const proposals = [await reviewed(), await reviewed()] as const;
  const payoutId = isApproved ? await reviewed() : null;
  if (payoutId !== null) await payouts.approve(transaction, payoutId, 'p3', cause);
  const [item] = payoutId === null ? [] : ((await payoutRows.find(transaction, payoutId))?.items ?? []);

  const drafted = { by: 'p1', facilityId, occurredAt: OCCURRED, reason: 'a race' };
  const spent = [
    { account: `maker:${maker}:wages`, amount: 60_000 },
    { account: `facility:${facilityId}:earnings`, amount: -60_000 },
  ];
  const { adjustmentId } = await adjustments.draftEntries(transaction, {
    ...{ ...drafted, type: 'adjustment', entries: spent },
  });
  const happening = async (what: Happening) => {
    const books = what.type === 'transfer' ? `${facilityId}-new` : facilityId;
    return (await makerEvents.draft(transaction, { ...drafted, facilityId: books, makerId: maker }, what)).eventId;
  };
  return {
    ...{ facilityId, maker, proposals },
    approved: payoutId === null || !item ? null : { payoutId, itemId: item.itemId, amount: item.amount },
    drafts: {
      adjustment: adjustmentId,
      merge: await happening({ type: 'merge', content: { into: `N-${facilityId}` } }),
      transfer: await happening({ type: 'transfer', content: {} }),
      release: await happening({ type: 'release', content: {} }),
      freeze: await happening({ type: 'freeze', content: { because: 'other' } }),
    },
  };
}

/** The same database; its transactions wait, with all their locks, when their work is done. */
function stoppedBeforeCommit(database: Database) {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const stopped = {
    query: database.query.bind(database),
    transaction: <T>(work: (transaction: Transaction) => Promise<T>) =>
      database.transaction(async (transaction) => {
        const result = await work(transaction);
        reached.resolve();
        await gate.promise;
        return result;
      }),
  } as unknown as Database;
  return { services: { ...ledgerServices(stopped), database: stopped }, reached: reached.promise, go: gate.resolve };
}

/** Done, or refused for a reason that people are told; anything else, a deadlock included, fails the test. */
async function outcomeOf(work: Promise<unknown>): Promise<'done' | 'refused'> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof Problem && error.problem.status === 409) return 'refused';
    throw error;
  }
}

/** As only a superuser sees it. */
async function isAnybodyWaiting(): Promise<boolean> {
  const { rowCount } = await books.intruder.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rowCount !== 0;
}

/** Accounts of which more is spent or promised than there is, at the end or at any entry. */
const unlawful = (facilityId: string) =>
  books.database.query(
    `SELECT code, balance, reserved, running_balance AS "runningBalance" FROM account JOIN entry USING (account_id)
      WHERE owner IN ('maker:M-' || $1, 'maker:N-' || $1)
        AND (CASE purpose WHEN 'receivable' THEN -running_balance ELSE running_balance END > 0
             OR (purpose <> 'receivable' AND balance + reserved > 0))`,
    [facilityId],
  );

it.each(races)('$first, then $second before it is committed', async ({ first, second }) => {
  const index = races.findIndex((race) => race.first === first && race.second === second);
  const world = worlds[index] as World;
  const stopped = stoppedBeforeCommit(books.database);
  const one = outcomeOf(acts[first](stopped.services, world));
  await Promise.race([stopped.reached, one]);
  let isOver = false;
  const two = outcomeOf(acts[second](services, world)).finally(() => {
    isOver = true;
  });
  while (!isOver && !(await isAnybodyWaiting())) await sleep(5);
  stopped.go();
  const outcomes = await Promise.all([one, two]);

  expect(await unlawful(world.facilityId)).toEqual([]);
  if (exclusive.some((pair) => pair.includes(first) && pair.includes(second))) {
    expect(outcomes.filter((outcome) => outcome === 'done').length).toBeLessThan(2);
  }
  if (first !== 'payout paid') return;
  expect(outcomes[0]).toBe('done'); // what the bank did is never refused
});

it('the database lets nobody reserve more than an account owes', async () => {
  const reserve = books.database.query(`UPDATE account SET reserved = 1 - balance WHERE code = 'maker:M-F0:wages'`);
  await expect(reserve).rejects.toThrow('would be overdrawn');
});

it('whatever was reserved can be paid, and the books are sound', async () => {
  const items = await books.database.query<{ itemId: string; payoutId: string; facilityId: string; amount: number }>(
    `SELECT item_id AS "itemId", payout_id AS "payoutId", facility_id AS "facilityId", amount
       FROM payout_item JOIN payout USING (payout_id, facility_id) WHERE payout_item.status IN ('reserved', 'sent')`,
  );
  expect(items.length).toBeGreaterThan(0);
  const paid = items.map((item) => newEvent(disbursementPaid, { ...item, paidAt: OCCURRED }, cause));
  await books.database.transaction(async (transaction) =>
    services.payouts.answer(await openBooksFor(transaction, paid), paid),
  );
  for (const { facilityId } of worlds) expect(await unlawful(facilityId)).toEqual([]);
  expect(await faultsOf(books.database)).toEqual([]);
});
