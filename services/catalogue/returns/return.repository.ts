import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { noteLotChange } from '../reservations/stock-change.repository.ts';
import type { Disposition } from './return.dto.ts';

export interface StockReturn {
  readonly returnId: string;
  readonly orderId: string;
  readonly lineRef: string;
  readonly lotId: string;
  /** Pieces. */
  readonly quantity: number;
  readonly disposition: Disposition;
}

@Injectable()
export class ReturnRepository {
  /**
   * Pieces of a lot that a line of an order bought, and how many of them came back already; undefined if none were
   * bought, or the lot is beyond the scope. No other return of this order is recorded until the transaction ends.
   */
  async lockSold(
    transaction: Transaction,
    { orderId, lineRef, lotId }: Pick<StockReturn, 'orderId' | 'lineRef' | 'lotId'>,
  ): Promise<{ sold: number; returned: number } | undefined> {
    const [lot] = await transaction.query('SELECT FROM lot WHERE lot_id = $1', [lotId]);
    if (lot === undefined) return undefined;
    const [reservation] = await transaction.elevated(() =>
      transaction.query<{
        lines: { lineRef: string; portions: { lotId: string; quantity: number }[] }[];
      }>(`SELECT lines FROM reservation WHERE order_id = $1 AND status = 'committed' FOR UPDATE`, [orderId]),
    );
    const line = reservation?.lines.find((each) => each.lineRef === lineRef);
    const portion = line?.portions.find((each) => each.lotId === lotId);
    if (portion === undefined) return undefined;
    const [sum] = await transaction.query<{ returned: number }>(
      `SELECT coalesce(sum(quantity), 0) AS returned FROM stock_return
       WHERE order_id = $1 AND line_ref = $2 AND lot_id = $3`,
      [orderId, lineRef, lotId],
    );
    return { sold: portion.quantity, returned: sum?.returned ?? 0 };
  }

  /** Records the return; what is restocked can be sold again. */
  async insert(transaction: Transaction, stockReturn: StockReturn): Promise<void> {
    const { returnId, orderId, lineRef, lotId, quantity, disposition } = stockReturn;
    await transaction.query(
      `INSERT INTO stock_return (return_id, order_id, line_ref, lot_id, quantity, disposition, facility_id)
       SELECT $1, $2, $3, lot_id, $5, $6, facility_id FROM lot WHERE lot_id = $4`,
      [returnId, orderId, lineRef, lotId, quantity, disposition],
    );
    if (disposition === 'write-off') return;
    await transaction.query('UPDATE lot SET taken = taken - $2 WHERE lot_id = $1', [lotId, quantity]);
    await transaction.elevated(async () => noteLotChange(transaction, [lotId]));
  }
}
