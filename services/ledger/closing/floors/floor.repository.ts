import { Injectable } from '@nestjs/common';
import type { contributionsRecorded, DataOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { Rupiah } from '#libs/money';
import { type ChainEnds, columnsOf, journalsAfter } from '../../books/chain/chain-ends.repository.ts';
import { STORED_CLOSES } from '../../books/journals/kind.ts';
import type { Close } from '../../decisions/closes/close.ts';

/** A maker's last contribution of a month. */
export interface Contributor {
  readonly makerId: string;
  readonly facilityId: string;
  readonly region: string | null;
}

export interface PremiAtFacility {
  readonly facilityId: string;
  readonly makerId: string;
  readonly premi: Rupiah;
}

@Injectable()
export class FloorRepository {
  async record(transaction: Transaction, lots: readonly DataOf<typeof contributionsRecorded>[]): Promise<void> {
    const rows = lots.flatMap(({ makerIds, ...lot }) => makerIds.map((makerId) => ({ ...lot, makerId })));
    await transaction.query(
      `INSERT INTO contribution (lot_id, maker_id, facility_id, region, recorded_at)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
       ON CONFLICT DO NOTHING`,
      [
        rows.map(({ lotId }) => lotId),
        rows.map(({ makerId }) => makerId),
        rows.map(({ facilityId }) => facilityId),
        rows.map(({ region }) => region),
        rows.map(({ recordedAt }) => recordedAt),
      ],
    );
  }

  /**
   * Makers with a contribution recorded in the month, by the catalogue or by an adjustment, whom no earlier close of the
   * month has looked at; by id. Those who were merged are one person.
   */
  contributors(transaction: Transaction, { month, lastDay }: Close): Promise<Contributor[]> {
    return transaction.query(
      `WITH merged AS (SELECT * FROM merged_makers(false)), made AS (
         SELECT maker_id, facility_id, region, recorded_at, lot_id FROM contribution
         UNION ALL
         SELECT made ->> 'makerId', facility_id, NULL, occurred_at, content ->> 'lotId'
           FROM adjustment, jsonb_array_elements(content -> 'contributions') AS made
          WHERE type = 'contributions' AND approved_by IS NOT NULL
       ), recorded AS (
         SELECT coalesce(person_id, maker_id) COLLATE "C" AS maker_id, facility_id, region, recorded_at, lot_id
           FROM made LEFT JOIN merged USING (maker_id)
       ), guaranteed AS (
         SELECT coalesce(person_id, maker ->> 'makerId') AS maker_id
           FROM journal CROSS JOIN json_array_elements(source -> 'makers') AS maker
           LEFT JOIN merged ON merged.maker_id = maker ->> 'makerId'
          WHERE kind IN (${STORED_CLOSES}) AND posted_on = $2::date AND source ->> 'closing' = 'floor' AND source ->> 'month' = $1
       )
       SELECT DISTINCT ON (maker_id) maker_id AS "makerId", facility_id AS "facilityId", region
         FROM recorded
        WHERE recorded_at >= date_trunc('month', $2::timestamp) AT TIME ZONE 'Asia/Jakarta'
          AND recorded_at < ($2::timestamp + interval '1 day') AT TIME ZONE 'Asia/Jakarta'
          AND NOT EXISTS (SELECT FROM guaranteed WHERE guaranteed.maker_id = recorded.maker_id)
        ORDER BY maker_id, recorded_at DESC, lot_id DESC`,
      [month, lastDay],
    );
  }

  /**
   * Premi of sales of the month, of those facilities or of all: what stands behind credits of their lines, before own
   * steps, less refunds.
   */
  premi(transaction: Transaction, { lastDay }: Close, facilityIds?: readonly string[]): Promise<PremiAtFacility[]> {
    return transaction.query(
      `WITH RECURSIVE leaf AS (
         SELECT journal.facility_id, credit
           FROM journal JOIN sale_line ON sale_id = source_reference, jsonb_array_elements(credits) AS credit
          WHERE kind = 'sale' AND posted_on BETWEEN date_trunc('month', $1::date) AND $1
            AND ($2::text[] IS NULL OR journal.facility_id = ANY ($2))
         UNION ALL
         SELECT facility_id, part FROM leaf, jsonb_array_elements(credit -> 'parts') AS part
       ), innermost AS (
         SELECT facility_id, coalesce(credit ->> 'maker', substring(credit ->> 'name' FROM '^maker:[^:]+')) AS maker,
                (credit ->> 'amount')::bigint - (credit ->> 'reversed')::bigint AS amount
           FROM leaf WHERE credit -> 'parts' = '[]'
       )
       SELECT facility_id AS "facilityId", substring(maker FROM 7) AS "makerId", sum(amount)::bigint AS premi
         FROM innermost WHERE maker IS NOT NULL GROUP BY 1, 2`,
      [lastDay, facilityIds],
    );
  }

  /** Facilities of whose sales of the month journals after these ends of chains tell. */
  async sellingSince(transaction: Transaction, { lastDay }: Close, after: ChainEnds): Promise<string[]> {
    const rows = await transaction.query<{ facilityId: string }>(
      `SELECT DISTINCT sold.facility_id AS "facilityId"
         FROM ${journalsAfter('$2', '$3')}
        CROSS JOIN LATERAL (SELECT facility_id FROM journal AS sold
                             WHERE sold.journal_id IN (journal.journal_id, journal.reverses) AND kind = 'sale'
                               AND posted_on BETWEEN date_trunc('month', $1::date) AND $1
                            OFFSET 0) AS sold`,
      [lastDay, ...columnsOf(after)],
    );
    return rows.map(({ facilityId }) => facilityId);
  }

  /** Of makers who were merged, who survives. */
  async persons(transaction: Transaction): Promise<Map<string, string>> {
    const rows = await transaction.query<{ makerId: string; personId: string }>(
      'SELECT maker_id AS "makerId", person_id AS "personId" FROM merged_makers(false)',
    );
    return new Map(rows.map(({ makerId, personId }) => [makerId, personId]));
  }
}
