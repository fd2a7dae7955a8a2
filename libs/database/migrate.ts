import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { Roles } from './transaction.ts';

/** In the order of the numbers in their names. */
export type Migrations = (new () => MigrationInterface)[];

/** Two services' instances that start together migrate one after the other. */
const MIGRATION_LOCK = 7_301_998_201;

const NAME_BYTES_MAX = 63;

/**
 * Brings a database's tables up to date, as their owner, and returns the roles that the service works under: they may
 * read and write all tables but own none. So they cannot alter a table, nor switch off a trigger, and a migration can
 * take more from them (the ledger's books are append-only).
 *
 * The role is `{database}_service`; it is created here when it is missing, and granted to whoever the service logs in as.
 * So is `{database}_scoped`, where a migration has given rows to facilities (row-security.ts).
 * @param url of the owner, who may create roles unless the role is there
 * @param login user name that the service connects with
 */
export async function migrate(url: string, migrations: Migrations, login: string): Promise<Roles> {
  const source = new DataSource({ type: 'postgres', url, migrations, migrationsTransactionMode: 'each', poolSize: 2 });
  await source.initialize();
  try {
    const runner = source.createQueryRunner();
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]); // until the connection ends
    const service = await serviceRole(runner, login);
    await source.runMigrations();
    const scoped = await scopedRole(runner, login);
    return { service, ...(scoped && { scoped }) };
  } finally {
    await source.destroy();
  }
}

async function serviceRole(runner: QueryRunner, login: string): Promise<string> {
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
  return role;
}

async function scopedRole(runner: QueryRunner, login: string): Promise<string | undefined> {
  const [found] = await runner.query(
    `SELECT rolname AS role, pg_has_role($1, oid, 'SET') AS member FROM pg_roles
      WHERE rolname = current_database() || '_scoped' AND EXISTS (SELECT FROM pg_policy WHERE pg_roles.oid = ANY (polroles))`,
    [login],
  );
  if (found && !found.member) {
    await runner.query(`GRANT ${quoted(found.role)} TO ${quoted(login)} WITH INHERIT FALSE`);
  }
  return found?.role;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
