import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A channel may settle an order that has not come yet. */
export class SettleUnknownOrders1764000002913 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE settlement DROP CONSTRAINT settlement_order_id_fkey');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE settlement ADD CONSTRAINT settlement_order_id_fkey FOREIGN KEY (order_id) REFERENCES payment NOT VALID',
    );
  }
}
