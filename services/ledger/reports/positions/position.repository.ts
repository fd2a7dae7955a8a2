import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import type { FacilityPosition, MakersPosition } from './position.ts';

export interface MakerPosition extends MakersPosition {
  readonly makerId: string;
  readonly facilityId: string;
  readonly frozen: boolean;
  /** Who is paid in the maker's place. */
  readonly payee: string | null;
}

const held = (...purposes: string[]) =>
  `coalesce(sum(balance) FILTER (WHERE purpose IN (${purposes.map((purpose) => `'${purpose}'`).join(', ')})), 0)::bigint`;

/** As `AccountRepository.balancesOf`. */
const OF_MAKERS = `
  -${held('wages-pending')} AS pending,
  (-coalesce(sum(balance) FILTER (WHERE purpose = 'wages'), 0) - coalesce(sum(reserved), 0))::bigint AS available,
  coalesce(sum(reserved), 0)::bigint AS reserved, -${held('savings')} AS savings, ${held('receivable')} AS receivable`;

@Injectable()
export class PositionRepository {
  /** What each of these facilities has and owes; of its makers nothing. */
  async ofFacilities(
    snapshot: Snapshot,
    facilities: readonly string[],
  ): Promise<Map<string, FacilityPosition & { readonly region: string | null }>> {
    const rows = await snapshot.query<FacilityPosition & { facilityId: string; region: string | null }>(
      `SELECT asked.facility AS "facilityId", region, figures.*, since
         FROM unnest($1::text[]) AS asked (facility)
         LEFT JOIN facility ON facility_id = asked.facility
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(balance) FILTER (WHERE starts_with(owner, 'channel:')
                                                 AND purpose IN ('receivable', 'fees', 'shipping')), 0)::bigint AS "channelHeld",
                 ${held('bank')} AS bank, -${held('cost-recovery')} AS "costRecovery", -${held('earnings-pending')} AS pending,
                 (-coalesce(sum(balance + reserved) FILTER (WHERE purpose = 'earnings'), 0))::bigint AS available,
                 -${held('suspense')} AS suspense, -${held('pnbp')} AS owed,
                 coalesce(sum(reserved) FILTER (WHERE purpose = 'pnbp'), 0)::bigint AS billed
            FROM account WHERE account.facility_id = asked.facility) AS figures
        CROSS JOIN LATERAL (${SINCE}) AS oldest`,
      [facilities],
    );
    return new Map(rows.map(({ facilityId, ...figures }) => [facilityId, figures]));
  }

  /** By facility: of all makers who are seated there, wherever they earned it. */
  async ofMakers(snapshot: Snapshot, facilities: readonly string[]): Promise<Map<string, MakersPosition>> {
    const rows = await snapshot.query<MakersPosition & { facilityId: string }>(
      `SELECT "facilityId", count(*) AS count, count(*) FILTER (WHERE available > 0) AS awaiting,
              sum(pending)::bigint AS pending, sum(available)::bigint AS available, sum(reserved)::bigint AS reserved,
              sum(savings)::bigint AS savings, sum(receivable)::bigint AS receivable
         FROM (SELECT maker_seat.facility_id AS "facilityId", ${OF_MAKERS}
                 FROM maker_seat LEFT JOIN account ON owner = 'maker:' || maker_id
                WHERE maker_seat.facility_id = ANY ($1)
                GROUP BY maker_seat.facility_id, maker_id) AS maker
        GROUP BY "facilityId"`,
      [facilities],
    );
    return new Map(rows.map(({ facilityId, ...figures }) => [facilityId, figures]));
  }

  /** Each maker who is seated at these facilities, by id. */
  byMaker(snapshot: Snapshot, facilities: readonly string[], after: string, limit: number): Promise<MakerPosition[]> {
    return snapshot.query(
      `SELECT maker_id AS "makerId", facility_id AS "facilityId", 1 AS count, (available > 0)::int AS awaiting, figures.*, frozen, payee
         FROM (SELECT maker_id, facility_id FROM maker_seat
                WHERE facility_id = ANY ($1) AND maker_id > $2 ORDER BY maker_id LIMIT $3) AS seated
        CROSS JOIN LATERAL (SELECT ${OF_MAKERS} FROM account WHERE owner = 'maker:' || maker_id) AS figures
        CROSS JOIN LATERAL maker_standing(maker_id, (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date) AS standing
        ORDER BY maker_id`,
      [facilities, after, limit],
    );
  }
}

/**
 * SQL: the day from which on what is owed became owed, as deposits pay the oldest first: back from the last day that sold,
 * until so much became owed on the days since.
 */
const SINCE = `
  WITH RECURSIVE day AS (
    SELECT 'infinity'::date AS posted_on, 0::numeric AS became_owed
    UNION ALL
    SELECT earlier.posted_on, became_owed + earlier.state
      FROM day
     CROSS JOIN LATERAL (SELECT posted_on, sum(state) AS state FROM sales_total
                          WHERE facility_id = asked.facility AND dimension = 'channel' AND sales_total.posted_on < day.posted_on
                          GROUP BY posted_on ORDER BY posted_on DESC LIMIT 1) AS earlier
     WHERE became_owed < figures.owed
  )
  SELECT min(posted_on) FILTER (WHERE posted_on < 'infinity') AS since FROM day`;
