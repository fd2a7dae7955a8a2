import type { MigrationInterface, QueryRunner } from 'typeorm';

/** So that a type that comes with a later version is not sent before those who hear it know it. */
export class RememberHeardTypes1764000002996 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE heard_type (type text COLLATE "C" PRIMARY KEY);
      COMMENT ON TABLE heard_type IS 'Types of events that all who read their topic have known once: nobody is asked about them again.';
      INSERT INTO heard_type
        SELECT unnest(ARRAY[
          'catalogue.contributions-recorded.v1',
          'catalogue.facility-described.v1',
          'catalogue.stock-awaited.v1',
          'catalogue.stock-rejected.v1',
          'catalogue.stock-reserved.v1',
          'ledger.custody-ended.v1',
          'ledger.decision-changed.v1',
          'ledger.journal-posted.v1',
          'ledger.payout-approved.v1',
          'ledger.refund-posted.v1',
          'ledger.sale-credited.v1',
          'ledger.sale-held.v1',
          'orders.goods-listed.v1',
          'orders.money-cleared.v1',
          'orders.money-held.v1',
          'orders.order-cancelled.v1',
          'orders.order-paid.v1',
          'orders.order-placed.v1',
          'orders.outcome.v1',
          'orders.refund-requested.v1',
          'orders.sale-frozen.v1',
          'orders.sale-paid.v1',
          'orders.sale-refunded.v1',
          'orders.sale-settled.v1',
          'orders.sale-thawed.v1',
          'orders.units-cancelled.v1',
          'orders.units-released.v1',
          'payments.disbursement-failed.v1',
          'payments.disbursement-paid.v1',
          'payments.payment-captured.v1',
          'payments.payment-failed.v1',
          'payments.payment-refunded.v1',
          'payments.payout-sent.v1',
          'payments.settlement-confirmed.v1'
        ])`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE heard_type');
  }
}
