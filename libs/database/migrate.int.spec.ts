import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDatabase } from '../../test/kit/database.ts';
import { eventually } from '../../test/kit/service.ts';
import { Database } from './database.ts';

class CreateNote1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE note (text text);
      CREATE TABLE fact (text text);
      DO $$ BEGIN EXECUTE format('REVOKE UPDATE, DELETE ON fact FROM %I', current_database() || '_service'); END $$`);
  }

  async down(): Promise<void> {}
}
const migrations = [CreateNote1764000000000];

const run = randomUUID().slice(0, 8);
const testDatabase = await createDatabase();
const admin = new pg.Client(testDatabase.url);
const logins = { owner: `owner_${run}`, service: `service_${run}` };

const urlOf = (user: string): string => {
  const url = new URL(testDatabase.url);
  url.username = user;
  url.password = 'secret';
  return url.href;
};

beforeAll(async () => {
  await admin.connect();
  await admin.query(`
    CREATE ROLE ${logins.owner} LOGIN CREATEROLE PASSWORD 'secret';
    CREATE ROLE ${logins.service} LOGIN PASSWORD 'secret';
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO ${logins.owner}', current_database()); END $$`);
});
afterAll(async () => {
  await admin.end();
  await testDatabase.drop();
});

async function expectAppendOnlyFacts(database: Database): Promise<void> {
  await database.query(`INSERT INTO note VALUES ('a')`);
  await database.query(`UPDATE note SET text = 'b'`);
  await database.query('DELETE FROM note');
  await database.query(`INSERT INTO fact VALUES ('a')`);
  for (const statement of [`UPDATE fact SET text = 'b'`, 'DELETE FROM fact', 'TRUNCATE fact', 'DROP TABLE fact']) {
    await expect(database.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  }
  await database.onApplicationShutdown();
}

describe('the service works under a role that owns nothing', () => {
  it('when it logs in as the owner, who is no superuser', async () => {
    await expectAppendOnlyFacts(await Database.open(urlOf(logins.owner), migrations));
  });

  it('when it logs in as somebody who may nothing else, and again', async () => {
    for (let start = 0; start < 2; start += 1) {
      const database = await Database.open(urlOf(logins.service), migrations, urlOf(logins.owner));
      await expect(database.query(`SET ROLE ${logins.owner}`)).rejects.toThrow(/permission denied/);
      await expectAppendOnlyFacts(database);
    }
  });

  it('when it logs in as a superuser', async () => {
    await expectAppendOnlyFacts(await Database.open(testDatabase.url, migrations));
  });

  it('when its instances start at once', async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, () => Database.open(testDatabase.url, migrations)));
    for (const database of databases) await expectAppendOnlyFacts(database);
  });
});

class WidenNote1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    expect(await runner.query('SHOW lock_timeout')).toEqual([{ lock_timeout: '10s' }]);
    await runner.query('ALTER TABLE note ADD COLUMN wide text');
  }

  async down(): Promise<void> {}
}

it('a migration waits for a table that somebody uses, for some seconds and no longer', async () => {
  await admin.query('BEGIN; LOCK TABLE note IN ACCESS SHARE MODE');
  const opening = Database.open(testDatabase.url, [...migrations, WidenNote1764000000003]);
  opening.catch(() => {}); // judged below
  const waiting = async () =>
    (await admin.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'note'::regclass`)).rows;
  expect(await eventually(waiting, ({ length }) => length > 0)).toHaveLength(1);
  await sleep(500);
  await admin.query('COMMIT');
  await (await opening).onApplicationShutdown();
});

class ContractNote1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE note ADD COLUMN more text');
  }

  async down(): Promise<void> {}
}
class ExpandNote1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE note ADD COLUMN even_more text');
  }

  async down(): Promise<void> {}
}

describe('in production', () => {
  const fresh = createDatabase();
  const arguments_ = process.argv;
  const inProduction = async <T>(work: () => Promise<T>, argument?: string): Promise<T> => {
    process.env.NODE_ENV = 'production';
    process.argv = ['node', 'main.js', ...(argument ? [argument] : [])];
    try {
      return await work();
    } finally {
      process.env.NODE_ENV = 'test';
      process.argv = arguments_;
    }
  };
  const open = async (using: (new () => MigrationInterface)[], argument?: string): Promise<void> => {
    const { url } = await fresh;
    await inProduction(async () => (await Database.open(url, using)).onApplicationShutdown(), argument);
  };
  afterAll(async () => (await fresh).drop());

  it('a start changes no schema: one that is too old is refused, and says what it lacks', async () => {
    await expect(open(migrations)).rejects.toThrow(/too old, it lacks CreateNote1764000000000: run .* migrate/);
    const client = new pg.Client((await fresh).url);
    await client.connect();
    expect((await client.query(`SELECT to_regclass('note') AS note`)).rows).toEqual([{ note: null }]);
    await client.end();
  });

  it('the command changes it, and then it starts', async () => {
    await open(migrations, 'migrate');
    await open(migrations);
  });

  it('a version beside a later one starts, while that has only added to the schema', async () => {
    await open([...migrations, ExpandNote1764000000002], 'migrate');
    await open(migrations);
    await open([...migrations, ExpandNote1764000000002]);
  });

  it('and is refused, when a later one has taken something from it', async () => {
    await open([...migrations, ContractNote1764000000001, ExpandNote1764000000002], 'migrate');
    await expect(open([...migrations, ExpandNote1764000000002])).rejects.toThrow(
      /too new for this version: ContractNote1764000000001/,
    );
  });
});

it('a start refuses to work as anybody but the role of the service', async () => {
  const url = new URL(testDatabase.url);
  url.searchParams.set('options', '-c work_mem=4MB'); // takes the place of our options, as a pooler drops them
  await expect(Database.open(url.href, migrations)).rejects.toThrow(/works as postgres instead of test_\w+_service/);
});
