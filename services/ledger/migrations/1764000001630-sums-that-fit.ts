import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event whose money would bring a sum beyond 2^53-1 is refused, and listed as others are. */
export class SumsThatFit1764000001630 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE refused_event DROP CONSTRAINT refused_event_reason_check;
      ALTER TABLE refused_event ADD CONSTRAINT refused_event_reason_check
        CHECK (reason IN ('conflict', 'sale-unknown', 'no-agreement', 'too-large'));
      ALTER TABLE entry ADD CONSTRAINT entry_running_balance_check
        CHECK (running_balance BETWEEN -9007199254740991 AND 9007199254740991) NOT VALID;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE entry DROP CONSTRAINT entry_running_balance_check');
  }
}
