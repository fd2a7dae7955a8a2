import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Listing } from '../channels/listing.ts';

type Reader = Pick<Transaction, 'query'>;

interface SetOfListings {
  readonly version: number;
  readonly listings: readonly Listing[];
}

/** Sets of listings as they are read beside one another. */
@Injectable()
export class ComparisonRepository {
  /** The set of a channel that is approved before this version: the one in force, for a version that is yet to come. */
  async approvedBefore(reader: Reader, channelId: string, version: number): Promise<SetOfListings | undefined> {
    const [set] = await reader.query<SetOfListings>(
      `SELECT version, listings FROM listing_set
        WHERE channel_id = $1 AND version < $2 AND approved_at IS NOT NULL ORDER BY version DESC LIMIT 1`,
      [channelId, version],
    );
    return set;
  }

  /** Listings of a set with their places in it, behind one of them. */
  rows(
    reader: Reader,
    { channelId, version }: { readonly channelId: string; readonly version: number },
    after: number,
    limit: number,
  ): Promise<{ place: number; listing: Listing }[]> {
    return reader.query(
      `SELECT place, listing
         FROM listing_set CROSS JOIN LATERAL jsonb_array_elements(listings) WITH ORDINALITY AS listed (listing, place)
        WHERE channel_id = $1 AND version = $2 AND place > $3 ORDER BY place LIMIT $4`,
      [channelId, version, after, limit],
    );
  }
}
