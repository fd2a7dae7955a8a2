import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { changesBetween, type Listing } from '../channels/listing.ts';
import { CHANGES_MAX, type ComparisonView } from './comparison.dto.ts';
import { ComparisonRepository } from './comparison.repository.ts';
import { ListingsService, soundListings } from './listings.service.ts';

/** Behind every version that there is. */
const YET_TO_COME = 2_147_483_647;

/** What another set of listings changes, before anybody agrees to it. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly database: Database,
    private readonly listings: ListingsService,
    private readonly sets: ComparisonRepository,
  ) {}

  /** What a set changes of the one that is approved before it. */
  async ofSet(channelId: string, version: number): Promise<ComparisonView> {
    const { listings } = await this.listings.find(channelId, version);
    return this.#compared(channelId, version, listings);
  }

  /** What a file would change of the set in force. @throws Problem (400), by row and column */
  async ofFile(channelId: string, csv: string): Promise<ComparisonView> {
    const listings = await soundListings({ csv });
    await this.listings.sets(channelId); // there is such a channel
    return this.#compared(channelId, YET_TO_COME, listings);
  }

  rows(channelId: string, version: number, after: number, limit: number) {
    return this.sets.rows(this.database, { channelId, version }, after, limit);
  }

  async #compared(channelId: string, version: number, listings: readonly Listing[]): Promise<ComparisonView> {
    const before = await this.sets.approvedBefore(this.database, channelId, version);
    const changes = changesBetween(before?.listings ?? [], listings);
    const countOf = (kind: string) => changes.filter(({ change }) => change === kind).length;
    const [added, changed, removed] = [countOf('added'), countOf('changed'), countOf('removed')];
    const same = listings.length - added - changed;
    return { against: before?.version ?? null, added, changed, removed, same, items: changes.slice(0, CHANGES_MAX) };
  }
}
