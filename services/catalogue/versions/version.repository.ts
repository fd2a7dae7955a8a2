import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import type { VersionView } from './version.dto.ts';

const CONTRIBUTIONS = `(SELECT coalesce(jsonb_agg(jsonb_build_object('makerId', maker_id, 'value', trim_scale(value)::text)
                                         ORDER BY maker_id), '[]')
    FROM contribution WHERE contribution.lot_id = lot.lot_id)`;

@Injectable()
export class VersionRepository {
  constructor(private readonly database: Database) {}

  /** Of a lot in the scope, the last first; else none. */
  list(lotId: string): Promise<VersionView[]> {
    return this.database.query(
      `SELECT version, quantity, unit_cost AS "unitCost", made_on AS "madeOn", measure, ${CONTRIBUTIONS} AS contributions,
              NULL AS "endedBy", NULL AS "endedBecause", NULL::timestamptz AS "endedAt"
         FROM lot WHERE lot_id = $1
       UNION ALL
       SELECT version, quantity, unit_cost, made_on, measure, contributions, ended_by, ended_because, ended_at
         FROM lot_version WHERE lot_id = $1
        ORDER BY version DESC`,
      [lotId],
    );
  }
}

/**
 * Lots are about to be corrected: what they are is kept, and they have the next version.
 * @param by person id @param because null: their makers were found
 */
export async function beginVersions(
  transaction: Pick<Transaction, 'query'>,
  lotIds: readonly string[],
  by: string,
  because: string | null,
): Promise<void> {
  if (lotIds.length === 0) return;
  await transaction.query(
    `INSERT INTO lot_version
       (lot_id, version, facility_id, quantity, unit_cost, made_on, measure, contributions, ended_by, ended_because)
     SELECT lot_id, version, facility_id, quantity, unit_cost, made_on, measure, ${CONTRIBUTIONS}, $2, $3
       FROM lot WHERE lot_id = ANY ($1)`,
    [lotIds, by, because],
  );
  await transaction.query('UPDATE lot SET version = version + 1 WHERE lot_id = ANY ($1)', [lotIds]);
}
