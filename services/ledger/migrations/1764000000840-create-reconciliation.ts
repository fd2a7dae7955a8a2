import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What orders and payments say happened, to be compared with what is posted. */
export class CreateReconciliation1764000000840 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE word (
        subject   text NOT NULL CHECK (subject IN ('order', 'refund', 'settlement', 'payout')),
        reference text NOT NULL,
        house     text NOT NULL CHECK (house IN ('orders', 'payments')),
        state     text NOT NULL,
        amount    bigint,
        since     timestamptz NOT NULL,
        PRIMARY KEY (subject, reference, house)
      );
      COMMENT ON TABLE word IS 'The last word of another house about an order, a refund, a settlement, an item of a payout (reconciliation/word.ts). Nothing is posted from it.';
      COMMENT ON COLUMN word.amount IS 'Null: only told that, not how much.';
      COMMENT ON COLUMN word.since IS 'The earliest instant that the house has told of it.';
    `);
    // Words were not kept before: what is posted by now is taken as said.
    await runner.query(`
      INSERT INTO word
      SELECT 'order', left(sale_id, -length(sale.facility_id) - 1), house, 'assumed', sum(price), min(occurred_at)
        FROM sale JOIN sale_line USING (sale_id) JOIN journal ON journal.journal_id = sale.journal_id,
             unnest('{orders,payments}'::text[]) AS house
       GROUP BY 2, 3;
      INSERT INTO word
      SELECT 'refund', source_reference, house, 'assumed', (source ->> 'amount')::bigint, occurred_at
        FROM journal, unnest('{orders,payments}'::text[]) AS house WHERE kind = 'refund';
      INSERT INTO word
      SELECT 'settlement', source ->> 'settlementId', 'payments', 'assumed',
             sum((source ->> 'fee')::bigint + (source ->> 'shipping')::bigint + (source ->> 'withheldTax')::bigint),
             min(occurred_at)
        FROM journal WHERE kind = 'settlement' GROUP BY 2;
      INSERT INTO word
      SELECT 'payout', item_id::text, 'payments', 'assumed', CASE status WHEN 'paid' THEN amount ELSE 0 END, now()
        FROM payout_item WHERE status IN ('paid', 'failed');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE word');
  }
}
