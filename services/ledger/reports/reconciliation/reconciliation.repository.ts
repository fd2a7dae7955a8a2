import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ExternalRecord, Subject } from '../../sales/external-records/external-record.ts';

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

/** Sale ids are `{orderId}@{facilityId}` and sorted by their bytes, where A comes after @. */
const salesOf = (order: string) =>
  `SELECT sale_id FROM sale WHERE sale_id >= ${order} || '@' AND sale_id < ${order} || 'A'`;

const about: Readonly<Record<Subject, string>> = {
  order: `(kind = 'sale' AND source_reference IN (${salesOf('$1')})
           OR journal_id IN (SELECT journal_id FROM hold WHERE order_id = $1))`,
  refund: `kind = 'refund' AND source_reference = $1`,
  settlement: `kind = 'settlement' AND source ->> 'settlementId' = $1
               AND source ->> 'saleId' IN (${salesOf("regexp_replace($1, '~[^~]*$', '')")})`,
  payout: `kind IN ('payout', 'payout-failed') AND source_reference = $1`,
};

/** SQL: what is held, or was; is_posted: the refund is in the books of its sale by now. */
const HELD = `
  SELECT hold.*, source, occurred_at, source ->> 'refundId' AS refund_id,
         EXISTS (SELECT FROM journal AS refund
                  WHERE refund.kind = 'refund' AND refund.source_reference = journal.source ->> 'refundId') AS is_posted
    FROM hold JOIN journal USING (journal_id)`;

/**
 * What of a subject orders, payments and the ledger do not agree on, each row with its kind, what is at stake, and its age. Orders say
 * nothing about settlements and payouts; payments says of a settlement what the channel kept. A placed order of which
 * nothing else is heard is no break, nor is one that was cancelled and whose money was given back. What the books hold is no
 * break either: orders has told of it, and what went back of it before it was sold is a part of what was paid.
 *
 * `facilities`: whose books it is in; null: in nobody's.
 */
export const BREAKS = `
  said AS (
    SELECT subject, reference, min(since) AS since,
           max(amount) FILTER (WHERE counterparty = 'orders' AND (state IN ('sold', 'requested', 'assumed') OR
             subject = 'order' AND EXISTS (SELECT FROM hold WHERE hold.order_id = reference AND number IS NOT NULL
                                              AND hold.subject = 'order'))) AS orders,
           max(amount) FILTER (WHERE counterparty = 'payments' AND state <> 'returned') AS payments
      FROM external_record GROUP BY subject, reference),
  posted AS (
    SELECT 'order' AS subject, order_id AS reference, min(occurred_at) AS since, sum(part.amount)::bigint AS ledger,
           array_agg(DISTINCT part.facility_id) AS facilities
      FROM (SELECT left(sale_id, -length(sale.facility_id) - 1) AS order_id, sale.facility_id, price AS amount,
                   sale.journal_id
              FROM sale JOIN sale_line USING (sale_id)
            UNION ALL
            SELECT order_id, facility_id, amount, journal_id FROM (${HELD}) AS held
             WHERE subject = 'order' AND cleared_by IS NULL OR subject = 'refund' AND number IS NOT NULL
                                                          AND cleared_by IS NOT NULL AND NOT is_posted) AS part
      JOIN journal USING (journal_id)
     GROUP BY order_id
    UNION ALL
    SELECT 'refund', source_reference, occurred_at, (source ->> 'amount')::bigint, ARRAY[facility_id]
      FROM journal WHERE kind = 'refund'
    UNION ALL
    SELECT 'refund', refund_id, occurred_at, amount, ARRAY[facility_id]
      FROM (${HELD}) AS held WHERE subject = 'refund' AND NOT is_posted
    UNION ALL
    SELECT 'settlement', settlement ->> 'settlementId', min(occurred_at),
           sum((settlement ->> 'fee')::bigint + (settlement ->> 'shipping')::bigint
                 + (settlement ->> 'withheldTax')::bigint)::bigint,
           array_agg(DISTINCT facility_id)
      FROM (SELECT source AS settlement, occurred_at, facility_id FROM journal WHERE kind = 'settlement'
            UNION ALL
            SELECT source -> 'settlement', occurred_at, facility_id FROM (${HELD}) AS held
             WHERE starts_with(subject, 'settlement') AND cleared_by IS NULL) AS told
     GROUP BY 2
    UNION ALL
    SELECT 'payout', item_id::text, decided_at, CASE payout_item.status WHEN 'failed' THEN 0 ELSE amount END,
           ARRAY[facility_id]
      FROM payout_item JOIN payout USING (payout_id, facility_id)
     WHERE payout_item.status IN ('reserved', 'sent', 'paid', 'failed')),
  compared AS (
    SELECT subject, reference, least(said.since, posted.since) AS since, facilities, orders, payments, ledger,
           array_remove(ARRAY[CASE WHEN orders IS NULL AND subject IN ('order', 'refund') THEN 'orders' END,
                              CASE WHEN payments IS NULL THEN 'payments' END,
                              CASE WHEN ledger IS NULL THEN 'ledger' END], NULL) AS silent
      FROM said FULL JOIN posted USING (subject, reference)
     WHERE num_nonnulls(orders, payments, ledger) > 0),
  break AS (
    SELECT subject, reference, facilities, orders, payments, ledger, since,
           CASE WHEN silent = '{}' THEN 'amounts-differ'
                ELSE 'not-in-' || array_to_string(silent, '-nor-') END AS kind,
           greatest(orders, payments, ledger) - CASE WHEN silent = '{}' THEN least(orders, payments, ledger) ELSE 0 END
             AS amount,
           greatest(0, floor(extract(epoch FROM now() - since) / 86400))::int AS days
      FROM compared
     WHERE silent <> '{}' OR greatest(orders, payments, ledger) <> least(orders, payments, ledger))`;
