import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A message of ours that the broker refused is given up by two persons: who asked for it first. */
export class TwoPersonsGiveUp1764000002800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE undeliverable ADD COLUMN discard_asked_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE undeliverable DROP COLUMN discard_asked_by');
  }
}
