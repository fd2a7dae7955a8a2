import { Injectable } from '@nestjs/common';
import type { Event, SalePaid } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { Hold } from './hold.ts';

type Reader = Pick<Transaction, 'query'>;

/** A hold of a sale without an agreement. */
export type KeptHold = Hold & Required<Pick<Hold, 'saleId' | 'event'>>;

const HOLD = `hold_id AS "holdId", hold.journal_id AS "journalId", correlation_id AS "correlationId", source`;
type Row = Pick<Hold, 'holdId' | 'journalId' | 'correlationId'> & { readonly source: Omit<Hold, 'holdId'> };
const holdOf = ({ source, ...hold }: Row): Hold => ({ ...source, ...hold });

/** What is held and not undone is found by index, however much was. */
@Injectable()
export class HoldRepository {
  /** `number`: of those of no known facility, which of its order it is. */
  add(transaction: Transaction, holds: readonly (Hold & { readonly number?: number })[]): void {
    if (holds.length === 0) return;
    transaction.write(
      `INSERT INTO hold (hold_id, facility_id, order_id, sale_id, number, subject, amount, journal_id)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::bigint[], $8::uuid[])`,
      [
        holds.map(({ holdId }) => holdId),
        holds.map(({ facilityId }) => facilityId),
        holds.map(({ orderId }) => orderId),
        holds.map(({ saleId }) => saleId),
        holds.map(({ number }) => number),
        holds.map(({ subject }) => subject),
        holds.map(({ amount }) => amount),
        holds.map(({ journalId }) => journalId),
      ],
    );
  }

  /** Of goods of no known facility: of each order those up to a number. */
  async openOfOrders(
    reader: Reader,
    orders: readonly { readonly orderId: string; readonly upTo: number }[],
  ): Promise<Hold[]> {
    const rows = await reader.query<Row>(
      `SELECT ${HOLD} FROM unnest($1::text[], $2::int[]) AS told (order_id, up_to)
         JOIN hold USING (order_id) JOIN journal USING (journal_id)
        WHERE cleared_by IS NULL AND sale_id IS NULL AND number <= up_to
        ORDER BY position`,
      [orders.map(({ orderId }) => orderId), orders.map(({ upTo }) => upTo)],
    );
    return rows.map(holdOf);
  }

  /** One of an order that is not there, or of no store that is known; undefined: there is none, or it is undone. */
  async openWithoutOrder(reader: Reader, holdId: string): Promise<Hold | undefined> {
    const [row] = await reader.query<Row>(
      `SELECT ${HOLD} FROM hold JOIN journal USING (journal_id)
        WHERE hold_id = $1 AND cleared_by IS NULL AND subject IN ('settlement-without-order', 'charge')`,
      [holdId],
    );
    return row && holdOf(row);
  }

  /** Of sales without an agreement, in the order in which they came. */
  async openOfSales(reader: Reader, saleIds: readonly string[]): Promise<KeptHold[]> {
    if (saleIds.length === 0) return [];
    const rows = await reader.query<Row>(
      `SELECT ${HOLD} FROM hold JOIN journal USING (journal_id)
        WHERE cleared_by IS NULL AND sale_id = ANY ($1) ORDER BY position`,
      [saleIds],
    );
    return rows.map((row) => holdOf(row) as KeptHold);
  }

  /** What was sold without an agreement, after a position: a hold's place among all. */
  async sold(
    reader: Reader,
    after: number,
    limit: number,
  ): Promise<{ readonly position: number; readonly event: Event<SalePaid> }[]> {
    return reader.query(
      `SELECT position, source -> 'event' AS event FROM hold JOIN journal USING (journal_id)
        WHERE cleared_by IS NULL AND sale_id IS NOT NULL AND subject = 'order' AND position > $1
        ORDER BY position LIMIT $2`,
      [after, limit],
    );
  }

  /** The journals that undo them. */
  clear(transaction: Transaction, cleared: readonly { readonly holdId: string; readonly clearedBy: string }[]): void {
    if (cleared.length === 0) return;
    transaction.write(
      `UPDATE hold SET cleared_by = cleared.journal_id
         FROM unnest($1::text[], $2::uuid[]) AS cleared (hold_id, journal_id) WHERE hold.hold_id = cleared.hold_id`,
      [cleared.map(({ holdId }) => holdId), cleared.map(({ clearedBy }) => clearedBy)],
    );
  }
}
