import type { Transaction } from '#libs/database';
import type { Movement } from './maker-statement.ts';

type Query = Transaction['query'];

interface Period {
  readonly from: string | null;
  readonly to: string;
}

/** What the maker was owed on each account before a period; empty: no such maker in the books. */
export async function openingBalances(
  query: Query,
  makerId: string,
  from: string | null,
): Promise<Record<string, number>> {
  const rows = await query<{ purpose: string; owed: number }>(
    `SELECT purpose, CASE WHEN $2::date IS NULL THEN 0
                          ELSE (SELECT coalesce(-sum(held.balance), 0)::bigint
                                  FROM balances_on(account_id, $2::date - 1) AS held) END AS owed
       FROM account WHERE owner = $1 ORDER BY purpose`,
    [`maker:${makerId}`, from],
  );
  return Object.fromEntries(rows.map(({ purpose, owed }) => [purpose, owed]));
}

/** What moved the maker's accounts in a period, in the order of recording. */
export function movementsOf(query: Query, makerId: string, { from, to }: Period, limit: number): Promise<Movement[]> {
  return query(
    `SELECT entry.posted_on AS "postedOn", kind, source_reference AS reference, entry.facility_id AS "facilityId",
            line_ref AS "lineRef", step, purpose AS account, account_version AS entry, -amount AS amount, journal_id AS "journalId"
       FROM account CROSS JOIN LATERAL entries_between(account.account_id, $2, $3) AS entry JOIN journal USING (journal_id)
      WHERE owner = $1
      ORDER BY recorded_at, journal_id, purpose, account_version LIMIT $4`,
    [`maker:${makerId}`, from, to, limit],
  );
}
