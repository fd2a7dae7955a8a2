import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import { Database } from '#libs/database';
import { type ByPerson, decisionOf } from '#libs/decisions';
import { type FieldError, Problem } from '#libs/http';
import { ChannelRepository } from '../channels/channel.repository.ts';
import type { ChannelSet } from '../channels/channel-set.repository.ts';
import { ChannelSetsService } from '../channels/channel-sets.service.ts';
import { ANY_STORE, type Listing } from '../channels/listing.ts';
import { LISTINGS_MAX, type ListingSetDto, type ListingSetView } from './listing.dto.ts';
import { ListingRepository } from './listing.repository.ts';
import { readListings } from './listing-file.ts';

const ERRORS_MAX = 1_000;

/** What channels call goods of ours. A set counts for goods that are not reserved yet. */
@Injectable()
export class ListingsService extends ChannelSetsService<Listing, ListingSetView> {
  constructor(database: Database, channels: ChannelRepository, listings: ListingRepository) {
    super(database, channels, listings, 'Listings');
  }

  async draft(channelId: string, { by, version, ...given }: ByPerson<ListingSetDto>): Promise<ListingSetView> {
    return this.keep(channelId, version, await soundListings(given), by);
  }

  protected override viewOf({ channelId: _, rows, ...set }: ChannelSet<Listing>): ListingSetView {
    return { ...set, listings: rows, status: decisionOf(set).status, size: rows.length };
  }
}

/** @throws Problem (400), by field */
export async function soundListings({ listings, csv }: Omit<ListingSetDto, 'version'>): Promise<readonly Listing[]> {
  if ((listings === undefined) === (csv === undefined)) {
    throw refusal([
      { field: 'listings', ...fault('one-of-two', 'or csv must be given', 'atau csv harus diisi, salah satu') },
    ]);
  }
  const read =
    csv === undefined
      ? { listings: (listings ?? []).map(({ store = ANY_STORE, ...listing }) => ({ store, ...listing })), errors: [] }
      : await readListings(csv);
  const at = csv === undefined ? (index: number) => `listings.${index}` : (index: number) => `csv.${index + 1}`;
  const errors: FieldError[] = [...read.errors];
  if (read.errors.length === 0) {
    if (read.listings.length === 0 || read.listings.length > LISTINGS_MAX) {
      const words = [
        `must hold 1 to ${LISTINGS_MAX} listings`,
        `harus berisi 1 sampai ${LISTINGS_MAX} barang`,
      ] as const;
      errors.push({ field: 'csv', ...fault('not-a-list', ...words) });
    }
    const seen = new Set<string>();
    for (const [index, { store, channelSku }] of read.listings.entries()) {
      const key = JSON.stringify([store, channelSku]);
      if (seen.has(key)) {
        const words = ['must be unique in its store', 'harus unik di tokonya'] as const;
        errors.push({
          field: `${at(index)}.${csv === undefined ? 'channelSku' : 'channel_sku'}`,
          ...fault('duplicate', ...words),
        });
      }
      seen.add(key);
    }
  }
  if (errors.length > 0) throw refusal(errors);
  return read.listings;
}

function refusal(errors: readonly FieldError[]): Problem {
  return new Problem({ status: 400, title: 'Invalid request', errors: errors.slice(0, ERRORS_MAX) });
}
