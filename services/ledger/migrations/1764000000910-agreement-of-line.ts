import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines of one sale may be shared by different agreements: each line names its own. */
export class AgreementOfLine1764000000910 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sale_line ADD shared_by text, ADD shared_by_version int;
      UPDATE sale_line SET shared_by = agreement_id, shared_by_version = agreement_version
        FROM journal WHERE journal.journal_id = sale_line.journal_id;
      ALTER TABLE sale_line ALTER shared_by SET NOT NULL, ALTER shared_by_version SET NOT NULL;
      COMMENT ON COLUMN sale_line.shared_by IS 'The agreement that shared it, with its version. The journal names one only if all lines of the sale have the same.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sale_line DROP shared_by, DROP shared_by_version');
  }
}
