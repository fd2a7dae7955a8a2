import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import type { LotQuery, LotView } from './lot.dto.ts';

const LOT = `lot_id AS "lotId", sku, facility_id AS "facilityId", quantity, quantity - taken AS available,
  unit_cost AS "unitCost", made_on AS "madeOn", measure,
  (SELECT coalesce(json_agg(json_build_object('makerId', maker_id, 'value', trim_scale(value)::text) ORDER BY maker_id), '[]')
     FROM contribution WHERE contribution.lot_id = lot.lot_id) AS contributions`;

/** SQL, by order: what comes after the lot of this id, and what it is ordered by. */
const ORDERS: Readonly<Record<LotQuery['order'], readonly [behind: string, by: string]>> = {
  id: ['lot_id > $1', 'lot_id'],
  newest: [
    '(made_on, lot_id) < ((SELECT made_on FROM lot AS last WHERE last.lot_id = $1), $1)',
    'made_on DESC, lot_id DESC',
  ],
};

@Injectable()
export class LotRepository {
  constructor(private readonly database: Database) {}

  /** Lots in their order, after the one given. */
  list(
    { sku, facilityId, recorded, available, from, to, order }: Omit<LotQuery, 'cursor' | 'limit'>,
    after: string | undefined,
    limit: number,
  ): Promise<LotView[]> {
    const [behind, by] = ORDERS[order];
    return this.database.query(
      `SELECT ${LOT} FROM lot
        WHERE ($1::text IS NULL OR ${behind}) AND ($2::text IS NULL OR sku = $2)
          AND ($4::text[] IS NULL OR facility_id = ANY ($4))
          AND ($5::text IS NULL OR facility_id = $5)
          AND ($6::boolean IS NULL OR $6 = EXISTS (SELECT FROM contribution WHERE contribution.lot_id = lot.lot_id))
          AND ($7::boolean IS NULL OR $7 = (quantity > taken))
          AND ($8::date IS NULL OR made_on >= $8) AND ($9::date IS NULL OR made_on <= $9)
        ORDER BY ${by} LIMIT $3`,
      [after, sku, limit, facilitiesInScope(), facilityId, recorded, available, from, to],
    );
  }

  async find(reader: Pick<Transaction, 'query'>, lotId: string): Promise<LotView | undefined> {
    const [lot] = await reader.query<LotView>(`SELECT ${LOT} FROM lot WHERE lot_id = $1`, [lotId]);
    return lot;
  }

  /** Where a product is made; undefined: there is none. */
  async facilityOf(reader: Pick<Transaction, 'query'>, sku: string): Promise<string | undefined> {
    const [product] = await reader.query<{ facilityId: string }>(
      'SELECT facility_id AS "facilityId" FROM product WHERE sku = $1',
      [sku],
    );
    return product?.facilityId;
  }
}
