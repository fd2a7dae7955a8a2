import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A seal is of what people decided as well: who records all changes anew is found by it. */
export class SealChanges1764000000860 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE seal ADD changes bigint, ADD changes_hash bytea, ADD CHECK ((changes IS NULL) = (changes_hash IS NULL));
      COMMENT ON COLUMN seal.changes IS 'Number of the last row_change when it was sealed, with its hash; null: sealed before seals said it.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE seal DROP changes, DROP changes_hash');
  }
}
