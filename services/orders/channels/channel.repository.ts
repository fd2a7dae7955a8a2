import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Decided, decidedColumns, type Refusal, refuse } from '#libs/decisions';
import { type Listing, type Listings, listingsOf } from './listing.ts';
import type { Terms, TermsInForce } from './terms.ts';

type Reader = Pick<Transaction, 'query'>;

export const CHANNEL_KINDS = ['generic', 'shopee', 'tiktok-shop', 'shop'] as const;

export interface Channel {
  readonly channelId: string;
  readonly name: string;
  /** What its reports look like; shop: one of our own. */
  readonly kind: (typeof CHANNEL_KINDS)[number];
}

/** escrow: the channel holds the buyer's money when it tells us; gateway: it is still to be captured. */
export type PaymentMethod = 'escrow' | 'gateway';

export function paymentMethodOf({ kind }: Pick<Channel, 'kind'>): PaymentMethod {
  return kind === 'shop' ? 'gateway' : 'escrow';
}

/** A channel with every version of its terms that is approved. */
export interface ChannelWithTerms extends Channel {
  readonly versions: readonly TermsInForce[];
  /** In force, of the SKUs that were asked for; absent: it has none, and says our SKUs. */
  readonly listings?: Listings;
}

/** A version of a channel's terms with who drafted and who approved it. */
export interface StoredTerms extends Decided, TermsInForce {
  readonly channelId: string;
}

const CHANNEL = 'channel_id AS "channelId", name, kind';
const TERMS = 'version, effective_from AS "effectiveFrom", terms';

@Injectable()
export class ChannelRepository {
  /** By id: a handful. Read for every batch, never kept: what is approved counts for the next batch of every instance. */
  async all(reader: Reader, channelSkus: readonly string[] = []): Promise<ChannelWithTerms[]> {
    const rows = await reader.query<
      Channel & { listings: readonly Listing[] | null } & ({ version: null } | TermsInForce)
    >(
      `SELECT ${CHANNEL}, ${TERMS},
              CASE WHEN listings_version IS NOT NULL THEN
                (SELECT coalesce(json_agg(json_strip_nulls(json_build_object(
                                   'store', store, 'channelSku', channel_sku, 'sku', sku, 'feeClass', fee_class))), '[]')
                   FROM listing WHERE listing.channel_id = channel.channel_id AND channel_sku = ANY ($1::text[]))
              END AS listings
         FROM channel LEFT JOIN (SELECT * FROM channel_terms WHERE approved_at IS NOT NULL) AS approved USING (channel_id)
        ORDER BY channel_id, version`,
      [channelSkus],
    );
    const channels = new Map<string, ChannelWithTerms & { versions: TermsInForce[] }>();
    for (const { channelId, name, kind, listings, ...terms } of rows) {
      const listed = listings && { listings: listingsOf(listings) };
      const channel = channels.get(channelId) ?? { channelId, name, kind, versions: [], ...listed };
      if (terms.version !== null) channel.versions.push(terms);
      channels.set(channelId, channel);
    }
    return [...channels.values()];
  }

  /** The terms that these orders were placed under, by order id; of those from before there were any none. */
  async termsOf(
    reader: Reader,
    orders: readonly { readonly orderId: string; readonly termsVersion?: number }[],
  ): Promise<Map<string, Terms>> {
    const rows = await reader.query<{ orderId: string; terms: Terms }>(
      `SELECT order_id AS "orderId", terms
         FROM unnest($1::text[], $2::int[]) AS placed (order_id, version)
         JOIN channel_terms ON channel_id = split_part(order_id, '/', 1) AND channel_terms.version = placed.version`,
      [orders.map(({ orderId }) => orderId), orders.map(({ termsVersion }) => termsVersion)],
    );
    return new Map(rows.map(({ orderId, terms }) => [orderId, terms]));
  }

  /** Unless there is one of this id. */
  async add(reader: Reader, { channelId, name, kind }: Channel, createdBy: string): Promise<void> {
    await reader.query(
      'INSERT INTO channel (channel_id, name, kind, created_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [channelId, name, kind, createdBy],
    );
  }

  /** Until the transaction ends nobody else decides about this channel's terms. */
  async lock(transaction: Reader, channelId: string): Promise<Channel | undefined> {
    const [channel] = await transaction.query<Channel>(
      `SELECT ${CHANNEL} FROM channel WHERE channel_id = $1 FOR NO KEY UPDATE`,
      [channelId],
    );
    return channel;
  }

  /** Every version of a channel's terms, in their order. */
  versions(reader: Reader, channelId: string): Promise<StoredTerms[]> {
    return reader.query(
      `SELECT channel_id AS "channelId", ${TERMS}, ${decidedColumns()}
         FROM channel_terms WHERE channel_id = $1 ORDER BY version`,
      [channelId],
    );
  }

  /** Keeps a draft, unless there is such a version already. */
  async draft(
    reader: Reader,
    {
      channelId,
      version,
      effectiveFrom,
      terms,
      createdBy,
    }: Pick<StoredTerms, 'channelId' | 'createdBy'> & TermsInForce,
  ): Promise<void> {
    await reader.query(
      `INSERT INTO channel_terms (channel_id, version, effective_from, terms, created_by) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [channelId, version, effectiveFrom, terms, createdBy],
    );
  }

  async approve(reader: Reader, { channelId, version }: StoredTerms, by: string): Promise<void> {
    await reader.query(
      'UPDATE channel_terms SET approved_by = $3, approved_at = clock_timestamp() WHERE channel_id = $1 AND version = $2',
      [channelId, version, by],
    );
  }

  async refuse(reader: Reader, draft: StoredTerms, refusal: Refusal): Promise<void> {
    await refuse(reader, 'channel_terms', { channel_id: draft.channelId, version: draft.version }, draft, refusal);
  }
}
