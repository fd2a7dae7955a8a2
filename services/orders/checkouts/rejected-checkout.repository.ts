import { Injectable } from '@nestjs/common';
import {
  Checkout,
  ClosedDispute,
  DeliveredUnits,
  DisputedUnits,
  knownPart,
  RefundRequest,
  ShippedUnits,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';

/** What a marketplace says something of. */
export type SaidOf = keyof typeof CONTRACTS;

/** What a marketplace sent and we could not take. */
export interface RejectedCheckout {
  /** Who sent it: as a rule the channel of the order. */
  readonly channel: string;
  readonly orderId: string;
  readonly type: SaidOf;
  readonly reason: 'invalid' | 'conflict' | 'wrong-channel';
  readonly detail: string;
  /** As it came; only what the contracts know of it is kept. */
  readonly content: unknown;
}

export interface StoredRejection extends RejectedCheckout {
  readonly rejectionId: string;
  readonly receivedAt: Date;
}

const CONTRACTS = {
  checkout: Checkout,
  refund: RefundRequest,
  cancellation: RefundRequest,
  shipment: ShippedUnits,
  delivery: DeliveredUnits,
  dispute: DisputedUnits,
  'dispute-closing': ClosedDispute,
};

@Injectable()
export class RejectedCheckoutRepository {
  async add(transaction: Transaction, rejections: readonly RejectedCheckout[]): Promise<void> {
    if (rejections.length === 0) return;
    await transaction.query(
      `INSERT INTO rejected_checkout (rejection_id, channel, order_id, type, reason, detail, content)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::json[])`,
      [
        rejections.map(() => newId()),
        rejections.map(({ channel }) => channel),
        rejections.map(({ orderId }) => orderId),
        rejections.map(({ type }) => type),
        rejections.map(({ reason }) => reason),
        rejections.map(({ detail }) => detail),
        rejections.map(({ type, content }) => JSON.stringify(knownPart(CONTRACTS[type], content))),
      ],
    );
  }

  /** Newest first, from before one of them on. */
  async list(
    reader: Pick<Transaction, 'query'>,
    { before, channels }: { before: string | undefined; channels: readonly string[] | null },
    limit: number,
  ): Promise<StoredRejection[]> {
    return reader.query<StoredRejection>(
      `SELECT rejection_id AS "rejectionId", channel, order_id AS "orderId", type, reason, detail, content,
              received_at AS "receivedAt"
         FROM rejected_checkout
        WHERE ($1::uuid IS NULL OR rejection_id < $1) AND ($3::text[] IS NULL OR channel = ANY ($3))
        ORDER BY rejection_id DESC LIMIT $2`,
      [before, limit, channels],
    );
  }
}
