import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { embeddedPostgres } from '../../deploy/local/embedded.ts';
import { databaseUrl, ensureDatabase } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { startProxy, type TcpProxy } from '../../test/faults/proxy.ts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { Database, ONCE } from './database.ts';
import { SilenceWatch } from './silence.ts';
import type { Transaction } from './transaction.ts';
import { isTransient } from './transient.ts';

const DEADLINE_MS = 4_000;

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

const lockJob = (transaction: Transaction) => transaction.query('SELECT FROM job WHERE id = 1 FOR UPDATE');

it('a connection that falls silent within a transaction is given up at once, and its locks with it', async () => {
  const started = performance.now();
  const work = database.transaction(async (transaction) => {
    await lockJob(transaction);
    proxy.strand();
    await transaction.query('UPDATE job SET done = true WHERE id = 1');
  });
  const failure = await Promise.race([failureOf(work), sleep(5 * DEADLINE_MS, 'still waited for', { ref: false })]);
  expect(isTransient(failure)).toBe(true);
  await database.transaction(lockJob);
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
  expect(await database.query('SELECT done FROM job')).toEqual([{ done: false }]);
});

it('of many connections that fall silent together one is waited for: nobody is handed another of them', async () => {
  await Promise.all(Array.from({ length: 6 }, () => database.query('SELECT pg_sleep(0.2)')));
  proxy.strand();
  expect(isTransient(await failureOf(database.query('SELECT 1')))).toBe(true);
  for (let next = 1; next < 6; next += 1) expect(await failureOf(database.query('SELECT 1'))).toBeUndefined();
});

it('an answer that is lost on its way does not hold up its transaction', async () => {
  const failure = await failureOf(
    database.transaction(async (transaction) => {
      const answer = transaction.query('SELECT pg_sleep(0.6)');
      await sleep(100);
      proxy.strand();
      await answer;
    }),
  );
  expect(isTransient(failure)).toBe(true);
});

const MANY_BYTES = 30_000_000; // more than lies between

it('an answer that stands still on its way does not hold up its transaction, though the server is at work on it', async () => {
  const started = performance.now();
  const failure = await failureOf(
    database.transaction(async (transaction) => {
      const answer = transaction.query(`SELECT pg_sleep(0.6), repeat('x', ${MANY_BYTES})`);
      await sleep(100);
      proxy.clog();
      await answer;
    }),
  );
  expect(isTransient(failure)).toBe(true);
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
});

it('a large statement that nobody reads does not hold up its transaction', async () => {
  const started = performance.now();
  const failure = await failureOf(
    database.transaction(async (transaction) => {
      await lockJob(transaction);
      proxy.clog();
      await transaction.query('SELECT length($1)', ['x'.repeat(MANY_BYTES)]);
    }),
  );
  expect(isTransient(failure)).toBe(true);
  await database.transaction(lockJob);
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
});

it('an answer that takes long to come is waited for while any of it comes', async () => {
  const [row] = await database.query<{ text: string }>(`SELECT repeat('x', ${MANY_BYTES}) AS text`);
  expect(row?.text).toHaveLength(MANY_BYTES);
});

it.each(['strand', 'clog'] as const)(
  'a transaction that is undone over a lost connection (%s) is undone, and its locks with it',
  async (how) => {
    const started = performance.now();
    const failure = await failureOf(
      database.transaction(async (transaction) => {
        await lockJob(transaction);
        proxy[how]();
        throw new Error('changed our mind');
      }),
    );
    expect(failure).toMatchObject({ message: 'changed our mind' });
    await database.transaction(lockJob);
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
  },
);

it('what fails behind the commit fails nothing: the transaction stands, and the rest behind it is done', async () => {
  const done: string[] = [];
  const result = await database.transaction(async (transaction) => {
    await lockJob(transaction);
    transaction.afterCommit(() => {
      throw new TypeError('no such label');
    });
    transaction.afterCommit(() => done.push('second'));
    return 'committed';
  });
  expect(result).toBe('committed');
  expect(done).toEqual(['second']);
});

it('a server that is slow, or waits for a lock, is waited for: no deadline makes a batch fail for ever', async () => {
  const deadlineMs = 500;
  const work = database.transaction((transaction) => transaction.query('SELECT pg_sleep(4)'), {
    ...ONCE,
    statementDeadlineMs: deadlineMs,
  });
  await expect(work).resolves.toHaveLength(1);
  let waiting: Promise<unknown> = Promise.resolve();
  await database.transaction(async (transaction) => {
    await lockJob(transaction);
    waiting = database.transaction(lockJob, { ...ONCE, statementDeadlineMs: deadlineMs });
    await sleep(4_000);
  });
  await expect(waiting).resolves.toHaveLength(1);
});

it('an answer that is here and not read yet is not lost: a process that is too busy loses no transaction by it', async () => {
  const work = database.transaction(async (transaction) => {
    const answer = transaction.query('SELECT 1');
    await sleep(20);
    const busyUntil = performance.now() + 2_500;
    while (performance.now() < busyUntil);
    await answer;
    await sleep(2_500);
    return transaction.query('SELECT 2');
  });
  await expect(work).resolves.toHaveLength(1);
});

it('locks of an instance that is lost are free again after as long as it may be silent', async () => {
  const lost = failureOf(
    database.transaction(
      async (transaction) => {
        await lockJob(transaction);
        await sleep(1_500);
        await transaction.query('SELECT 1');
      },
      { ...ONCE, statementDeadlineMs: 500 },
    ),
  );
  await sleep(200);
  const started = performance.now();
  await database.transaction(lockJob);
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(isTransient(await lost)).toBe(true);
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

it('of another server that has taken over no session is ended, and what leads to the one before is given up', async () => {
  const { pathname, password } = new URL(testDatabase.url);
  const other = await embeddedPostgres({ directory: temporaryDirectory(), log: () => {} });
  await ensureDatabase(other.url, pathname.slice(1));
  const somebody = new pg.Client(databaseUrl(other.url, pathname.slice(1)));
  const before = await startProxy(Number(new URL(testDatabase.url).port));
  const url = new URL(testDatabase.url);
  url.port = `${before.port}`;
  const [watch, ours] = [new SilenceWatch(url.href), new pg.Client(url.href)];
  ours.on('error', () => {});
  try {
    await somebody.connect();
    await somebody.query(`ALTER USER postgres PASSWORD '${password}'`); // as a copy of the server has it
    const { rows } = await somebody.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await ours.connect();
    await watch.meet(ours);
    Object.assign(ours, { processID: rows[0]?.pid }); // what servers call their sessions are numbers, used again and again
    before.strand();
    before.leadTo(Number(new URL(other.url).port));
    const started = performance.now();
    const failure = await failureOf(watch.answer(ours, 60_000, () => ours.query('SELECT 1')));
    expect(failure).toMatchObject({ message: expect.stringContaining('another server has taken over') });
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
    await sleep(200);
    expect((await somebody.query('SELECT 1')).rowCount).toBe(1);
  } finally {
    watch.stop();
    await Promise.all([somebody.end(), before.close()]);
    await other.stop();
  }
});
