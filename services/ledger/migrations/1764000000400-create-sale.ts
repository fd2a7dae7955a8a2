import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What later money needs to know of a sale: what its channel still holds, and whether it is released. */
export class CreateSale1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sale (
        sale_id     text COLLATE "C" PRIMARY KEY,
        facility_id text COLLATE "C" NOT NULL,
        channel     text NOT NULL,
        journal_id  uuid NOT NULL,
        receivable  bigint NOT NULL,
        fees        bigint NOT NULL,
        shipping    bigint NOT NULL,
        release_at  timestamptz,
        released_by uuid
      );
      CREATE INDEX sale_to_release ON sale (release_at) WHERE released_by IS NULL AND release_at IS NOT NULL;

      COMMENT ON TABLE sale IS 'Of each sale what changes after it: one row, held by whoever posts about the sale.';
      COMMENT ON COLUMN sale.journal_id IS 'The journal that credited it.';
      COMMENT ON COLUMN sale.receivable IS 'What this sale and its refunds have left on the channel''s accounts, debit positive; so fees and shipping. Settlement clears them.';
      COMMENT ON COLUMN sale.release_at IS 'End of the return window of a channel that reports no settlements; null: a settlement releases.';
      COMMENT ON COLUMN sale.released_by IS 'The journal that made pending money available; null: it is pending.';

      INSERT INTO sale (sale_id, facility_id, channel, journal_id, receivable, fees, shipping)
      SELECT sold.source_reference, sold.facility_id, sold.source ->> 'channel', sold.journal_id,
             coalesce(sum(amount) FILTER (WHERE purpose = 'receivable'), 0),
             coalesce(sum(amount) FILTER (WHERE purpose = 'fees'), 0),
             coalesce(sum(amount) FILTER (WHERE purpose = 'shipping'), 0)
        FROM journal AS sold
        LEFT JOIN journal AS moved ON moved.journal_id = sold.journal_id OR moved.reverses = sold.journal_id
        LEFT JOIN entry ON entry.journal_id = moved.journal_id
        LEFT JOIN account ON account.account_id = entry.account_id AND starts_with(account.owner, 'channel:')
       WHERE sold.kind = 'sale'
       GROUP BY sold.journal_id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sale');
  }
}
