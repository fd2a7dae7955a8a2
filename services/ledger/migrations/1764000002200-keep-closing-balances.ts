import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a balance was on a day is read from the last closed month before it and the entries since, never from all entries. */
export class KeepClosingBalances1764000002200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await runner.query(reads);
    await runner.query(carry);
    await runner.query(fill);
    await runner.query(guard);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION carry_balances; DROP FUNCTION balances_on; DROP FUNCTION entries_between;
      DROP FUNCTION closing_balances; DROP FUNCTION accounts_closed_at; DROP TABLE closing_balance; DROP FUNCTION refuse_change_of_closed;
      DROP FUNCTION closed_days; DROP INDEX journal_by_day, entry_by_day, journal_by_posting;
    `);
  }
}

const table = `
  CREATE TABLE closing_balance (
    account_id  bigint NOT NULL,
    closed_on   date NOT NULL,
    facility_id text NOT NULL,
    balance     bigint NOT NULL,
    all_until   bigint NOT NULL CHECK (all_until >= 0),
    none_after  bigint NOT NULL CHECK (none_after >= all_until),
    PRIMARY KEY (account_id, closed_on, facility_id)
  );
  CREATE INDEX closing_balance_by_facility ON closing_balance (facility_id, account_id, closed_on);
  COMMENT ON TABLE closing_balance IS 'Of each account that a closed month has moved, what it held at the month''s end in the books of each facility that ever moved it. Written by the close; of an open month there is none.';
  COMMENT ON COLUMN closing_balance.closed_on IS 'Last day of the month.';
  COMMENT ON COLUMN closing_balance.all_until IS 'The account''s entries up to this one are all posted until closed_on.';
  COMMENT ON COLUMN closing_balance.none_after IS 'None of its entries after this one is.';

  CREATE INDEX journal_by_day ON journal (facility_id, posted_on);
  CREATE INDEX journal_by_posting ON journal USING brin (posted_on) WITH (autosummarize = on);
  CREATE INDEX entry_by_day ON entry USING brin (posted_on) WITH (autosummarize = on);
`;

/** Plain SQL: those in FROM become a part of the statement that calls them, and are planned with it. */
const reads = `
  CREATE FUNCTION closed_days() RETURNS SETOF date STABLE LANGUAGE sql AS $$
    SELECT ((month || '-01')::date + interval '1 month' - interval '1 day')::date
      FROM (SELECT DISTINCT ON (month) month, action FROM period_decision
             WHERE approved_at IS NOT NULL ORDER BY month, approved_at DESC) AS last_decision
     WHERE action = 'close'
  $$;
  COMMENT ON FUNCTION closed_days IS 'Last days of the months that were closed; the first close closed all before it as well.';

  CREATE FUNCTION entries_between(of_account bigint, first_day date, last_day date) RETURNS SETOF entry
  STABLE LANGUAGE sql AS $$
    SELECT * FROM entry
     WHERE entry.account_id = of_account
       AND account_version > coalesce((SELECT all_until FROM closing_balance
                                        WHERE closing_balance.account_id = of_account AND closed_on < first_day
                                        ORDER BY closed_on DESC LIMIT 1), 0)
       AND account_version <= coalesce((SELECT none_after FROM closing_balance
                                         WHERE closing_balance.account_id = of_account AND closed_on >= last_day
                                         ORDER BY closed_on LIMIT 1), 9223372036854775807)
       AND (first_day IS NULL OR posted_on >= first_day) AND (last_day IS NULL OR posted_on <= last_day)
  $$;
  COMMENT ON FUNCTION entries_between IS 'Entries of an account that are posted on these days; null: from the beginning, until now.';

  CREATE FUNCTION balances_on(of_account bigint, day date) RETURNS TABLE (facility_id text, balance bigint)
  STABLE LANGUAGE sql AS $$
    SELECT part.facility_id, sum(part.amount)::bigint
      FROM (SELECT closed.facility_id, closed.balance AS amount FROM closing_balance AS closed
             WHERE closed.account_id = of_account
               AND closed_on = (SELECT max(closed_on) FROM closing_balance
                                 WHERE closing_balance.account_id = of_account AND closed_on <= day)
            UNION ALL
            SELECT since.facility_id, since.amount
              FROM entries_between(of_account, (SELECT max(closed_on) + 1 FROM closing_balance
                                                 WHERE closing_balance.account_id = of_account AND closed_on <= day),
                                   day) AS since) AS part
     GROUP BY part.facility_id
  $$;
  COMMENT ON FUNCTION balances_on IS 'What an account holds at the end of a day, in the books of each facility that has moved it until then.';

  CREATE FUNCTION accounts_closed_at(of_facility text) RETURNS SETOF bigint STABLE LANGUAGE sql AS $$
    WITH RECURSIVE next AS (
      (SELECT account_id FROM closing_balance WHERE facility_id = of_facility ORDER BY account_id LIMIT 1)
      UNION ALL
      SELECT (SELECT account_id FROM closing_balance
               WHERE facility_id = of_facility AND account_id > next.account_id ORDER BY account_id LIMIT 1)
        FROM next WHERE account_id IS NOT NULL
    )
    SELECT account_id FROM next WHERE account_id IS NOT NULL
  $$;
  COMMENT ON FUNCTION accounts_closed_at IS 'Accounts that closed months have moved in the books of a facility: from one to the next by index, however many months there are.';

  CREATE FUNCTION closing_balances(of_facility text, day date)
  RETURNS TABLE (account_id bigint, facility_id text, balance bigint) STABLE LANGUAGE plpgsql AS $$
  BEGIN
    IF of_facility IS NULL THEN
      RETURN QUERY
      SELECT closed.account_id, closed.facility_id, closed.balance
        FROM account
       CROSS JOIN LATERAL (SELECT closed_on FROM closing_balance
                            WHERE closing_balance.account_id = account.account_id AND closed_on <= day
                            ORDER BY closed_on DESC LIMIT 1) AS last
        JOIN closing_balance AS closed
             ON closed.account_id = account.account_id AND closed.closed_on = last.closed_on;
    ELSE
      RETURN QUERY
      SELECT at_facility.account_id, of_facility, last.balance
        FROM accounts_closed_at(of_facility) AS at_facility (account_id)
       CROSS JOIN LATERAL (SELECT closed.balance FROM closing_balance AS closed
                            WHERE closed.facility_id = of_facility AND closed.account_id = at_facility.account_id
                              AND closed_on <= day
                            ORDER BY closed_on DESC LIMIT 1) AS last;
    END IF;
  END
  $$;
  COMMENT ON FUNCTION closing_balances IS 'What accounts held in the books of a facility, or of each, when the last month until this day was closed. What is posted since is not in it.';
`;

const carry = `
  CREATE FUNCTION carry_balances(day date, changed bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH base AS (
      SELECT account.account_id, version, last.closed_on, last.all_until, last.none_after,
             CASE WHEN last.closed_on = day THEN last.none_after ELSE coalesce(last.all_until, 0) END AS seen,
             CASE WHEN last.closed_on < day THEN last.closed_on ELSE '-infinity' END AS closed_before
        FROM account
        LEFT JOIN LATERAL (SELECT * FROM closing_balance
                            WHERE closing_balance.account_id = account.account_id AND closed_on <= day
                            ORDER BY closed_on DESC LIMIT 1) AS last ON true
       WHERE changed IS NULL OR account.account_id IN (SELECT unnest(changed))
    ), since AS (
      SELECT base.account_id, entries.*
        FROM base
       CROSS JOIN LATERAL ( -- each account by index, from where its last closing left it
         SELECT facility_id,
                sum(amount) FILTER (WHERE posted_on <= day) AS change,
                max(account_version) FILTER (WHERE posted_on <= day) AS last_within,
                min(account_version) FILTER (WHERE posted_on > day) AS first_later
           FROM entry
          WHERE entry.account_id = base.account_id AND account_version > seen AND account_version <= version
            AND posted_on > closed_before
          GROUP BY facility_id) AS entries
    ), moved AS (
      SELECT account_id, closed_on, all_until, base.none_after, first_later,
             greatest(last_within, base.none_after) AS last_within -- one of an earlier month may have come later
        FROM base
        JOIN (SELECT account_id, max(last_within) AS last_within, min(first_later) AS first_later
                FROM since GROUP BY account_id HAVING max(last_within) IS NOT NULL) AS bounds USING (account_id)
    )
    INSERT INTO closing_balance (account_id, closed_on, facility_id, balance, all_until, none_after)
    SELECT account_id, day, facility_id, sum(amount),
           CASE WHEN closed_on = day AND all_until < none_after THEN all_until
                ELSE least(first_later - 1, last_within) END,
           last_within
      FROM (SELECT account_id, facility_id, change AS amount FROM since WHERE change IS NOT NULL
            UNION ALL
            SELECT account_id, closed.facility_id, closed.balance
              FROM moved JOIN closing_balance AS closed USING (account_id, closed_on)) AS part
      JOIN moved USING (account_id)
     GROUP BY account_id, facility_id, closed_on, all_until, none_after, last_within, first_later
    ON CONFLICT (account_id, closed_on, facility_id) DO UPDATE
      SET balance = excluded.balance, all_until = excluded.all_until, none_after = excluded.none_after
  $$;
  COMMENT ON FUNCTION carry_balances IS 'Writes the closing balances of a day, of all accounts or of some; again after more was posted, at the cost of what is new.';
`;

/** Of the months that are closed by now, at once. */
const fill = `
  INSERT INTO closing_balance (account_id, closed_on, facility_id, balance, all_until, none_after)
  WITH closed AS (SELECT min(day) AS first, max(day) AS last FROM closed_days() AS day),
  part AS (
    SELECT account_id, facility_id, sum(amount) AS change, max(account_version) AS highest, min(account_version) AS lowest,
           greatest(first, (date_trunc('month', posted_on) + interval '1 month' - interval '1 day')::date) AS closed_on
      FROM closed, entry WHERE first IS NOT NULL GROUP BY account_id, facility_id, 6
  ), month AS (
    SELECT account_id, closed_on, max(max(highest)) OVER (PARTITION BY account_id ORDER BY closed_on) AS none_after,
           min(min(lowest)) OVER (PARTITION BY account_id ORDER BY closed_on
                                  ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1 AS later_from
      FROM part GROUP BY account_id, closed_on
  )
  SELECT account_id, month.closed_on, facility_id, sum(change), least(later_from, none_after), none_after
    FROM closed, month JOIN part USING (account_id)
   WHERE part.closed_on <= month.closed_on AND month.closed_on <= last
   GROUP BY account_id, month.closed_on, facility_id, later_from, none_after
`;

const guard = `
  CREATE FUNCTION refuse_change_of_closed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM changed WHERE closed_on < first_open_day()) THEN
      RAISE EXCEPTION 'closing balances of a month are written before it is closed, and go when it is open again'
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
  END
  $$;
  CREATE TRIGGER refuse_insert AFTER INSERT ON closing_balance REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed();
  CREATE TRIGGER refuse_update AFTER UPDATE ON closing_balance REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed();
  CREATE TRIGGER refuse_delete AFTER DELETE ON closing_balance REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed();
  CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON closing_balance EXECUTE FUNCTION refuse_change();
  DO $$
  DECLARE
    service text := quote_ident(current_database() || '_service');
  BEGIN
    EXECUTE 'REVOKE UPDATE ON closing_balance FROM ' || service;
    EXECUTE 'GRANT UPDATE (balance, all_until, none_after) ON closing_balance TO ' || service;
  END
  $$;
`;
