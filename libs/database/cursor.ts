import type { Transaction } from './transaction.ts';

export interface CursorQuery {
  /** Of the cursor; no other of the transaction has it. */
  readonly name: string;
  readonly sql: string;
  readonly parameters?: unknown[];
  readonly rowsAtOnce: number;
}

/**
 * Rows of a query within a transaction as they are found, so many at once: memory stays flat however many there are. It is
 * planned as one that is read to its end, as it is: what finds the first rows soonest may not live to find the last.
 */
export async function* readInParts<Row>(
  { query }: Pick<Transaction, 'query'>,
  { name, sql, parameters, rowsAtOnce }: CursorQuery,
): AsyncGenerator<Row[]> {
  await Promise.all([
    query('SET LOCAL cursor_tuple_fraction = 1'),
    query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, parameters),
  ]);
  for (;;) {
    const rows = await query<Row>(`FETCH ${rowsAtOnce} FROM ${name}`);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsAtOnce) break;
  }
  await query(`CLOSE ${name}`);
}
