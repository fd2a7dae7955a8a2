import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose names need not be kept any longer, as the ledger told it. */
export class CreateCustodyEnd1764000002816 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE custody_end (
        maker_id text COLLATE "C" PRIMARY KEY,
        released_on date NOT NULL
      );
      COMMENT ON TABLE custody_end IS 'Makers released two years ago who are owed nothing, as the ledger tells it.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE custody_end');
  }
}
