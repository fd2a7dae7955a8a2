import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  refundIdOf,
  type SalePaid,
  type SaleSettled,
  saleFrozen,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
  saleThawed,
} from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';
import { openBooksFor } from '../sales/event-posting.service.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import type { Sale } from '../sales/sale.ts';
import type { SaleEvent } from '../sales/sale-events.service.ts';

let books: Books;
let ledger: ReturnType<typeof ledgerServices>;
beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
});
afterAll(() => books.close());

const cause = { correlationId: newId() };
const on = (day: string) => `${day}T03:00:00.000Z`;
const WINDOW_ENDS = on('2026-01-12');

/** In one batch, which comes twice, as it may. */
async function tell(...events: SaleEvent[]): Promise<void> {
  for (const batch of [events, events.map((event) => ({ ...event, id: newId() }))]) {
    await books.database.transaction(async (transaction) =>
      ledger.events.post(await openBooksFor(transaction, batch), batch),
    );
  }
}

/** Two pieces for 100,000 of one maker, who gets half of it as each of them does; nothing is kept by the channel. */
function saleOf(orderRef: string, { facilityId = 'F1', placedAt = on('2026-01-05'), ...more }: Partial<SalePaid> = {}) {
  const orderId = `blanja/${orderRef}`;
  const ids = { orderId, saleId: saleIdOf(orderId, facilityId), facilityId };
  const contributions = [{ makerId: 'M1', weight: '1' }];
  const portions = [{ lotId: 'L1', quantity: 2, unitCost: 0, measure: 'hours' as const, contributions }];
  const line = {
    lineRef: '1',
    sku: 'batik',
    quantity: 2,
    unitPrice: 50_000,
    discount: 0,
    fees: 0,
    shipping: 0,
    tax: 0,
  };
  const channel = 'blanja';
  const disputed = (ref: string) => ({ ...ids, disputeId: refundIdOf(orderId, '1', ref) });
  return {
    ...ids,
    paid: newEvent(salePaid, { ...ids, channel, orderRef, placedAt, lines: [{ ...line, portions }], ...more }, cause),
    frozen: (ref: string) => newEvent(saleFrozen, disputed(ref), cause),
    thawed: (ref: string, day: string) => newEvent(saleThawed, { ...disputed(ref), closedAt: on(day) }, cause),
    refunded: (ref: string, quantity: number, amount: number) => {
      const refund = { refundId: refundIdOf(orderId, '1', ref), lineRef: '1', refundRef: ref, quantity, amount };
      return newEvent(saleRefunded, { ...ids, channel, ...refund, occurredAt: on('2026-01-15') }, cause);
    },
    settled: (day: string, amounts: Partial<SaleSettled> = {}) => {
      const settlement = { settlementId: `${orderId}~${day}`, fee: 0, shipping: 0, withheldTax: 0, bank: 'bri' };
      return newEvent(saleSettled, { ...ids, channel, ...settlement, settledAt: on(day), ...amounts }, cause);
    },
  };
}

/** What was posted of a sale, in its order; of releases also what the maker has now. */
async function posted(saleId: string): Promise<string[]> {
  const rows = await books.database.query<{ kind: string; day: string; maker: number | null }>(
    `SELECT kind, posted_on AS day,
            (SELECT -amount FROM entry JOIN account USING (account_id)
              WHERE entry.journal_id = journal.journal_id AND code = 'maker:M1:wages') AS maker
       FROM journal WHERE source ->> 'saleId' = $1 ORDER BY chain_number`,
    [saleId],
  );
  return rows.map(({ kind, day, maker }) => [kind, day.slice(5), ...(maker === null ? [] : [maker])].join(' '));
}

const releaseDue = (day: string) => ledger.releases.releaseDue(new Date(on(day)), 500);
const faults = () => faultsOf(books.database);

it('a sale that is disputed is not released by its return window, and is when that is over, on the day of that', async () => {
  const sale = saleOf('window', { releaseAt: WINDOW_ENDS });
  await tell(sale.paid, sale.frozen('D-1'));
  expect(await releaseDue('2026-01-13')).toBe(0);
  expect(await posted(sale.saleId)).toEqual(['sale 01-05']);
  await tell(sale.thawed('D-1', '2026-01-20'), sale.frozen('D-1')); // an opening that is late, or comes again
  expect(await releaseDue('2026-01-21')).toBe(1);
  expect(await releaseDue('2026-01-21')).toBe(0);
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'release 01-20 50000']);
  expect(await faults()).toEqual([]);
});

it('whose dispute is over before its return window is released by that, on its day', async () => {
  const sale = saleOf('early', { releaseAt: WINDOW_ENDS });
  await tell(sale.paid, sale.frozen('D-1'), sale.thawed('D-1', '2026-01-08'));
  expect(await releaseDue('2026-01-11')).toBe(0);
  expect(await releaseDue('2026-01-13')).toBe(1);
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'release 01-12 50000']);
});

it('settled while it is disputed it is paid out to the bank and released when that is over', async () => {
  const sale = saleOf('settled');
  await tell(sale.paid, sale.frozen('D-1'), sale.settled('2026-01-14'));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14']);
  await tell(sale.thawed('D-1', '2026-01-16'));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14', 'release 01-16 50000']);
  expect(await faults()).toEqual([]);
});

it('what the buyer won is given back of what is pending; the rest is released then, when all disputes are over', async () => {
  const sale = saleOf('won');
  await tell(sale.paid, sale.frozen('D-1'), sale.frozen('D-2'));
  await tell(sale.settled('2026-01-14'));
  await tell(sale.refunded('D-1', 1, 50_000), sale.thawed('D-1', '2026-01-16'));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14', 'refund 01-15']);
  await tell(sale.thawed('D-2', '2026-01-13'));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14', 'refund 01-15', 'release 01-16 25000']);
  expect(await faults()).toEqual([]);
});

it('won whole, in one batch with all else, nothing is left to release', async () => {
  const sale = saleOf('whole');
  const all = [sale.frozen('D-1'), sale.settled('2026-01-14'), sale.refunded('D-1', 2, 100_000)];
  await tell(sale.paid, ...all, sale.thawed('D-1', '2026-01-16'));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14', 'refund 01-15', 'release 01-16']);
  expect(await faults()).toEqual([]);
});

it('what ends a difference of its settlements ends it, and releases it only when it is not disputed any more', async () => {
  const sale = saleOf('difference');
  await tell(sale.paid, sale.frozen('D-1'));
  await tell(sale.settled('2026-01-14', { settles: 'all', revenue: 50_000, paidOut: 50_000, tolerance: 0 }));
  await tell(sale.refunded('R-1', 1, 50_000));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14', 'refund 01-15']);
  expect(await books.database.query('SELECT FROM sale WHERE open_settlement IS NOT NULL')).toEqual([]);
  await tell(sale.thawed('D-1', '2026-01-16'));
  expect((await posted(sale.saleId)).at(-1)).toBe('release 01-16 25000');

  const other = saleOf('still open');
  await tell(other.paid, other.frozen('D-1'));
  await tell(other.settled('2026-01-14', { settles: 'part', revenue: 50_000, paidOut: 50_000 }));
  await tell(other.thawed('D-1', '2026-01-16'));
  expect(await posted(other.saleId)).toEqual(['sale 01-05', 'settlement 01-14']);
  await tell(other.settled('2026-01-18', { settles: 'all', revenue: 50_000, paidOut: 50_000, tolerance: 0 }));
  expect((await posted(other.saleId)).at(-1)).toBe('release 01-18 50000');
  expect(await faults()).toEqual([]);
});

async function agree(facilityId: string): Promise<void> {
  await books.database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ($2, 1, 'facility', $3, '1989-01-01', 'approved', $1, 'p1', 'p2', now())`,
    [{ ...id1990, id: `EARLY-${facilityId}` }, `EARLY-${facilityId}`, facilityId],
  );
}

it('a sale that waits for its agreement is disputed all the same', async () => {
  const sale = saleOf('unagreed', { facilityId: 'F2', placedAt: on('1989-01-05') });
  await tell(sale.paid, sale.frozen('D-1'), sale.settled('1989-01-14'));
  await agree('F2');
  expect(await ledger.heldSales.postAgreed()).toBe(1);
  expect((await posted(sale.saleId)).slice(-2)).toEqual(['sale 01-05', 'settlement 01-14']);
  await tell(sale.thawed('D-1', '1989-01-16'));
  expect((await posted(sale.saleId)).at(-1)).toBe('release 01-16 50000');
  expect(await faults()).toEqual([]);
});

it('a dispute that is over before there is an agreement takes what is pending, and no maker’s available money', async () => {
  const sale = saleOf('agreed late', { facilityId: 'F3', placedAt: on('1989-01-05') });
  const whole = saleOf('agreed late, whole', { facilityId: 'F3', placedAt: on('1989-01-05') });
  const open = saleOf('agreed late, open', { facilityId: 'F3', placedAt: on('1989-01-05') });
  const other = saleOf('agreed late, undisputed', { facilityId: 'F3', placedAt: on('1989-01-05') });
  await tell(sale.paid, sale.frozen('D-1'), sale.settled('1989-01-14'));
  await tell(sale.refunded('D-1', 1, 50_000), sale.thawed('D-1', '1989-01-16'));
  await tell(whole.paid, whole.frozen('D-1'), whole.settled('1989-01-14'));
  await tell(whole.refunded('D-1', 2, 100_000), whole.thawed('D-1', '1989-01-16'));
  await tell(open.paid, open.frozen('D-1'), open.frozen('D-2'), open.settled('1989-01-14'));
  await tell(open.refunded('D-1', 1, 50_000), open.thawed('D-1', '1989-01-16'));
  await tell(other.paid, other.settled('1989-01-14'));
  await agree('F3');
  expect(await ledger.heldSales.postAgreed()).toBe(4);
  const booked = async ({ saleId }: { saleId: string }) =>
    (await posted(saleId)).filter((journal) => !journal.startsWith('held'));
  expect([await booked(sale), await booked(whole), await booked(open), await booked(other)]).toEqual([
    ['sale 01-05', 'settlement 01-14', 'refund 01-15', 'release 01-16 25000'],
    ['sale 01-05', 'settlement 01-14', 'refund 01-15', 'release 01-16'],
    ['sale 01-05', 'settlement 01-14', 'refund 01-15'],
    ['sale 01-05', 'settlement 01-14', 'release 01-14 50000'],
  ]);
  expect(await faults()).toEqual([]);
});

it('one that is released already stays so; what is disputed is said again without effect', async () => {
  const sale = saleOf('late');
  await tell(sale.paid, sale.settled('2026-01-14'));
  await tell(sale.frozen('D-1'), sale.thawed('D-1', '2026-01-16'));
  expect(await posted(sale.saleId)).toEqual(['sale 01-05', 'settlement 01-14', 'release 01-14 50000']);
  expect(await books.database.query('SELECT FROM sale_dispute WHERE sale_id = $1', [sale.saleId])).toHaveLength(1);
  expect(await faults()).toEqual([]);
});

it('a release while it is disputed is found, whoever made it', async () => {
  const sale = saleOf('intruded');
  await tell(sale.paid, sale.frozen('D-1'), sale.settled('2026-01-14'));
  await books.database.transaction(async (transaction) => {
    const opened = await openBooksFor(transaction, [sale.paid]);
    const stored = (await new SaleRepository().lock(transaction, [sale.saleId])).get(sale.saleId) as Sale;
    expect(stored.frozen).toBe(true);
    const because = { settlementId: 'blanja/intruded~2026-01-14' };
    await ledger.releases.release(opened, [
      { sale: { ...stored, frozen: false }, occurredAt: on('2026-01-14'), because },
    ]);
  });
  const found = { table: 'sale_dispute', row: 'blanja/intruded/1#D-1', says: 'is not what its journals say' };
  expect(await faults()).toEqual([found]);
  await tell(sale.thawed('D-1', '2026-01-16')); // its end does not hide it
  expect(await faults()).toEqual([found]);
});
