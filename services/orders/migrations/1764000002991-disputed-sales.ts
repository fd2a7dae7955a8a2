import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sale that is disputed is listed so. */
export class DisputedSales1764000002991 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sale
        ADD disputes int NOT NULL DEFAULT 0,
        -- what is there has the default: it is not read for this under a lock that nobody else gets past
        ADD CONSTRAINT sale_disputes_check CHECK (disputes >= 0) NOT VALID;
      COMMENT ON COLUMN sale.disputes IS 'how many of it are not over: the books release nothing of it';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sale DROP disputes');
  }
}
