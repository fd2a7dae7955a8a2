import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped, openToVerify, releaseRows, secureRows } from '../../../libs/database/row-security.ts';

/** What is posted follows from what was decided: whoever sees some facilities alone reads it. */
const READ = { grant: 'SELECT' };
const refused = 'withdrawn_at, rejected_by, rejected_at, rejected_because';

/** The database itself keeps the rows of a facility from whoever may see those of others alone. */
export class SecureRows1764000002500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(facilities);
    await secureRows(runner, {
      account: { grant: 'SELECT, UPDATE (reserved)' }, // a deposit that is billed reserves
      adjustment: { grant: `SELECT, INSERT, UPDATE (${refused})` },
      closing_balance: READ,
      contribution: READ,
      deposit: { grant: 'SELECT, INSERT, UPDATE (ntpn, deposited_at, confirmed_by, journal_id)' },
      entry: READ,
      journal: READ,
      maker_event: { grant: `SELECT, INSERT, UPDATE (${refused})` },
      payout: { grant: 'SELECT, INSERT, UPDATE (status, reason, reviewed_by, reviewed_at, decided_by, decided_at)' },
      payout_item: { grant: 'SELECT, INSERT, UPDATE (status)' },
      sale: READ,
      sale_line: READ,
    });
    await openToScoped(runner, {
      agreement: 'SELECT',
      period_decision: 'SELECT',
      outbox: 'INSERT',
      row_change: 'INSERT, SELECT (number, hash)', // the end of its chain, after which a change is recorded
      seal: 'SELECT',
    });
    await openToVerify(runner, [
      ...['account', 'accumulator', 'accumulator_entry', 'adjustment', 'agreement', 'chain_head', 'closing_balance'],
      ...['contribution', 'deposit', 'entry', 'journal', 'journal_memory', 'maker_event', 'payout', 'payout_item'],
      ...['period_decision', 'refused_event', 'row_change', 'sale', 'sale_line', 'seal', 'seal_block', 'seal_key'],
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await releaseRows(runner);
    await runner.query('ALTER TABLE sale_line DROP facility_id; ALTER TABLE payout_item DROP facility_id CASCADE');
  }
}

/** Lines and items are of the facility of their sale and payout; what a list of a facility is ordered by stands behind it. */
const facilities = `
  ALTER TABLE sale_line ADD facility_id text COLLATE "C";
  UPDATE sale_line -- one whose journal is gone is not sound, and stays
     SET facility_id = coalesce((SELECT facility_id FROM journal WHERE journal.journal_id = sale_line.journal_id),
                                substring(sale_id FROM '[^@]*$'));
  ALTER TABLE sale_line ALTER facility_id SET NOT NULL;

  ALTER TABLE payout ADD UNIQUE (facility_id, payout_id);
  ALTER TABLE payout_item ADD facility_id text COLLATE "C";
  ALTER TABLE payout_item DISABLE TRIGGER refuse_edit; -- it is a new column: record_change says of each row how it is now
  UPDATE payout_item SET facility_id = payout.facility_id FROM payout WHERE payout.payout_id = payout_item.payout_id;
  ALTER TABLE payout_item ENABLE TRIGGER refuse_edit;
  ALTER TABLE payout_item ALTER facility_id SET NOT NULL,
    DROP CONSTRAINT payout_item_payout_id_fkey, ADD FOREIGN KEY (facility_id, payout_id) REFERENCES payout (facility_id, payout_id);

  CREATE INDEX adjustment_by_facility ON adjustment (facility_id, adjustment_id);
  CREATE INDEX deposit_by_facility ON deposit (facility_id, deposit_id);
  CREATE INDEX maker_event_by_facility ON maker_event (facility_id, event_id);
`;
