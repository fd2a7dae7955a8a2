import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which facility bears what a channel takes or gives beside its orders is data of two persons, by its stores. Orders keep
 * until when their channel is to have paid them out.
 */
export class CreateStore1764000002995 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE store_set (
        channel_id       text COLLATE "C" NOT NULL REFERENCES channel,
        version          int NOT NULL CHECK (version >= 1),
        stores           jsonb NOT NULL,
        created_by       text NOT NULL,
        created_at       timestamptz NOT NULL DEFAULT now(),
        approved_by      text,
        approved_at      timestamptz,
        rejected_by      text,
        rejected_at      timestamptz,
        rejected_because text,
        withdrawn_at     timestamptz,
        PRIMARY KEY (channel_id, version),
        CHECK (num_nonnulls(approved_at, rejected_at, withdrawn_at) <= 1),
        CONSTRAINT approved_by_another CHECK (approved_by <> created_by)
      );
      COMMENT ON TABLE store_set IS 'All stores of a channel, as one person drafted and another approved them.';
      COMMENT ON COLUMN store_set.stores IS '[{store, facilityId}]';

      CREATE TABLE store (
        channel_id  text COLLATE "C" NOT NULL REFERENCES channel,
        store       text COLLATE "C" NOT NULL,
        facility_id text COLLATE "C" NOT NULL,
        PRIMARY KEY (channel_id, store)
      );
      COMMENT ON TABLE store IS 'Of each channel the set that was approved last.';
      COMMENT ON COLUMN store.store IS '*: any';

      CREATE TABLE charge (
        charge_id      text COLLATE "C" PRIMARY KEY,
        channel_id     text COLLATE "C" NOT NULL,
        store          text COLLATE "C",
        facility_id    text COLLATE "C",
        content        jsonb NOT NULL,
        correlation_id uuid NOT NULL
      );
      CREATE INDEX charge_of_no_store ON charge (channel_id) WHERE facility_id IS NULL;
      COMMENT ON TABLE charge IS 'What channels took or gave beside their orders, as payments told it.';
      COMMENT ON COLUMN charge.facility_id IS 'which bears it; null: it is of no store that is known';

      ALTER TABLE "order" ADD settles_by timestamptz;
      COMMENT ON COLUMN "order".settles_by IS 'when its channel is to have paid it out, by its terms; null: they do not say';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "order" DROP COLUMN settles_by; DROP TABLE charge, store, store_set');
  }
}
