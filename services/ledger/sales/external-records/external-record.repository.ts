import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { ExternalRecord } from './external-record.ts';

@Injectable()
export class ExternalRecordRepository {
  /** One statement, however many; each counterparty and subject once. */
  async keep(transaction: Transaction, records: readonly ExternalRecord[]): Promise<void> {
    if (records.length === 0) return;
    await transaction.query(
      `INSERT INTO external_record (subject, reference, counterparty, state, amount, since)
       SELECT * FROM jsonb_to_recordset($1) AS said (subject text, reference text, counterparty text, state text, amount bigint,
                                                     since timestamptz)
        ORDER BY subject, reference, counterparty
       ON CONFLICT (subject, reference, counterparty) DO UPDATE
         SET state = CASE excluded.state WHEN 'placed' THEN external_record.state ELSE excluded.state END,
             amount = coalesce(excluded.amount, external_record.amount),
             since = least(external_record.since, excluded.since),
             told_at = excluded.told_at`,
      [JSON.stringify(records)],
    );
  }
}
