import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a channel charges and bears is data of two persons, in versions. Channels of today bear nothing and charge what
 * their checkouts say, as before, so nothing changes by itself.
 */
export class CreateChannelTerms1764000002900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE channel ADD kind text CHECK (kind IN ('generic', 'shopee', 'tiktok-shop', 'shop'));
      UPDATE channel SET kind = CASE payment WHEN 'gateway' THEN 'shop' ELSE 'generic' END;
      ALTER TABLE channel ALTER kind SET NOT NULL, DROP COLUMN payment,
        ADD created_by text NOT NULL DEFAULT 'release', ADD created_at timestamptz NOT NULL DEFAULT now();
      ALTER TABLE channel ALTER created_by DROP DEFAULT;
      COMMENT ON COLUMN channel.kind IS 'shop: one of our own, whose money is still to be captured; all others hold it when they tell us';
      COMMENT ON COLUMN channel.created_by IS 'Person id.';

      CREATE TABLE channel_terms (
        channel_id       text COLLATE "C" NOT NULL REFERENCES channel,
        version          int NOT NULL CHECK (version >= 1),
        effective_from   timestamptz NOT NULL,
        terms            jsonb NOT NULL,
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
      COMMENT ON TABLE channel_terms IS 'What a channel charges and bears, from an instant on. An approved version is never changed: orders name it.';

      INSERT INTO channel_terms (channel_id, version, effective_from, terms, created_by, approved_by, approved_at)
      SELECT channel_id, 1, '2000-01-01T00:00:00Z',
             jsonb_build_object('sellersPartOfDiscountBp', 10000, 'shippingBorneBy', 'seller', 'fees', '[]'::jsonb)
               || CASE WHEN return_window_days IS NULL THEN '{}' ELSE jsonb_build_object('returnWindowDays', return_window_days) END,
             'release', 'installation', now()
        FROM channel;
      ALTER TABLE channel DROP COLUMN return_window_days;

      ALTER TABLE "order" ADD terms_version int;
      COMMENT ON COLUMN "order".terms_version IS 'terms of its channel that were in force when it was placed; null: it came before there were any';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE "order" DROP COLUMN terms_version;
      ALTER TABLE channel ADD payment text CHECK (payment IN ('escrow', 'gateway')),
        ADD return_window_days int CHECK (return_window_days >= 0);
      UPDATE channel SET payment = CASE kind WHEN 'shop' THEN 'gateway' ELSE 'escrow' END,
             return_window_days = (SELECT (terms ->> 'returnWindowDays')::int FROM channel_terms
                                    WHERE channel_terms.channel_id = channel.channel_id AND approved_at IS NOT NULL
                                    ORDER BY effective_from DESC LIMIT 1);
      ALTER TABLE channel ALTER payment SET NOT NULL, DROP COLUMN kind, DROP COLUMN created_by, DROP COLUMN created_at;
      DROP TABLE channel_terms;
    `);
  }
}
