import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped } from '../../../libs/database/row-security.ts';

/** An officer records lots, and who made those of which nobody knew; products of a facility are found by index. */
export class RecordLots1764000002871 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await openToScoped(runner, { lot: 'UPDATE (measure)' });
    await runner.query('CREATE INDEX product_by_facility ON product (facility_id, sku)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN EXECUTE format('REVOKE UPDATE (measure) ON lot FROM %I', current_database() || '_scoped'); END $$;
      DROP INDEX product_by_facility
    `);
  }
}
