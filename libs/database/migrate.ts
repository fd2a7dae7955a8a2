import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { Roles } from './transaction.ts';

/** In the order of the numbers in their names. */
export type Migrations = (new () => MigrationInterface)[];

/** Two services' instances that start together migrate one after the other. */
const MIGRATION_LOCK = 7_301_998_201;

/** Whoever waits for a table that somebody reads keeps all others waiting behind it: better it fails, and is begun again. */
const LOCK_MS_MAX = 10_000; // a number: of '10s' the driver takes the 10, for milliseconds

const NAME_BYTES_MAX = 63;

/** SQL: the role of those who see some facilities alone, where a migration has given rows to facilities. */
const SCOPED_ROLE = `(SELECT * FROM pg_roles
   WHERE rolname = current_database() || '_scoped'
     AND EXISTS (SELECT FROM pg_policy WHERE pg_roles.oid = ANY (polroles))) AS scoped_role`;

/** What takes away, or forbids, what the release before relies on: it is applied when none of that release runs any more. */
export const CONTRACTION = 'Contract';

/** Whether this process changes schemas: in production that is a command of its own, `main.js migrate`. */
export function isMigrating(): boolean {
  return process.env.NODE_ENV !== 'production' || process.argv[2] === 'migrate';
}

/**
 * Brings a database's tables up to date, as their owner, and the roles that the service works under: they may read and
 * write all tables but own none. So they cannot alter a table, nor switch off a trigger, and a migration can take more
 * from them (the ledger's books are append-only).
 *
 * The role is `{database}_service`; it is created here when it is missing, and granted to whoever the service logs in as.
 * So is `{database}_scoped`, where a migration has given rows to facilities (row-security.ts).
 * @param url of the owner, who may create roles unless the role is there
 * @param login user name that the service connects with
 */
export async function migrate(url: string, migrations: Migrations, login: string): Promise<void> {
  const source = new DataSource({
    ...{ type: 'postgres', url, migrations, migrationsTransactionMode: 'each', poolSize: 2 },
    extra: { lock_timeout: LOCK_MS_MAX },
  });
  await source.initialize();
  try {
    const runner = source.createQueryRunner();
    await runner.query('SET lock_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]); // until the connection ends
    await grantService(runner, login);
    await source.runMigrations();
    await grantScoped(runner, login);
  } finally {
    await source.destroy();
  }
}

/**
 * Refuses a schema that this version cannot work on: one that lacks a migration, or one from which a later version has
 * taken something away. What later versions have added is no hindrance.
 * @returns the roles that the service works under
 */
export async function requireSchema(url: string, migrations: Migrations): Promise<Roles> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ database: string; service: string; exists: boolean; scoped: string | null }>(
      `SELECT current_database() AS database, current_database() || '_service' AS service,
              to_regclass('migrations') IS NOT NULL AS exists,
              (SELECT rolname FROM ${SCOPED_ROLE}) AS scoped`,
    );
    const [{ database, service, exists, scoped }] = rows as [(typeof rows)[number]];
    const applied = exists ? (await client.query<{ name: string }>('SELECT name FROM migrations')).rows : [];
    const known = new Set(migrations.map(({ name }) => name));
    const missing = [...known].filter((name) => applied.every((one) => one.name !== name));
    if (missing.length > 0) {
      throw new Error(
        `the schema of ${database} is too old, it lacks ${missing.join(', ')}: run this service's main.js with the argument migrate`,
      );
    }
    const beyond = applied.map(({ name }) => name).filter((name) => !known.has(name) && name.startsWith(CONTRACTION));
    if (beyond.length > 0) {
      throw new Error(`the schema of ${database} is too new for this version: ${beyond.join(', ')}`);
    }
    return { service, ...(scoped !== null && { scoped }) };
  } finally {
    await client.end();
  }
}

async function grantService(runner: QueryRunner, login: string): Promise<void> {
  const [{ role, exists, granted, member }] = await runner.query(
    `SELECT role, pg_roles.oid IS NOT NULL AS exists,
            EXISTS (SELECT FROM pg_default_acl, aclexplode(defaclacl) AS privilege
                     WHERE privilege.grantee = pg_roles.oid) AS granted,
            pg_roles.oid IS NOT NULL AND pg_has_role($1, role, 'SET') AS member
       FROM (SELECT current_database() || '_service' AS role) AS wanted LEFT JOIN pg_roles ON rolname = role`,
    [login],
  );
  if (Buffer.byteLength(role) > NAME_BYTES_MAX) throw new Error(`the name of the role ${role} is too long`);
  const name = quoted(role);
  if (!exists) await runner.query(`CREATE ROLE ${name} NOLOGIN`);
  if (!granted) {
    await runner.query(`
      GRANT USAGE ON SCHEMA public TO ${name};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${name};
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${name};
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO ${name}`);
  }
  if (!member) await runner.query(`GRANT ${name} TO ${quoted(login)}`);
}

async function grantScoped(runner: QueryRunner, login: string): Promise<void> {
  const [found] = await runner.query(
    `SELECT rolname AS role, pg_has_role($1, oid, 'SET') AS member FROM ${SCOPED_ROLE}`,
    [login],
  );
  if (found && !found.member) {
    await runner.query(`GRANT ${quoted(found.role)} TO ${quoted(login)} WITH INHERIT FALSE`);
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
