/** A name, put into everything that can fail, and then looked for wherever somebody could read it who should not. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { configuredKafka, connectKafka } from '#libs/messaging/kafka';
import { databaseUrl } from '../../deploy/local/postgres.ts';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { tokenOf } from '../kit/issuer.ts';
import { authorizationFor } from '../kit/sign-in.ts';
import { copyDatabase } from '../upgrade/copied-database.ts';
import { address, fromSetup, kafka, metricsAddress, publish, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

const NAME = `Warga${randomUUID().slice(0, 8)}Binaan`;

/** A name as it stands in texts of several kinds. */
const disguisesOf = (name: string): string[] => [
  name,
  encodeURIComponent(name),
  new URLSearchParams({ '': name }).toString().slice(1),
  Buffer.from(name).toString('hex'),
  ...[0, 1, 2].map((offset) =>
    Buffer.from(`${' '.repeat(offset)}${name}`)
      .toString('base64')
      .slice(4, -4),
  ),
];
const DISGUISES = disguisesOf(NAME);

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
  paidOut: 0,
  revenue: 0,
  settles: 'all',
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

/** Each topic but those that strangers write, byte by byte as text. */
async function topicsAsText(): Promise<[string, string][]> {
  const client = connectKafka('sweep', configuredKafka(kafka().administrator));
  const admin = client.admin();
  await admin.connect();
  const names = (await admin.listTopics()).filter((name) => !name.startsWith('checkout.') && !name.startsWith('__'));
  const ends = new Map<string, number>();
  for (const topic of names) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) ends.set(`${topic} ${partition}`, Number(high));
    }
  }
  await admin.disconnect();
  const texts = new Map<string, string>();
  const consumer = client.consumer({ groupId: `sweep-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: names, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { key, value, headers, offset } }) => {
      const parts = [key, value, ...(headers as unknown as [string, Buffer][]).flat()]; // as our client reads them
      texts.set(topic, `${texts.get(topic) ?? ''}${parts.join(' ')}\n`);
      if (Number(offset) + 1 >= (ends.get(`${topic} ${partition}`) ?? 0)) ends.delete(`${topic} ${partition}`);
    },
  });
  await until(
    async () => ends.size,
    (left) => left === 0,
  );
  await consumer.disconnect();
  return [...texts];
}

it('T12: the names of a maker, a child and a buyer are in no topic, no dump, no log, no figure and no problem', async () => {
  const marked = (who: string) => `${who} ${randomUUID().slice(0, 8)} Bin\u00e9 & Rahasia`;
  const [adult, child, buyer, evidence] = ['Dewasa', 'Anak', 'Pembeli', 'Bukti'].map(marked) as [
    string,
    string,
    string,
    string,
  ];
  const { facilityId } = await openWorkshop({ stock: 1 });
  const rows = [adult, child].map(
    (name, index) => `${facilityId}-${index},${facilityId},${name},${name},${name},true,${index === 1}`,
  );
  const file = ['maker_id,facility_id,registration_no,name,display_name,consent,is_child', ...rows].join('\n');
  const files = { 'makers.csv': file };
  for (const broken of [refusing, missing]) {
    await broken('catalogue', 'maker_person', async () =>
      expect(await ask('catalogue', 'imports', { files, dryRun: false })).toBe(500),
    );
  }
  expect(await ask('catalogue', 'imports', { files, dryRun: false })).toBe(200);

  const problems: string[] = [];
  const asOfficer = async (path: string, body: object) => {
    const authorization = `Bearer ${await tokenOf({ person: 'p-1', grants: [`officer@facility:${facilityId}`] })}`;
    const response = await fetch(new URL(`/v1/makers/${path}`, address('catalogue')), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'x-purpose': 'payout' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status >= 400) problems.push(text);
    return { status: response.status, text };
  };
  expect((await asOfficer(`${facilityId}-0/consent`, { given: true, evidence })).status).toBe(200);
  expect((await asOfficer('search', { registrationNo: adult })).text).toContain(JSON.stringify(adult)); // it is there
  expect((await asOfficer('search', { name: child.toUpperCase(), facilityId })).text).toContain(JSON.stringify(child));
  for (const broken of [refusing, missing]) {
    await broken('catalogue', 'personal_read', async () => {
      expect((await asOfficer('search', { registrationNo: adult })).status).toBe(500);
    });
    await broken('catalogue', 'consent', async () => {
      expect((await asOfficer(`${facilityId}-0/consent`, { given: true, evidence })).status).toBe(500);
    });
  }
  expect(await ask('orders', 'checkouts', checkout('bought', { buyer }))).toBe(400);
  const poison = /^dead_letters_total\{status="poison"\} (\d+)$/m;
  const before = await counted('orders', poison);
  await tell(JSON.stringify({ channel: 'blanja', orderRef: { buyer } }));
  await tell(`{"channel": "blanja", "buyer": "${buyer}`);
  await until(
    () => counted('orders', poison),
    (count) => count >= before + 2,
  );

  const databases = [...SERVICES, 'catalogue_keys'];
  const readable = new Map([
    ...(await topicsAsText()),
    ...(await Promise.all(
      databases.map(
        async (name) => [`dump of ${name}`, await copyDatabase(databaseUrl(fromSetup('DATABASE_URL'), name))] as const,
      ),
    )),
    ...(await Promise.all(
      SERVICES.map(
        async (service) => [`metrics of ${service}`, await (await fetch(metricsAddress(service))).text()] as const,
      ),
    )),
    ...fromSetup('LOG_DIRECTORIES').split(',').flatMap(logsIn),
    ...[...problems, ...answers].map((text, number) => [`problem ${number}`, text] as const),
  ]);
  for (const part of ['ledger.books.v1', 'dump of catalogue', 'dump of catalogue_keys', 'postgres.log'])
    expect(readable.get(part)?.length).toBeGreaterThan(0);
  expect(readable.get('dump of catalogue')).toContain(`${facilityId}-0`);
  expect(problems).toHaveLength(4);
  const found = [...readable].flatMap(([where, text]) =>
    [adult, child, buyer, evidence].flatMap((name) =>
      disguisesOf(name).some((disguise) => text.includes(disguise)) ? [`${where}: ${name}`] : [],
    ),
  );
  expect(found).toEqual([]);
});
