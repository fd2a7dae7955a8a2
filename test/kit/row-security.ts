import pg from 'pg';

const SECURED =
  /^scoped scope \*, service everything \*(, verify verify r)?$|^scoped scope \*, scoped seen r, service everything \*(, verify verify r)?$/;

/**
 * What whoever sees some facilities alone may do with each table or view, as the database itself says: `closed`, `open:
 * PRIVILEGES` (of some columns at least), or `own: PRIVILEGES` where rows are facilities', with the indexes that begin with
 * the facility.
 */
export async function classesOfTables(url: string): Promise<Record<string, string>> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<
      Record<'name' | 'policies' | 'grant' | 'indexes', string> & { secured: boolean }
    >(`
      SELECT relname AS name, relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity AS secured,
             concat_ws(', ', VARIADIC ARRAY(
               SELECT replace(rolname, current_database() || '_', '') || ' ' || polname || ' ' || polcmd::text
                 FROM pg_policy JOIN pg_roles ON pg_roles.oid = ANY (polroles) WHERE polrelid = pg_class.oid ORDER BY 1)) AS policies,
             concat_ws(', ', VARIADIC ARRAY(
               SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) WITH ORDINALITY AS asked (privilege, place)
                WHERE CASE WHEN privilege IN ('DELETE', 'TRUNCATE')
                           THEN has_table_privilege(scoped, pg_class.oid, privilege)
                           ELSE has_any_column_privilege(scoped, pg_class.oid, privilege) END
                ORDER BY place)) AS grant,
             concat_ws(', ', VARIADIC ARRAY(
               SELECT index.relname::text FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
                 JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                WHERE indrelid = pg_class.oid AND attname = 'facility_id' AND indpred IS NULL ORDER BY 1)) AS indexes
        FROM pg_class CROSS JOIN (SELECT current_database() || '_scoped' AS scoped) AS role
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY relname`);
    return Object.fromEntries(
      rows.map(({ name, policies, grant, indexes, secured }) => {
        if (grant === '' && policies === '') return [name, 'closed'];
        if (policies === '') return [name, `open: ${grant}`];
        const isSound = secured && SECURED.test(policies);
        return [name, isSound ? `own: ${grant}${indexes && `; ${indexes}`}` : `not secured: ${policies}`];
      }),
    );
  } finally {
    await client.end();
  }
}
