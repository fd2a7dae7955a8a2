import { Injectable } from '@nestjs/common';
import type { Event, SettlementConfirmed } from '#libs/contracts';
import type { Transaction } from '#libs/database';

@Injectable()
export class SettlementRepository {
  /** One that is there already is the same: payments confirms each once. */
  add(transaction: Transaction, events: readonly Event<SettlementConfirmed>[]): void {
    if (events.length === 0) return;
    transaction.write(
      `INSERT INTO settlement (settlement_id, order_id, content)
       SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS settlement (settlement_id, order_id, content)
        ORDER BY settlement_id
       ON CONFLICT DO NOTHING`,
      [
        events.map(({ data }) => data.settlementId),
        events.map(({ data }) => data.orderId),
        events.map(({ data }) => JSON.stringify(data)),
      ],
    );
  }

  async find(
    reader: Pick<Transaction, 'query'>,
    settlementIds: readonly string[],
  ): Promise<Map<string, SettlementConfirmed>> {
    const rows = await reader.query<{ content: SettlementConfirmed }>(
      'SELECT content FROM settlement WHERE settlement_id = ANY ($1::text[])',
      [settlementIds],
    );
    return new Map(rows.map(({ content }) => [content.settlementId, content]));
  }

  async ofOrder(reader: Pick<Transaction, 'query'>, orderId: string): Promise<SettlementConfirmed[]> {
    const rows = await reader.query<{ content: SettlementConfirmed }>(
      'SELECT content FROM settlement WHERE order_id = $1 ORDER BY settlement_id',
      [orderId],
    );
    return rows.map(({ content }) => content);
  }
}
