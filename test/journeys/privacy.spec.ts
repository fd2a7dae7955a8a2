/** A name, put into everything that can fail, and then looked for wherever somebody could read it who should not. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseUrl } from '../../deploy/local/postgres.ts';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { authorizationFor } from '../kit/sign-in.ts';
import { address, fromSetup, metricsAddress, publish, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

const NAME = `Warga${randomUUID().slice(0, 8)}Binaan`;

/** As it stands in texts of several kinds. */
const DISGUISES = [
  NAME,
  Buffer.from(NAME).toString('hex'),
  ...[0, 1, 2].map((offset) =>
    Buffer.from(`${' '.repeat(offset)}${NAME}`)
      .toString('base64')
      .slice(4, -4),
  ),
];

const answers: string[] = [];
const owners = new Map<Service, pg.Client>();

beforeAll(async () => {
  for (const service of SERVICES) {
    const owner = new pg.Client(databaseUrl(fromSetup('DATABASE_URL'), service));
    await owner.connect();
    owners.set(service, owner);
  }
});
afterAll(() => Promise.all([...owners.values()].map((owner) => owner.end())));

/** While nothing can be written into a table of a service. */
async function refusing(service: Service, table: string, work: () => Promise<void>): Promise<void> {
  const owner = owners.get(service);
  await owner?.query(`ALTER TABLE ${table} ADD CONSTRAINT refuses_all CHECK (false) NOT VALID`);
  await work().finally(() => owner?.query(`ALTER TABLE ${table} DROP CONSTRAINT refuses_all`));
}

/** While a service's table has another name. */
async function missing(service: Service, table: string, work: () => Promise<void>): Promise<void> {
  const owner = owners.get(service);
  await owner?.query(`ALTER TABLE ${table} RENAME TO is_elsewhere`);
  await work().finally(() => owner?.query(`ALTER TABLE is_elsewhere RENAME TO ${table}`));
}

async function ask(service: Service, path: string, body?: unknown, key: string = randomUUID()): Promise<number> {
  const authorization = await authorizationFor(`/v1/${path}`);
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(
    new URL(`/v1/${path}`, address(service)),
    body === undefined ? { headers } : { method: 'POST', headers, body: text },
  );
  const answer = await response.text();
  if (response.status >= 500) answers.push(answer);
  return response.status;
}

async function tell(value: string, type = 'marketplace.checkout-completed.v1'): Promise<void> {
  const headers = { ce_id: randomUUID(), ce_type: type, ce_source: `/${NAME}` };
  await publish({ topic: 'checkout.blanja.v1', key: `blanja/${randomUUID()}`, headers, value });
}

const counted = async (service: Service, metric: RegExp): Promise<number> => {
  const page = await (await fetch(metricsAddress(service))).text();
  return Number(metric.exec(page)?.[1] ?? 0);
};

const makers = (facilityId: string, name: string): string =>
  `maker_id,facility_id,registration_no,name,display_name,consent,is_child\nm-${randomUUID()},${facilityId},${NAME},${name},${name},true,false\n`;
const checkout = (orderRef: string, more: object = {}): object => ({
  channel: 'blanja',
  orderRef,
  placedAt: '2026-01-05T10:00:00+07:00',
  lines: [{ lineRef: '1', sku: NAME, quantity: 1, unitPrice: 1_000 }],
  ...more,
});
const settlement = {
  channel: 'blanja',
  orderRef: NAME,
  settlementRef: NAME,
  settledAt: '2026-01-06T10:00:00+07:00',
  fee: 0,
  shipping: 0,
  withheldTax: 0,
  bank: 'bri',
};
const adjustment = {
  type: 'adjustment',
  facilityId: NAME,
  occurredAt: '2026-01-06T10:00:00+07:00',
  reason: NAME,
  entries: [
    { account: `suspense@${NAME}`, amount: 1 },
    { account: `facility:${NAME}:earnings`, amount: -1 },
  ],
};

it('a name in whatever fails is in no log, no figure and no answer to somebody else', async () => {
  const { facilityId } = await openWorkshop({ stock: 1 });
  const files = { 'makers.csv': makers(facilityId, NAME) };

  const statements: [Service, string, () => Promise<number>][] = [
    ['catalogue', 'maker_person', () => ask('catalogue', 'imports', { files, dryRun: false })],
    ['orders', 'idempotency_key', () => ask('orders', 'checkouts', checkout(NAME), NAME)],
    ['orders', '"order"', () => ask('orders', 'checkouts', checkout(NAME))],
    ['payments', 'idempotency_key', () => ask('payments', 'settlements', settlement, NAME)],
    ['ledger', 'idempotency_key', () => ask('ledger', 'adjustments', adjustment, NAME)],
  ];
  for (const [service, table, work] of statements) {
    for (const broken of [refusing, missing]) {
      await broken(service, table, async () => expect(await work()).toBe(500));
    }
  }

  const faulty = { 'makers.csv': makers('nowhere', `${NAME},too,many`) };
  expect(await ask('catalogue', 'imports', { files: faulty, dryRun: false })).toBe(422);
  expect(await ask('orders', 'checkouts', checkout('x', { buyer: NAME }))).toBe(400);
  expect(await ask('orders', 'checkouts', `{"channel": "${NAME}`)).toBe(400);
  expect(await ask('orders', `orders/blanja/${NAME}`)).toBe(404);
  expect(await ask('orders', `orders/blanja/${NAME}?cursor=${NAME}`)).toBeLessThan(500);

  const poison = /^dead_letters_total\{status="poison"\} (\d+)$/m;
  const before = await counted('orders', poison);
  await tell(`{"channel": "blanja", "buyer": "${NAME}`);
  await tell('{}', NAME);
  await tell(JSON.stringify({ channel: NAME, orderRef: { buyer: NAME } }));
  await until(
    () => counted('orders', poison),
    (count) => count >= before + 3,
  );

  await owners
    .get('ledger')
    ?.query(`INSERT INTO outbox (topic, key, headers, value) VALUES ($1, $2, $3, $2)`, [
      'no.such.topic',
      NAME,
      JSON.stringify({ ce_id: randomUUID(), ce_type: 'test' }),
    ]);
  const undeliverable = /^outbox_undeliverable_messages (\d+)$/m;
  await until(
    () => counted('ledger', undeliverable),
    (count) => count > 0,
  );
  await owners.get('ledger')?.query('DELETE FROM undeliverable WHERE key = $1', [NAME]);

  const pages = await Promise.all(SERVICES.map((service) => fetch(metricsAddress(service))));
  const readable = new Map([
    ...(await Promise.all(pages.map(async (page) => [page.url, await page.text()] as const))),
    ...answers.map((answer, number) => [`answer ${number}`, answer] as const),
    ...fromSetup('LOG_DIRECTORIES').split(',').flatMap(logsIn),
  ]);
  const found = [...readable].flatMap(([where, text]) =>
    DISGUISES.some((disguise) => text.includes(disguise)) ? [`${where}: ${excerpt(text)}`] : [],
  );
  expect(found).toEqual([]);
  expect(answers).toHaveLength(10);
  for (const service of SERVICES) {
    expect(readable.get(`${service}.log`)).toContain('"code":"23514","constraint":"refuses_all"'); // it did fail
  }
});

function logsIn(directory: string): [string, string][] {
  return readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]);
}

function excerpt(text: string): string {
  const position = Math.max(0, ...DISGUISES.map((disguise) => text.indexOf(disguise)));
  return text.slice(Math.max(0, position - 200), position + 200);
}
