/**
 * `npm run personal-data -- rotate`: wraps the keys of all persons by the current one of PERSONAL_DATA_KEYS, makes the
 * index of registration numbers with the current one of PERSONAL_INDEX_KEYS, and seals under a key of its own who was
 * sealed before there were such keys. The catalogue goes on meanwhile, once it knows the new keys too.
 *
 * `npm run personal-data -- verify [NUMBER:HASH ...]`: whether the record of who read whose name is whole, and still holds
 * the ends that were written into logs. Exit code 0: sound; 1: not; 2: not done.
 *
 * CATALOGUE_DATABASE_URL and PERSONAL_KEYS_DATABASE_URL name the databases; else they are those of `npm start`.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PersonalReadRepository } from '#libs/access';
import { configuredUrl, Database } from '#libs/database';
import { commonMigrations } from '#libs/service';
import { ConsentRepository } from '../consents/consent.repository.ts';
import { catalogueMigrations } from '../migrations/index.ts';
import { openKeyDatabase, PersonKeyRepository } from '../person-keys/person-key.repository.ts';
import { PersonalData } from '../person-keys/personal-data.ts';
import { PersonRepository } from './person.repository.ts';

const USAGE = `Usage: npm run personal-data -- rotate
       npm run personal-data -- verify [NUMBER:HASH ...]`;

const opened: Database[] = [];
try {
  const [what, ...more] = parseArgs({ allowPositionals: true }).positionals;
  if (what === 'rotate' && more.length === 0) await rotate();
  else if (what === 'verify') process.exitCode = (await verify(more)) ? 0 : 1;
  else throw new Error(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  await Promise.all(opened.map((database) => database.onApplicationShutdown()));
}

async function rotate(): Promise<void> {
  const catalogue = await openCatalogue();
  if (!configuredUrl('PERSONAL_KEYS_DATABASE_URL')) {
    process.env.PERSONAL_KEYS_DATABASE_URL = urlOfStart('pasindo_catalogue_keys');
  }
  for (const [variable, file] of [
    ['PERSONAL_DATA_KEYS', 'personal-data.key'],
    ['PERSONAL_INDEX_KEYS', 'personal-index.keys'],
  ] as const) {
    if (!process.env[variable]) process.env[`${variable}_FILE`] ||= `.pasindo/${file}`;
  }
  const keyDatabase = await openKeyDatabase();
  opened.push(keyDatabase);
  const personalData = PersonalData.configured();
  const keys = new PersonKeyRepository(keyDatabase, personalData);
  const persons = new PersonRepository(catalogue, keys, personalData, new ConsentRepository(catalogue));
  console.log(`${await keys.rewrap()} keys were wrapped anew.`);
  console.log(`${await persons.reseal()} persons were sealed or indexed anew.`);
  console.log('When this says 0 and 0, the keys of before can be taken away.');
}

async function verify(kept: readonly string[]): Promise<boolean> {
  const ends = kept.map((text) => {
    const [, number, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
    if (number === undefined || hash === undefined) throw new Error(`${text} is no NUMBER:HASH of a log.`);
    return { number: Number(number), hash };
  });
  const reads = new PersonalReadRepository(await openCatalogue());
  const faults = await reads.faults(ends);
  const { number, hash } = await reads.end();
  for (const fault of faults) console.log(fault);
  if (faults.length === 0) console.log(`Sound. It ends with ${number}:${hash.toString('hex')}`);
  return faults.length === 0;
}

async function openCatalogue(): Promise<Database> {
  const url =
    configuredUrl('CATALOGUE_DATABASE_URL') ?? configuredUrl('DATABASE_URL') ?? urlOfStart('pasindo_catalogue');
  const migrations = [...commonMigrations, ...catalogueMigrations];
  const database = await Database.open(url, migrations, configuredUrl('MIGRATION_DATABASE_URL'));
  opened.push(database);
  return database;
}

/** As the server itself has written down where it is. */
function urlOfStart(database: string): string {
  try {
    const password = readFileSync('.pasindo/postgres/password', 'utf8');
    const port = readFileSync('.pasindo/postgres/data/postmaster.pid', 'utf8').split('\n')[3];
    return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  } catch {
    throw new Error('Set CATALOGUE_DATABASE_URL and PERSONAL_KEYS_DATABASE_URL, or run `npm start`.');
  }
}
