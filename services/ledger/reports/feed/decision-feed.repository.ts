import { Injectable } from '@nestjs/common';
import { PersonId } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { type Decision, type DecisionChanged, decisions } from './decisions.ts';

type Reader = Pick<Transaction, 'query'>;

interface Change {
  readonly number: number;
  readonly table: string;
  readonly key: string;
  readonly changedAt: Date;
}

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
