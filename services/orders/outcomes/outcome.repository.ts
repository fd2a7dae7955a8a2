import { Injectable } from '@nestjs/common';
import { type Event, type OutcomeTold, orderIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';

/** An outcome as it is kept: the event, and its place among those of its channel. */
export interface StoredOutcome {
  readonly position: number;
  readonly outcomeId: string;
  readonly toldAt: Date;
  readonly outcome: OutcomeTold;
}

interface Row extends Pick<StoredOutcome, 'position' | 'outcomeId' | 'toldAt'> {
  readonly number: number;
  readonly told: Omit<OutcomeTold, 'number'>;
}

@Injectable()
export class OutcomeRepository {
  /** Keeps outcomes of claimed orders. @returns them as they are told: each is the next of its order */
  async add(transaction: Transaction, drafts: readonly Event<OutcomeTold>[]): Promise<Event<OutcomeTold>[]> {
    if (drafts.length === 0) return [];
    const rows = await transaction.query<{ outcomeId: string; number: number }>(
      `INSERT INTO outcome (order_id, number, outcome_id, told_at, told)
       SELECT order_id,
              coalesce((SELECT max(number) FROM outcome WHERE outcome.order_id = draft.order_id), 0)
                + row_number() OVER (PARTITION BY order_id ORDER BY place),
              outcome_id, told_at, told
         FROM unnest($1::text[], $2::uuid[], $3::timestamptz[], string_to_array($4, E'\\n')::json[]) WITH ORDINALITY
           AS draft (order_id, outcome_id, told_at, told, place)
        ORDER BY place
       RETURNING outcome_id AS "outcomeId", number`,
      [
        drafts.map(({ data }) => orderIdOf(data)),
        drafts.map(({ id }) => id),
        drafts.map(({ time }) => time),
        drafts.map(({ data: { number: _, ...told } }) => JSON.stringify(told)).join('\n'),
      ],
    );
    const numbers = new Map(rows.map(({ outcomeId, number }) => [outcomeId, number]));
    return drafts.map((draft) => ({ ...draft, data: { ...draft.data, number: numbers.get(draft.id) as number } }));
  }

  /**
   * Outcomes of a channel after a position, those that have none yet as well: they get theirs now that they are
   * committed, so none ever appears before one that was read.
   * @param transaction has locked the channel
   */
  async take(transaction: Transaction, channel: string, after: number, limit: number): Promise<StoredOutcome[]> {
    await transaction.query(
      `UPDATE outcome SET position = numbered.position
         FROM (SELECT order_id, number, last.position + row_number() OVER (ORDER BY seq) AS position
                 FROM (SELECT coalesce(max(position), 0) AS position FROM outcome
                        WHERE channel = $1 AND position IS NOT NULL) AS last
                CROSS JOIN LATERAL (SELECT order_id, number, seq FROM outcome
                                     WHERE channel = $1 AND position IS NULL ORDER BY seq LIMIT $2) AS news) AS numbered
        WHERE outcome.order_id = numbered.order_id AND outcome.number = numbered.number`,
      [channel, limit],
    );
    const rows = await transaction.query<Row>(
      `SELECT position, outcome_id AS "outcomeId", told_at AS "toldAt", number, told
         FROM outcome WHERE channel = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [channel, after, limit],
    );
    return rows.map(({ number, told, ...row }) => ({ ...row, outcome: { ...told, number } }));
  }
}
