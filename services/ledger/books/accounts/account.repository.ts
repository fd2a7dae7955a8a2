import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope } from '#libs/database';
import type { Snapshot } from '../snapshot.repository.ts';
import type { Account, AccountClass } from './account.ts';
import { readAbout } from './maker-seat.repository.ts';

export interface AccountBalance extends Account {
  /** Debit positive, credit negative. */
  readonly balance: number;
  /** Number of entries. */
  readonly entries: number;
}

/** Whole rupiah. */
export interface OwnerBalances {
  readonly owner: string;
  readonly pending: number;
  readonly available: number;
  readonly reserved: number;
  readonly savings: number;
  readonly receivable: number;
  readonly total: number;
}

export interface StatementLine {
  /** Of its account in the statement, from 0. */
  readonly position: number;
  readonly account: string;
  readonly version: number;
  readonly postedOn: string;
  readonly occurredAt: Date;
  readonly journalId: string;
  readonly kind: string;
  readonly sourceReference: string;
  readonly facilityId: string;
  readonly lineRef: string | null;
  readonly step: string | null;
  readonly amount: number;
}

export interface TrialBalanceRow {
  readonly class: AccountClass;
  /** `maker`, `facility`, `channel`, ... */
  readonly ownerKind: string;
  readonly purpose: string;
  readonly accounts: number;
  /** Sum of debit balances, and of credit balances, both positive. */
  readonly debit: number;
  readonly credit: number;
}

/** Where a statement of one account begins, ends, and which entries it can hold. */
export interface AccountPeriod {
  readonly account: string;
  readonly opening: number;
  readonly closing: number;
  /** Version of the last entry that was there. */
  readonly bound: number;
}

const COLUMNS = `code, class, owner, purpose, facility_id AS "facilityId",
  CASE WHEN $1::timestamptz IS NULL THEN account.balance ELSE past.balance END AS balance,
  CASE WHEN $1::timestamptz IS NULL THEN version ELSE past.entries END AS entries`;

/** Of each account what was recorded until $1; read only where that is given. */
const PAST = `LEFT JOIN LATERAL (SELECT * FROM balance_as_of(account, $1) WHERE $1::timestamptz IS NOT NULL) AS past ON true`;

const HELD_ON = (day: string) =>
  `(SELECT coalesce(sum(held.balance), 0)::bigint FROM balances_on(account.account_id, ${day}) AS held)`;

@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  /** By code. `asOf`: with what was recorded until this instant. */
  list(filter: {
    asOf?: string | undefined;
    owner?: string | undefined;
    facilityId?: string | undefined;
    after: string;
    limit: number;
  }): Promise<AccountBalance[]> {
    return readAbout(this.database, filter.owner ?? '', () =>
      this.database.query(
        `SELECT ${COLUMNS} FROM account ${PAST}
          WHERE ($2::text IS NULL OR owner = $2) AND ($3::text IS NULL OR facility_id = $3) AND code > $4
            AND ($6::text[] IS NULL OR facility_id = ANY ($6))
          ORDER BY code LIMIT $5`,
        [filter.asOf, filter.owner, filter.facilityId, filter.after, filter.limit, facilitiesInScope()],
      ),
    );
  }

  async find(code: string, asOf?: string): Promise<AccountBalance | undefined> {
    const [account] = await readAbout(this.database, code, () =>
      this.database.query<AccountBalance>(`SELECT ${COLUMNS} FROM account ${PAST} WHERE code = $2`, [asOf, code]),
    );
    return account;
  }

  /**
   * What an owner is owed, positive; undefined: it has no account. What is pending, and what is reserved, is not
   * available yet or any more.
   */
  async balancesOf(owner: string): Promise<OwnerBalances | undefined> {
    const [balances] = await readAbout(this.database, owner, () =>
      this.database.query<OwnerBalances>(
        `SELECT owner, pending, credit - pending - savings - reserved AS available, reserved, savings, receivable,
                credit - receivable AS total
           FROM (SELECT owner,
                        coalesce(-sum(balance) FILTER (WHERE purpose IN ('wages-pending', 'earnings-pending')), 0)::bigint
                          AS pending,
                        coalesce(-sum(balance) FILTER (WHERE purpose = 'savings'), 0)::bigint AS savings,
                        coalesce(sum(balance) FILTER (WHERE class = 'asset'), 0)::bigint AS receivable,
                        coalesce(-sum(balance) FILTER (WHERE class = 'liability'), 0)::bigint AS credit,
                        sum(reserved)::bigint AS reserved
                   FROM account WHERE owner = $1 GROUP BY owner) AS owned`,
        [owner],
      ),
    );
    return balances;
  }

  /**
   * Balances before the first and after the last day of a period, of one account or all of an owner, by code; without a
   * first day, before everything. What is posted later does not belong to them.
   */
  periods(
    snapshot: Snapshot,
    of: { account: string } | { owner: string },
    { from, to }: { from?: string | undefined; to?: string | undefined },
  ): Promise<AccountPeriod[]> {
    const [column, value] = 'account' in of ? ['code', of.account] : ['owner', of.owner];
    return snapshot.query(
      `SELECT code AS account, version AS bound,
              CASE WHEN $2::date IS NULL THEN 0 ELSE ${HELD_ON('$2::date - 1')} END AS opening,
              CASE WHEN $3::date IS NULL THEN balance ELSE ${HELD_ON('$3')} END AS closing
         FROM account WHERE ${column} = $1
        ORDER BY code`,
      [value, from, to],
    );
  }

  /**
   * The next entries of these accounts, one account after the other, each in the order of recording: from the entry after
   * `version` of the account at `position` (from 0) on. A page reads no more than its lines of each account.
   */
  statementLines(
    snapshot: Snapshot,
    periods: readonly AccountPeriod[],
    page: { from?: string | undefined; to?: string | undefined; position: number; version: number; limit: number },
  ): Promise<StatementLine[]> {
    return snapshot.query(
      `SELECT position - 1 AS position, code AS account, line.version, line.posted_on AS "postedOn",
              occurred_at AS "occurredAt", journal_id AS "journalId", kind, source_reference AS "sourceReference",
              line.facility_id AS "facilityId", line_ref AS "lineRef", step, amount
         FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS period (code, bound, position)
         JOIN account USING (code)
        CROSS JOIN LATERAL (
          SELECT account_version AS version, posted_on, journal_id, facility_id, line_ref, step, amount
            FROM entries_between(account.account_id, $5, $6)
           WHERE account_version <= bound
             AND account_version > CASE WHEN position - 1 = $3::bigint THEN $4::bigint ELSE 0 END
           ORDER BY account_version LIMIT $7) AS line
         JOIN journal USING (journal_id)
        WHERE position - 1 >= $3
        ORDER BY position, line.version LIMIT $7`,
      [
        periods.map(({ account }) => account),
        periods.map(({ bound }) => bound),
        page.position,
        page.version,
        page.from,
        page.to,
        page.limit,
      ],
    );
  }

  /**
   * Of all entries, or of those recorded until an instant, or posted until a day. A day costs what is posted since the last
   * month that was closed before it; an instant what was recorded since.
   */
  trialBalance({ asOf, on }: { asOf?: string | undefined; on?: string | undefined }): Promise<TrialBalanceRow[]> {
    const facilities = facilitiesInScope();
    const { accounts, part } = facilities ? trialBalanceOfSome : trialBalanceOfAll;
    return this.database.query(
      `WITH part AS (${part}), balances AS (
         SELECT account_id, sum(amount)::bigint AS balance FROM part GROUP BY account_id
       )
       SELECT class, split_part(owner, ':', 1) AS "ownerKind", purpose, count(*) AS accounts,
              coalesce(sum(balances.balance) FILTER (WHERE balances.balance > 0), 0)::bigint AS debit,
              coalesce(-sum(balances.balance) FILTER (WHERE balances.balance < 0), 0)::bigint AS credit
         FROM ${accounts} JOIN balances USING (account_id)
        WHERE $1::timestamptz IS NULL
           OR EXISTS (SELECT FROM entry JOIN journal USING (journal_id)
                       WHERE entry.account_id = account.account_id AND recorded_at <= $1
                         AND ($2::date IS NULL OR entry.posted_on <= $2))
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3`,
      [asOf, on, ...(facilities ? [facilities] : [])],
    );
  }
}

/** What a trial balance adds up, less what was recorded after the instant $1, until the day $2. */
const trialBalanceOfAll = {
  accounts: 'account',
  part: `
    SELECT account_id, balance AS amount FROM account WHERE $2::date IS NULL
    UNION ALL
    SELECT account_id, balance FROM closing_balances(NULL, $2) WHERE $2::date IS NOT NULL
    UNION ALL
    SELECT account_id, amount FROM entry
     WHERE posted_on > coalesce((SELECT max(day) FROM closed_days() AS day WHERE day <= $2), '-infinity') AND posted_on <= $2
    UNION ALL
    SELECT account_id, -amount FROM journal JOIN entry USING (journal_id)
     WHERE recorded_at > $1::timestamptz AND ($2::date IS NULL OR entry.posted_on <= $2)`,
};

/** The same of the books of some facilities ($3), where a makers' account holds what these have moved of it. */
const trialBalanceOfSome = {
  accounts:
    '(SELECT DISTINCT account_id, class, owner, purpose FROM account_book WHERE facility_id = ANY ($3)) AS account',
  part: `
    SELECT account_id, balance AS amount
      FROM unnest($3::text[]) AS facility CROSS JOIN LATERAL closing_balances(facility, coalesce($2::date, 'infinity'))
    UNION ALL
    SELECT account_id, amount FROM journal JOIN entry USING (journal_id)
     WHERE journal.facility_id = ANY ($3) AND journal.posted_on <= coalesce($2::date, 'infinity')
       AND journal.posted_on > coalesce((SELECT max(day) FROM closed_days() AS day WHERE day <= coalesce($2::date, 'infinity')),
                                        '-infinity')
    UNION ALL
    SELECT account_id, -amount FROM journal JOIN entry USING (journal_id)
     WHERE journal.facility_id = ANY ($3) AND recorded_at > $1::timestamptz
       AND journal.posted_on <= coalesce($2::date, 'infinity')`,
};
