import type { Transaction } from '#libs/database';

type Reader = Pick<Transaction, 'query'>;

/** Something came of these products: who waits for them is tried again. Of products that nobody waits for nothing is noted. */
export function noteStockChange(transaction: Transaction, skus: readonly string[]): void {
  if (skus.length === 0) return;
  transaction.write(
    `INSERT INTO stock_change (sku)
     SELECT DISTINCT sku FROM unnest($1::text[]) AS changed (sku)
      WHERE EXISTS (SELECT FROM awaited_sku WHERE awaited_sku.sku = changed.sku)`,
    [skus],
  );
}

/** The same, of the products that these lots are of. */
export function noteLotChange(transaction: Transaction, lotIds: readonly string[]): void {
  if (lotIds.length === 0) return;
  transaction.write(
    `INSERT INTO stock_change (sku)
     SELECT DISTINCT sku FROM lot
      WHERE lot_id = ANY ($1) AND EXISTS (SELECT FROM awaited_sku WHERE awaited_sku.sku = lot.sku)`,
    [lotIds],
  );
}

/** The product of the oldest change, with its last one; undefined: nothing has changed. */
export async function nextStockChange(reader: Reader): Promise<{ sku: string; upTo: number } | undefined> {
  const [change] = await reader.query<{ sku: string; upTo: number }>(
    `SELECT sku, max(change_id) AS "upTo" FROM stock_change
      WHERE sku = (SELECT sku FROM stock_change ORDER BY change_id LIMIT 1) GROUP BY sku`,
  );
  return change;
}

/** Whoever waited has been tried. */
export async function endStockChange(reader: Reader, { sku, upTo }: { sku: string; upTo: number }): Promise<void> {
  await reader.query('DELETE FROM stock_change WHERE sku = $1 AND change_id <= $2', [sku, upTo]);
}

/** Whether there is a piece of it that can be sold. */
export async function isAvailable(reader: Reader, sku: string): Promise<boolean> {
  const lots = await reader.query('SELECT FROM lot WHERE sku = $1 AND available > 0 LIMIT 1', [sku]);
  return lots.length > 0;
}
