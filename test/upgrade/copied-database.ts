/** A database as text: each table as `COPY` writes it, in an order of its own, so that the same rows are the same text. */

import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { from, to } from 'pg-copy-streams';
import { withClient } from '../../deploy/local/postgres.ts';

const END = '\\.\n';

export async function copyDatabase(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query<{ table: string; columns: string; order: string }>(`
      SELECT relname AS table, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns,
             coalesce((SELECT string_agg(quote_ident(keyed.attname), ', ' ORDER BY array_position(indkey::int2[], keyed.attnum))
                         FROM pg_index JOIN pg_attribute AS keyed ON keyed.attrelid = indrelid AND keyed.attnum = ANY (indkey)
                        WHERE indrelid = pg_class.oid AND indisprimary), '1') AS order
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
       GROUP BY pg_class.oid ORDER BY relname`);
    const parts: string[] = [];
    for (const { table, columns, order } of tables) {
      const rows = client.query(to(`COPY (SELECT ${columns} FROM "${table}" ORDER BY ${order}) TO STDOUT`));
      parts.push(`COPY "${table}" (${columns}) FROM STDIN\n${await text(rows)}${END}`);
    }
    return parts.join('');
  });
}

/** The rows of one table of such a text, by column. */
export function rowsOf(copied: string, table: string): Record<string, string>[] {
  const part = partsOf(copied).find((each) => each.table === table);
  const columns = part?.columns.split(', ').map((column) => column.replaceAll('"', '')) ?? [];
  const lines = part?.rows.split('\n').filter(Boolean) ?? [];
  return lines.map((line) => Object.fromEntries(line.split('\t').map((value, index) => [columns[index], value])));
}

/** Fills the tables of a database, whose triggers stay silent; what is in them already makes room. */
export async function restoreDatabase(url: string, copied: string): Promise<void> {
  await withClient(url, async (client) => {
    const parts = partsOf(copied);
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    await client.query(`TRUNCATE ${parts.map(({ table }) => `"${table}"`).join(', ')}`);
    for (const { head, rows } of parts) await pipeline(Readable.from([rows]), client.query(from(head)));
    await client.query(`
      SELECT setval(pg_get_serial_sequence(quote_ident(relname), attname), last.value)
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attidentity <> '',
             LATERAL (SELECT (xpath('//v/text()', query_to_xml(format('SELECT max(%I) AS v FROM %I', attname, relname),
                                                               false, true, '')))[1]::text::bigint AS value) AS last
       WHERE relnamespace = 'public'::regnamespace AND last.value IS NOT NULL`);
    await client.query('COMMIT');
  });
}

interface Part {
  /** The statement. */
  readonly head: string;
  readonly table: string;
  readonly columns: string;
  readonly rows: string;
}

function partsOf(copied: string): Part[] {
  return copied
    .split(/^\\\.\n/m)
    .filter(Boolean)
    .map((part) => {
      const [head = '', table = '', columns = ''] = /^COPY "(.+?)" \((.*)\) FROM STDIN/.exec(part) ?? [];
      return { head, table, columns, rows: part.slice(head.length + 1) };
    });
}
