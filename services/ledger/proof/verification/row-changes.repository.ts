import type { Transaction } from '#libs/database';
import type { Seal } from '../seals/seal.ts';
import type { Fault } from './verification.ts';

/** Tables of what people and events decided, with their keys. Triggers record every change of their rows. */
const recorded = {
  adjustment: 'adjustment_id::text',
  agreement: "agreement_id || ' ' || version",
  contribution: "lot_id || ' ' || maker_id",
  deposit: 'deposit_id::text',
  maker_event: 'event_id::text',
  payout: 'payout_id::text',
  payout_item: 'item_id::text',
  period_decision: 'decision_id::text',
  refused_event: 'event_id::text',
  refused_event_resolution: 'resolution_id::text',
  sale_dispute: 'dispute_id',
  seal: 'sealed_on::text',
  seal_key: 'number::text',
} satisfies Partial<Record<Fault['table'], string>>;

const ROWS_NAMED_MAX = 10;

/** The end of the chain of changes; undefined: nothing has changed yet. */
export async function lastChange(query: Transaction['query']): Promise<Seal['changes']> {
  const [last] = await query<NonNullable<Seal['changes']>>(
    `SELECT number, encode(hash, 'hex') AS hash FROM row_change ORDER BY row_change.number DESC LIMIT 1`,
  );
  return last;
}

/**
 * Rows that were changed, added or deleted behind the triggers: each against the last change of it that is recorded; and
 * the record itself, a chain of hashes. Computed here, not by functions of the database, which could be changed as well.
 */
export async function* rowChangeFaults(query: Transaction['query']): AsyncGenerator<Fault> {
  await query(`SET LOCAL timezone = 'UTC'`); // instants are written into hashes as text
  yield* await query<Fault>(
    `SELECT 'row_change' AS "table", number::text AS row,
            'is not what was hashed: it or one before it was changed' AS says
       FROM (SELECT *, lag(hash) OVER (ORDER BY number) AS previous, row_number() OVER (ORDER BY number) AS expected
               FROM row_change) AS changes
      WHERE number <> expected
         OR hash <> sha256(coalesce(previous, '') || convert_to(
                      json_build_array(number, "table", key, encode(row_hash, 'hex'), changed_at)::text, 'UTF8'))
      ORDER BY number LIMIT ${ROWS_NAMED_MAX}`,
  );
  yield* await query<Fault>(
    `SELECT 'row_change' AS "table", changes::text AS row, 'is not what was sealed on ' || sealed_on AS says
       FROM seal LEFT JOIN row_change ON row_change.number = changes
      WHERE changes_hash IS DISTINCT FROM row_change.hash AND changes IS NOT NULL
      ORDER BY sealed_on LIMIT ${ROWS_NAMED_MAX}`,
  );
  for (const [table, key] of Object.entries(recorded)) {
    yield* await query<Fault>(
      `SELECT '${table}' AS "table", key AS row,
              CASE WHEN stored IS NULL THEN 'was deleted, and such rows stay'
                   WHEN row_hash IS NULL THEN 'was added and nobody said so'
                   ELSE 'is not as its last change left it' END AS says
         FROM (SELECT DISTINCT ON (key) key, row_hash FROM row_change WHERE "table" = '${table}'
                ORDER BY key, number DESC) AS last
         FULL JOIN (SELECT ${key} AS key, sha256(convert_to(jsonb_strip_nulls(to_jsonb(${table}))::text, 'UTF8')) AS stored
                      FROM ${table}) AS rows USING (key)
        WHERE row_hash IS DISTINCT FROM stored OR stored IS NULL
        ORDER BY key LIMIT ${ROWS_NAMED_MAX}`,
    );
  }
}
