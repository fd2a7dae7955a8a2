import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FacilityId } from '#libs/contracts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { Database } from './database.ts';
import { facilitiesInScope, type RowAccess, rowAccess } from './row-access.ts';
import { openToScoped, openToVerify, secureRows, withoutRowSecurity } from './row-security.ts';

class CreateWork1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE work (facility_id text NOT NULL, name text NOT NULL);
      CREATE TABLE told (name text NOT NULL);
      CREATE TABLE kept (name text NOT NULL);
      INSERT INTO work VALUES ('F1', 'one'), ('F1', 'two'), ('F2', 'three'), ('F3', 'four')`);
    await secureRows(runner, { work: { grant: 'SELECT, INSERT, UPDATE (name)' } });
    await openToScoped(runner, { told: 'INSERT' });
    await openToVerify(runner, ['work']);
  }

  async down(): Promise<void> {}
}

class NameWork1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE work SET name = 'in vain'`);
    await withoutRowSecurity(runner, ['work'], () => runner.query(`UPDATE work SET name = upper(name)`));
  }

  async down(): Promise<void> {}
}

let testDatabase: TestDatabase;
let admin: pg.Client;
let database: Database;
const run = randomUUID().slice(0, 8);
const logins = { owner: `owner_${run}`, service: `service_${run}`, auditor: `auditor_${run}` };

const urlOf = (user: string): string => {
  const url = new URL(testDatabase.url);
  url.username = user;
  url.password = 'secret';
  return url.href;
};

beforeAll(async () => {
  testDatabase = await createDatabase();
  admin = new pg.Client(testDatabase.url);
  await admin.connect();
  await admin.query(`
    CREATE ROLE ${logins.owner} LOGIN CREATEROLE PASSWORD 'secret';
    CREATE ROLE ${logins.service} LOGIN PASSWORD 'secret';
    CREATE ROLE ${logins.auditor} LOGIN PASSWORD 'secret';
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO ${logins.owner}', current_database()); END $$`);
  database = await Database.open(urlOf(logins.service), [CreateWork1764000000000], urlOf(logins.owner));
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await admin.end();
  await testDatabase.drop();
});

const NAMES = 'SELECT name FROM work ORDER BY name COLLATE "C"';
const names = async () => (await database.query<{ name: string }>(NAMES)).map(({ name }) => name);
const as = <T>(scope: RowAccess['scope'], work: () => Promise<T>) => rowAccess.run({ ...(scope && { scope }) }, work);
const of = (...facilities: string[]) => ({ facilities });

describe('who sees which rows', () => {
  it.each<[who: string, scope: RowAccess['scope'], seen: string[]]>([
    ['of all facilities', 'all', ['four', 'one', 'three', 'two']],
    ['of one facility', of('F1'), ['one', 'two']],
    ['of several', of('F2', 'F3'), ['four', 'three']],
    ['of none', of(), []],
    ['of a facility without a name', of(''), []],
    ['of one with a quotation mark', of(`F1' OR 'a' = 'a`), []],
  ])('%s', async (_, scope, seen) => {
    expect(await as(scope, names)).toEqual(seen);
    expect(await as(scope, () => database.transaction(async ({ query }) => (await query(NAMES)).length))).toBe(
      seen.length,
    );
  });

  it('work that nobody asks for sees all, a request of which nobody has said it reads nothing', async () => {
    expect(await names()).toHaveLength(4);
    await expect(as(undefined, names)).rejects.toThrow('before anybody has said');
  });

  it('a facility with a comma would be several: it is refused, and no id of ours has one', async () => {
    await expect(as(of('F1,F2'), names)).rejects.toThrow('would be several');
    expect(FacilityId.read('F1,F2').fault).toBeDefined();
  });

  it('whoever forgets the scope in a statement is shown no more', async () => {
    await as(of('F1'), async () => {
      expect(facilitiesInScope()).toEqual(['F1']);
      expect(await database.query('SELECT FROM work')).toHaveLength(2);
    });
  });

  it('without the settings the role sees nothing', async () => {
    await admin.query(`DO $$ BEGIN EXECUTE format('SET ROLE %I', current_database() || '_scoped'); END $$`);
    for (const setting of ['RESET pasindo.facilities', `SET pasindo.facilities = ''`]) {
      await admin.query(setting);
      expect((await admin.query('SELECT FROM work')).rowCount).toBe(0);
    }
    await admin.query('RESET ROLE');
  });
});

describe('what the scope may do', () => {
  it.each<[what: string, statement: string]>([
    ['write rows of another facility', `INSERT INTO work VALUES ('F2', 'mine')`],
    ['read what takes inserts only', 'SELECT FROM told'],
    ['change what takes inserts only', `UPDATE told SET name = 'x'`],
    ['read what it has nothing of', 'SELECT FROM kept'],
    ['delete its own rows', 'DELETE FROM work'],
    ['give its rows away', `UPDATE work SET facility_id = 'F2'`],
    ['see a session', ''],
  ])('it cannot %s', async (_, statement) => {
    const doing = as(of('F1'), () =>
      statement ? database.query(statement) : database.session((query) => query('SELECT FROM work')),
    );
    await expect(doing).rejects.toMatchObject({ code: '42501' });
  });

  it('it changes no row of another facility, as if there were none', async () => {
    const changed = await as(of('F1'), () =>
      database.query(`UPDATE work SET name = 'mine' WHERE facility_id = 'F2' RETURNING name`),
    );
    expect(changed).toEqual([]);
    expect(await as(of('F1'), () => database.query(`INSERT INTO told VALUES ('x')`))).toEqual([]);
  });
});

describe('within a transaction', () => {
  const count = async (query: <Row>(sql: string) => Promise<Row[]>) => (await query(NAMES)).length;

  it('what follows from a seen row is done with all rows, and nothing after it', async () => {
    const seen = await as(of('F1'), () =>
      database.transaction(async (transaction) => [
        await count(transaction.query),
        await transaction.elevated(async () => [facilitiesInScope(), await count(transaction.query)]),
        await count(transaction.query),
        facilitiesInScope(),
      ]),
    );
    expect(seen).toEqual([2, [null, 4], 2, ['F1']]);
  });

  it('a failure of it that is undone leaves the scope as it was', async () => {
    const seen = await as(of('F1'), () =>
      database.transaction(async (transaction) => {
        await transaction.query('SAVEPOINT here');
        await transaction.elevated(() => transaction.query('SELECT FROM nowhere')).catch(() => {});
        await transaction.query('ROLLBACK TO SAVEPOINT here');
        return count(transaction.query);
      }),
    );
    expect(seen).toBe(2);
  });

  it('a level of isolation can still be set, and the next one over the connection sees all', async () => {
    await as(of('F1'), () =>
      database.transaction(async ({ query }) => {
        await query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        expect(await count(query)).toBe(2);
      }),
    );
    expect(await names()).toHaveLength(4);
  });

  it('what begins after its commit is asked for by nobody', async () => {
    const seen: unknown[] = [];
    await as(of('F1'), () =>
      database.transaction(async (transaction) => transaction.afterCommit(() => seen.push(rowAccess.getStore()))),
    );
    expect(seen).toEqual([undefined]);
  });
});

it('a login of the verification reads all rows of the books, and writes and reads nothing else', async () => {
  await admin.query(
    `DO $$ BEGIN EXECUTE format('GRANT %I TO ${logins.auditor}', current_database() || '_verify'); END $$`,
  );
  const auditor = new pg.Client(urlOf(logins.auditor));
  await auditor.connect();
  expect((await auditor.query(NAMES)).rowCount).toBe(4);
  for (const statement of [`INSERT INTO work VALUES ('F1', 'x')`, 'SELECT FROM kept', 'SELECT FROM told']) {
    await expect(auditor.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
  await auditor.end();
});

it('a migration changes nothing of what facilities own, unless it says that it does', async () => {
  const migrated = await Database.open(
    urlOf(logins.service),
    [CreateWork1764000000000, NameWork1764000000001],
    urlOf(logins.owner),
  );
  await migrated.onApplicationShutdown();
  expect(await names()).toEqual(['FOUR', 'ONE', 'THREE', 'TWO']);
  const { rows } = await admin.query(`SELECT relforcerowsecurity AS forced FROM pg_class WHERE relname = 'work'`);
  expect(rows).toEqual([{ forced: true }]);
});
