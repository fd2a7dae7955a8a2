import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import type { RecordedLot } from '../import/catalogue-rows.ts';
import { noteLotChange } from '../reservations/stock-change.repository.ts';
import { beginVersions } from '../versions/version.repository.ts';
import type { LotQuery, LotView } from './lot.dto.ts';

const LOT = `lot_id AS "lotId", version, sku, facility_id AS "facilityId", quantity, available,
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
          AND ($7::boolean IS NULL OR $7 = (available > 0))
          AND ($8::date IS NULL OR made_on >= $8) AND ($9::date IS NULL OR made_on <= $9)
        ORDER BY ${by} LIMIT $3`,
      [after, sku, limit, facilitiesInScope(), facilityId, recorded, available, from, to],
    );
  }

  async find(reader: Pick<Transaction, 'query'>, lotId: string): Promise<LotView | undefined> {
    const [lot] = await reader.query<LotView>(`SELECT ${LOT} FROM lot WHERE lot_id = $1`, [lotId]);
    return lot;
  }

  /** The same; nobody takes anything of it until the transaction ends. */
  async lock(transaction: Transaction, lotId: string): Promise<LotView | undefined> {
    await transaction.query('SELECT FROM lot WHERE lot_id = $1 FOR UPDATE', [lotId]);
    return this.find(transaction, lotId);
  }

  /** It is what this says from now on. @param by person id */
  async correct(transaction: Transaction, lot: RecordedLot, by: string, because: string): Promise<void> {
    const { lot_id, facility_id, quantity, unit_cost, made_on, measure, contributions } = lot;
    await beginVersions(transaction, [lot_id], by, because);
    await transaction.query(
      'UPDATE lot SET quantity = $2, unit_cost = $3, made_on = $4, measure = $5 WHERE lot_id = $1',
      [lot_id, quantity, unit_cost, made_on, measure],
    );
    await transaction.query('DELETE FROM contribution WHERE lot_id = $1', [lot_id]);
    await transaction.query(
      `INSERT INTO contribution (lot_id, facility_id, maker_id, value)
       SELECT $1, $2, * FROM unnest($3::text[], $4::numeric[])`,
      [lot_id, facility_id, [...contributions.keys()], [...contributions.values()]],
    );
    await transaction.elevated(async () => noteLotChange(transaction, [lot_id]));
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
