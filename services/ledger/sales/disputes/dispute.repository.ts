import { Injectable } from '@nestjs/common';
import type { SaleFrozen, SaleThawed } from '#libs/contracts';
import type { Transaction } from '#libs/database';

/** By which a sale was settled. */
interface LastSettlement {
  readonly settlementId: string;
  /** ISO 8601 */
  readonly settledAt: string;
}

@Injectable()
export class DisputeRepository {
  /** @param opened `after`: the number of the last journal in the book of its facility */
  open(transaction: Transaction, opened: readonly (SaleFrozen & { readonly after: number })[]): void {
    if (opened.length === 0) return;
    transaction.write(
      `INSERT INTO sale_dispute (dispute_id, sale_id, facility_id, opened_after)
       SELECT DISTINCT ON (dispute_id) *
         FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS told (dispute_id, sale_id, facility_id, after)
        ORDER BY dispute_id
       ON CONFLICT (dispute_id) DO NOTHING`,
      [...keysOf(opened), opened.map(({ after }) => after)],
    );
  }

  /** Said again it changes nothing. */
  close(transaction: Transaction, closed: readonly (SaleThawed & { readonly after: number })[]): void {
    if (closed.length === 0) return;
    transaction.write(
      `UPDATE sale_dispute SET closed_after = after, closed_at = told.at
         FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) AS told (id, after, at)
        WHERE dispute_id = id AND closed_at IS NULL`,
      [
        closed.map(({ disputeId }) => disputeId),
        closed.map(({ after }) => after),
        closed.map(({ closedAt }) => closedAt),
      ],
    );
  }

  /** Those of these sales that are disputed or were. */
  async disputed(transaction: Transaction, saleIds: readonly string[]): Promise<string[]> {
    const rows = await transaction.query<{ saleId: string }>(
      'SELECT DISTINCT sale_id AS "saleId" FROM sale_dispute WHERE sale_id = ANY ($1::text[])',
      [saleIds],
    );
    return rows.map(({ saleId }) => saleId);
  }

  /** The last settlement of each of these sales that has one, by sale id. */
  async lastSettlements(transaction: Transaction, saleIds: readonly string[]): Promise<Map<string, LastSettlement>> {
    const rows = await transaction.query<{ saleId: string; settlementId: string; occurredAt: Date }>(
      `SELECT DISTINCT ON (source ->> 'saleId') source ->> 'saleId' AS "saleId",
              source ->> 'settlementId' AS "settlementId", occurred_at AS "occurredAt"
         FROM journal WHERE kind = 'settlement' AND source ->> 'saleId' = ANY ($1::text[])
        ORDER BY source ->> 'saleId', chain_number DESC`,
      [saleIds],
    );
    return new Map(
      rows.map(({ saleId, settlementId, occurredAt }) => [
        saleId,
        { settlementId, settledAt: occurredAt.toISOString() },
      ]),
    );
  }
}

function keysOf(disputes: readonly SaleFrozen[]): [string[], string[], string[]] {
  return [
    disputes.map(({ disputeId }) => disputeId),
    disputes.map(({ saleId }) => saleId),
    disputes.map(({ facilityId }) => facilityId),
  ];
}
