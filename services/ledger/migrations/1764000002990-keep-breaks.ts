import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What does not agree is kept: only what was said or posted since then is compared again. */
export class KeepBreaks1764000002990 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE external_record ADD told_at timestamptz NOT NULL DEFAULT now();
      ALTER TABLE external_record ALTER told_at SET DEFAULT clock_timestamp();
      COMMENT ON COLUMN external_record.told_at IS 'When it was last heard of.';
      CREATE INDEX external_record_by_telling ON external_record USING brin (told_at) WITH (autosummarize = on);

      CREATE TABLE reconciliation_break (
        subject    text NOT NULL,
        reference  text COLLATE "C" NOT NULL,
        facilities text[],
        orders     bigint,
        payments   bigint,
        ledger     bigint,
        since      timestamptz NOT NULL,
        kind       text NOT NULL,
        amount     bigint NOT NULL,
        PRIMARY KEY (subject, reference)
      );
      COMMENT ON TABLE reconciliation_break IS 'What orders, payments and the ledger did not agree on at reconciliation_position (reports/reconciliation). Nothing is posted from it.';
      CREATE TABLE reconciliation_position (
        is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        compared_at timestamptz
      );
      COMMENT ON COLUMN reconciliation_position.compared_at IS 'What was said and posted before is compared; null: nothing is.';
      INSERT INTO reconciliation_position DEFAULT VALUES;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE reconciliation_position, reconciliation_break;
      ALTER TABLE external_record DROP COLUMN told_at`);
  }
}
