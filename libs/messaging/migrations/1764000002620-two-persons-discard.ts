import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A message is given up by two persons: who asked for it first. */
export class TwoPersonsDiscard1764000002620 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dead_letter ADD COLUMN discard_asked_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dead_letter DROP COLUMN discard_asked_by');
  }
}
