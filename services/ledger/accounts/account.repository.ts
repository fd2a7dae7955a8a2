import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Snapshot } from '../snapshot.ts';
import type { Account, AccountClass } from './account.ts';

export interface AccountBalance extends Account {
  /** Debit positive, credit negative. */
  readonly balance: number;
  /** Number of entries. */
  readonly entries: number;
}

export interface StatementLine {
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

const COLUMNS = `code, class, owner, purpose, facility_id AS "facilityId", balance, version AS entries`;

@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  /** By code. */
  list(filter: {
    owner?: string | undefined;
    facilityId?: string | undefined;
    after: string;
    limit: number;
  }): Promise<AccountBalance[]> {
    return this.database.query(
      `SELECT ${COLUMNS} FROM account
        WHERE ($1::text IS NULL OR owner = $1) AND ($2::text IS NULL OR facility_id = $2) AND code > $3
        ORDER BY code LIMIT $4`,
      [filter.owner, filter.facilityId, filter.after, filter.limit],
    );
  }

  async find(code: string): Promise<AccountBalance | undefined> {
    const [account] = await this.database.query<AccountBalance>(`SELECT ${COLUMNS} FROM account WHERE code = $1`, [
      code,
    ]);
    return account;
  }

  /** Balances before the first and after the last day of a period; without a first day, before everything. */
  async balancesAround(
    snapshot: Snapshot,
    code: string,
    { from, to }: { from?: string | undefined; to?: string | undefined },
  ): Promise<{ opening: number; closing: number } | undefined> {
    const [balances] = await snapshot.query<{ opening: number; closing: number }>(
      `SELECT CASE WHEN $2::date IS NULL THEN 0
                   ELSE (SELECT coalesce(sum(amount), 0)::bigint FROM entry
                          WHERE entry.account_id = account.account_id AND posted_on < $2) END AS opening,
              CASE WHEN $3::date IS NULL THEN balance
                   ELSE (SELECT coalesce(sum(amount), 0)::bigint FROM entry
                          WHERE entry.account_id = account.account_id AND posted_on <= $3) END AS closing
         FROM account WHERE code = $1`,
      [code, from, to],
    );
    return balances;
  }

  /** Entries of a period, in the order of recording. */
  statementLines(
    snapshot: Snapshot,
    code: string,
    period: { from?: string | undefined; to?: string | undefined; after: number; limit: number },
  ): Promise<StatementLine[]> {
    return snapshot.query(
      `SELECT account_version AS version, entry.posted_on AS "postedOn", occurred_at AS "occurredAt",
              journal_id AS "journalId", kind, source_reference AS "sourceReference",
              entry.facility_id AS "facilityId", line_ref AS "lineRef", step, amount
         FROM entry JOIN journal USING (journal_id)
        WHERE account_id = (SELECT account_id FROM account WHERE code = $1) AND account_version > $4
          AND ($2::date IS NULL OR entry.posted_on >= $2) AND ($3::date IS NULL OR entry.posted_on <= $3)
        ORDER BY account_version LIMIT $5`,
      [code, period.from, period.to, period.after, period.limit],
    );
  }

  trialBalance(): Promise<TrialBalanceRow[]> {
    return this.database.query(
      `SELECT class, regexp_replace(owner, ':.*', '') AS "ownerKind", purpose, count(*) AS accounts,
              coalesce(sum(balance) FILTER (WHERE balance > 0), 0)::bigint AS debit,
              coalesce(-sum(balance) FILTER (WHERE balance < 0), 0)::bigint AS credit
         FROM account
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3`,
    );
  }
}
