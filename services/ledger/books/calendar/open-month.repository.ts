import type { Transaction } from '#libs/database';

type Query = Transaction['query'];

/** The earliest month that is open, `YYYY-MM`; null: none has been closed. */
export async function firstOpenMonth(query: Query): Promise<string | null> {
  const [row] = await query<{ month: string | null }>(`SELECT to_char(first_open_day(), 'YYYY-MM') AS month`);
  return row?.month ?? null;
}
