import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { register } from 'prom-client';
import { Database } from '#libs/database';
import { Retention, retention } from '#libs/service';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { startTested } from '../../test/kit/service.ts';
import { ordersMigrations } from './migrations/index.ts';
import { OrdersModule } from './orders.module.ts';
import { ordersPolicy } from './policy.ts';

let testDatabase: TestDatabase;
let app: INestApplication;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  const name = `orders-${randomUUID().slice(0, 8)}`;
  app = await startTested(
    { name, module: OrdersModule, policy: ordersPolicy, migrations: ordersMigrations, neighbours: [] },
    testDatabase,
  );
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  register.clear();
});

const letter = (resolution: string): string =>
  `INSERT INTO dead_letter (dead_letter_id, consumer, topic, partition, message_offset, message_time, digest, key_hash, key,
     headers, value, bytes, is_whole, status, cause, resolved_at, resolution, resolved_by, reason)
   VALUES ($1::text::uuid, 'c', 't', 0, 0, -1, sha256($1::text::bytea), 'k', 'k', 'sealed', 'v', 3, true, 'poison', '-', $2,
     '${resolution}', '-', '-')`;

/** How a row comes into each table, as old as `$2` says, told from others by `$1`. */
const INSERTS: Record<string, string> = {
  inbox: `INSERT INTO inbox (consumer, event_id, processed_at) VALUES ('c', $1::uuid, $2)`,
  claimed_event_id: `INSERT INTO claimed_event_id (consumer, claim_id, event_id, claimed_at) VALUES ('c', $1::uuid, $1::uuid, $2)`,
  reused_event_id: `INSERT INTO reused_event_id (event_id, consumer, topic, partition, message_offset, source, claimed_id,
                      type, key, seen_at)
                    VALUES ($1::uuid, 'c', 't', 0, 0, '-', '-', '-', '-', $2)`,
  dead_letter: letter('redriven'),
  undeliverable: `INSERT INTO undeliverable (seq, topic, headers, value, written_at, cause, resolved_at, resolution,
                    resolved_by, reason)
                  VALUES (abs(hashtext($1)), 't', '{}', '', now(), '-', $2, 'discarded', '-', '-')`,
  idempotency_key: `INSERT INTO idempotency_key (operation, key, body_hash, created_at) VALUES ('POST', $1, '-', $2)`,
  rejected_checkout: `INSERT INTO rejected_checkout (rejection_id, channel, order_id, type, reason, detail, content, received_at)
                      VALUES ($1::uuid, 'blanja', 'blanja/o', 'checkout', 'invalid', '-', '{}', $2)`,
  webhook_message: `INSERT INTO webhook_message (message_id, channel, sealed, received_at) VALUES ($1::uuid, 'blanja', '', $2)`,
  outgoing_webhook: `WITH told AS (INSERT INTO outcome (order_id, number, outcome_id, told_at, told)
                                   VALUES ($1::text, 1, $1::text::uuid, now(), '{}'))
                     INSERT INTO outgoing_webhook (order_id, number, state, due_at, ended_at) VALUES ($1::text, 1, 'taken', now(), $2)`,
  import_span: `WITH run AS (INSERT INTO import_run (run_id, started_at) VALUES ($1::uuid, $2))
                INSERT INTO import_span (run_id, first_row, channel, order_ref, line_refs, type, refund_ref)
                VALUES ($1::uuid, 1, 'blanja', $1, '{1}', 'sale', '')`,
  import_run: `INSERT INTO import_run (run_id, started_at) VALUES ($1::uuid, $2)`,
};

const countOf = async (table: string): Promise<number> =>
  (await database.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`))[0]?.rows ?? -1;

it.each(retention.filter(({ erased }) => !erased))(
  '$table: what is older than $days days goes, the rest stays',
  async ({ table, days }) => {
    const insert = INSERTS[table] ?? '';
    const hour = (hours: number): Date => new Date(Date.now() - days * 86_400_000 + hours * 3_600_000);
    const before = await countOf(table);
    for (const at of [hour(-1), hour(-1), hour(1)]) await database.query(insert, [randomUUID(), at]);
    await app.get(Retention).enforce();
    expect(await countOf(table)).toBe(before + 1);
    await app.get(Retention).enforce();
    expect(await countOf(table)).toBe(before + 1);
  },
);

it('goes in small steps, however much it is, and is counted', async () => {
  await database.query(
    `INSERT INTO inbox (consumer, event_id, processed_at)
     SELECT 'many', gen_random_uuid(), now() - interval '1 year' FROM generate_series(1, 2500)`,
  );
  await app.get(Retention).enforce();
  expect(await database.query(`SELECT FROM inbox WHERE consumer = 'many'`)).toEqual([]);
  expect(await register.getSingleMetricAsString('retention_ended_rows_total')).toMatch(/table="inbox"\} 25\d\d/);
});

it('a discarded letter stays, for that is final; what it held goes', async () => {
  const [old, young] = [randomUUID(), randomUUID()];
  await database.query(letter('discarded'), [old, new Date(Date.now() - 31 * 86_400_000)]);
  await database.query(letter('discarded'), [young, new Date(Date.now() - 29 * 86_400_000)]);
  await app.get(Retention).enforce();
  const row = 'SELECT key, value, length(headers) AS headers, resolution FROM dead_letter WHERE dead_letter_id = $1';
  expect(await database.query(row, [old])).toEqual([{ key: null, value: null, headers: 0, resolution: 'discarded' }]);
  expect(await database.query(row, [young])).toMatchObject([{ headers: 6, resolution: 'discarded' }]);
});

it('a letter that nobody has decided about stays', async () => {
  await database.query(
    `INSERT INTO dead_letter (dead_letter_id, consumer, topic, partition, message_offset, message_time, digest, headers,
       bytes, is_whole, status, cause, buried_at)
     VALUES (gen_random_uuid(), 'c', 't', 7, 7, -1, '', 'sealed', 6, true, 'poison', '-', now() - interval '10 years')`,
  );
  await app.get(Retention).enforce();
  expect(await database.query('SELECT FROM dead_letter WHERE partition = 7')).toHaveLength(1);
});
