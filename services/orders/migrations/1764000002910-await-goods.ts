import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An order that waits for goods or for an agreement says so; an import tells it of its row, and does not wait for it. */
export class AwaitGoods1764000002910 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(importFate(true));
    await runner.query(
      `COMMENT ON COLUMN order_process.reason IS 'why it was rejected or cancelled, or which goods it waits for'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(importFate(false));
  }
}

/** @param withAwaited false: as it was made first */
function importFate(withAwaited: boolean): string {
  const isWithoutAgreement = `process.state ? 'withoutAgreement'`;
  const reason = withAwaited
    ? `coalesce(process.reason, CASE WHEN ${isWithoutAgreement} THEN 'no-agreement' END)`
    : 'process.reason';
  const ofRefund = withAwaited
    ? `coalesce(refund ->> 'reason', CASE WHEN process.status = 'placed' OR ${isWithoutAgreement} THEN ${reason} END)`
    : `refund ->> 'reason'`;
  const andNothingAwaited = withAwaited ? `AND process.reason IS NULL AND NOT ${isWithoutAgreement}` : '';
  return `
    CREATE OR REPLACE VIEW import_fate AS
    SELECT span.run_id, span.first_row, span.order_id, span.channel, span.order_ref, span.line_refs, span.type,
           span.refund_ref, cardinality(span.line_refs) AS rows,
           CASE WHEN span.reason IS NOT NULL THEN span.reason
                WHEN span.type = 'refund' THEN ${ofRefund}
                ELSE ${reason}
           END AS reason,
           coalesce(span.detail, CASE WHEN span.type <> 'refund' THEN process.state ->> 'detail' END) AS detail,
           (refund ->> 'amount')::bigint AS refund_amount,
           span.reason IS NULL OR span.reason = 'invalid' AS is_news,
           process.open AS undecided,
           coalesce(span.reason, 'duplicate') = 'duplicate' AND coalesce(
             CASE WHEN span.type = 'refund' THEN refund ->> 'status' IN ('waiting', 'requested', 'returned')
                  ELSE process.status IN ('placed', 'paid')
             END ${andNothingAwaited}, false) AS open
      FROM import_span AS span
      LEFT JOIN order_process AS process USING (order_id)
      LEFT JOIN LATERAL jsonb_array_elements(process.state -> 'refunds') AS refund
             ON span.type = 'refund' AND refund ->> 'lineRef' = span.line_refs[1]
            AND refund ->> 'refundRef' = span.refund_ref`;
}
