import { afterAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase } from './database.ts';

const first = await createDatabase();
const second = await createDatabase();
afterAll(async () => {
  await first.drop();
  await second.drop();
});

it('gives each test file a PostgreSQL database of its own', async () => {
  const client = new pg.Client(first.url);
  await client.connect();
  await client.query('CREATE TABLE only_here ()');
  await client.end();
  const other = new pg.Client(second.url);
  await other.connect();
  const { rows } = await other.query("SELECT to_regclass('only_here') AS found");
  await other.end();
  expect(rows).toEqual([{ found: null }]);
});
