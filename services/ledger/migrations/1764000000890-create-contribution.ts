import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who made something, sold or not: to whom a month's floor is guaranteed. */
export class CreateContribution1764000000890 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE contribution (
        lot_id      text NOT NULL,
        maker_id    text NOT NULL,
        facility_id text COLLATE "C" NOT NULL,
        region      text NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (lot_id, maker_id)
      );
      CREATE INDEX contribution_by_recording ON contribution (recorded_at);
      COMMENT ON TABLE contribution IS 'Of each lot its makers, as the catalogue told.';

      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON contribution EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON contribution
        FOR EACH ROW EXECUTE FUNCTION record_change('lot_id', 'maker_id');

      DO $$ BEGIN
        EXECUTE 'REVOKE UPDATE, DELETE ON contribution FROM ' || quote_ident(current_database() || '_service');
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE contribution');
  }
}
