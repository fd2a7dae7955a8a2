import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who asked for an erasure may take that back, until another has approved it. */
export class WithdrawErasure1764000002814 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE erasure ADD withdrawn_at timestamptz, ADD CHECK (withdrawn_at IS NULL OR approved_by IS NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM erasure WHERE withdrawn_at IS NOT NULL; ALTER TABLE erasure DROP withdrawn_at');
  }
}
