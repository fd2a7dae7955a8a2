import type { QueryRunner } from 'typeorm';

/** The policy of a table whose rows are a facility's. The bare setting, as a subquery would be planned without it. */
export const OWN_FACILITY = `facility_id = ANY (string_to_array(current_setting('pasindo.facilities', true), ','))`;

/** What those who see some facilities alone may do with a table whose rows are facilities'. */
interface SecuredTable {
  /** Privileges, as GRANT lists them. */
  readonly grant: string;
  /** SQL: which rows are seen, where these are not those of the facilities. */
  readonly seen?: string;
}

/**
 * Rows of these tables are of facilities: the role `{database}_service` has them all, `{database}_scoped` those of the
 * facilities that `pasindo.facilities` names (row-access.ts). Roles and not a condition `all OR ...`, which would be
 * planned as a read of the whole table (docs/adr/0009). The owner is no exception: see `withoutRowSecurity`.
 */
export async function secureRows(runner: QueryRunner, tables: Readonly<Record<string, SecuredTable>>): Promise<void> {
  const { service, scoped } = await rolesOf(runner, 'service', 'scoped');
  for (const [table, { grant, seen }] of Object.entries(tables)) {
    await runner.query(`
      ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      GRANT ${grant} ON ${table} TO ${scoped};
      CREATE POLICY everything ON ${table} TO ${service} USING (true) WITH CHECK (true);
      CREATE POLICY scope ON ${table} TO ${scoped} USING (${OWN_FACILITY}) WITH CHECK (${OWN_FACILITY});
      ${seen ? `CREATE POLICY seen ON ${table} FOR SELECT TO ${scoped} USING (${seen})` : ''}`);
  }
}

/** Takes back what `secureRows` did, of all tables. */
export async function releaseRows(runner: QueryRunner): Promise<void> {
  const tables = await runner.query(
    `SELECT tablename AS table, policyname AS policy FROM pg_policies WHERE schemaname = 'public'`,
  );
  for (const { table, policy } of tables) {
    await runner.query(`
        DROP POLICY ${policy} ON ${table};
        ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY`);
  }
}

/** Whoever sees some facilities alone may do this with tables whose rows are nobody's own. */
export async function openToScoped(runner: QueryRunner, grants: Readonly<Record<string, string>>): Promise<void> {
  const { scoped } = await rolesOf(runner, 'scoped');
  for (const [table, grant] of Object.entries(grants)) await runner.query(`GRANT ${grant} ON ${table} TO ${scoped}`);
}

/** The role `{database}_verify` reads all rows of these tables, and writes nothing. */
export async function openToVerify(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  const { verify } = await rolesOf(runner, 'verify');
  for (const table of tables) await runner.query(`GRANT SELECT ON ${table} TO ${verify}`);
  const secured = await runner.query(
    'SELECT oid::regclass::text AS "table" FROM pg_class WHERE relrowsecurity AND oid = ANY ($1::regclass[])',
    [tables],
  );
  for (const { table } of secured) {
    await runner.query(`CREATE POLICY verify ON ${table} FOR SELECT TO ${verify} USING (true)`);
  }
}

/** For a migration that changes rows: as their owner it would see none of them, and say nothing. */
export async function withoutRowSecurity(
  runner: QueryRunner,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  for (const table of tables) await runner.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  await work();
  for (const table of tables) await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
}

/** Group roles of this database, made when they are missing; quoted. */
async function rolesOf<Name extends string>(runner: QueryRunner, ...names: Name[]): Promise<Record<Name, string>> {
  const roles = await runner.query(
    `SELECT name, quote_ident(current_database() || '_' || name) AS role,
            EXISTS (SELECT FROM pg_roles WHERE rolname = current_database() || '_' || name) AS exists
       FROM unnest($1::text[]) AS name`,
    [names],
  );
  for (const { role, exists } of roles) {
    if (!exists) await runner.query(`CREATE ROLE ${role} NOLOGIN; GRANT USAGE ON SCHEMA public TO ${role}`);
  }
  return Object.fromEntries(roles.map(({ name, role }: { name: Name; role: string }) => [name, role])) as Record<
    Name,
    string
  >;
}
