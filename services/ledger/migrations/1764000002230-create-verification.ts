import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A verification is started, watched and cancelled from wherever people are. */
export class CreateVerification1764000002230 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE verification (
        verification_id uuid PRIMARY KEY,
        started_at      timestamptz NOT NULL DEFAULT now(),
        cancelled_at    timestamptz,
        ended_at        timestamptz,
        outcome         text CHECK (outcome IN ('sound', 'unsound', 'cancelled', 'failed', 'interrupted')),
        report          json NOT NULL,
        CHECK (num_nulls(ended_at, outcome) IN (0, 2))
      );
      CREATE INDEX verification_running ON verification (verification_id) WHERE outcome IS NULL;
      COMMENT ON TABLE verification IS 'Verifications of all books that people asked for, and what they found.';
      COMMENT ON COLUMN verification.outcome IS 'Null: it runs, as long as somebody holds the lock of verifications; else its process was lost.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE verification');
  }
}
