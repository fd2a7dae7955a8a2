import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startLedger, type TestedLedger } from '../../test/kit/ledger.ts';
import { classesOfTables } from '../../test/kit/row-security.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.close());

/** Of rows of facilities that no list of a facility begins with. */
const byJournal = 'own: SELECT'; // entries and lines are found by their journal, sales and their disputes by their id

it('every table has its class: whose its rows are, and what whoever sees some facilities may do with it', async () => {
  expect(await classesOfTables(ledger.url)).toEqual({
    account: 'own: SELECT, UPDATE; account_by_facility',
    account_book: 'own: SELECT; account_book_pkey',
    accumulator: 'closed',
    accumulator_entry: 'closed',
    adjustment: 'own: SELECT, INSERT, UPDATE; adjustment_by_facility',
    agreement: 'open: SELECT',
    blocked_key: 'closed',
    chain_head: 'closed',
    claimed_event_id: 'closed',
    closing_balance: 'own: SELECT; closing_balance_by_facility',
    contribution: 'own: SELECT; contribution_by_facility',
    custody_end_told: 'closed',
    consumed_position: 'closed',
    dead_letter: 'closed',
    decision_feed_position: 'closed',
    deposit: 'own: SELECT, INSERT, UPDATE; deposit_by_facility',
    entry: byJournal,
    event_namespace: 'closed',
    external_record: 'closed',
    heard_type: 'closed',
    facility: 'open: SELECT',
    feed_position: 'own: SELECT; feed_position_pkey',
    hold: 'own: SELECT',
    idempotency_key: 'closed',
    inbox: 'closed',
    journal: 'own: SELECT; journal_by_day, journal_facility_id_chain_number_key',
    journal_memory: 'closed',
    known_approver: 'closed',
    maker_event: 'own: SELECT, INSERT, UPDATE; maker_event_by_facility',
    maker_seat: 'own: SELECT; maker_seat_by_facility',
    migrations: 'closed',
    outbox: 'open: INSERT',
    payout: 'own: SELECT, INSERT, UPDATE; payout_facility_id_payout_id_key',
    payout_item: 'own: SELECT, INSERT, UPDATE',
    period_decision: 'open: SELECT',
    personal_read: 'closed',
    reconciliation_break: 'closed',
    reconciliation_position: 'closed',
    refused_event: 'closed',
    refused_event_resolution: 'closed',
    reused_event_id: 'closed',
    row_change: 'open: SELECT, INSERT', // the end of its chain
    sale: byJournal,
    sale_dispute: byJournal,
    sale_line: byJournal,
    sales_total: 'own: SELECT; sales_total_pkey',
    seal: 'open: SELECT',
    seal_block: 'closed',
    seal_key: 'closed',
    undeliverable: 'closed',
    exception_note: 'closed',
    simulation: 'closed',
    verification: 'closed',
  });
});

it('of the record of changes the scope reads its chain, and not of what', async () => {
  const admin = new pg.Client(ledger.url);
  await admin.connect();
  const { rows } = await admin.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'row_change'::regclass AND attnum > 0
        AND has_column_privilege(current_database() || '_scoped', attrelid, attnum, 'SELECT') ORDER BY 1`,
  );
  expect(rows).toEqual([{ name: 'hash' }, { name: 'number' }]);
  await admin.end();
});

describe('npm run ledger:verify by a login', () => {
  const login = `auditor_${randomUUID().slice(0, 8)}`;
  const verify = () => {
    const url = new URL(ledger.url);
    [url.username, url.password] = [login, 'secret'];
    const env = { ...process.env, LEDGER_DATABASE_URL: url.href, LEDGER_SEAL_KEY: '' };
    return spawnSync(
      process.execPath,
      ['--conditions=source', 'services/ledger/proof/verification/verify.command.ts'],
      { encoding: 'utf8', env },
    );
  };

  it('that is not shown the books checks nothing, and one of the role {database}_verify all', async () => {
    await ledger.sell({ orderRef: 'verified', lines: [{}] });
    const admin = new pg.Client(ledger.url);
    await admin.connect();
    await admin.query(
      `CREATE ROLE ${login} LOGIN PASSWORD 'secret'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${login}`,
    );
    expect(verify()).toMatchObject({ status: 2, stderr: expect.stringContaining('not shown the books') });
    await admin.query(`
      REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM ${login};
      DO $$ BEGIN EXECUTE format('GRANT %I TO ${login}', current_database() || '_verify'); END $$`);
    expect(verify()).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/sound/i),
      stderr: expect.not.stringContaining('denied'),
    });
    await admin.end();
  });
});
