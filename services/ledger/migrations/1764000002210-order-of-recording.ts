import { readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a balance was at an instant is found among an account's entries by halving, as they are all but in the order of recording. */
export class OrderOfRecording1764000002210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account
        ADD last_recorded_at timestamptz NOT NULL DEFAULT '-infinity',
        ADD disorder         interval NOT NULL DEFAULT '0' CHECK (disorder >= '0');
      COMMENT ON COLUMN account.last_recorded_at IS 'The latest instant at which one of its entries was recorded.';
      COMMENT ON COLUMN account.disorder IS 'The longest by which an entry was recorded before one that precedes it: facilities that post to a maker''s account do not wait for each other before they take the time.';
      DO $$ BEGIN
        EXECUTE 'GRANT UPDATE (last_recorded_at, disorder) ON account TO ' || quote_ident(current_database() || '_service');
      END $$;
    `);
    await runner.query(readFileSync(new URL('../books/journals/posting.sql', import.meta.url), 'utf8'));
    await runner.query(asOf);
    await runner.query(`
      UPDATE account SET last_recorded_at = recording.last, disorder = recording.disorder
        FROM (SELECT account_id, max(recorded_at) AS last, max(latest - recorded_at) AS disorder
                FROM (SELECT account_id, recorded_at,
                             max(recorded_at) OVER (PARTITION BY account_id ORDER BY account_version) AS latest
                        FROM entry JOIN journal USING (journal_id)) AS recorded
               GROUP BY account_id) AS recording
       WHERE account.account_id = recording.account_id
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // post_journals keeps the columns; before them it knew nothing of them.
    await runner.query('DROP FUNCTION balance_as_of; DROP FUNCTION entries_recorded');
  }
}

const asOf = `
  CREATE FUNCTION entries_recorded(of_account bigint, instant timestamptz, low bigint, high bigint) RETURNS bigint
  STABLE LANGUAGE plpgsql AS $$
  DECLARE
    middle bigint;
  BEGIN
    WHILE low < high LOOP
      middle := (low + high + 1) / 2;
      IF (SELECT recorded_at FROM entry JOIN journal USING (journal_id)
           WHERE account_id = of_account AND account_version = middle) <= instant THEN
        low := middle;
      ELSE
        high := middle - 1;
      END IF;
    END LOOP;
    RETURN low;
  END
  $$;
  COMMENT ON FUNCTION entries_recorded IS 'The number of an entry, from low (which may be 0) to high, that is recorded until an instant and followed by one that is not.';

  CREATE FUNCTION balance_as_of(of_account account, instant timestamptz, OUT balance bigint, OUT entries bigint)
  STABLE LANGUAGE plpgsql AS $$
  DECLARE
    all_until  bigint := entries_recorded(of_account.account_id, instant - of_account.disorder, 0, of_account.version);
    none_after bigint := entries_recorded(of_account.account_id, instant + of_account.disorder, all_until,
                                          of_account.version);
  BEGIN
    SELECT coalesce((SELECT running_balance FROM entry
                      WHERE account_id = of_account.account_id AND account_version = all_until), 0)
             + coalesce(sum(amount), 0), all_until + count(*)
      INTO balance, entries
      FROM entry JOIN journal USING (journal_id)
     WHERE account_id = of_account.account_id AND account_version > all_until AND account_version <= none_after
       AND recorded_at <= instant;
  END
  $$;
  COMMENT ON FUNCTION balance_as_of IS 'What an account held, and of how many entries, with what was recorded until an instant. Entries so near to it that they may be out of order are looked at one by one.';
`;
