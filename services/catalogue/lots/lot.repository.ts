import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope } from '#libs/database';
import type { LotView } from './lot.dto.ts';

@Injectable()
export class LotRepository {
  constructor(private readonly database: Database) {}

  /** Lots by id, after the one given; of one product, or of all. */
  list(sku: string | undefined, after: string, limit: number): Promise<LotView[]> {
    return this.database.query(
      `SELECT lot_id AS "lotId", sku, facility_id AS "facilityId", quantity, quantity - taken AS available,
              unit_cost AS "unitCost", made_on AS "madeOn", measure,
              (SELECT coalesce(json_agg(json_build_object('makerId', maker_id, 'value', trim_scale(value)::text)
                                         ORDER BY maker_id), '[]')
               FROM contribution WHERE contribution.lot_id = lot.lot_id) AS contributions
       FROM lot
       WHERE lot_id > $1 AND ($2::text IS NULL OR sku = $2) AND ($4::text[] IS NULL OR facility_id = ANY ($4))
       ORDER BY lot_id LIMIT $3`,
      [after, sku ?? null, limit, facilitiesInScope()],
    );
  }
}
