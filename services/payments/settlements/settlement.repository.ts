import { Injectable } from '@nestjs/common';
import { type ChannelCharged, canonical, type SettlementConfirmed, type WalletWithdrawn } from '#libs/contracts';
import type { Transaction } from '#libs/database';

/** A line of a report as it is kept: of an order, what its channel took or gave beside them, or what left its wallet. */
export type ReportedLine = SettlementConfirmed | ReportedCharge | ReportedWithdrawal;

/** Its reference stands where an order's would. */
export interface ReportedCharge extends ChannelCharged {
  readonly settlementId: string;
  readonly orderId: string;
}

/** So does its. */
export interface ReportedWithdrawal extends WalletWithdrawn {
  readonly settlementId: string;
  readonly orderId: string;
}

@Injectable()
export class SettlementRepository {
  /** Keeps a report's line, once. @returns conflict: another one has this reference */
  async add(
    transaction: Transaction,
    settlement: SettlementConfirmed,
  ): Promise<'confirmed' | 'duplicate' | 'conflict'> {
    const added = (await this.addAll(transaction, [settlement])).get(settlement);
    return added === 'taken' ? 'confirmed' : (added ?? 'duplicate');
  }

  /**
   * Keeps lines of reports, each once, in one statement; of those of one reference the first.
   * @param contentOf what may not change under a reference
   * @returns conflict: one with another content has its reference
   */
  async addAll<Line extends ReportedLine>(
    transaction: Transaction,
    settlements: readonly Line[],
    contentOf: (line: Line) => string = canonical,
  ): Promise<Map<Line, 'taken' | 'duplicate' | 'conflict'>> {
    if (settlements.length === 0) return new Map();
    const first = new Map(settlements.toReversed().map((each) => [each.settlementId, each]));
    const added = await transaction.query<{ settlementId: string }>(
      `INSERT INTO settlement (settlement_id, order_id, content)
       SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS line (settlement_id, order_id, content)
        ORDER BY settlement_id
       ON CONFLICT DO NOTHING RETURNING settlement_id AS "settlementId"`,
      [
        [...first.keys()],
        [...first.values()].map(({ orderId }) => orderId),
        [...first.values()].map((each) => JSON.stringify(each)),
      ],
    );
    const isNew = new Set(added.map(({ settlementId }) => settlementId));
    const others = settlements.filter((each) => !isNew.has(each.settlementId) || first.get(each.settlementId) !== each);
    const known = await this.#known<Line>(transaction, others);
    return new Map(
      settlements.map((each) => {
        if (!others.includes(each)) return [each, 'taken'];
        const before = known.get(each.settlementId);
        return [each, before && contentOf(before) === contentOf(each) ? 'duplicate' : 'conflict'];
      }),
    );
  }

  async #known<Line extends ReportedLine>(
    transaction: Transaction,
    settlements: readonly Line[],
  ): Promise<Map<string, Line>> {
    if (settlements.length === 0) return new Map();
    const rows = await transaction.query<{ content: Line }>(
      'SELECT content FROM settlement WHERE settlement_id = ANY ($1::text[])',
      [settlements.map(({ settlementId }) => settlementId)],
    );
    return new Map(rows.map(({ content }) => [content.settlementId, content]));
  }

  /** Those of these orders that their channel has reported as settled. */
  async settledOrders(transaction: Transaction, orderIds: readonly string[]): Promise<Set<string>> {
    const rows = await transaction.query<{ orderId: string }>(
      `SELECT DISTINCT order_id AS "orderId" FROM settlement
        WHERE order_id = ANY ($1::text[]) AND coalesce(content ->> 'settles', 'all') = 'all'`,
      [orderIds],
    );
    return new Set(rows.map(({ orderId }) => orderId));
  }
}
