import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a channel has reported and is not in the books is kept, until it can be or somebody has looked after it. */
export class CreateSettlementException1764000002921 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settlement_exception (
        kind      text COLLATE "C" NOT NULL,
        reference text COLLATE "C" NOT NULL,
        channel   text NOT NULL,
        detail    text,
        amount    bigint NOT NULL,
        content   jsonb,
        since     timestamptz NOT NULL DEFAULT now(),
        owner     text,
        note      text,
        PRIMARY KEY (kind, reference)
      );
      CREATE INDEX settlement_exception_by_age ON settlement_exception (since, kind, reference);
      CREATE INDEX settlement_exception_by_reference ON settlement_exception (reference);
      COMMENT ON TABLE settlement_exception IS 'Rows of channels'' reports that are not in the books, and files that hold less than they say.';
      COMMENT ON COLUMN settlement_exception.content IS 'As it was reported.';
      COMMENT ON COLUMN settlement_exception.owner IS 'Person id: who looks after it.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE settlement_exception');
  }
}
