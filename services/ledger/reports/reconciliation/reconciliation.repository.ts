import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ExternalRecord, Subject } from '../../sales/external-records/external-record.ts';
import { isSaleOf } from './break.repository.ts';

/** A journal about a subject. */
export interface ComparedJournal {
  readonly journalId: string;
  readonly kind: string;
  readonly facilityId: string;
  readonly postedOn: string;
  readonly sourceReference: string;
}

@Injectable()
export class ReconciliationRepository {
  constructor(private readonly database: Database) {}

  find(subject: Subject, reference: string): Promise<ExternalRecord[]> {
    return this.database.query(
      'SELECT subject, reference, counterparty, state, amount, since FROM external_record WHERE subject = $1 AND reference = $2 ORDER BY counterparty',
      [subject, reference],
    );
  }

  /** What is posted about it, in the order of recording. */
  journals(subject: Subject, reference: string): Promise<ComparedJournal[]> {
    return this.database.query(
      `SELECT journal_id AS "journalId", kind, facility_id AS "facilityId", posted_on AS "postedOn",
              source_reference AS "sourceReference"
         FROM journal WHERE ${about[subject]} ORDER BY recorded_at, journal_id`,
      [reference],
    );
  }
}

const salesOf = (order: string) => `SELECT sale_id FROM sale WHERE ${isSaleOf(order)}`;

const about: Readonly<Record<Subject, string>> = {
  order: `(kind = 'sale' AND source_reference IN (${salesOf('$1')})
           OR journal_id IN (SELECT journal_id FROM hold WHERE order_id = $1))`,
  refund: `kind = 'refund' AND source_reference = $1`,
  settlement: `(kind = 'settlement' AND source ->> 'settlementId' = $1
                AND source ->> 'saleId' IN (${salesOf("regexp_replace($1, '~[^~]*$', '')")})
                OR kind = 'charge' AND source_reference = $1
                OR journal_id IN (SELECT journal_id FROM hold WHERE order_id = $1))`,
  payout: `kind IN ('payout', 'payout-failed') AND source_reference = $1`,
};
