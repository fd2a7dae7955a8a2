import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders whose money is there wait for goods that are not: they are served when some come, the oldest first. */
export class CreateAwaitedOrder1764000002911 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reservation DROP CONSTRAINT reservation_status_check,
        ADD CONSTRAINT reservation_status_check
          CHECK (status IN ('waiting', 'held', 'committed', 'released', 'rejected')) NOT VALID;

      CREATE TABLE awaited_order (
        order_id       text COLLATE "C" PRIMARY KEY,
        placed_at      timestamptz NOT NULL,
        lines          jsonb NOT NULL,
        reason         text NOT NULL CHECK (reason IN ('unknown-sku', 'out-of-stock')),
        line_ref       text NOT NULL,
        correlation_id uuid NOT NULL
      );
      COMMENT ON TABLE awaited_order IS 'Orders whose reservation waits: nothing is held for them.';
      COMMENT ON COLUMN awaited_order.lines IS '[{lineRef, sku, quantity}]: what the order still wants';
      COMMENT ON COLUMN awaited_order.line_ref IS 'the first line that could not be served when it was last tried';

      CREATE TABLE awaited_sku (
        sku       text COLLATE "C" NOT NULL,
        placed_at timestamptz NOT NULL,
        order_id  text COLLATE "C" NOT NULL REFERENCES awaited_order ON DELETE CASCADE,
        units     int NOT NULL,
        PRIMARY KEY (sku, placed_at, order_id)
      );
      CREATE INDEX awaited_sku_by_order ON awaited_sku (order_id);
      COMMENT ON TABLE awaited_sku IS 'Each product that an order waits for, in the order in which orders are served.';

      CREATE TABLE stock_change (
        change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sku       text COLLATE "C" NOT NULL
      );
      COMMENT ON TABLE stock_change IS 'Products that orders wait for and that something has come of: who waits is tried again, and the row is gone.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE stock_change, awaited_sku, awaited_order;
      UPDATE reservation SET status = 'rejected' WHERE status = 'waiting';
      ALTER TABLE reservation DROP CONSTRAINT reservation_status_check,
        ADD CONSTRAINT reservation_status_check CHECK (status IN ('held', 'committed', 'released', 'rejected'));
    `);
  }
}
