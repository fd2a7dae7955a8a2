import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers end with their retention: the old ones are found without reading all. */
export class IndexIdempotencyKey1764000001201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX idempotency_key_created_at ON idempotency_key USING brin (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX idempotency_key_created_at');
  }
}
