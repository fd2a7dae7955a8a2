import { readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A small batch is posted by plans that are made once a connection. */
export class PlanSmallPostingsOnce1764000002100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readFileSync(new URL('../books/journals/posting.sql', import.meta.url), 'utf8'));
  }

  async down(): Promise<void> {
    // The function of before does the same, more slowly.
  }
}
