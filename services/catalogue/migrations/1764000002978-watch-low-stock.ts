import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped } from '../../../libs/database/row-security.ts';

/** A facility says below how many pieces of a product it wants to make more. */
export class WatchLowStock1764000002978 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE product ADD COLUMN low_stock integer NOT NULL DEFAULT 0 CHECK (low_stock >= 0);
      COMMENT ON COLUMN product.low_stock IS 'With fewer pieces than this there are few of it; 0: nobody watches.';
    `);
    await openToScoped(runner, { product: 'UPDATE (low_stock)' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE product DROP low_stock');
  }
}
