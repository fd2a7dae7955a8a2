import { createPublicKey } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database, type Migrations } from '#libs/database';
import { commonMigrations } from '#libs/service';
import { buildIfStale } from '../../deploy/local/build.ts';
import { localKafka } from '../../deploy/local/infrastructure.ts';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { forEachService, SERVICES, type Service } from '../../deploy/local/services.ts';
import { type Services, startServices } from '../../deploy/local/supervisor.ts';
import { catalogueMigrations } from '../../services/catalogue/migrations/index.ts';
import { ledgerMigrations } from '../../services/ledger/migrations/index.ts';
import { publicKeyText } from '../../services/ledger/proof/seals/seal.ts';
import { findingsOf, statementFrom } from '../../services/ledger/proof/statements/verification.ts';
import { outsideOf } from '../../services/ledger/proof/verification/outside.ts';
import { ordersMigrations } from '../../services/orders/migrations/index.ts';
import { paymentsMigrations } from '../../services/payments/migrations/index.ts';
import { createDatabase, type TestDatabase } from '../kit/database.ts';
import { faultsOf } from '../kit/faults-of-books.ts';
import { eventually } from '../kit/service.ts';
import { signedFetch } from '../kit/sign-in.ts';
import { copyDatabase, restoreDatabase, rowsOf } from './copied-database.ts';

/* Books that the first release has written, all four databases (its README says how), under the services of today. */

const BOOKS = new URL('books-of-first-release/', import.meta.url).pathname;
const SEAL_KEY = join(BOOKS, 'ledger-seal-key.pem');
const copied = forEachService((service) =>
  brotliDecompressSync(readFileSync(join(BOOKS, `${service}.copy.br`))).toString(),
);
/** What the first release answered about them. */
const said = JSON.parse(readFileSync(join(BOOKS, 'said.json'), 'utf8'));

const migrations: Record<Service, Migrations> = {
  catalogue: [...commonMigrations, ...catalogueMigrations],
  orders: [...commonMigrations, ...ordersMigrations],
  payments: [...commonMigrations, ...paymentsMigrations],
  ledger: [...commonMigrations, ...ledgerMigrations],
};

let databases: Record<Service, TestDatabase>;
let services: Services<Service>;
let ledger: Database;

beforeAll(async () => {
  await buildIfStale(() => {});
  const created = await Promise.all(SERVICES.map(() => createDatabase()));
  databases = Object.fromEntries(SERVICES.map((service, index) => [service, created[index]])) as typeof databases;
  for (const service of SERVICES) {
    const { url } = databases[service];
    const known = new Set(rowsOf(copied[service], 'migrations').map(({ name }) => name));
    const old = await Database.open(
      url,
      migrations[service].filter(({ name }) => known.has(name)),
    );
    await old.onApplicationShutdown();
    await restoreDatabase(url, copied[service]);
    expect(await copyDatabase(url)).toBe(copied[service]);
  }
  const directory = temporaryDirectory();
  for (const key of ['ledger-seal-key.pem', 'personal-data.key']) cpSync(join(BOOKS, key), join(directory, key));
  const kafka = localKafka(directory);
  await makeAccess(kafka, []);
  const ports = {} as Record<Service, number>;
  for (const service of SERVICES) ports[service] = await freePort();
  services = await startServices({
    infrastructure: {
      kafka,
      databaseUrls: forEachService((service) => databases[service].url),
    },
    ports,
    directory,
    log: () => {},
  });
  ledger = await Database.open(databases.ledger.url, migrations.ledger);
}, 120_000);
afterAll(async () => {
  await services?.stop();
  await ledger?.onApplicationShutdown();
  for (const database of Object.values(databases ?? {})) await database.drop();
});

// biome-ignore lint/suspicious/noExplicitAny: what is tested
async function get(service: Service, path: string): Promise<any> {
  return (await signedFetch(`${services.addresses[service]}/v1/${path}`)).json();
}
let asked = 0;
// biome-ignore lint/suspicious/noExplicitAny: what is tested
async function post(service: Service, path: string, body: object): Promise<any> {
  asked += 1;
  const headers = { 'content-type': 'application/json', 'idempotency-key': `upgrade-${asked}` };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await signedFetch(`${services.addresses[service]}/v1/${path}`, init)).json();
}
const outside = outsideOf({ LEDGER_SEAL_KEY: SEAL_KEY });

it('every balance is what it was', async () => {
  const { items } = await get('ledger', 'accounts?limit=1000');
  const balances = items.map(({ code, balance }: { code: string; balance: number }) => [code, balance]);
  expect(Object.fromEntries(balances)).toEqual(said.accounts);
  expect(await get('ledger', 'trial-balance')).toEqual(said.trialBalance);
});

it('a verification finds nothing wrong: chains, explanations, laws, changes, seals', async () => {
  expect(await faultsOf(ledger, outside)).toEqual([]);
});

it('an entry of every kind on every kind of account says why it is there', async () => {
  const entries = await ledger.query<{ kind: string; account: string; version: number }>(
    `SELECT DISTINCT ON (kind, source ->> 'type', purpose, class) kind, code AS account, account_version AS version
       FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
      ORDER BY kind, source ->> 'type', purpose, class, code, account_version`,
  );
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(said.kinds));
  for (const { account, version } of entries) {
    const path = `entries/${encodeURIComponent(account)}/${version}/explanation`;
    expect(await get('ledger', path)).toMatchObject({ matches: true, sentence: { en: expect.any(String) } });
  }
});

it('statements prove themselves, by the seals of then', async () => {
  const trusted = [publicKeyText(createPublicKey(readFileSync(SEAL_KEY)))];
  for (const makerId of said.makers) {
    const answer = await signedFetch(
      `${services.addresses.ledger}/v1/makers/${makerId}/statement?to=2011-12-31&format=json`,
    );
    const findings = findingsOf(statementFrom(await answer.text()), trusted);
    expect(findings.filter(({ holds }) => holds === false)).toEqual([]);
  }
});

it('everything that was posted is told, from the first journal on', async () => {
  const positions = () =>
    ledger.query(`SELECT facility_id, number FROM chain_head EXCEPT SELECT facility_id, number FROM feed_position`);
  expect(await eventually(positions, (rows) => rows.length === 0)).toEqual([]);
});

it('and life goes on: an old sale is refunded, a new one credited, a payout on its way arrives', async () => {
  const order = { channel: 'blanja', orderRef: 'after-the-upgrade', placedAt: '2011-01-20T10:00:00+07:00' };
  const lines = [{ lineRef: '1', sku: 'MJK-TAS-KULIT', quantity: 1, unitPrice: 485_000 }];
  await post('orders', 'checkouts', { ...order, lines });
  await post('orders', `orders/blanja/${said.refundable.orderRef}/refunds`, {
    ...{ refundRef: 'after-the-upgrade', lineRef: said.refundable.lineRef, quantity: 1 },
  });
  for (const itemId of said.disbursements) await post('payments', `sandbox/disbursements/${itemId}/pay`, {});
  const posted = () =>
    ledger.query<{ kind: string; reference: string }>(
      `SELECT kind, source_reference AS reference FROM journal
        WHERE source_reference LIKE '%after-the-upgrade%' OR source_reference = ANY ($1) ORDER BY kind DESC`,
      [said.disbursements],
    );
  const expected = ['sale', 'refund', ...said.disbursements.map(() => 'payout')];
  const journals = await eventually(posted, (rows) => rows.length >= expected.length);
  expect(journals.map(({ kind }) => kind)).toEqual(expected);
  const status = async () => (await get('orders', 'orders/blanja/after-the-upgrade')).status;
  expect(await eventually(status, (now) => now === 'credited')).toBe('credited');
  expect(await faultsOf(ledger, outside)).toEqual([]);
});
