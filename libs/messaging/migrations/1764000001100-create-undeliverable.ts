import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What left the outbox without reaching the broker, and what of the same key stands behind it (no cause of its own). */
export class CreateUndeliverable1764000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE undeliverable (
        seq bigint PRIMARY KEY,
        topic text NOT NULL,
        key text,
        headers text NOT NULL,
        value text NOT NULL,
        written_at timestamptz NOT NULL,
        cause text,
        attempts int NOT NULL DEFAULT 1,
        set_aside_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        resolved_at timestamptz,
        resolution text CHECK (resolution IN ('redriven', 'discarded')),
        resolved_by text,
        reason text,
        CHECK (num_nulls(resolved_at, resolution, resolved_by, reason) IN (0, 4))
      );
      CREATE INDEX undeliverable_unresolved ON undeliverable (topic, key) WHERE resolved_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE undeliverable');
  }
}
