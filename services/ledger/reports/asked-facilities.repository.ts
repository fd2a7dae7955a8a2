import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope } from '#libs/database';

/** What of the books somebody asks about; what is not said does not limit it. */
export interface AskedFacilities {
  readonly facilityId?: string | undefined;
  readonly region?: string | undefined;
}

@Injectable()
export class AskedFacilitiesRepository {
  constructor(private readonly database: Database) {}

  /** Those that are asked about, as far as they are in the scope and have books. */
  async find({ facilityId, region }: AskedFacilities): Promise<string[]> {
    const rows = await this.database.query<{ facilityId: string }>(
      `SELECT facility_id AS "facilityId" FROM unnest($1::text[]) AS known (facility_id)
        WHERE ($2::text IS NULL OR facility_id = $2)
          AND ($3::text IS NULL OR EXISTS (SELECT FROM facility WHERE facility.facility_id = known.facility_id AND region = $3))
        ORDER BY facility_id COLLATE "C"`,
      [facilitiesInScope() ?? (await this.#all()), facilityId, region],
    );
    return rows.map((row) => row.facilityId);
  }

  async #all(): Promise<string[]> {
    const rows = await this.database.query<{ facilityId: string }>(
      'SELECT facility_id AS "facilityId" FROM chain_head',
    );
    return rows.map((row) => row.facilityId);
  }
}
