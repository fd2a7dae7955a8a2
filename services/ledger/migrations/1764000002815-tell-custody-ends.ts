import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of which releases the catalogue has been told that names need not be kept any longer. */
export class TellCustodyEnds1764000002815 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE custody_end_told (
        maker_id text COLLATE "C" NOT NULL,
        released_on date NOT NULL,
        told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (maker_id, released_on)
      );
      COMMENT ON TABLE custody_end_told IS 'Whose custody ended two years ago, and who was owed nothing when it was told.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE custody_end_told');
  }
}
