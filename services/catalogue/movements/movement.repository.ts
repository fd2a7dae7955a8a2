import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { noteLotChange } from '../reservations/stock-change.repository.ts';
import type { CountDto, MovementList, WriteOffDto } from './movement.dto.ts';

type Reader = Pick<Transaction, 'query'>;

export interface Pieces {
  /** That can be sold. */
  readonly available: number;
  /** That were made and have gone without any order. */
  readonly missing: number;
}

export interface Movement {
  readonly kind: 'count' | WriteOffDto['kind'];
  /** By how many pieces there are more. */
  readonly quantity: number;
  readonly counted?: CountDto['counted'];
  readonly reason: string;
  /** Person id. */
  readonly by: string;
}

@Injectable()
export class MovementRepository {
  /** Pieces of a lot; nobody takes any until the transaction ends. Undefined: no such lot in the scope. */
  async lock(transaction: Transaction, lotId: string): Promise<Pieces | undefined> {
    const [lot] = await transaction.query<Pieces>(
      'SELECT available, -adjusted AS missing FROM lot WHERE lot_id = $1 FOR UPDATE',
      [lotId],
    );
    return lot;
  }

  /** The lot is locked. */
  async insert(
    transaction: Transaction,
    lotId: string,
    { kind, quantity, counted, reason, by }: Movement,
  ): Promise<void> {
    await transaction.query(
      `INSERT INTO stock_movement (lot_id, number, facility_id, kind, quantity, counted, reason, by)
       SELECT lot_id, (SELECT count(*) + 1 FROM stock_movement AS before WHERE before.lot_id = lot.lot_id), facility_id,
              $2, $3, $4, $5, $6
         FROM lot WHERE lot_id = $1`,
      [lotId, kind, quantity, counted, reason, by],
    );
    await transaction.query('UPDATE lot SET adjusted = adjusted + $2 WHERE lot_id = $1', [lotId, quantity]);
    if (quantity > 0) await transaction.elevated(async () => noteLotChange(transaction, [lotId]));
  }

  /** Undefined: no such lot in the scope. Orders are one line: what they took and gave back again is not kept by lot. */
  async list(reader: Reader, lotId: string): Promise<MovementList | undefined> {
    const [list] = await reader.query<MovementList>(
      `SELECT lot_id AS "lotId", available,
              (SELECT json_agg(json_build_object('kind', kind, 'quantity', quantity, 'counted', counted,
                                                 'reason', reason, 'by', by, 'at', at) ORDER BY place, at, number)
                 FROM (SELECT 1 AS place, 'made' AS kind,
                              coalesce((SELECT first.quantity FROM lot_version AS first
                                         WHERE first.lot_id = lot.lot_id AND first.version = 1), lot.quantity) AS quantity,
                              NULL::int AS counted, NULL AS reason, NULL AS by,
                              NULL::timestamptz AS at, 0 AS number
                       UNION ALL
                       SELECT 2, 'corrected', difference, NULL, ended_because, ended_by, ended_at, 0
                         FROM (SELECT version.*, coalesce(lead(quantity) OVER (ORDER BY version.version), lot.quantity)
                                                 - quantity AS difference
                                 FROM lot_version AS version WHERE version.lot_id = lot.lot_id) AS corrected
                        WHERE difference <> 0
                       UNION ALL
                       SELECT 2, kind, quantity, counted, reason, by, at, number
                         FROM stock_movement AS movement WHERE movement.lot_id = lot.lot_id
                       UNION ALL
                       SELECT 2, 'restocked', quantity, NULL, NULL, NULL, recorded_at, 0 FROM stock_return AS back
                        WHERE back.lot_id = lot.lot_id AND disposition = 'restock'
                       UNION ALL
                       SELECT 3, 'ordered',
                              - lot.taken - (SELECT coalesce(sum(quantity), 0)::int FROM stock_return AS back
                                              WHERE back.lot_id = lot.lot_id AND disposition = 'restock'),
                              NULL, NULL, NULL, NULL, 0) AS line) AS items
         FROM lot WHERE lot_id = $1`,
      [lotId],
    );
    return list;
  }
}
