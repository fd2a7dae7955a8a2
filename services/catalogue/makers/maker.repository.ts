import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope } from '#libs/database';
import type { MakerView } from './maker.dto.ts';

@Injectable()
export class MakerRepository {
  constructor(private readonly database: Database) {}

  /** Makers by pseudonym, after the one given. */
  list(facilityId: string | undefined, after: string, limit: number): Promise<MakerView[]> {
    return this.database.query(
      `SELECT maker_id AS "makerId", facility_id AS "facilityId"
         FROM maker
        WHERE maker_id > $1 AND ($3::text[] IS NULL OR facility_id = ANY ($3)) AND ($4::text IS NULL OR facility_id = $4)
        ORDER BY maker_id LIMIT $2`,
      [after, limit, facilitiesInScope(), facilityId],
    );
  }

  /** In the scope. */
  async isKnown(makerId: string): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT FROM maker WHERE maker_id = $1 AND ($2::text[] IS NULL OR facility_id = ANY ($2))',
      [makerId, facilitiesInScope()],
    );
    return rows.length > 0;
  }
}
