import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sale may be settled in parts, or not for what it should be: then it stays open, until what is left is nothing. */
export class SettleInParts1764000002920 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sale ADD open_settlement text, ADD tolerance bigint CHECK (tolerance >= 0),
        ADD CONSTRAINT tolerance_of_settlement CHECK (tolerance IS NULL OR open_settlement IS NOT NULL);
      COMMENT ON COLUMN sale.open_settlement IS 'The last settlement of those that have not settled it; null: nothing is open.';
      COMMENT ON COLUMN sale.tolerance IS 'How far what is left may be from nothing; null: more is to follow.';
      CREATE INDEX sale_open ON sale (sale_id) WHERE open_settlement IS NOT NULL;
      CREATE INDEX difference_by_sale ON journal ((source ->> 'saleId')) WHERE kind = 'difference';
      ${allow('journal', 'kind', `${KINDS}, 'difference'`)};
      ${allow('adjustment', 'type', `${ADJUSTMENTS}, 'difference'`)};
      ${allow('exception_note', 'kind', `${EXCEPTIONS}, 'partly-paid', 'amount-differs', 'refund-missing'`)};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${allow('exception_note', 'kind', EXCEPTIONS)};
      ${allow('adjustment', 'type', ADJUSTMENTS)};
      ${allow('journal', 'kind', KINDS)};
      DROP INDEX difference_by_sale;
      ALTER TABLE sale DROP COLUMN open_settlement, DROP COLUMN tolerance;
    `);
  }
}

const KINDS = `'sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment', 'opening',
  'custody', 'correction', 'write-off', 'obligation', 'contribution', 'variance', 'floor-top-up', 'transfer',
  'release-of-savings', 'freeze', 'unfreeze', 'merge', 'held', 'held-cleared'`;
const EXCEPTIONS = `'break', 'suspense', 'receivable', 'unsettled', 'late-deposit', 'refused', 'awaiting-goods', 'awaiting-agreement',
  'unknown-order'`;
const ADJUSTMENTS = `'adjustment', 'opening', 'write-off', 'contributions', 'obligation'`;

/** Not validated: each that there is was allowed before, and nobody waits while all are read. */
function allow(table: string, column: string, values: string): string {
  return `
    ALTER TABLE ${table} DROP CONSTRAINT ${table}_${column}_check;
    ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_check CHECK (${column} IN (${values})) NOT VALID`;
}
