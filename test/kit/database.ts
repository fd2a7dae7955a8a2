import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Transaction } from '#libs/database';
import { databaseUrl, ensureDatabase } from '../../deploy/local/postgres.ts';

export interface TestDatabase {
  /** Connection string of a superuser of this database. */
  url: string;
  /** Ends its sessions and drops it. */
  drop(): Promise<void>;
}

/** A fresh, empty database, for one test file. */
export async function createDatabase(): Promise<TestDatabase> {
  const adminUrl = fromSetup('TEST_DATABASE_URL');
  const name = `test_${randomUUID().slice(0, 8)}`;
  await ensureDatabase(adminUrl, name);
  return {
    url: databaseUrl(adminUrl, name),
    drop: async () => {
      const client = new pg.Client(adminUrl);
      await client.connect();
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.end();
    },
  };
}

/** A database for the keys of persons, of which the catalogue of this process is told; likewise of the keys that wrap them. */
export async function createKeys(): Promise<TestDatabase> {
  const database = await createDatabase();
  process.env.PERSONAL_KEYS_DATABASE_URL = database.url;
  for (const variable of ['PERSONAL_DATA_KEYS', 'PERSONAL_INDEX_KEYS']) {
    process.env[variable] = Buffer.alloc(32, variable).toString('base64');
  }
  return database;
}

function fromSetup(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run this file in Jest's project "integration"`);
  return value;
}

/** Over somebody else's connection, within what he or she has begun. */
export function transactionOver(query: Transaction['query']): Transaction {
  return {
    query,
    write: (sql, parameters) => void query(sql, parameters),
    afterCommit: () => {},
    elevated: (work) => work(),
  };
}
