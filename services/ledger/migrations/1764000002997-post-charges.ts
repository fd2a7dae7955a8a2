import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a channel takes or gives beside its orders is in the books, and what goes from its wallet to a bank. Sales know until
 * when their channel is to have paid them out.
 */
export class PostCharges1764000002997 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${allow('journal', 'kind', `${KINDS}, 'charge', 'withdrawal'`)};
      ${allow('hold', 'subject', `${SUBJECTS}, 'charge'`)};
      ${allow('exception_note', 'kind', `${EXCEPTIONS}, 'no-store'`)};
      ${allow('refused_event', 'reason', `${REFUSALS}, 'exceeds-wallet'`)};
      ALTER TABLE sale ADD settles_by timestamptz;
      COMMENT ON COLUMN sale.settles_by IS 'When its channel is to have paid it out, by its terms; null: they do not say.';
      COMMENT ON TABLE hold IS 'Money of which it is not known whom to credit: of goods of no known facility, of an order that is not there, (charge) of no order and of no store that is known, or (sale_id) of a sale that no agreement shares. assigned: given to a facility by two persons, until its order or store is known.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sale DROP COLUMN settles_by;
      ${allow('refused_event', 'reason', REFUSALS)};
      ${allow('exception_note', 'kind', EXCEPTIONS)};
      ${allow('hold', 'subject', SUBJECTS)};
      ${allow('journal', 'kind', KINDS)};
    `);
  }
}

const KINDS = `'sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment', 'opening',
  'custody', 'correction', 'write-off', 'obligation', 'contribution', 'variance', 'floor-top-up', 'transfer',
  'release-of-savings', 'freeze', 'unfreeze', 'merge', 'held', 'held-cleared', 'difference', 'assigned'`;
const SUBJECTS = `'order', 'refund', 'settlement', 'settlement-without-order', 'assigned'`;
const EXCEPTIONS = `'break', 'suspense', 'receivable', 'unsettled', 'late-deposit', 'refused', 'partly-paid', 'amount-differs',
  'refund-missing', 'awaiting-goods', 'awaiting-agreement', 'unknown-order'`;
const REFUSALS = `'conflict', 'sale-unknown', 'no-agreement', 'too-large'`;

/** Not validated: each that there is was allowed before, and nobody waits while all are read. */
function allow(table: string, column: string, values: string): string {
  return `
    ALTER TABLE ${table} DROP CONSTRAINT ${table}_${column}_check;
    ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_check CHECK (${column} IN (${values})) NOT VALID`;
}
