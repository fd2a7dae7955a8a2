import type { MigrationInterface, QueryRunner } from 'typeorm';

/** That no message is given up by one person, the database sees to as well. */
export class GivenUpByAnother1764000002813 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['dead_letter', 'undeliverable']) {
      await runner.query(`
        ALTER TABLE ${table} ADD CONSTRAINT given_up_by_another
          CHECK (resolution <> 'discarded' OR discard_asked_by <> resolved_by)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['dead_letter', 'undeliverable']) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT given_up_by_another`);
    }
  }
}
