import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What channels call goods of ours is data of two persons, in sets. A channel without one says our SKUs, as all of them
 * did before.
 */
export class CreateListing1764000002994 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE listing_set (
        channel_id       text COLLATE "C" NOT NULL REFERENCES channel,
        version          int NOT NULL CHECK (version >= 1),
        listings         jsonb NOT NULL,
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
      COMMENT ON TABLE listing_set IS 'All listings of a channel, as one person drafted and another approved them.';
      COMMENT ON COLUMN listing_set.listings IS '[{store, channelSku, sku, feeClass}]';

      CREATE TABLE listing (
        channel_id  text COLLATE "C" NOT NULL REFERENCES channel,
        channel_sku text COLLATE "C" NOT NULL,
        store       text COLLATE "C" NOT NULL,
        sku         text NOT NULL,
        fee_class   text,
        PRIMARY KEY (channel_id, channel_sku, store)
      );
      COMMENT ON TABLE listing IS 'Of each channel the set that was approved last.';
      COMMENT ON COLUMN listing.store IS '*: any';

      ALTER TABLE channel ADD listings_version int, ADD relisted_version int;
      COMMENT ON COLUMN channel.listings_version IS 'the set in force; null: none, it says our SKUs';
      COMMENT ON COLUMN channel.relisted_version IS 'the last set by which orders that wait were looked at again';

      ALTER TABLE "order" ADD store text, ADD unclassified jsonb;
      COMMENT ON COLUMN "order".store IS 'of its channel; null: it told none';
      COMMENT ON COLUMN "order".unclassified IS 'its checkout under its terms, where they charge by classes that it does not tell: listings do';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE "order" DROP COLUMN store, DROP COLUMN unclassified;
      ALTER TABLE channel DROP COLUMN listings_version, DROP COLUMN relisted_version;
      DROP TABLE listing, listing_set;
    `);
  }
}
