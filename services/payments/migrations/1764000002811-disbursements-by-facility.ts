import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DisbursementsByFacility1764000002811 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX disbursement_by_facility ON disbursement (facility_id, item_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX disbursement_by_facility');
  }
}
