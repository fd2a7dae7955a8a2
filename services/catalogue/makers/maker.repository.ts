import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { MakerView } from './maker.dto.ts';

@Injectable()
export class MakerRepository {
  constructor(private readonly database: Database) {}

  /** Makers by pseudonym, after the one given. */
  list(after: string, limit: number): Promise<MakerView[]> {
    return this.database.query(
      `SELECT maker_id AS "makerId", facility_id AS "facilityId"
       FROM maker WHERE maker_id > $1 ORDER BY maker_id LIMIT $2`,
      [after, limit],
    );
  }
}
