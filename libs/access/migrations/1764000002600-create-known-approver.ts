import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateKnownApprover1764000002600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_approver (
        person text PRIMARY KEY,
        first_seen_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_approver');
  }
}
