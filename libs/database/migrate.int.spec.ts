import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDatabase } from '../../test/kit/database.ts';
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
