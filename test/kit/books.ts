import pg from 'pg';
import { refundIdOf, type SalePaid, type SaleRefunded, saleIdOf, salePaid, saleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { commonMigrations } from '#libs/service';
import type { Journal } from '../../services/ledger/books/journals/journal.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { openBooksFor } from '../../services/ledger/sales/sales/event-posting.service.ts';
import { createDatabase } from './database.ts';
import { ledgerServices, post } from './ledger-services.ts';

type Contributions = SalePaid['lines'][number]['portions'][number]['contributions'];

/** The ledger's books over a real PostgreSQL, whose clock stands where a test sets it. */
export interface Books {
  readonly url: string;
  readonly database: Database;
  /** Of a superuser, whom no trigger stops. */
  readonly intruder: pg.Client;
  /** Sets the clock that journals are recorded by. */
  setClock(instant: string): Promise<void>;
  /** `releaseAt`: the end of the channel's return window, if it has one. */
  sell(
    orderRef: string,
    sale: { price: number; makers?: Contributions; facilityId?: string; releaseAt?: string },
  ): Promise<void>;
  refund(orderRef: string, refund: { amount: number; refundRef?: string; facilityId?: string }): Promise<void>;
  post(...journals: Journal[]): Promise<void>;
  close(): Promise<void>;
}

export async function openBooks(): Promise<Books> {
  const { url, drop } = await createDatabase();
  const intruder = new pg.Client(url);
  await intruder.connect();
  await intruder.query(`
    CREATE TABLE test_clock AS SELECT NULL::timestamptz AS instant;
    CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT coalesce(instant, pg_catalog.clock_timestamp()) FROM public.test_clock';
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
    SET session_replication_role = replica`);
  const database = await Database.open(url, [...commonMigrations, ...ledgerMigrations]);
  const { sales } = ledgerServices(database);
  const instant = async () => {
    const [{ now } = { now: new Date() }] = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    return now.toISOString();
  };
  return {
    url,
    database,
    intruder,
    setClock: async (now) => void (await intruder.query('UPDATE test_clock SET instant = $1', [now])),
    sell: async (orderRef, { price, makers = [{ makerId: 'M1', weight: '1' }], facilityId = 'F1', releaseAt }) => {
      const orderId = `blanja/${orderRef}`;
      const portions = [
        { lotId: 'L1', quantity: 2, unitCost: 1_000, measure: 'hours' as const, contributions: makers },
      ];
      const line = { lineRef: '1', sku: 'batik', quantity: 2, unitPrice: price / 2, portions };
      const sale: SalePaid = {
        saleId: saleIdOf(orderId, facilityId),
        orderId,
        channel: 'blanja',
        orderRef,
        facilityId,
        placedAt: await instant(),
        ...(releaseAt && { releaseAt }),
        lines: [{ ...line, discount: 0, fees: 0, shipping: 0, tax: 0 }],
      };
      const event = newEvent(salePaid, sale, { correlationId: newId() });
      await database.transaction(async (transaction) =>
        sales.credit(await openBooksFor(transaction, [event]), [event]),
      );
    },
    refund: async (orderRef, { amount, refundRef = 'R1', facilityId = 'F1' }) => {
      const orderId = `blanja/${orderRef}`;
      const refund: SaleRefunded = {
        refundId: refundIdOf(orderId, '1', refundRef),
        saleId: saleIdOf(orderId, facilityId),
        orderId,
        channel: 'blanja',
        facilityId,
        lineRef: '1',
        refundRef,
        quantity: 1,
        amount,
        occurredAt: await instant(),
      };
      const event = newEvent(saleRefunded, refund, { correlationId: newId() });
      await database.transaction(async (transaction) =>
        sales.reverse(await openBooksFor(transaction, [event]), [event]),
      );
    },
    post: async (...drafts) => void (await post(database, drafts)),
    close: async () => {
      await database.onApplicationShutdown();
      await intruder.end();
      await drop();
    },
  };
}
