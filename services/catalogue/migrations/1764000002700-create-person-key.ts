import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In a database of its own, whose backups are kept for 30 days only: a key that was erased does not come back. */
export class CreatePersonKey1764000002700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE person_key (
        maker_id text COLLATE "C" PRIMARY KEY,
        wrapped bytea,
        erased_at timestamptz,
        CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
      ) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
      COMMENT ON TABLE person_key IS 'Of each maker the key that its identity is sealed under. Vacuumed soon, so that what was erased is not in the file any longer.';
      COMMENT ON COLUMN person_key.wrapped IS 'Sealed by PERSONAL_DATA_KEYS; null: erased for good, nothing is sealed for this maker any more.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE person_key');
  }
}
