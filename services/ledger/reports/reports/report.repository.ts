import { Injectable } from '@nestjs/common';
import { facilitiesInScope, isInScope, readInParts } from '#libs/database';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import { numbersMovedTo } from '../../decisions/maker-events/numbers-moved.ts';
import { IN_SUSPENSE } from '../../sales/sales/sale-line.columns.ts';
import { BREAKS } from '../reconciliation/break.repository.ts';
import type { Report, Row } from './report.ts';
import { type ReportName, reports } from './reports.ts';

/** What a report is about; what is not said does not limit it. Days are posting dates, both included. */
export interface ReportScope {
  readonly facilityId: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const ROWS_AT_ONCE = 1_000;

@Injectable()
export class ReportRepository {
  /** The rows of a report as they are found; memory stays flat however many there are. */
  rows(snapshot: Snapshot, name: ReportName, { facilityId, ...days }: ReportScope): AsyncGenerator<Row> {
    const asked = facilityId === undefined ? null : [facilityId].filter(isInScope);
    // Whoever takes the rows has no scope.
    const inScope = facilitiesInScope();
    return this.#rows(snapshot, name, { facilities: asked ?? inScope, accounts: inScope ? IN_BOOKS : OF_ALL }, days);
  }

  async *#rows(
    snapshot: Snapshot,
    name: ReportName,
    { facilities, accounts }: { facilities: readonly string[] | null; accounts: string },
    { from, to }: Pick<ReportScope, 'from' | 'to'>,
  ): AsyncGenerator<Row> {
    const span = spans[name] ?? days;
    const report: Report = reports[name];
    const [{ after } = { after: null }] = await snapshot.query<{ after: string | null }>(
      `SELECT ${span.after} AS after FROM (SELECT $1::date AS first_day, $2::date AS last_day) AS asked`,
      [from, to],
    );
    const breaks = report.isReconciliation ? `, ${BREAKS}` : '';
    const found = readInParts<Row>(snapshot, {
      name: 'report',
      sql: `${scope(span, accounts, facilities === null)} ${breaks} ${queries[name]}`,
      parameters: [facilities, from, to, after],
      rowsAtOnce: ROWS_AT_ONCE,
    });
    for await (const rows of found) yield* rows;
  }
}

/** SQL, in FROM behind an entry: its account; as it stands in the books of its facility, where makers' own are not seen. */
const OF_ALL = 'account USING (account_id)';
const IN_BOOKS = 'account_book USING (facility_id, account_id)';

/** What a report needs of the time before its first day. */
interface Span {
  /** SQL: `moved` holds entries that are posted after this day; what is before is carried over where it is wanted. */
  readonly after: string;
  readonly carried: boolean;
}

/** Entries of its days alone. */
const days: Span = { after: 'first_day - 1', carried: false };
/** Balances on its first and last day as well. */
const daysAndBalances: Span = { after: lastClosedBefore('first_day'), carried: true };
/** Balances on its last day. */
const balances: Span = { after: lastClosedBefore("coalesce(last_day + 1, 'infinity')"), carried: true };

function lastClosedBefore(day: string): string {
  return `(SELECT max(closed) FROM closed_days() AS closed WHERE closed < ${day})`;
}

/**
 * `moved`: of the scope every entry after a day until its last, and, where it is wanted, what accounts held at the end of
 * that day, as one movement of no kind; with `within` where it is not before its first day. `gain` is what the owner of
 * the account gains, so credits are positive. So the cost of a report is that of its days, and of those before them
 * whose month is not closed.
 */
const scope = ({ carried }: Span, accounts: string, isOfAll: boolean) => `
  WITH scope AS (SELECT $1::text[] AS facilities, $2::date AS first_day, $3::date AS last_day),
  part AS NOT MATERIALIZED (
    SELECT entry.account_id, entry.facility_id, entry.posted_on, journal_id, line_ref, kind, amount
      FROM journal JOIN entry USING (journal_id)
     WHERE ($1::text[] IS NULL OR (journal.facility_id = ANY ($1) AND entry.facility_id = ANY ($1)))
       AND ($4::date IS NULL OR (journal.posted_on > $4 AND entry.posted_on > $4))
       AND ($3::date IS NULL OR (journal.posted_on <= $3 AND entry.posted_on <= $3))
    UNION ALL
    SELECT account_id, facility_id, NULL, NULL, NULL, 'carried', balance
      FROM ${isOfAll ? 'closing_balances(NULL, $4)' : 'unnest($1) AS facility CROSS JOIN LATERAL closing_balances(facility, $4)'}
     WHERE ${carried}
  ),
  moved AS NOT MATERIALIZED (
    SELECT account_id, code, owner, purpose, class, part.facility_id, posted_on, journal_id, line_ref, kind,
           -amount AS gain, kind <> 'carried' AND (first_day IS NULL OR posted_on >= first_day) AS within
      FROM scope, part JOIN ${accounts}
  )`;

/** A sum of gains; 0 of none. */
const gains = (filter: string) => `coalesce(sum(gain) FILTER (WHERE ${filter}), 0)::bigint`;

const isEarnings = `purpose IN ('earnings', 'earnings-pending')`;

const bucketed = (filter: string) => `coalesce(sum(break.amount) FILTER (WHERE ${filter}), 0)::bigint`;

/** Breaks that nobody's books have are everybody's. */
const isAskedFor = `
  (scope.facilities IS NULL OR break.facilities IS NULL OR scope.facilities && break.facilities)
   AND (first_day IS NULL OR (break.since AT TIME ZONE 'Asia/Jakarta')::date >= first_day)
   AND (last_day IS NULL OR (break.since AT TIME ZONE 'Asia/Jakarta')::date <= last_day)`;

/** Of those that are not of their days alone. */
const spans: Partial<Record<ReportName, Span>> = {
  'trial-balance': balances,
  'facility-earnings': daysAndBalances,
  pnbp: daysAndBalances,
  receivables: balances,
};

const queries: Record<ReportName, string> = {
  'trial-balance': `
    SELECT balances.code AS account, balances.class, account.facility_id AS "facilityId",
           greatest(-gain, 0) AS debit, greatest(gain, 0) AS credit
      FROM (SELECT account_id, code, class, sum(gain)::bigint AS gain FROM moved GROUP BY account_id, code, class) AS balances
      LEFT JOIN account USING (account_id)
     WHERE gain <> 0
     ORDER BY balances.code`,
  'facility-earnings': `
    SELECT facility_id AS "facilityId",
           ${gains(`within AND kind = 'sale' AND ${isEarnings}`)} AS earned,
           ${gains(`within AND kind = 'refund' AND ${isEarnings}`)} AS refunded,
           ${gains(`within AND kind IN ('payout', 'payout-failed') AND ${isEarnings}`)} AS "paidOut",
           ${gains(`within AND kind NOT IN ('sale', 'refund', 'payout', 'payout-failed') AND ${isEarnings}`)} AS other,
           ${gains(isEarnings)} AS balance,
           ${gains(`purpose = 'cost-recovery'`)} AS "costRecovery"
      FROM moved WHERE starts_with(owner, 'facility:')
     GROUP BY facility_id ORDER BY facility_id`,
  pnbp: `
    SELECT facility_id AS "facilityId",
           ${gains('NOT within')} AS opening,
           ${gains(`within AND kind NOT IN ('refund', 'deposit')`)} AS owed,
           ${gains(`within AND kind = 'refund'`)} AS refunded,
           -${gains(`within AND kind = 'deposit'`)} AS deposited,
           ${gains('true')} AS closing
      FROM moved WHERE purpose = 'pnbp'
     GROUP BY facility_id ORDER BY facility_id`,
  // An entry counts for the facility that had the maker on its day.
  premi: `
    SELECT substr(owner, length('maker:') + 1) AS "makerId",
           count(DISTINCT (journal_id, line_ref)) FILTER (WHERE kind = 'sale') AS lines,
           ${gains(`kind = 'sale'`)} AS credited,
           ${gains(`kind = 'refund'`)} AS refunded,
           ${gains('true')} AS premi
      FROM (SELECT owner, journal_id, line_ref, kind, -amount AS gain
              FROM scope,
                   (SELECT entry.* FROM journal JOIN entry USING (journal_id)
                     WHERE journal.facility_id = ANY ($1) AND journal.posted_on BETWEEN $2 AND $3
                    UNION
                    SELECT entry.* FROM ${numbersMovedTo('$1')} JOIN account ON owner = 'maker:' || maker_id
                     CROSS JOIN LATERAL entries_between(account_id, $2, $3) AS entry) AS entry
              JOIN account USING (account_id) JOIN journal USING (journal_id)
             WHERE starts_with(owner, 'maker:') AND kind IN ('sale', 'refund', 'correction', 'write-off', 'contribution', 'floor-top-up', 'adjustment')
               AND CASE WHEN split_part(owner, ':', 2) IN (SELECT maker_id FROM maker_event WHERE number IS NOT NULL)
                        THEN coalesce((SELECT paid_by FROM maker_standing(split_part(owner, ':', 2), entry.posted_on)),
                                      entry.facility_id)
                        ELSE entry.facility_id END = ANY (facilities)) AS of_facility
     GROUP BY owner ORDER BY owner`,
  units: `
    SELECT to_char(posted_on, 'YYYY') AS year, facility_id AS "facilityId",
           count(DISTINCT journal_id) FILTER (WHERE kind = 'sale') AS sales,
           -${gains(`kind = 'sale' AND class = 'asset' AND starts_with(owner, 'channel:')`)} AS sold,
           -${gains(`kind = 'refund' AND class = 'asset' AND starts_with(owner, 'channel:')`)} AS refunded,
           ${gains(`purpose IN ('cost-recovery', 'fees', 'shipping', 'vat-output')`)} AS costs,
           ${gains(`starts_with(owner, 'maker:')`)} AS premi,
           ${gains(isEarnings)} AS facility,
           ${gains(`purpose = 'pnbp'`)} AS pnbp,
           ${gains(`purpose = 'payable'`)} AS beneficiaries,
           ${gains(`purpose = 'suspense'`)} AS suspense
      FROM moved WHERE within AND kind IN ('sale', 'refund')
     GROUP BY 1, 2 ORDER BY 1, 2`,
  receivables: `
    SELECT balances.code AS account, account.facility_id AS "facilityId", balances.balance, last_posted_on AS "lastPostedOn"
      FROM (SELECT account_id, code, -sum(gain)::bigint AS balance, max(posted_on) AS posted_since
              FROM moved WHERE purpose = 'receivable' GROUP BY account_id, code) AS balances
      LEFT JOIN account USING (account_id)
     CROSS JOIN LATERAL (SELECT CASE WHEN posted_since IS NOT NULL THEN posted_since
                                     ELSE (SELECT max(posted_on)
                                             FROM entries_between(balances.account_id, (
                                                    SELECT max(closed_on) + 1 FROM closing_balance
                                                     WHERE closing_balance.account_id = balances.account_id
                                                       AND closed_on < (SELECT max(closed_on) FROM closing_balance
                                                                         WHERE closing_balance.account_id = balances.account_id
                                                                           AND closed_on <= $4)), $3)) END
                           AS last_posted_on) AS last
     WHERE balances.balance <> 0
     ORDER BY balances.code`,
  reconciliation: `
    SELECT break.subject, break.reference, array_to_string(break.facilities, ', ') AS "facilityId", break.kind, break.orders,
           break.payments, break.ledger, break.amount, (break.since AT TIME ZONE 'Asia/Jakarta')::date AS since, days
      FROM scope, break WHERE ${isAskedFor} ORDER BY break.since, subject, reference`,
  'reconciliation-ageing': `
    SELECT break.subject, break.kind, count(*) AS breaks, sum(break.amount)::bigint AS amount,
           ${bucketed('days < 1')} AS today, ${bucketed('days BETWEEN 1 AND 7')} AS week,
           ${bucketed('days BETWEEN 8 AND 30')} AS month, ${bucketed('days BETWEEN 31 AND 90')} AS quarter,
           ${bucketed('days > 90')} AS older
      FROM scope, break WHERE ${isAskedFor} GROUP BY 1, 2 ORDER BY 1, 2`,
  suspense: `
    SELECT journal.facility_id AS "facilityId", posted_on AS "postedOn", sale_id AS "saleId", line_ref AS "lineRef",
           part ->> 'name' AS "lotId", (part ->> 'amount')::bigint - (part ->> 'reversed')::bigint AS held
      FROM scope, sale_line JOIN journal USING (journal_id),
           jsonb_array_elements(credits) AS credit, jsonb_array_elements(credit -> 'parts') AS part
     WHERE ${IN_SUSPENSE} AND starts_with(credit ->> 'account', 'suspense@') AND part -> 'parts' = '[]'
       AND (part ->> 'amount')::bigint <> (part ->> 'reversed')::bigint
       AND (facilities IS NULL OR journal.facility_id = ANY (facilities))
       AND (first_day IS NULL OR posted_on >= first_day) AND (last_day IS NULL OR posted_on <= last_day)
     ORDER BY journal.facility_id, posted_on, sale_id, line_ref, 5`,
};
