import type { MigrationInterface, QueryRunner } from 'typeorm';

const DRAFT = 'num_nonnulls(approved_at, rejected_at, withdrawn_at) = 0';

/** What waits for a decision is found by index, however much was decided before. */
export class FindOpenDecisions1764000002870 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX payout_open ON payout (payout_id) WHERE status IN ('proposed', 'reviewed');
      CREATE INDEX deposit_open ON deposit (deposit_id) WHERE confirmed_by IS NULL;
      CREATE INDEX adjustment_open ON adjustment (adjustment_id) WHERE ${DRAFT};
      CREATE INDEX maker_event_open ON maker_event (event_id) WHERE ${DRAFT};
      CREATE INDEX agreement_open ON agreement (agreement_id, version) WHERE ${DRAFT};
      CREATE INDEX period_decision_open ON period_decision (decision_id) WHERE ${DRAFT};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX payout_open, deposit_open, adjustment_open, maker_event_open, agreement_open, period_decision_open
    `);
  }
}
