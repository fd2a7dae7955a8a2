import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chargeBorne, type WalletWithdrawn, walletWithdrawn } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { faultsFound } from '../../../../test/kit/faults-of-books.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { openBooksFor } from '../sales/event-posting.service.ts';

let books: Books;
let ledger: ReturnType<typeof ledgerServices>;
beforeAll(async () => {
  books = await openBooks();
  ledger = ledgerServices(books.database);
});
afterAll(() => books.close());

const cause = { correlationId: newId() };

/** What its channel pays out to a wallet for a facility. */
async function fill(wallet: string, facilityId: string, paidOut: number): Promise<void> {
  const charge = { chargeId: `shopee/-~${newId()}`, channel: 'shopee', called: 'Bonus', facilityId, withheldTax: 0 };
  const event = newEvent(chargeBorne, { ...charge, paidOut, bank: wallet, chargedAt: '2026-03-06T03:00:00Z' }, cause);
  await books.database.transaction(async (transaction) =>
    ledger.events.post(await openBooksFor(transaction, [event]), [event]),
  );
}

const withdrawal = (wallet: string, ref: string, amount: number, more: Partial<WalletWithdrawn> = {}) =>
  newEvent(
    walletWithdrawn,
    {
      ...{ withdrawalId: `shopee/-~${wallet} ${ref}`, channel: 'shopee', wallet, bank: 'bri', amount },
      ...{ withdrawnAt: '2026-03-08T03:00:00Z', ...more },
    },
    cause,
  );
const withdraw = (...events: ReturnType<typeof withdrawal>[]) =>
  books.database.transaction((transaction) => ledger.withdrawals.withdraw(transaction, events));

async function balances(wallet: string): Promise<Record<string, number>> {
  const rows = await books.database.query<{ code: string; balance: number }>(
    'SELECT code, balance FROM account WHERE owner = $1 ORDER BY code',
    [`bank:${wallet}`],
  );
  return Object.fromEntries(rows.map(({ code, balance }) => [code.slice(code.indexOf('@') + 1), balance]));
}
const partsOf = async (wallet: string, ref: string) =>
  books.database.query(
    `SELECT facility_id AS by, (source ->> 'part')::bigint AS part, posted_on AS day FROM journal
      WHERE kind = 'withdrawal' AND source ->> 'withdrawalId' = $1 ORDER BY facility_id`,
    [`shopee/-~${wallet} ${ref}`],
  );
const refused = (wallet: string) =>
  books.database.query<{ reason: string; resolution: string | null }>(
    `SELECT refused_event.reason, resolution.reason AS resolution
       FROM refused_event LEFT JOIN refused_event_resolution AS resolution USING (event_id)
      WHERE reference LIKE 'shopee/-~' || $1 || ' %' ORDER BY event_id`,
    [wallet],
  );

it('a withdrawal is of all who have something in the wallet, by what they have, once', async () => {
  await fill('w1', 'F1', 100_000);
  await fill('w1', 'F2', 50_000);
  const first = withdrawal('w1', 'first', 100_000);
  await withdraw(first, first, withdrawal('w1', 'second', 50_000));
  await withdraw({ ...first, id: newId() });
  const day = '2026-03-08';
  expect(await partsOf('w1', 'first')).toEqual([
    { by: 'F1', part: 66_667, day },
    { by: 'F2', part: 33_333, day },
  ]);
  expect(await partsOf('w1', 'second')).toEqual([
    { by: 'F1', part: 33_333, day },
    { by: 'F2', part: 16_667, day },
  ]);
  expect(await balances('w1')).toEqual({ F1: 0, F2: 0 });
  expect(await refused('w1')).toEqual([]);
});

it('more than is there is listed, and posted by itself once it has come; another content is a conflict', async () => {
  await fill('w2', 'F1', 100_000);
  const early = withdrawal('w2', 'early', 150_000);
  await withdraw(early);
  await ledger.refusedEvents.withdrawWhatHasCome();
  expect([await balances('w2'), await partsOf('w2', 'early')]).toEqual([{ F1: 100_000 }, []]);
  expect(await refused('w2')).toEqual([{ reason: 'exceeds-wallet', resolution: null }]);

  await fill('w2', 'F3', 60_000);
  await ledger.refusedEvents.withdrawWhatHasCome();
  await ledger.refusedEvents.withdrawWhatHasCome();
  expect(await partsOf('w2', 'early')).toMatchObject([
    { by: 'F1', part: 93_750 },
    { by: 'F3', part: 56_250 },
  ]);
  expect(await refused('w2')).toEqual([{ reason: 'exceeds-wallet', resolution: 'it has come to the wallet' }]);

  await withdraw(withdrawal('w2', 'early', 150_000), withdrawal('w2', 'early', 150_000, { bank: 'bni' }));
  expect(await refused('w2')).toMatchObject([{ reason: 'exceeds-wallet' }, { reason: 'conflict' }]);
  expect(await balances('w2')).toEqual({ F1: 6_250, F3: 3_750 });
});

it('of a wallet that nobody has anything in nothing is withdrawn', async () => {
  await withdraw(withdrawal('w3', 'none', 1));
  expect(await refused('w3')).toEqual([{ reason: 'exceeds-wallet', resolution: null }]);
});

it('the books agree, and a part that is not what was in the wallet is found', async () => {
  const query: Transaction['query'] = async (sql, parameters) => (await books.intruder.query(sql, parameters)).rows;
  const found = async (tamper?: string) => {
    await books.intruder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    try {
      if (tamper) await books.intruder.query(tamper);
      return (await faultsFound(query)).map(({ table, says }) => `${table} ${says}`);
    } finally {
      await books.intruder.query('ROLLBACK');
    }
  };
  expect(await found()).toEqual([]);
  const changed = await found(
    `UPDATE journal SET source = jsonb_set(source::jsonb, '{part}', '66666')::json
      WHERE kind = 'withdrawal' AND source_reference = 'shopee/-~w1 first@F1'`,
  );
  expect(changed).toContain('journal is not what its journals say');
});
