import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import type { FacilityView } from './facility.dto.ts';

@Injectable()
export class FacilityRepository {
  constructor(private readonly database: Database) {}

  /** @returns those that others have not been told as they are, which counts as done with this transaction */
  markTold(transaction: Transaction): Promise<{ facilityId: string; region: string }[]> {
    return transaction.query(
      `INSERT INTO facility_told
       SELECT facility_id, region FROM facility
        WHERE NOT EXISTS (SELECT FROM facility_told AS told
                           WHERE told.facility_id = facility.facility_id AND told.region = facility.region)
        ORDER BY facility_id
       ON CONFLICT (facility_id) DO UPDATE SET region = excluded.region
       RETURNING facility_id AS "facilityId", region`,
    );
  }

  /** Facilities by id, after the one given. */
  list(after: string, limit: number): Promise<FacilityView[]> {
    return this.database.query(
      `SELECT facility_id AS "facilityId", name, type, class, region, timezone
       FROM facility WHERE facility_id > $1 ORDER BY facility_id LIMIT $2`,
      [after, limit],
    );
  }
}
