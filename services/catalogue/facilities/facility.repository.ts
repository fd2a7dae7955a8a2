import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { FacilityView } from './facility.dto.ts';

@Injectable()
export class FacilityRepository {
  constructor(private readonly database: Database) {}

  /** Facilities by id, after the one given. */
  list(after: string, limit: number): Promise<FacilityView[]> {
    return this.database.query(
      `SELECT facility_id AS "facilityId", name, type, class, region, timezone
       FROM facility WHERE facility_id > $1 ORDER BY facility_id LIMIT $2`,
      [after, limit],
    );
  }
}
