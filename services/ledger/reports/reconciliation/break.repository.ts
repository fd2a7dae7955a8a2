import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';

type Reader = Pick<Transaction, 'query'>;

@Injectable()
export class BreakRepository {
  /** Whether there is anything that was never compared. */
  async isNew(reader: Reader): Promise<boolean> {
    return (await reader.query('SELECT FROM reconciliation_position WHERE compared_at IS NULL')).length > 0;
  }

  /** Since when what was said and posted is not compared yet; null: never. Nobody else compares until the transaction ends. */
  async claim(transaction: Reader): Promise<string | null> {
    const [position] = await transaction.query<{ comparedAt: string | null }>(
      'SELECT compared_at::text AS "comparedAt" FROM reconciliation_position FOR UPDATE',
    );
    return position?.comparedAt ?? null;
  }

  /** Compares what was said and posted since then, or everything, and keeps what does not agree. */
  async compare(transaction: Reader, since: string | null): Promise<void> {
    const [now] = await transaction.query<{ from: string }>(
      // What a transaction under way says or posts has a later time than its beginning.
      `SELECT (least(clock_timestamp(), min(xact_start)) - ${CLOCK_STEP})::text AS "from"
         FROM pg_stat_activity WHERE datname = current_database()`,
    );
    if (since === null) {
      await transaction.query('DELETE FROM reconciliation_break');
      await transaction.query(`WITH ${breaks()} ${KEEP}`);
    } else {
      const touched = await transaction.query<{ subject: string; reference: string }>(TOUCHED, [since]);
      for (let at = 0; at < touched.length; at += AT_ONCE_MAX) {
        const some = touched.slice(at, at + AT_ONCE_MAX);
        await transaction.query(COMPARE_TOUCHED, [
          some.map(({ subject }) => subject),
          some.map(({ reference }) => reference),
        ]);
      }
    }
    await transaction.query('UPDATE reconciliation_position SET compared_at = $1', [now?.from]);
  }
}

/** So many are compared well within the deadline of a statement, whose plan is for a few: it compares each with each. */
const AT_ONCE_MAX = 500;
/** By how much the database's clock may be set back. */
const CLOCK_STEP = `interval '1 minute'`;

/** SQL: the subjects that something was said of or posted about since $1, and the payouts whose answer is awaited. */
const TOUCHED = `
  SELECT subject, reference FROM external_record WHERE told_at >= $1
  UNION
  SELECT about.subject, about.reference
    FROM journal LEFT JOIN hold ON kind IN ('held', 'held-cleared', 'assigned') AND hold_id = source_reference
    LEFT JOIN journal AS held ON held.journal_id = hold.journal_id
   CROSS JOIN LATERAL (VALUES
           ('order', CASE WHEN journal.kind IN ('sale', 'refund') THEN journal.source ->> 'orderId' ELSE hold.order_id END),
           ('refund', CASE journal.kind WHEN 'refund' THEN journal.source_reference ELSE held.source ->> 'refundId' END),
           ('settlement', CASE journal.kind WHEN 'settlement' THEN journal.source ->> 'settlementId'
                                            WHEN 'charge' THEN journal.source_reference
                                            ELSE held.source -> 'settlement' ->> 'settlementId' END),
           ('payout', CASE WHEN journal.kind IN ('payout', 'payout-failed') THEN journal.source_reference END)
         ) AS about (subject, reference)
   WHERE journal.recorded_at >= $1 AND about.reference IS NOT NULL
  UNION
  SELECT 'payout', item_id::text FROM payout_item WHERE status IN ('reserved', 'sent')`;

/** Else a plan takes a range of sales for a ninth of all, and reads them all for each order. */
const ROW_BY_ROW = 'OFFSET 0';
/** SQL, of a sale: as lines and journals have it. Their indexes sort by another collation, and are of no use for its own. */
const SALE_ID = 'sale.sale_id COLLATE "default"';

/** SQL: what is held, or was; is_posted: the refund is in the books of its sale by now. */
const HELD = `
  SELECT hold.*, source, occurred_at, source ->> 'refundId' AS refund_id,
         source -> 'settlement' ->> 'settlementId' AS settlement_id,
         EXISTS (SELECT FROM journal AS refund
                  WHERE refund.kind = 'refund' AND refund.source_reference = journal.source ->> 'refundId') AS is_posted
    FROM hold JOIN journal USING (journal_id)`;

/** SQL: the order that a refund or a settlement is of, by its id (libs/contracts: refundIdOf, settlementIdOf). A charge is of none. */
const orderOf = {
  refund: `regexp_replace(touched.reference, '/[^/#]*#[^/#]*$', '')`,
  settlement: `regexp_replace(touched.reference, '~[^~]*$', '')`,
};
/** Sale ids are `{orderId}@{facilityId}` and sorted by their bytes, where A comes after @. */
export const isSaleOf = (order: string) => `sale_id >= ${order} || '@' AND sale_id < ${order} || 'A'`;

/**
 * `break`: what of a subject orders, payments and the ledger do not agree on, each row with its kind and what is at stake.
 * Orders say nothing about settlements and payouts; payments says of a settlement what the channel kept. A placed order of
 * which nothing else is heard is no break, nor is one that was cancelled and whose money was given back. What the books
 * hold is no break either: orders has told of it, and what went back of it before it was sold is a part of what was paid.
 *
 * `facilities`: whose books it is in; null: in nobody's.
 * @param which subjects: those of `touched`, each found by index; absent: all, each table read once
 */
const breaks = (which?: 'touched') => {
  const touched = (join: string) => (which ? `JOIN touched ON ${join}` : '');
  const salesOf = (subject: string, order: string) =>
    which
      ? `touched CROSS JOIN LATERAL (
           SELECT * FROM sale WHERE touched.subject = '${subject}' AND ${isSaleOf(order)} ${ROW_BY_ROW}) AS sale`
      : 'sale';
  return `
  said AS (
    SELECT subject, reference, min(since) AS since,
           max(amount) FILTER (WHERE counterparty = 'orders' AND (state IN ('sold', 'requested', 'assumed') OR
             subject = 'order' AND EXISTS (SELECT FROM hold WHERE hold.order_id = reference AND number IS NOT NULL
                                              AND hold.subject = 'order'))) AS orders,
           max(amount) FILTER (WHERE counterparty = 'payments' AND state <> 'returned') AS payments
      FROM external_record ${which ? 'JOIN touched USING (subject, reference)' : ''} GROUP BY subject, reference),
  posted AS (
    SELECT 'order' AS subject, order_id AS reference, min(occurred_at) AS since, sum(part.amount)::bigint AS ledger,
           array_agg(DISTINCT part.facility_id) AS facilities
      FROM (SELECT left(sale.sale_id, -length(sale.facility_id) - 1) AS order_id, sale.facility_id, price AS amount,
                   sale.journal_id
              FROM ${salesOf('order', 'touched.reference')} JOIN sale_line ON sale_line.sale_id = ${SALE_ID}
            UNION ALL
            SELECT order_id, facility_id, amount, journal_id
              FROM (${HELD}) AS held ${touched(`touched.subject = 'order' AND order_id = touched.reference`)}
             WHERE held.subject = 'order' AND cleared_by IS NULL
                OR held.subject = 'refund' AND number IS NOT NULL AND cleared_by IS NOT NULL AND NOT is_posted) AS part
      JOIN journal USING (journal_id)
     GROUP BY order_id
    UNION ALL
    SELECT 'refund', source_reference, occurred_at, (source ->> 'amount')::bigint, ARRAY[facility_id]
      FROM journal ${touched(`touched.subject = 'refund' AND source_reference = touched.reference`)}
     WHERE kind = 'refund'
    UNION ALL
    SELECT 'refund', refund_id, occurred_at, amount, ARRAY[facility_id]
      FROM (${HELD}) AS held
           ${touched(`touched.subject = 'refund' AND order_id = ${orderOf.refund} AND refund_id = touched.reference`)}
     WHERE held.subject = 'refund' AND NOT is_posted
    UNION ALL
    SELECT 'settlement', settlement ->> 'settlementId', min(occurred_at),
           sum((settlement ->> 'fee')::bigint + (settlement ->> 'shipping')::bigint
                 + (settlement ->> 'withheldTax')::bigint)::bigint,
           array_agg(DISTINCT facility_id)
      FROM (SELECT source AS settlement, occurred_at, journal.facility_id
              FROM ${salesOf('settlement', orderOf.settlement)} JOIN journal ON source ->> 'saleId' = ${SALE_ID}
             WHERE kind = 'settlement' ${which ? `AND source ->> 'settlementId' = touched.reference` : ''}
            UNION ALL
            SELECT json_build_object('settlementId', source_reference, 'fee', 0, 'shipping', 0, 'withheldTax', source -> 'withheldTax'),
                   occurred_at, facility_id
              FROM journal ${touched(`touched.subject = 'settlement' AND source_reference = touched.reference`)}
             WHERE kind = 'charge'
            UNION ALL
            SELECT source -> 'settlement', occurred_at, facility_id
              FROM (${HELD}) AS held
                   ${touched(`touched.subject = 'settlement' AND order_id = ANY (ARRAY[${orderOf.settlement}, touched.reference]) AND settlement_id = touched.reference`)}
             WHERE (starts_with(held.subject, 'settlement') OR held.subject IN ('assigned', 'charge')) AND cleared_by IS NULL) AS told
     GROUP BY 2
    UNION ALL
    SELECT 'payout', item_id::text, decided_at, CASE payout_item.status WHEN 'failed' THEN 0 ELSE amount END,
           ARRAY[facility_id]
      FROM payout_item JOIN payout USING (payout_id, facility_id)
           ${touched(`item_id = CASE touched.subject WHEN 'payout' THEN touched.reference::uuid END`)}
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
             AS amount
      FROM compared
     WHERE silent <> '{}' OR greatest(orders, payments, ledger) <> least(orders, payments, ledger))`;
};

/** SQL `break`: what does not agree, as it was last compared. */
export const BREAKS = `
  break AS (SELECT *, greatest(0, floor(extract(epoch FROM now() - since) / 86400))::int AS days
              FROM reconciliation_break)`;

const KEEP = `
  INSERT INTO reconciliation_break (subject, reference, facilities, orders, payments, ledger, since, kind, amount)
  SELECT subject, reference, facilities, orders, payments, ledger, since, kind, amount FROM break
  ON CONFLICT (subject, reference) DO UPDATE
    SET (facilities, orders, payments, ledger, since, kind, amount) =
        (excluded.facilities, excluded.orders, excluded.payments, excluded.ledger, excluded.since, excluded.kind, excluded.amount)`;

/** A statement of its own: how many subjects were touched nobody can estimate from the tables, and all would be read for a few. */
const COMPARE_TOUCHED = `
  WITH touched AS (SELECT * FROM unnest($1::text[], $2::text[]) AS touched (subject, reference)), ${breaks('touched')},
  gone AS (DELETE FROM reconciliation_break USING touched
            WHERE reconciliation_break.subject = touched.subject
              AND reconciliation_break.reference = touched.reference COLLATE "C" -- as its index sorts
              AND NOT EXISTS (SELECT FROM break WHERE (break.subject, break.reference) = (touched.subject, touched.reference)))
  ${KEEP}`;
