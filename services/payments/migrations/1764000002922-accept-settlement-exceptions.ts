import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody has looked after another person accepts: it stays, and is listed no more, however often it is reported. */
export class AcceptSettlementExceptions1764000002922 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE settlement_exception ADD noted_by text, ADD accepted_by text, ADD accepted_at timestamptz,
        ADD CONSTRAINT accepted_by_another CHECK (accepted_by <> noted_by);
      DROP INDEX settlement_exception_by_age;
      CREATE INDEX settlement_exception_by_age ON settlement_exception (since, kind, reference) WHERE accepted_by IS NULL;
      COMMENT ON COLUMN settlement_exception.noted_by IS 'Person id, as is accepted_by.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX settlement_exception_by_age;
      ALTER TABLE settlement_exception DROP COLUMN noted_by, DROP COLUMN accepted_by, DROP COLUMN accepted_at;
      CREATE INDEX settlement_exception_by_age ON settlement_exception (since, kind, reference);
    `);
  }
}
