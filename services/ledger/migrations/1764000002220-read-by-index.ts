import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people look at is found by index, however large the books are. */
export class ReadByIndex1764000002220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX account_by_facility ON account (facility_id, code);
      CREATE INDEX journal_of_close ON journal (posted_on) WHERE kind IN ('adjustment', 'variance', 'floor-top-up');
      CREATE INDEX sale_unsettled ON sale (journal_id) WHERE receivable <> 0 OR released_by IS NULL;
      CREATE INDEX sale_line_in_suspense ON sale_line (sale_id)
       WHERE credits @? '$[*] ? (@.account starts with "suspense@")';
      CREATE INDEX obligation_by_debtor ON accumulator (key) WHERE key LIKE '%|beneficiary:%:payable';
      CREATE INDEX obligation_by_beneficiary ON accumulator (split_part(key, '|', 2), key)
       WHERE key LIKE '%|beneficiary:%:payable';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX account_by_facility, journal_of_close, sale_unsettled, sale_line_in_suspense, obligation_by_debtor,
                 obligation_by_beneficiary
    `);
  }
}
