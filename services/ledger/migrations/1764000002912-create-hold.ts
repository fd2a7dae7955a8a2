import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToVerify, secureRows } from '../../../libs/database/row-security.ts';

/** Money that nobody can be credited for yet is in the books, and found until it is known whose it is. */
export class CreateHold1764000002912 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hold (
        hold_id     text COLLATE "C" PRIMARY KEY,
        position    bigint GENERATED ALWAYS AS IDENTITY,
        facility_id text COLLATE "C" NOT NULL,
        order_id    text COLLATE "C" NOT NULL,
        sale_id     text COLLATE "C",
        number      int,
        subject     text NOT NULL CHECK (subject IN ('order', 'refund', 'settlement', 'settlement-without-order')),
        amount      bigint NOT NULL,
        journal_id  uuid NOT NULL,
        cleared_by  uuid,
        CHECK (num_nonnulls(sale_id, number) = 1)
      );
      CREATE INDEX hold_by_order ON hold (order_id) WHERE cleared_by IS NULL;
      CREATE INDEX hold_by_sale ON hold (sale_id) WHERE cleared_by IS NULL;
      CREATE INDEX hold_open ON hold (position) WHERE cleared_by IS NULL;
      CREATE INDEX held_of_order ON hold (order_id);
      COMMENT ON TABLE hold IS 'Money of which it is not known whom to credit: of goods of no known facility, of an order that is not there, or (sale_id) of a sale that no agreement shares.';
      COMMENT ON COLUMN hold.number IS 'n-th hold of the order';
      COMMENT ON COLUMN hold.cleared_by IS 'The journal that undoes it; null: it is held.';

      ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
      ALTER TABLE journal ADD CONSTRAINT journal_kind_check CHECK (kind IN (${KINDS}, 'held', 'held-cleared')) NOT VALID;
      ALTER TABLE exception_note DROP CONSTRAINT exception_note_kind_check;
      ALTER TABLE exception_note ADD CONSTRAINT exception_note_kind_check
        CHECK (kind IN (${EXCEPTIONS}, 'awaiting-goods', 'awaiting-agreement', 'unknown-order')) NOT VALID;
    `);
    await secureRows(runner, { hold: { grant: 'SELECT' } });
    await openToVerify(runner, ['hold']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE hold;
      ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
      ALTER TABLE journal ADD CONSTRAINT journal_kind_check CHECK (kind IN (${KINDS})) NOT VALID;
      ALTER TABLE exception_note DROP CONSTRAINT exception_note_kind_check;
      ALTER TABLE exception_note ADD CONSTRAINT exception_note_kind_check CHECK (kind IN (${EXCEPTIONS})) NOT VALID;
    `);
  }
}

const KINDS = `'sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment', 'opening',
  'custody', 'correction', 'write-off', 'obligation', 'contribution', 'variance', 'floor-top-up', 'transfer',
  'release-of-savings', 'freeze', 'unfreeze', 'merge', 'difference'`;
const EXCEPTIONS = `'break', 'suspense', 'receivable', 'unsettled', 'late-deposit', 'refused', 'partly-paid', 'amount-differs',
  'refund-missing'`;
