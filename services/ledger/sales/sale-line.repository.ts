import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { SaleLine } from './sale.ts';

type LineKey = Pick<SaleLine, 'saleId' | 'lineRef'>;

const COLUMNS = `sale_id AS "saleId", line_ref AS "lineRef", journal_id AS "journalId", price, refunded, units,
  units_refunded AS "unitsRefunded", credits`;

@Injectable()
export class SaleLineRepository {
  async add(transaction: Transaction, lines: readonly SaleLine[]): Promise<void> {
    if (lines.length === 0) return;
    await transaction.query(
      `INSERT INTO sale_line (sale_id, line_ref, journal_id, price, units, credits)
       SELECT sale, line, journal, price, units, credits::jsonb
         FROM unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[], $5::int[], string_to_array($6, E'\\n'))
                AS lines (sale, line, journal, price, units, credits)`,
      [
        lines.map(({ saleId }) => saleId),
        lines.map(({ lineRef }) => lineRef),
        lines.map(({ journalId }) => journalId),
        lines.map(({ price }) => price),
        lines.map(({ units }) => units),
        lines.map(({ credits }) => JSON.stringify(credits)).join('\n'),
      ],
    );
  }

  /** Those of these lines that exist; nobody else refunds them until the transaction ends. */
  lock(transaction: Transaction, keys: readonly LineKey[]): Promise<SaleLine[]> {
    return transaction.query(
      `SELECT ${COLUMNS} FROM sale_line
        WHERE (sale_id, line_ref) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        ORDER BY sale_id, line_ref
          FOR UPDATE`,
      [keys.map(({ saleId }) => saleId), keys.map(({ lineRef }) => lineRef)],
    );
  }

  /** All lines of these sales; nobody else refunds them until the transaction ends. */
  lockOfSales(transaction: Transaction, saleIds: readonly string[]): Promise<SaleLine[]> {
    return transaction.query(
      `SELECT ${COLUMNS} FROM sale_line WHERE sale_id = ANY ($1) ORDER BY sale_id, line_ref FOR UPDATE`,
      [saleIds],
    );
  }

  async saveRefunds(transaction: Transaction, lines: readonly SaleLine[]): Promise<void> {
    if (lines.length === 0) return;
    await transaction.query(
      `UPDATE sale_line
          SET refunded = changed.refunded, units_refunded = changed.units, credits = changed.credits::jsonb
         FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[], string_to_array($5, E'\\n'))
                AS changed (sale, line, refunded, units, credits)
        WHERE sale_id = sale AND line_ref = line`,
      [
        lines.map(({ saleId }) => saleId),
        lines.map(({ lineRef }) => lineRef),
        lines.map(({ refunded }) => refunded),
        lines.map(({ unitsRefunded }) => unitsRefunded),
        lines.map(({ credits }) => JSON.stringify(credits)).join('\n'),
      ],
    );
  }
}
