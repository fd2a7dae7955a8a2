import { Injectable } from '@nestjs/common';
import { Database, rowAccess } from '#libs/database';

/** Which facilities a region has: the catalogue's own table, and the one that others keep by what it tells. */
@Injectable()
export class FacilityRegions {
  constructor(private readonly database: Database) {}

  async facilitiesOf(regions: readonly string[]): Promise<string[]> {
    const rows = await rowAccess.run({ scope: 'all' }, () =>
      this.database.query<{ facility_id: string }>('SELECT facility_id FROM facility WHERE region = ANY ($1)', [
        regions,
      ]),
    );
    return rows.map(({ facility_id }) => facility_id);
  }
}
