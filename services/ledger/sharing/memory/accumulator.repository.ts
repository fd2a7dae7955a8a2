import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Accumulator, AccumulatorChange } from './accumulator.ts';

@Injectable()
export class AccumulatorRepository {
  /**
   * These accumulators; until the transaction ends nobody else depends on them or changes them. Those that are not there
   * are made, so that there is something to hold. All of a batch at once, by key, and before any account.
   */
  async hold(transaction: Transaction, keys: readonly string[]): Promise<Accumulator[]> {
    if (keys.length === 0) return [];
    const sorted = [...new Set(keys)].sort();
    await transaction.query('INSERT INTO accumulator (key) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING', [
      sorted,
    ]);
    return transaction.query(
      'SELECT key, input, taken FROM accumulator WHERE key = ANY ($1) ORDER BY key FOR NO KEY UPDATE',
      [sorted],
    );
  }

  /** Those of these accumulators that there are. */
  async find(reader: Pick<Transaction, 'query'>, keys: readonly string[]): Promise<Accumulator[]> {
    if (keys.length === 0) return [];
    return reader.query('SELECT key, input, taken FROM accumulator WHERE key = ANY ($1)', [keys]);
  }

  /** Of those of these makers who were merged, `maker:{id}` in whose name is remembered. */
  async persons(reader: Pick<Transaction, 'query'>, makers: readonly string[]): Promise<Record<string, string>> {
    if (makers.length === 0) return {};
    const merged = await reader.query<{ maker: string; person: string }>(
      `SELECT 'maker:' || maker_id AS maker, 'maker:' || person_id AS person FROM merged_makers(true)
        WHERE 'maker:' || maker_id = ANY ($1)`,
      [makers],
    );
    return Object.fromEntries(merged.map(({ maker, person }) => [maker, person]));
  }

  /** Adds to accumulators that are held, in this order. */
  async add(
    transaction: Transaction,
    changes: readonly (AccumulatorChange & { readonly journalId: string })[],
  ): Promise<void> {
    if (changes.length === 0) return;
    const written = await transaction.query(
      `WITH sent AS MATERIALIZED (
         SELECT key, journal, input, taken, row_number() OVER running AS number,
                total(input) OVER running AS input_so_far, total(taken) OVER running AS taken_so_far
           FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[])
                  WITH ORDINALITY AS changes (key, journal, input, taken, position)
         WINDOW running AS (PARTITION BY key ORDER BY position ROWS UNBOUNDED PRECEDING)
       ), moved AS (
         UPDATE accumulator
            SET input = accumulator.input + change.input, taken = accumulator.taken + change.taken,
                version = version + entries
           FROM (SELECT key, total(input) AS input, total(taken) AS taken, count(*) AS entries FROM sent GROUP BY key)
                AS change
          WHERE accumulator.key = change.key
         RETURNING accumulator.key, accumulator.input - change.input AS input_before,
                   accumulator.taken - change.taken AS taken_before, version - entries AS version_before
       )
       INSERT INTO accumulator_entry (key, version, journal_id, input_change, taken_change, input, taken)
       SELECT key, version_before + number, journal, input, taken, input_before + input_so_far, taken_before + taken_so_far
         FROM sent JOIN moved USING (key)
       RETURNING key`,
      [
        changes.map(({ key }) => key),
        changes.map(({ journalId }) => journalId),
        changes.map(({ inputChange }) => inputChange),
        changes.map(({ takenChange }) => takenChange),
      ],
    );
    if (written.length !== changes.length) throw new Error(`${written.length} of ${changes.length} would be kept`);
  }
}
