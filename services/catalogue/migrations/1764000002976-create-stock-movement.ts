import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped, secureRows } from '../../../libs/database/row-security.ts';

/** What was counted, broke, was lost or used changes how many pieces of a lot there are, and stays to be read. */
export class CreateStockMovement1764000002976 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lot DROP CONSTRAINT lot_check,
        ADD COLUMN adjusted integer NOT NULL DEFAULT 0 CHECK (adjusted <= 0),
        ADD COLUMN available integer GENERATED ALWAYS AS (quantity + adjusted - taken) STORED,
        ADD CHECK (taken >= 0), ADD CHECK (available >= 0);
      COMMENT ON COLUMN lot.adjusted IS 'Sum of its stock movements. There are never more pieces than were made.';
      COMMENT ON COLUMN lot.available IS 'Pieces that can be sold: neither an order nor a movement has taken them.';

      CREATE TABLE stock_movement (
        lot_id text COLLATE "C" NOT NULL,
        number integer NOT NULL,
        facility_id text COLLATE "C" NOT NULL,
        kind text NOT NULL CHECK (kind IN ('count', 'broken', 'lost', 'used')),
        quantity integer NOT NULL,
        counted integer CHECK (counted >= 0),
        reason text NOT NULL,
        by text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (lot_id, number),
        FOREIGN KEY (facility_id, lot_id) REFERENCES lot (facility_id, lot_id),
        CHECK ((kind = 'count') = (counted IS NOT NULL)),
        CHECK (kind = 'count' OR quantity < 0)
      );
      COMMENT ON TABLE stock_movement IS 'Pieces of a lot that are more or fewer without any order: number counts those of the lot from 1.';
      COMMENT ON COLUMN stock_movement.quantity IS 'by how much there are more; 0: a count that agreed';
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement EXECUTE FUNCTION refuse_change();
      DO $$ BEGIN
        EXECUTE 'REVOKE UPDATE, DELETE ON stock_movement FROM ' || quote_ident(current_database() || '_service');
      END $$;
    `);
    await secureRows(runner, { stock_movement: { grant: 'SELECT, INSERT' } });
    await openToScoped(runner, { lot: 'UPDATE (adjusted)' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE stock_movement;
      ALTER TABLE lot DROP available, DROP adjusted, ADD CONSTRAINT lot_check CHECK (taken BETWEEN 0 AND quantity)`);
  }
}
