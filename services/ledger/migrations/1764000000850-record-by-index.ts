import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last change is found by its number, however few there were when the plan was made: else 5,000 rows take seconds. */
export class RecordByIndex1764000000850 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION record_row(text, text, jsonb) SET enable_seqscan = off');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION record_row(text, text, jsonb) RESET enable_seqscan');
  }
}
