import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { AgreementsOfLines, SaleLine } from './sale.ts';
import { SALE_LINE, SALE_LINES } from './sale-line.columns.ts';

type LineKey = Pick<SaleLine, 'saleId' | 'lineRef'>;

@Injectable()
export class SaleLineRepository {
  async add(transaction: Transaction, lines: readonly SaleLine[]): Promise<void> {
    if (lines.length === 0) return;
    transaction.write(
      `INSERT INTO sale_line (sale_id, facility_id, line_ref, journal_id, price, units, credits, shared_by,
                              shared_by_version)
       SELECT sale, facility, line, journal, price, units, credits::jsonb, agreement, version
         FROM unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[], $5::int[], string_to_array($6, E'\\n'),
                     $7::text[], $8::int[], $9::text[])
                AS lines (sale, line, journal, price, units, credits, agreement, version, facility)`,
      [
        lines.map(({ saleId }) => saleId),
        lines.map(({ lineRef }) => lineRef),
        lines.map(({ journalId }) => journalId),
        lines.map(({ price }) => price),
        lines.map(({ units }) => units),
        lines.map(({ credits }) => JSON.stringify(credits)).join('\n'),
        lines.map(({ agreement }) => agreement.id),
        lines.map(({ agreement }) => agreement.version),
        lines.map(({ facilityId }) => facilityId),
      ],
    );
  }

  /** Those of these lines that exist; nobody else refunds them until the transaction ends. */
  lock(transaction: Transaction, keys: readonly LineKey[]): Promise<SaleLine[]> {
    return transaction.query(
      `SELECT ${SALE_LINE} FROM ${SALE_LINES}
        WHERE (sale_id, line_ref) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        ORDER BY sale_id, line_ref
          FOR UPDATE OF sale_line`,
      [keys.map(({ saleId }) => saleId), keys.map(({ lineRef }) => lineRef)],
    );
  }

  /** All lines of these sales; nobody else refunds them until the transaction ends. */
  lockOfSales(transaction: Transaction, saleIds: readonly string[]): Promise<SaleLine[]> {
    return transaction.query(
      `SELECT ${SALE_LINE} FROM ${SALE_LINES} WHERE sale_id = ANY ($1) ORDER BY sale_id, line_ref FOR UPDATE OF sale_line`,
      [saleIds],
    );
  }

  /** Which agreement shared each line of a sale. */
  async agreementsOf(reader: Pick<Transaction, 'query'>, saleId: string): Promise<AgreementsOfLines> {
    const rows = await reader.query<Pick<SaleLine, 'lineRef' | 'agreement'>>(
      `SELECT line_ref AS "lineRef", definition AS agreement FROM ${SALE_LINES} WHERE sale_id = $1`,
      [saleId],
    );
    return new Map(rows.map(({ lineRef, agreement }) => [lineRef, agreement]));
  }

  async saveRefunds(transaction: Transaction, lines: readonly SaleLine[]): Promise<void> {
    if (lines.length === 0) return;
    transaction.write(
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
