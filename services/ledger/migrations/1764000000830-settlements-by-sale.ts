import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was settled of a sale: asked for by every explanation and verification of a settlement or release. */
export class SettlementsBySale1764000000830 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX settlement_by_sale ON journal ((source ->> 'saleId')) WHERE kind = 'settlement'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX settlement_by_sale');
  }
}
