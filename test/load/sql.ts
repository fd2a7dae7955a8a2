import { withClient } from '../../deploy/local/postgres.ts';

/** Rows of one statement over a connection of its own. */
export async function queryOnce<Row>(url: string, sql: string): Promise<Row[]> {
  const { rows } = await withClient(url, (client) => client.query(sql));
  return rows as Row[];
}
