import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { readInParts } from './cursor.ts';
import { Database, REPEATED } from './database.ts';

class CreateCount1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE counted (n int PRIMARY KEY CHECK (n < 100))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE counted');
  }
}

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  database = await Database.open(testDatabase.url, [CreateCount1764000000000]);
});

afterAll(async () => {
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

beforeEach(() => database.query('DELETE FROM counted'));

const counted = async (): Promise<number[]> =>
  (await database.query<{ n: number }>('SELECT n FROM counted ORDER BY n')).map(({ n }) => n);
const COUNT = 'INSERT INTO counted VALUES ($1)';

it('what is asked together is answered in its order, each with its own rows', async () => {
  const numbers = Array.from({ length: 50 }, (_, n) => n);
  const answers = await database.transaction((transaction) =>
    Promise.all(numbers.map((n) => transaction.query<{ n: number }>(`${COUNT} RETURNING n`, [n]))),
  );
  expect(answers.flat().map(({ n }) => n)).toEqual(numbers);
  expect(await counted()).toEqual(numbers);
});

it('a statement that nobody waited for, and that fails, fails its transaction: nothing of it is kept', async () => {
  const done: string[] = [];
  const work = database.transaction(async (transaction) => {
    transaction.write(COUNT, [1]);
    transaction.write(COUNT, [100]);
    transaction.afterCommit(() => done.push('committed'));
  });
  await expect(work).rejects.toMatchObject({ constraint: 'counted_n_check' });
  expect(await counted()).toEqual([]);
  expect(done).toEqual([]);
});

it('the first failure is the one that is told, whatever else is asked behind it', async () => {
  const work = database.transaction(async (transaction) => {
    transaction.write(COUNT, [1]);
    transaction.write(COUNT, [1]);
    await transaction.query('SELECT n FROM counted');
  });
  await expect(work).rejects.toMatchObject({ constraint: 'counted_pkey' });
});

it('what is undone to a savepoint has not failed the transaction', async () => {
  await database.transaction(async (transaction) => {
    transaction.write(COUNT, [1]);
    transaction.write('SAVEPOINT here');
    await expect(transaction.query(COUNT, [100])).rejects.toMatchObject({ constraint: 'counted_n_check' });
    await transaction.query('ROLLBACK TO SAVEPOINT here');
    transaction.write(COUNT, [2]);
  });
  expect(await counted()).toEqual([1, 2]);
});

it('a failure leaves no connection behind that believes in statements which its server does not know', async () => {
  const fresh = `${COUNT} RETURNING n /* once */`;
  const failing = database.transaction(async (transaction) => {
    transaction.write(COUNT, [100]);
    await transaction.query(fresh, [1]); // never parsed: the transaction has failed
  }, REPEATED);
  await expect(failing).rejects.toMatchObject({ constraint: 'counted_n_check' });
  for (let n = 0; n < 20; n += 1) {
    await database.transaction((transaction) => transaction.query(fresh, [n]), REPEATED);
  }
  expect(await counted()).toHaveLength(20);
});

it('rows that are read in parts are all there, in their order, and planned for to the last', async () => {
  const numbers = Array.from({ length: 90 }, (_, n) => n);
  await database.query('INSERT INTO counted SELECT * FROM unnest($1::int[])', [numbers]);
  const read = { name: 'listed', sql: 'SELECT n FROM counted WHERE n < $1 ORDER BY n' };
  await database.transaction(async (transaction) => {
    for (const [parameters, parts] of [
      [[100], [40, 40, 10]],
      [[80], [40, 40]],
      [[0], []],
    ] as const) {
      const found: { n: number }[][] = [];
      for await (const part of readInParts<{ n: number }>(transaction, {
        ...read,
        parameters: [...parameters],
        rowsAtOnce: 40,
      })) {
        found.push(part);
      }
      expect(found.map(({ length }) => length)).toEqual(parts);
      expect(found.flat().map(({ n }) => n)).toEqual(numbers.slice(0, found.flat().length));
    }
    expect(await transaction.query('SHOW cursor_tuple_fraction')).toEqual([{ cursor_tuple_fraction: '1' }]);
  });
});
