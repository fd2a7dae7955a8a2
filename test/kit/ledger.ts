import { randomUUID } from 'node:crypto';
import type { INestApplication, Type } from '@nestjs/common';
import { refundIdOf, type SalePaid, saleIdOf, salePaid, saleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import { LedgerModule } from '../../services/ledger/ledger.module.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { ledgerPolicy } from '../../services/ledger/policy.ts';
import { openBooksFor } from '../../services/ledger/sales/sales/event-posting.service.ts';
import { SalesService } from '../../services/ledger/sales/sales/sales.service.ts';
import { createDatabase } from './database.ts';
import { newSealKey } from './seal-key.ts';
import { startTested } from './service.ts';
import { signedFetch } from './sign-in.ts';

type Line = SalePaid['lines'][number];

/** The ledger as a process runs it, over a fresh database; sales and refunds are handed to it without a broker between. */
export interface TestedLedger {
  /** Of a superuser. */
  readonly url: string;
  readonly app: INestApplication;
  readonly database: Database;
  sell(sale: {
    orderRef: string;
    facilityId?: string;
    placedAt?: string;
    /** When its channel is to have paid it out. */
    settlesBy?: string;
    lines: readonly Partial<Line>[];
  }): Promise<void>;
  /** Money back of a line of facility F1. */
  refund(refund: { orderRef: string; lineRef?: string; amount: number; occurredAt?: string }): Promise<void>;
  /** Of `/v1/{path}`. */
  fetch(path: string): Promise<Response>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  get(path: string): Promise<any>;
  close(): Promise<void>;
}

/** One unit of a lot that M1 made alone, unless said. */
const line: Line = {
  lineRef: '1',
  sku: 'batik',
  quantity: 1,
  unitPrice: 100_000,
  discount: 0,
  fees: 0,
  shipping: 0,
  tax: 0,
  portions: [
    { lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours', contributions: [{ makerId: 'M1', weight: '1' }] },
  ],
};

/** @param neighbours what hears its events */
export async function startLedger(neighbours: Type[] = []): Promise<TestedLedger> {
  const testDatabase = await createDatabase();
  process.env.LEDGER_SEAL_KEY = newSealKey();
  const service = { module: LedgerModule, policy: ledgerPolicy, migrations: ledgerMigrations, neighbours };
  const app = await startTested({ ...service, name: `ledger-${randomUUID()}` }, testDatabase);
  const [database, sales, address] = [app.get(Database), app.get(SalesService), await app.getUrl()];
  const ask = (path: string) => signedFetch(`${address}/v1/${path}`);
  let refunds = 0;
  return {
    url: testDatabase.url,
    app,
    database,
    sell: async ({ orderRef, facilityId = 'F1', placedAt = '2026-01-05T03:00:00Z', lines, ...terms }) => {
      const orderId = `blanja/${orderRef}`;
      const saleId = saleIdOf(orderId, facilityId);
      const whole = lines.map((each, index) => ({ ...line, lineRef: String(index + 1), ...each }));
      const ids = { saleId, orderId, channel: 'blanja', orderRef, facilityId };
      const sale: SalePaid = { ...ids, placedAt, ...terms, lines: whole };
      const event = newEvent(salePaid, sale, { correlationId: newId() });
      await database.transaction(async (transaction) =>
        sales.credit(await openBooksFor(transaction, [event]), [event]),
      );
    },
    refund: async ({ orderRef, lineRef = '1', amount, occurredAt = '2026-01-06T03:00:00Z' }) => {
      const orderId = `blanja/${orderRef}`;
      refunds += 1;
      const refundRef = `R${refunds}`;
      const ids = { refundId: refundIdOf(orderId, lineRef, refundRef), saleId: saleIdOf(orderId, 'F1'), orderId };
      const refund = {
        ...ids,
        channel: 'blanja',
        facilityId: 'F1',
        lineRef,
        refundRef,
        quantity: 1,
        amount,
        occurredAt,
      };
      const event = newEvent(saleRefunded, refund, { correlationId: newId() });
      await database.transaction(async (transaction) =>
        sales.reverse(await openBooksFor(transaction, [event]), [event]),
      );
    },
    fetch: ask,
    get: async (path) => (await ask(path)).json(),
    close: async () => {
      await app.close();
      await testDatabase.drop();
    },
  };
}
