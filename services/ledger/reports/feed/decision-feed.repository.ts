import { Injectable } from '@nestjs/common';
import { type DataOf, type decisionChanged, PersonId } from '#libs/contracts';
import type { Transaction } from '#libs/database';

type Reader = Pick<Transaction, 'query'>;
type DecisionChanged = DataOf<typeof decisionChanged>;

interface Change {
  readonly number: number;
  readonly table: string;
  readonly key: string;
  readonly changedAt: Date;
}

interface Decision extends Pick<DecisionChanged, 'kind' | 'id' | 'status'> {
  readonly key: string;
  readonly version: number | null;
  readonly facilityId: string | null;
  readonly draftedBy: string | null;
  readonly reviewedBy: string | null;
  readonly decidedBy: string | null;
}

/** Of a table of `libs/decisions`. */
const decided = (drafted = 'created') => `
  CASE WHEN approved_at IS NOT NULL THEN 'approved' WHEN rejected_at IS NOT NULL THEN 'rejected'
       WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE 'draft' END AS status,
  ${drafted}_by AS "draftedBy", NULL AS "reviewedBy", coalesce(approved_by, rejected_by) AS "decidedBy"`;

/** SQL, by table: its rows with these keys, as record_change() has them, and how they stand. */
const decisions: Readonly<Record<string, string>> = {
  adjustment: `
    SELECT adjustment_id AS key, 'adjustment' AS kind, adjustment_id AS id, NULL AS version, facility_id AS "facilityId",
           ${decided()}
      FROM adjustment WHERE adjustment_id = ANY ($1::uuid[])`,
  agreement: `
    SELECT agreement_id || ' ' || version AS key, 'agreement' AS kind, agreement_id AS id, version,
           CASE scope_level WHEN 'facility' THEN scope_id END AS "facilityId", ${decided()}
      FROM agreement WHERE agreement_id || ' ' || version = ANY ($1)`,
  deposit: `
    SELECT deposit_id AS key, 'deposit' AS kind, deposit_id AS id, NULL AS version, facility_id AS "facilityId",
           CASE WHEN confirmed_by IS NULL THEN 'draft' ELSE 'approved' END AS status,
           created_by AS "draftedBy", NULL AS "reviewedBy", confirmed_by AS "decidedBy"
      FROM deposit WHERE deposit_id = ANY ($1::uuid[])`,
  maker_event: `
    SELECT event_id AS key, 'maker-event' AS kind, event_id AS id, NULL AS version, facility_id AS "facilityId",
           ${decided()}
      FROM maker_event WHERE event_id = ANY ($1::uuid[])`,
  payout: `
    SELECT payout_id AS key, 'payout' AS kind, payout_id AS id, NULL AS version, facility_id AS "facilityId",
           CASE status WHEN 'proposed' THEN 'draft' ELSE status END AS status,
           created_by AS "draftedBy", reviewed_by AS "reviewedBy", decided_by AS "decidedBy"
      FROM payout WHERE payout_id = ANY ($1::uuid[])`,
  period_decision: `
    SELECT decision_id AS key, action AS kind, decision_id AS id, NULL AS version, NULL AS "facilityId",
           ${decided('requested')}
      FROM period_decision WHERE decision_id = ANY ($1::uuid[])`,
};

/** Decisions are told by what is recorded of every change of their rows (proof/verification/row-changes.repository.ts). */
@Injectable()
export class DecisionFeedRepository {
  /**
   * The next changes, the last of each row, and the number of the last one; undefined: none, or somebody else tells of
   * them. Nobody else does until the transaction ends.
   */
  async claim(transaction: Reader, limit: number): Promise<{ changes: Change[]; last: number } | undefined> {
    const [position] = await transaction.query<{ number: number }>(
      `SELECT number FROM decision_feed_position WHERE number < (SELECT max(number) FROM row_change)
          FOR UPDATE SKIP LOCKED`,
    );
    if (!position) return undefined;
    const changes = await transaction.query<Change>(
      `SELECT number, "table", key, changed_at AS "changedAt" FROM row_change WHERE number > $1 ORDER BY number LIMIT $2`,
      [position.number, limit],
    );
    const last = new Map(changes.map((change) => [`${change.table} ${change.key}`, change]));
    return { changes: [...last.values()], last: changes.at(-1)?.number ?? position.number };
  }

  /** How the decisions among these rows stand, in the order of their changes. */
  async changed(reader: Reader, changes: readonly Change[]): Promise<DecisionChanged[]> {
    const found = await Promise.all(
      Object.entries(decisions).map(async ([table, sql]) => {
        const keys = changes.filter((change) => change.table === table).map(({ key }) => key);
        const rows = keys.length === 0 ? [] : await reader.query<Decision>(sql, [keys]);
        return rows.map((row) => [`${table} ${row.key}`, row] as const);
      }),
    );
    const rows = new Map(found.flat());
    return [...changes]
      .sort((a, b) => a.number - b.number)
      .flatMap(({ table, key, changedAt }) => {
        const row = rows.get(`${table} ${key}`);
        return row ? [eventData(row, changedAt)] : [];
      });
  }

  async advance(transaction: Reader, last: number): Promise<void> {
    await transaction.query('UPDATE decision_feed_position SET number = $1', [last]);
  }
}

function eventData({ kind, id, version, facilityId, status, ...by }: Decision, changedAt: Date): DecisionChanged {
  return {
    kind,
    id,
    ...(version !== null && { version }),
    ...(facilityId !== null && { facilityId }),
    status,
    changedAt: changedAt.toISOString(),
    ...person('draftedBy', by.draftedBy),
    ...person('reviewedBy', by.reviewedBy),
    ...person('decidedBy', by.decidedBy),
  };
}

/** Not one from before ids had a grammar: it may be a name. */
function person(field: 'draftedBy' | 'reviewedBy' | 'decidedBy', id: string | null) {
  const { value } = id === null ? {} : PersonId.read(id);
  return value === undefined ? {} : { [field]: value };
}
