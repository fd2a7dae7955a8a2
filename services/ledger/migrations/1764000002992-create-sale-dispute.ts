import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToVerify, secureRows } from '../../../libs/database/row-security.ts';

/** Of a sale that is disputed nothing is released. */
export class CreateSaleDispute1764000002992 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sale_dispute (
        dispute_id   text COLLATE "C" PRIMARY KEY,
        sale_id      text COLLATE "C" NOT NULL,
        facility_id  text COLLATE "C" NOT NULL,
        opened_after bigint NOT NULL,
        closed_after bigint CHECK (closed_after >= opened_after),
        closed_at    timestamptz,
        CHECK (num_nonnulls(closed_after, closed_at) IN (0, 2))
      );
      CREATE INDEX sale_dispute_by_sale ON sale_dispute (sale_id);
      COMMENT ON TABLE sale_dispute IS 'Disputes of sales, in the books or still to come, as orders tells them: while one is open nothing of its sale is released.';
      COMMENT ON COLUMN sale_dispute.opened_after IS 'The number of the last journal in the book of the facility when it was told; so closed_after, of its end.';
      COMMENT ON COLUMN sale_dispute.closed_at IS 'When it was closed, by its channel; null: it is open.';
      -- At the commit: the chain of changes is locked behind the accounts, as everywhere.
      CREATE CONSTRAINT TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON sale_dispute
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_change('dispute_id');
      CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON sale_dispute
        FOR EACH ROW EXECUTE FUNCTION refuse_edit('closed_after', 'closed_at');
      CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON sale_dispute EXECUTE FUNCTION refuse_change();
    `);
    await secureRows(runner, { sale_dispute: { grant: 'SELECT' } });
    await openToVerify(runner, ['sale_dispute']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sale_dispute');
  }
}
