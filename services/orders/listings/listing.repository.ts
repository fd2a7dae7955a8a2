import { Injectable } from '@nestjs/common';
import type { Checkout } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { type ChannelSet, ChannelSetRepository } from '../channels/channel-set.repository.ts';
import { type Listing, type Listings, listingsOf } from '../channels/listing.ts';
import type { Terms } from '../channels/terms.ts';
import type { OrderLine } from '../orders/order-lines.ts';

type Reader = Pick<Transaction, 'query'>;

/** An order whose goods are not reserved. */
export interface UnreservedOrder {
  readonly orderId: string;
  readonly correlationId: string;
  readonly lines: readonly OrderLine[];
  readonly store: string | null;
  readonly unclassified: Checkout | null;
  readonly terms: Terms | null;
}

/** By which set of a channel its orders that wait are to be looked at again. */
interface Relisting {
  readonly channelId: string;
  readonly version: number;
  /** Whoever has not seen the set in force has a transaction of an id below this one. */
  readonly seenBy: string;
}

@Injectable()
export class ListingRepository extends ChannelSetRepository<Listing> {
  constructor() {
    super('listing_set', 'listings');
  }

  protected override async putInForce(
    transaction: Transaction,
    { channelId, version }: ChannelSet<Listing>,
  ): Promise<void> {
    await transaction.query('DELETE FROM listing WHERE channel_id = $1', [channelId]);
    await transaction.query(
      `INSERT INTO listing (channel_id, channel_sku, store, sku, fee_class)
       SELECT channel_id, listed."channelSku", listed.store, listed.sku, listed."feeClass"
         FROM listing_set, jsonb_to_recordset(listings) AS listed (store text, "channelSku" text, sku text, "feeClass" text)
        WHERE channel_id = $1 AND version = $2`,
      [channelId, version],
    );
    await transaction.query('UPDATE channel SET listings_version = $2 WHERE channel_id = $1', [channelId, version]);
  }

  /** The listings in force of a channel, of these SKUs. */
  async inForce(reader: Reader, channelId: string, channelSkus: readonly string[]): Promise<Listings> {
    const rows = await reader.query<Omit<Listing, 'feeClass'> & { feeClass: string | null }>(
      `SELECT store, channel_sku AS "channelSku", sku, fee_class AS "feeClass"
         FROM listing WHERE channel_id = $1 AND channel_sku = ANY ($2)`,
      [channelId, channelSkus],
    );
    return listingsOf(rows.map(({ feeClass, ...row }) => ({ ...row, ...(feeClass !== null && { feeClass }) })));
  }

  async nextRelisting(reader: Reader): Promise<Relisting | undefined> {
    const [next] = await reader.query<Relisting>(
      `SELECT channel_id AS "channelId", listings_version AS version, pg_current_xact_id()::text AS "seenBy"
         FROM channel WHERE listings_version IS DISTINCT FROM relisted_version ORDER BY channel_id LIMIT 1`,
    );
    return next;
  }

  /** Whether the transactions of ids below this one are over, whichever way. */
  async areOver(reader: Reader, transactionId: string): Promise<boolean> {
    const running = await reader.query('SELECT WHERE pg_snapshot_xmin(pg_current_snapshot()) < $1::xid8', [
      transactionId,
    ]);
    return running.length === 0;
  }

  async endRelisting(reader: Reader, { channelId, version }: Relisting): Promise<void> {
    await reader.query('UPDATE channel SET relisted_version = $2 WHERE channel_id = $1', [channelId, version]);
  }

  /** Orders of a channel that may wait for goods, by id, after one of them. */
  async mayWait(reader: Reader, channelId: string, after: string, limit: number): Promise<string[]> {
    const rows = await reader.query<{ order_id: string }>(
      `SELECT order_id FROM order_process
        WHERE open AND order_id > $1::text || '/' AND order_id < $1::text || '0' AND order_id > $2
          AND state ->> 'status' = 'placed'
        ORDER BY order_id LIMIT $3`,
      [channelId, after, limit],
    );
    return rows.map(({ order_id }) => order_id);
  }

  async unreserved(reader: Reader, orderIds: readonly string[]): Promise<UnreservedOrder[]> {
    return reader.query(
      `SELECT order_id AS "orderId", correlation_id AS "correlationId", lines, store, unclassified, terms
         FROM "order" LEFT JOIN channel_terms
              ON channel_id = split_part(order_id, '/', 1) AND version = terms_version
        WHERE order_id = ANY ($1::text[]) AND lines IS NOT NULL ORDER BY order_id`,
      [orderIds],
    );
  }

  /** What their lines are of now, and are charged. */
  relist(transaction: Transaction, orders: readonly Pick<UnreservedOrder, 'orderId' | 'lines'>[]): void {
    if (orders.length === 0) return;
    transaction.write(
      `UPDATE "order" SET lines = relisted.lines
         FROM unnest($1::text[], $2::jsonb[]) AS relisted (order_id, lines)
        WHERE "order".order_id = relisted.order_id`,
      [orders.map(({ orderId }) => orderId), orders.map(({ lines }) => JSON.stringify(lines))],
    );
  }
}
