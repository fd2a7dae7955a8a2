import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { startProxy, type TcpProxy } from '../../test/faults/proxy.ts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { Database } from './database.ts';
import { isTransient } from './transient.ts';

const DEADLINE_MS = 500;

class CreateJob1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE job (id int PRIMARY KEY, done boolean NOT NULL)');
    await runner.query('INSERT INTO job VALUES (1, false)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job');
  }
}

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  const url = new URL(testDatabase.url);
  proxy = await startProxy(Number(url.port));
  url.port = `${proxy.port}`;
  database = await Database.open(url.href, [CreateJob1764000000000]);
});

afterAll(async () => {
  await proxy.close();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

it('a connection that falls silent within a transaction is given up, and its locks do not outlive it for long', async () => {
  const started = performance.now();
  const failure = await failureOf(
    database.transaction(async (transaction) => {
      await transaction.query('SELECT FROM job WHERE id = 1 FOR UPDATE');
      proxy.strand();
      await transaction.query('UPDATE job SET done = true WHERE id = 1');
    }, DEADLINE_MS),
  );
  expect(isTransient(failure)).toBe(true);
  await database.transaction((transaction) => transaction.query('UPDATE job SET done = false WHERE id = 1'), 5_000);
  expect(performance.now() - started).toBeLessThan(3 * DEADLINE_MS);
  expect(await database.query('SELECT done FROM job')).toEqual([{ done: false }]);
});

it('a connection that breaks between two statements is a failure that passes, not a poison message', async () => {
  const failure = await failureOf(
    database.transaction(async (transaction) => {
      await transaction.query('SELECT 1');
      proxy.cut();
      proxy.heal();
      await sleep(50);
      await transaction.query('SELECT 2');
    }),
  );
  expect(failure).toBeInstanceOf(Error);
  expect(isTransient(failure)).toBe(true);
});
