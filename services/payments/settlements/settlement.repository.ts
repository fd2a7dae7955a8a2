import { Injectable } from '@nestjs/common';
import type { SettlementConfirmed } from '#libs/contracts';
import type { Transaction } from '#libs/database';

@Injectable()
export class SettlementRepository {
  /** Keeps a report's line, once. @returns conflict: another one has this reference */
  async add(
    transaction: Transaction,
    settlement: SettlementConfirmed,
  ): Promise<'confirmed' | 'duplicate' | 'conflict'> {
    const { settlementId, orderId } = settlement;
    const added = await transaction.query(
      `INSERT INTO settlement (settlement_id, order_id, content) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [settlementId, orderId, settlement],
    );
    if (added.length > 0) return 'confirmed';
    const [known] = await transaction.query<{ isSame: boolean }>(
      'SELECT content = $2::jsonb AS "isSame" FROM settlement WHERE settlement_id = $1',
      [settlementId, settlement],
    );
    return known?.isSame ? 'duplicate' : 'conflict';
  }
}
