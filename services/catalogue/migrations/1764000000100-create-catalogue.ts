import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who makes what, and what of it is left. Ids are compared by bytes (COLLATE "C"), which is also the order in which
 * lots are taken; amounts are whole rupiah, quantities pieces.
 */
export class CreateCatalogue1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE facility (
        facility_id text COLLATE "C" PRIMARY KEY,
        name text NOT NULL,
        type text NOT NULL CHECK (type IN ('lapas', 'rutan', 'lpka', 'lpp', 'bapas')),
        class text NOT NULL,
        region text NOT NULL,
        timezone text NOT NULL
      );

      -- The pseudonym is all that the rest of the system knows of a maker.
      CREATE TABLE maker (
        maker_id text COLLATE "C" PRIMARY KEY,
        facility_id text COLLATE "C" NOT NULL REFERENCES facility
      );

      -- sealed: registration number, name and display name, AES-256-GCM. fingerprint: a keyed digest of the whole row,
      -- which tells "unchanged" without opening it.
      CREATE TABLE maker_person (
        maker_id text COLLATE "C" PRIMARY KEY REFERENCES maker,
        sealed bytea NOT NULL,
        fingerprint text NOT NULL,
        consent boolean NOT NULL,
        is_child boolean NOT NULL
      );

      CREATE TABLE product (
        sku text COLLATE "C" PRIMARY KEY,
        facility_id text COLLATE "C" NOT NULL REFERENCES facility,
        category text NOT NULL CHECK (category IN ('craft', 'culinary', 'fashion')),
        title_id text NOT NULL,
        title_en text NOT NULL,
        price bigint NOT NULL CHECK (price >= 0),
        UNIQUE (sku, facility_id)
      );

      -- The two-column key keeps a lot's facility its product's, and a product with lots where it is. Room on each page
      -- lets "taken" change without touching an index.
      CREATE TABLE lot (
        lot_id text COLLATE "C" PRIMARY KEY,
        sku text COLLATE "C" NOT NULL,
        facility_id text COLLATE "C" NOT NULL,
        quantity integer NOT NULL CHECK (quantity >= 1),
        taken integer NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND quantity),
        unit_cost bigint NOT NULL CHECK (unit_cost >= 0),
        made_on date NOT NULL,
        measure text NOT NULL CHECK (measure IN ('hours', 'pieces', 'weight', 'equal')),
        FOREIGN KEY (sku, facility_id) REFERENCES product (sku, facility_id)
      ) WITH (fillfactor = 70);
      CREATE INDEX lot_sku ON lot (sku);

      CREATE TABLE contribution (
        lot_id text COLLATE "C" REFERENCES lot,
        maker_id text COLLATE "C" REFERENCES maker,
        value numeric(15, 3) NOT NULL CHECK (value >= 0),
        PRIMARY KEY (lot_id, maker_id)
      );

      -- One row for each order that was answered; lines: [{lineRef, portions: [{lotId, quantity}]}].
      CREATE TABLE reservation (
        order_id text COLLATE "C" PRIMARY KEY,
        status text NOT NULL CHECK (status IN ('held', 'committed', 'released', 'rejected')),
        lines jsonb NOT NULL,
        expires_at timestamptz NOT NULL
      ) WITH (fillfactor = 90);

      CREATE TABLE stock_return (
        return_id uuid PRIMARY KEY,
        order_id text COLLATE "C" NOT NULL REFERENCES reservation,
        line_ref text COLLATE "C" NOT NULL,
        lot_id text COLLATE "C" NOT NULL REFERENCES lot,
        quantity integer NOT NULL CHECK (quantity >= 1),
        disposition text NOT NULL CHECK (disposition IN ('restock', 'write-off')),
        recorded_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX stock_return_order ON stock_return (order_id, line_ref, lot_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE stock_return, reservation, contribution, lot, product, maker_person, maker, facility',
    );
  }
}
