import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What others say of a subject is called as reconciliation calls it. */
export class ExternalRecords1764000002020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE word RENAME TO external_record;
      ALTER TABLE external_record RENAME house TO counterparty;
      COMMENT ON TABLE external_record IS 'What a counterparty says in the end of an order, a refund, a settlement or an item of a payout: compared with what is posted.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE external_record RENAME counterparty TO house;
      ALTER TABLE external_record RENAME TO word;
    `);
  }
}
