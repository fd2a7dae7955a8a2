import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Decided, decidedColumns, IS_DRAFT, type Refusal, refuse } from '#libs/decisions';
import type { Decision } from '../../books/calendar/month.ts';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import type { Checked } from '../../proof/verification/verification-report.ts';
import { IS_UNRESOLVED } from '../../sales/sales/refused-event.repository.ts';
import { type Checklist, HOLDS_HOURS, type Listed, type OpenItems, type Verified } from './checklist.ts';

type Reader = Pick<Transaction, 'query'>;

export interface PeriodDecision extends Decision, Decided {
  readonly decisionId: string;
  readonly reason: string;
  /** checking: the books are being verified; unsound: they contradict themselves; waiting: for another person. */
  readonly status: 'checking' | 'unsound' | 'waiting' | 'approved' | 'rejected' | 'withdrawn';
  /** Of a close that is being checked: how many rows are verified so far. */
  readonly progress: Checked | null;
  /** Of a close: what was open when it was asked for; null: it is being checked. */
  readonly checklist: Checklist | null;
  /** Of a close that nobody has decided about: until when its verification speaks for the books; null: it is being checked. */
  readonly approvableUntil: Date | null;
  /** Of an approved close: ids of the journals that it posted. */
  readonly journals: readonly string[] | null;
}

type Request = Pick<PeriodDecision, 'decisionId' | 'month' | 'action' | 'reason' | 'createdBy'>;

const COLUMNS = `decision_id AS "decisionId", month, action, reason,
  CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
       WHEN rejected_at IS NOT NULL THEN 'rejected'
       WHEN approved_at IS NOT NULL THEN 'approved'
       WHEN action = 'reopen' THEN 'waiting'
       WHEN checklist IS NULL THEN 'checking'
       WHEN (checklist #>> '{unexplained,count}')::int + (checklist #>> '{unbalanced,count}')::int > 0 THEN 'unsound'
       ELSE 'waiting' END AS status,
  CASE WHEN checklist IS NULL THEN progress END AS progress, checklist, journals,
  CASE WHEN ${IS_DRAFT} THEN (checklist ->> 'verifiedAt')::timestamptz + interval '${HOLDS_HOURS} hours' END AS "approvableUntil",
  ${decidedColumns('requested')}`;

/** Rows that a list names; the others are counted. */
const NAMED_MAX = 100;

@Injectable()
export class PeriodRepository {
  async add(transaction: Reader, request: Request): Promise<PeriodDecision> {
    const [added] = await transaction.query<PeriodDecision>(
      `INSERT INTO period_decision (decision_id, month, action, reason, requested_by)
       VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [request.decisionId, request.month, request.action, request.reason, request.createdBy],
    );
    return added as PeriodDecision;
  }

  async find(reader: Reader, decisionId: string): Promise<PeriodDecision | undefined> {
    const [found] = await reader.query<PeriodDecision>(
      `SELECT ${COLUMNS} FROM period_decision WHERE decision_id = $1`,
      [decisionId],
    );
    return found;
  }

  /**
   * After all that were approved before, also if the server's clock was set back since: of a month the last one counts.
   * @param journals what a close posted
   */
  async approve(
    transaction: Reader,
    { decisionId, by, journals }: { decisionId: string; by: string; journals: readonly string[] | null },
  ): Promise<void> {
    await transaction.query(
      `UPDATE period_decision SET approved_by = $2, journals = $3,
              approved_at = greatest(clock_timestamp(), (SELECT max(approved_at) + interval '1 microsecond' FROM period_decision))
        WHERE decision_id = $1`,
      [decisionId, by, journals],
    );
  }

  async refuse(transaction: Reader, decision: PeriodDecision, refusal: Refusal): Promise<void> {
    await refuse(transaction, 'period_decision', { decision_id: decision.decisionId }, decision, refusal);
  }

  /** Nobody else decides about it until the transaction ends. */
  async lock(transaction: Reader, decisionId: string): Promise<PeriodDecision | undefined> {
    await transaction.query('SELECT FROM period_decision WHERE decision_id = $1 FOR UPDATE', [decisionId]);
    return this.find(transaction, decisionId);
  }

  /** Closes for which the books are still to be verified, the oldest first. */
  unchecked(reader: Reader): Promise<PeriodDecision[]> {
    return reader.query(
      `SELECT ${COLUMNS} FROM period_decision
        WHERE action = 'close' AND checklist IS NULL AND ${IS_DRAFT} ORDER BY decision_id`,
    );
  }

  /** How far the verification for a close has come. */
  async tell(reader: Reader, decisionId: string, progress: Checked): Promise<void> {
    await reader.query(
      `UPDATE period_decision SET progress = $2 WHERE decision_id = $1 AND checklist IS NULL AND ${IS_DRAFT}`,
      [decisionId, progress],
    );
  }

  /** The first one is kept. */
  async keepChecklist(reader: Reader, decisionId: string, checklist: Checklist): Promise<void> {
    await reader.query(
      `UPDATE period_decision SET checklist = $2 WHERE decision_id = $1 AND checklist IS NULL AND ${IS_DRAFT}`,
      [decisionId, checklist],
    );
  }

  /** What was found by the latest verification for a close of this month; undefined: there was none. */
  async lastVerified(reader: Reader, month: string): Promise<Verified | undefined> {
    const [row] = await reader.query<{ checklist: Checklist }>(
      `SELECT checklist FROM period_decision WHERE month = $1 AND checklist IS NOT NULL
        ORDER BY checklist ->> 'verifiedAt' DESC LIMIT 1`,
      [month],
    );
    if (!row) return undefined;
    const { verifiedAt, unexplained, unbalanced, unlawful } = row.checklist;
    return { verifiedAt, unexplained, unbalanced, ...(unlawful && { unlawful }) };
  }

  /** In the order in which they were asked for. */
  list(reader: Reader, after: string | undefined, limit: number): Promise<PeriodDecision[]> {
    return reader.query(
      `SELECT ${COLUMNS} FROM period_decision WHERE $1::uuid IS NULL OR decision_id > $1 ORDER BY decision_id LIMIT $2`,
      [after, limit],
    );
  }

  /** All of the checklist that one statement each finds. @param month `YYYY-MM` */
  async openItems(snapshot: Snapshot, month: string): Promise<OpenItems> {
    const end = `(($1 || '-01')::date + interval '1 month')`;
    const listed = async <Row>(sql: string, parameters: unknown[] = [month]): Promise<Listed<Row>> => {
      const [list] = await snapshot.query<Listed<Row>>(
        `WITH item AS (${sql})
         SELECT (SELECT count(*) FROM item) AS count,
                (SELECT coalesce(json_agg(named), '[]') FROM (SELECT * FROM item LIMIT ${NAMED_MAX}) AS named) AS first`,
        parameters,
      );
      return list as Listed<Row>;
    };
    return {
      unsettled: await listed(
        `SELECT sale_id AS "saleId", sale.facility_id AS "facilityId", posted_on AS "postedOn", receivable,
                released_by IS NOT NULL AS released
           FROM sale JOIN journal USING (journal_id)
          WHERE (receivable <> 0 OR released_by IS NULL) AND posted_on < ${end} ORDER BY sale.journal_id`,
      ),
      held: await listed(
        `SELECT hold_id AS reference, hold.facility_id AS "facilityId", subject, amount, posted_on AS "postedOn"
           FROM hold JOIN journal USING (journal_id)
          WHERE cleared_by IS NULL AND subject <> 'assigned' AND posted_on < ${end} ORDER BY position`,
      ),
      suspense: await listed(
        `SELECT account.facility_id AS "facilityId", sum(held.balance) AS balance
           FROM account CROSS JOIN LATERAL balances_on(account_id, (${end} - interval '1 day')::date) AS held
          WHERE owner = 'suspense'
          GROUP BY account_id HAVING sum(held.balance) <> 0 ORDER BY account.facility_id`,
      ),
      deadLetters: await listed(
        `SELECT dead_letter_id AS id, cause AS why FROM dead_letter WHERE resolved_at IS NULL
         UNION ALL SELECT event_id, reason || ': ' || reference FROM refused_event WHERE ${IS_UNRESOLVED} ORDER BY id`,
        [],
      ),
      drafts: await listed(
        `SELECT adjustment_id AS "adjustmentId", facility_id AS "facilityId", reason FROM adjustment
          WHERE ${IS_DRAFT} AND occurred_at AT TIME ZONE 'Asia/Jakarta' < ${end} ORDER BY adjustment_id`,
      ),
      late: await listed(
        `SELECT journal_id AS "journalId", source_reference AS "sourceReference", occurred_at AS "occurredAt"
           FROM chain_head JOIN journal USING (facility_id)
          WHERE posted_on = ($1 || '-01')::date AND (occurred_at AT TIME ZONE 'Asia/Jakarta')::date < posted_on
          ORDER BY journal_id`,
      ),
    };
  }
}
