import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import type { Disbursement } from './disbursement.ts';

const COLUMNS = `item_id AS "itemId", payout_id AS "payoutId", facility_id AS "facilityId", bank, payee, amount, status,
  reason, correlation_id AS "correlationId"`;

@Injectable()
export class DisbursementRepository {
  constructor(private readonly database: Database) {}

  /** One that is there already was asked for before. */
  async add(transaction: Transaction, disbursements: readonly Disbursement[]): Promise<void> {
    await transaction.query(
      `INSERT INTO disbursement (item_id, payout_id, facility_id, bank, payee, amount, status, correlation_id)
       SELECT "itemId", "payoutId", "facilityId", bank, payee, amount, status, "correlationId"
         FROM jsonb_to_recordset($1) AS asked (
                "itemId" uuid, "payoutId" uuid, "facilityId" text, bank text, payee text, amount bigint, status text,
                "correlationId" uuid)
        ORDER BY "itemId"
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(disbursements)],
    );
  }

  async lock(transaction: Transaction, itemId: string): Promise<Disbursement | undefined> {
    const [disbursement] = await transaction.query<Disbursement>(
      `SELECT ${COLUMNS} FROM disbursement WHERE item_id = $1 FOR UPDATE`,
      [itemId],
    );
    return disbursement;
  }

  async save(transaction: Transaction, { itemId, status, reason }: Disbursement): Promise<void> {
    await transaction.query('UPDATE disbursement SET status = $2, reason = $3 WHERE item_id = $1', [
      itemId,
      status,
      reason,
    ]);
  }

  list({
    payoutId,
    status,
    after,
    limit,
  }: {
    payoutId?: string;
    status?: string;
    after: string | undefined;
    limit: number;
  }) {
    return this.database.query<Disbursement>(
      `SELECT ${COLUMNS} FROM disbursement
        WHERE ($1::uuid IS NULL OR payout_id = $1) AND ($2::text IS NULL OR status = $2)
          AND ($3::uuid IS NULL OR item_id > $3) AND ($5::text[] IS NULL OR facility_id = ANY ($5))
        ORDER BY item_id LIMIT $4`,
      [payoutId, status, after, limit, facilitiesInScope()],
    );
  }
}
