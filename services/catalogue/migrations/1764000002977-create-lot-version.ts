import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped, secureRows } from '../../../libs/database/row-security.ts';

/** A lot that was written down wrongly is corrected by a new version, which counts for what is not sold yet. */
export class CreateLotVersion1764000002977 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lot ADD COLUMN version integer NOT NULL DEFAULT 1;
      CREATE TABLE lot_version (
        lot_id text COLLATE "C" NOT NULL,
        version integer NOT NULL CHECK (version >= 1),
        facility_id text COLLATE "C" NOT NULL,
        quantity integer NOT NULL,
        unit_cost bigint NOT NULL,
        made_on date NOT NULL,
        measure text NOT NULL,
        contributions jsonb NOT NULL,
        ended_by text NOT NULL,
        ended_because text,
        ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (lot_id, version),
        FOREIGN KEY (facility_id, lot_id) REFERENCES lot (facility_id, lot_id)
      );
      COMMENT ON TABLE lot_version IS 'What a lot was before its last version: sales say which version they were sold from.';
      COMMENT ON COLUMN lot_version.contributions IS '[{makerId, value}]';
      COMMENT ON COLUMN lot_version.ended_because IS 'why the next version came; null: nobody was recorded to have made it, and then somebody was';
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON lot_version EXECUTE FUNCTION refuse_change();
      DO $$ BEGIN
        EXECUTE 'REVOKE UPDATE, DELETE ON lot_version FROM ' || quote_ident(current_database() || '_service');
      END $$;
    `);
    await secureRows(runner, { lot_version: { grant: 'SELECT, INSERT' } });
    await openToScoped(runner, { lot: 'UPDATE (quantity, unit_cost, made_on, version)', contribution: 'DELETE' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        EXECUTE format('REVOKE UPDATE (quantity, unit_cost, made_on) ON lot FROM %I', current_database() || '_scoped');
        EXECUTE format('REVOKE DELETE ON contribution FROM %I', current_database() || '_scoped');
      END $$;
      DROP TABLE lot_version; ALTER TABLE lot DROP version`);
  }
}
