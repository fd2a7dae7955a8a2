import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account's last closing is found with the balances that it holds, not before them. */
export class FindClosingsAtOnce1764000002890 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      closingBalances(`
        FROM account
       CROSS JOIN LATERAL (SELECT * FROM closing_balance
                            WHERE closing_balance.account_id = account.account_id AND closed_on <= day
                            ORDER BY closed_on DESC FETCH FIRST ROW WITH TIES) AS closed`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      closingBalances(`
        FROM account
       CROSS JOIN LATERAL (SELECT closed_on FROM closing_balance
                            WHERE closing_balance.account_id = account.account_id AND closed_on <= day
                            ORDER BY closed_on DESC LIMIT 1) AS last
        JOIN closing_balance AS closed
             ON closed.account_id = account.account_id AND closed.closed_on = last.closed_on`),
    );
  }
}

const closingBalances = (ofAll: string) => `
  CREATE OR REPLACE FUNCTION closing_balances(of_facility text, day date)
  RETURNS TABLE (account_id bigint, facility_id text, balance bigint) STABLE LANGUAGE plpgsql AS $$
  BEGIN
    IF of_facility IS NULL THEN
      RETURN QUERY
      SELECT closed.account_id, closed.facility_id, closed.balance ${ofAll};
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
`;
