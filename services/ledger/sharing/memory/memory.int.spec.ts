import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Event, type SalePaid, saleIdOf, salePaid } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsOf } from '../../../../test/kit/faults-of-books.ts';
import { type Served, serve } from '../../../../test/kit/http.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { KnownOwners } from '../../books/accounts/known-owners.service.ts';
import { OwnerRepository } from '../../books/accounts/owner.repository.ts';
import { AdjustmentsController } from '../../decisions/adjustments/adjustments.controller.ts';
import { AdjustmentsService } from '../../decisions/adjustments/adjustments.service.ts';
import { ObligationRepository } from '../../decisions/obligations/obligation.repository.ts';
import { ObligationsController } from '../../decisions/obligations/obligations.controller.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import type { Step } from '../agreements/agreement.ts';
import { id1990 } from '../agreements/id-1990.ts';
import { agreementFrom } from '../agreements/lint.ts';

let books: Books;
let served: Served;
let ledger: ReturnType<typeof ledgerServices>;

beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
  served = await serve(
    books.database,
    [AdjustmentsController, ObligationsController],
    [{ provide: AdjustmentsService, useValue: ledger.adjustments }, KnownOwners, OwnerRepository, ObligationRepository],
  );
});
afterAll(async () => {
  served.close();
  await books.close();
});
beforeEach(() => books.setClock('2026-02-02T03:00:00Z'));

const own: Step = { id: 'own', take: 'rest', to: 'wages' };
const tenth = { rate: { bp: 1_000 } };

/** All of a sale's basis is the makers', whose own steps these are. */
async function agree(facilityId: string, ...steps: Step[]): Promise<void> {
  const sale = { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] };
  const agreement = agreementFrom({ ...id1990, id: facilityId, sale, maker: { steps: [...steps, own] } });
  await books.database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ($1, 1, 'facility', $1, '2026-01-01', 'approved', $2, 'p1', 'p2', now())`,
    [facilityId, agreement],
  );
}

function sold(orderRef: string, facilityId: string, price: number, makerId = 'M1'): Event<SalePaid> {
  const contributions = [{ makerId, weight: '1' }];
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  const costs = { discount: 0, fees: 0, shipping: 0, tax: 0 };
  const lines = [{ lineRef: '1', sku: 'batik', quantity: 1, unitPrice: price, ...costs, portions }];
  const orderId = `blanja/${orderRef}`;
  const ids = { saleId: saleIdOf(orderId, facilityId), orderId, channel: 'blanja', orderRef, facilityId };
  const sale = { ...ids, placedAt: '2026-02-02T03:00:00Z', lines };
  return newEvent(salePaid, sale, { correlationId: newId() });
}

const credit = (...events: Event<SalePaid>[]) =>
  books.database.transaction(async (transaction) =>
    ledger.sales.credit(await openBooksFor(transaction, events), events),
  );

/** What all accounts that begin so hold, credit positive. */
async function heldBy(start: string): Promise<number> {
  const [row] = await books.database.query<{ held: number }>(
    'SELECT -coalesce(sum(balance), 0)::bigint AS held FROM account WHERE starts_with(code, $1)',
    [start],
  );
  return row?.held ?? 0;
}

const faults = () => faultsOf(books.database);

describe('sales at once', () => {
  it('of one maker in two facilities take no more than the period allows, together', async () => {
    const family: Step = {
      id: 'family',
      take: tenth,
      maxPerPeriod: { amount: 5_000, per: 'month' },
      to: 'beneficiary:family',
    };
    await agree('A1', family);
    await agree('A2', family);
    await Promise.all(
      Array.from({ length: 24 }, (_, index) => credit(sold(`a${index}`, `A${1 + (index % 2)}`, 8_000, 'MA'))),
    );
    expect(await heldBy('beneficiary:family')).toBe(5_000);
    expect(await heldBy('maker:MA')).toBe(24 * 8_000 - 5_000);
    expect(await faults()).toEqual([]);
  });

  it('fill a balance of all facilities up to its ceiling and no further, be it that no account of it was there', async () => {
    const fund: Step = { id: 'fund', take: tenth, maxPot: 10_000, to: 'beneficiary:fund' };
    for (const facility of ['B1', 'B2', 'B3', 'B4']) await agree(facility, fund);
    await agree('B5', { id: 'fund', take: { fixed: 100 }, to: 'beneficiary:fund' }); // asks for no balance
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        credit(
          sold(`b${index}`, `B${1 + (index % 5)}`, 8_000, `MB${index % 3}`),
          sold(`c${index}`, `B${1 + (index % 5)}`, 8_000, `MB${(index + 1) % 3}`),
        ),
      ),
    );
    expect(await heldBy('beneficiary:fund')).toBeGreaterThanOrEqual(10_000);
    expect(await heldBy('beneficiary:fund')).toBeLessThanOrEqual(10_000 + 16 * 100);

    // Refunds make room that sales of other facilities fill meanwhile. Nobody waits in a circle.
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const facilityId = `B${1 + (index % 5)}`;
        return index % 2 === 0
          ? books.refund(`b${index}`, { amount: 8_000, facilityId })
          : credit(sold(`d${index}`, facilityId, 8_000, `MB${index % 3}`));
      }),
    );
    expect(await heldBy('beneficiary:fund')).toBeLessThanOrEqual(10_000 + 24 * 100);
    expect(await faults()).toEqual([]);
  });
});

it('a batch shares its sales as they would have been shared one by one', async () => {
  const steps: Step[] = [
    {
      id: 'levy',
      take: { bands: [{ upTo: 10_000, rate: { bp: 0 } }, { rate: { bp: 4_000 } }] },
      per: 'week',
      to: 'state',
    },
    { id: 'purse', take: 'rest', maxPot: 30_000, to: 'savings' },
  ];
  await agree('C1', ...steps);
  await agree('C2', ...steps);
  const prices = [7_001, 12_003, 20_007, 9_999, 5];
  await credit(...prices.map((price, index) => sold(`batch${index}`, 'C1', price, 'MC1')));
  for (const [index, price] of prices.entries()) await credit(sold(`single${index}`, 'C2', price, 'MC2'));
  const entriesOf = (facilityId: string) =>
    books.database.query(
      `SELECT replace(replace(code, 'C2', 'C1'), 'MC2', 'MC1') AS account, step, amount
         FROM entry JOIN account USING (account_id) JOIN journal USING (journal_id)
        WHERE journal.facility_id = $1 ORDER BY chain_number, 1, 2`,
      [facilityId],
    );
  expect(await entriesOf('C1')).toEqual(await entriesOf('C2'));
  expect(await faults()).toEqual([]);
});

it('a sale that is told twice counts once, in one batch or later', async () => {
  await agree('D', { id: 'levy', take: tenth, maxPerPeriod: { amount: 1_000, per: 'month' }, to: 'state' });
  const [first, second] = [sold('d1', 'D', 6_000, 'MD'), sold('d2', 'D', 6_000, 'MD')];
  const again = () => ({ ...first, id: newId() });
  await credit(first, again(), second);
  await credit(again());
  await credit(sold('d3', 'D', 6_000, 'MD'));
  const levies = await books.database.query(
    `SELECT input, taken, input_change AS seen, taken_change AS took FROM accumulator_entry
      WHERE key = 'maker:MD|levy|2026-02' ORDER BY version`,
  );
  expect(levies).toEqual([
    { input: 6_000, taken: 600, seen: 6_000, took: 600 },
    { input: 12_000, taken: 1_000, seen: 6_000, took: 400 },
    { input: 18_000, taken: 1_000, seen: 6_000, took: 0 },
  ]);
  expect(await faults()).toEqual([]);
});

describe('remembering costs', () => {
  /** The statements of a batch. */
  async function asked(...events: Event<SalePaid>[]): Promise<string[]> {
    const statements: string[] = [];
    await books.database.transaction(async (transaction) => {
      const query: Transaction['query'] = (sql, parameters) => {
        statements.push(sql);
        return transaction.query(sql, parameters);
      };
      return ledger.sales.credit(await openBooksFor({ ...transaction, query }, events), events);
    });
    return statements;
  }

  it('no statement if an agreement remembers nothing', async () => {
    const statements = await asked(sold('e1', 'E', 6_000), sold('e2', 'E', 6_000));
    expect(statements.filter((sql) => /accumulator|journal_memory|pot/.test(sql))).toEqual([]);
  });

  it('a fixed number of statements, however many sales a batch has', async () => {
    await agree('G', { id: 'fund', take: tenth, per: 'week', maxPot: 10_000, to: 'beneficiary:fund' });
    await credit(sold('g', 'G', 1_000, 'MG'));
    const one = await asked(sold('g0', 'G', 1_000, 'MG'));
    const many = await asked(...Array.from({ length: 20 }, (_, index) => sold(`g-${index}`, 'G', 1_000, `MG${index}`)));
    expect(many).toEqual(one);
  });
});

it.each([
  ['accumulator', 'UPDATE accumulator SET key = key'],
  ['accumulator', 'DELETE FROM accumulator'],
  ['accumulator_entry', 'UPDATE accumulator_entry SET taken = 0'],
  ['accumulator_entry', 'DELETE FROM accumulator_entry'],
  ['journal_memory', `UPDATE journal_memory SET memory = '{}'`],
  ['journal_memory', 'DELETE FROM journal_memory'],
])('what is remembered is append-only for the service itself: %s, %s', async (table, statement) => {
  await expect(books.database.query(statement)).rejects.toThrow(`permission denied for table ${table}`);
});

it('an obligation is recorded by one person, approved by another, paid from shares, and remitted down to what is owed', async () => {
  await agree('F', { id: 'restitution', take: { rate: { bp: 5_000 } }, maxOwed: true, to: 'beneficiary:victim' });
  const draft = (amount: number) => ({
    by: 'p1',
    facilityId: 'F',
    occurredAt: '2026-02-01T03:00:00Z',
    reason: 'verdict 17/2026',
    obligation: { debtor: 'maker:MF', beneficiary: 'beneficiary:victim', amount },
  });
  const made = { lotId: 'LF', facilityId: 'F', region: 'Bali', makerIds: ['MF'], recordedAt: '2026-01-05T03:00:00Z' };
  await books.database.transaction((transaction) => ledger.floors.record(transaction, [made]));
  const list = async () => (await served.call('GET', 'obligations?debtor=maker:MF')).body.items;
  const record = async (amount: number) =>
    (await served.call('POST', 'adjustments/obligations', draft(amount))).body.adjustmentId;
  const approve = (id: string, by = 'p2') => served.call('POST', `adjustments/${id}/approval`, { by });

  const imposed = await record(100_000);
  expect(await list()).toEqual([]);
  expect(await approve(imposed, 'p1')).toMatchObject({ status: 403 });
  expect(await approve(imposed)).toMatchObject({ status: 200, body: { type: 'obligation', journals: 1 } });
  const obligation = { debtor: 'maker:MF', beneficiary: 'beneficiary:victim' };
  expect(await list()).toEqual([{ ...obligation, imposed: 100_000, paid: 0, owed: 100_000 }]);

  await credit(sold('f1', 'F', 120_001, 'MF'));
  expect(await list()).toEqual([{ ...obligation, imposed: 100_000, paid: 60_000, owed: 40_000 }]);
  expect(await approve(await record(-40_001))).toMatchObject({ status: 409 });
  expect(await approve(await record(-30_000))).toMatchObject({ status: 200 });
  await credit(sold('f2', 'F', 120_001, 'MF'));

  const { items } = (await served.call('GET', 'obligations/maker:MF/beneficiary:victim/entries')).body;
  expect(items).toMatchObject([
    { version: 1, kind: 'obligation', postedOn: '2026-02-01', imposed: 100_000, paid: 0, owed: 100_000 },
    { version: 2, kind: 'sale', sourceReference: 'blanja/f1@F', imposed: 0, paid: 60_000, owed: 40_000 },
    { version: 3, kind: 'obligation', imposed: -30_000, paid: 0, owed: 10_000 },
    { version: 4, kind: 'sale', imposed: 0, paid: 10_000, owed: 0 },
  ]);
  expect(await heldBy('beneficiary:victim')).toBe(70_000);
  expect(await faults()).toEqual([]);
});

describe('makers who were merged', () => {
  const cause = { correlationId: newId() };
  const merge = async (makerId: string, into: string) => {
    const draft = { makerId, facilityId: 'J1', occurredAt: '2026-02-01T03:00:00Z', reason: 'one person', by: 'p1' };
    const { eventId } = await books.database.transaction((transaction) =>
      ledger.makerEvents.draft(transaction, draft, { type: 'merge', content: { into } }),
    );
    await ledger.makerEvents.approve(eventId, 'p2', cause);
  };
  const countOf = async (makerId: string) => {
    const rows = await books.database.query<{ input: number; taken: number }>(
      'SELECT input, taken FROM accumulator WHERE key = $1',
      [`maker:${makerId}|family|2026-02`],
    );
    return rows[0];
  };

  it('are one person: a cap, an obligation and a ceiling go on where both were', async () => {
    const month = { maxPerPeriod: { amount: 5_000, per: 'month' as const } };
    await agree(
      'J1',
      { id: 'family', take: tenth, ...month, to: 'beneficiary:merged-family' },
      { id: 'victim', take: tenth, of: 'basis', maxOwed: true, to: 'beneficiary:merged-victim' },
      { id: 'saved', take: tenth, of: 'basis', maxPot: 7_000, to: 'savings' },
    );
    await credit(sold('j1', 'J1', 20_000, 'MJ1'), sold('j2', 'J1', 10_000, 'MJ2'));
    expect([await countOf('MJ1'), await countOf('MJ2')]).toEqual([
      { input: 20_000, taken: 2_000 },
      { input: 10_000, taken: 1_000 },
    ]);

    await merge('MJ1', 'MJ2');
    expect([await countOf('MJ1'), await countOf('MJ2')]).toEqual([
      { input: 0, taken: 0 },
      { input: 30_000, taken: 3_000 },
    ]);
    // What is owed in either name is the person's; so is what either earns, before or after it was known.
    const obligation = { debtor: 'maker:MJ1', beneficiary: 'beneficiary:merged-victim', amount: 2_500 };
    const draft = { by: 'p1', facilityId: 'J1', occurredAt: '2026-02-02T03:00:00Z', reason: 'verdict', obligation };
    const { adjustmentId } = await books.database.transaction((transaction) =>
      ledger.adjustments.draftObligation(transaction, draft),
    );
    await ledger.adjustments.approve(adjustmentId, 'p2', cause);
    await credit(sold('j3', 'J1', 15_000, 'MJ1'), sold('j4', 'J1', 30_000, 'MJ2'));
    expect(await heldBy('beneficiary:merged-family')).toBe(5_000);
    expect(await heldBy('beneficiary:merged-victim')).toBe(2_500);
    expect([await heldBy('maker:MJ1:savings'), await heldBy('maker:MJ2:savings')]).toEqual([1_500, 5_500]);
    expect(await countOf('MJ2')).toEqual({ input: 75_000, taken: 5_000 });
    expect(await faults()).toEqual([]);

    // A refund of the first sale, from before they were merged, makes room again in the person's month.
    await books.refund('j1', { amount: 20_000, facilityId: 'J1' });
    expect(await countOf('MJ2')).toEqual({ input: 55_000, taken: 3_000 });
    await credit(sold('j5', 'J1', 9_000, 'MJ1'));
    expect(await countOf('MJ2')).toEqual({ input: 64_000, taken: 3_900 });
    expect(await faults()).toEqual([]);
  });

  it('go on together when the survivor is merged as well, and the first again', async () => {
    await merge('MJ2', 'MJ3');
    expect(await countOf('MJ3')).toEqual({ input: 64_000, taken: 3_900 });
    await credit(sold('j6', 'J1', 10_000, 'MJ1'));
    expect(await countOf('MJ3')).toEqual({ input: 74_000, taken: 4_900 });
    await merge('MJ1', 'MJ3');
    expect(await faults()).toEqual([]);
  });
});
