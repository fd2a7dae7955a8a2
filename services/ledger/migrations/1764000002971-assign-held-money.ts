import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is held of an order that is not there may be given to a facility, by two persons. */
export class AssignHeldMoney1764000002971 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${allow('journal', 'kind', `${KINDS}, 'assigned'`)};
      ${allow('adjustment', 'type', `${ADJUSTMENTS}, 'assignment'`)};
      ${allow('hold', 'subject', `${SUBJECTS}, 'assigned'`)};
      COMMENT ON TABLE hold IS 'Money of which it is not known whom to credit: of goods of no known facility, of an order that is not there, or (sale_id) of a sale that no agreement shares. assigned: of an order that is not there, given to a facility until that order comes.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${allow('hold', 'subject', SUBJECTS)};
      ${allow('adjustment', 'type', ADJUSTMENTS)};
      ${allow('journal', 'kind', KINDS)};
    `);
  }
}

const KINDS = `'sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment', 'opening',
  'custody', 'correction', 'write-off', 'obligation', 'contribution', 'variance', 'floor-top-up', 'transfer',
  'release-of-savings', 'freeze', 'unfreeze', 'merge', 'held', 'held-cleared', 'difference'`;
const ADJUSTMENTS = `'adjustment', 'opening', 'write-off', 'contributions', 'obligation', 'difference'`;
const SUBJECTS = `'order', 'refund', 'settlement', 'settlement-without-order'`;

/** Not validated: each that there is was allowed before, and nobody waits while all are read. */
function allow(table: string, column: string, values: string): string {
  return `
    ALTER TABLE ${table} DROP CONSTRAINT ${table}_${column}_check;
    ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_check CHECK (${column} IN (${values})) NOT VALID`;
}
