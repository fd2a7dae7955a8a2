import { Injectable } from '@nestjs/common';
import { Database, elevated, type Transaction } from '#libs/database';

/** Which facilities a region has: the catalogue's own table, and the one that others keep by what it tells. */
@Injectable()
export class FacilityRegions {
  constructor(private readonly database: Database) {}

  async facilitiesOf(regions: readonly string[]): Promise<string[]> {
    const rows = await elevated(() =>
      this.database.query<{ facility_id: string }>('SELECT facility_id FROM facility WHERE region = ANY ($1)', [
        regions,
      ]),
    );
    return rows.map(({ facility_id }) => facility_id);
  }

  /** The last one told of a facility counts. */
  async save(
    transaction: Transaction,
    facilities: readonly { readonly facilityId: string; readonly region: string }[],
  ): Promise<void> {
    const last = new Map(facilities.map(({ facilityId, region }) => [facilityId, region]));
    const sorted = [...last].sort(([one], [other]) => (one < other ? -1 : 1)); // concurrent batches wait, never deadlock
    await transaction.query(
      `INSERT INTO facility (facility_id, region) SELECT * FROM unnest($1::text[], $2::text[])
       ON CONFLICT (facility_id) DO UPDATE SET region = excluded.region`,
      [sorted.map(([facilityId]) => facilityId), sorted.map(([, region]) => region)],
    );
  }
}
