import { Injectable } from '@nestjs/common';
import { canonical, fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { type FieldError, notFound, Problem } from '#libs/http';
import { ChannelRepository } from '../channels/channel.repository.ts';
import { ANY_STORE, type Listing } from '../channels/listing.ts';
import { LISTINGS_MAX, type ListingSetDto, type ListingSetSummaryView, type ListingSetView } from './listing.dto.ts';
import { ListingRepository, type ListingSet } from './listing.repository.ts';
import { readListings } from './listing-file.ts';

const ERRORS_MAX = 1_000;

/** What channels call goods of ours: sets that two persons agree on. The one approved last is in force, whole. */
@Injectable()
export class ListingsService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
    private readonly listings: ListingRepository,
  ) {}

  async sets(channelId: string): Promise<ListingSetSummaryView[]> {
    const sets = await this.listings.sets(this.database, channelId);
    if (sets.length === 0) await this.#locked(this.database, channelId);
    return sets.map(({ channelId: _, ...set }) => ({ ...set, status: decisionOf(set).status }));
  }

  async find(channelId: string, version: number): Promise<ListingSetView> {
    return viewOf(await this.#set(this.database, channelId, version));
  }

  /** Keeps a set as a draft. The same draft again is the same answer; another one needs another version. */
  async draft(channelId: string, { by, version, ...given }: ByPerson<ListingSetDto>): Promise<ListingSetView> {
    const listings = await soundListings(given);
    return this.database.transaction(async (transaction) => {
      await this.#locked(transaction, channelId);
      await this.listings.draft(transaction, { channelId, version, listings, createdBy: by });
      const stored = await this.#set(transaction, channelId, version);
      if (canonical(stored.listings) !== canonical(listings)) {
        throw new Problem({
          status: 409,
          title: 'Version exists',
          detail: `Listings v${version} of ${channelId} were drafted with other content, and a set is never edited: draft the next one.`,
        });
      }
      return viewOf(stored);
    });
  }

  /** Puts a set in force, in place of the one before, for goods that are not reserved yet. */
  approve(channelId: string, version: number, by: string): Promise<ListingSetView> {
    return this.#decide(channelId, version, async (transaction, draft) => {
      if (!isToDo(decisionOf(draft), 'approval', by)) return;
      const sets = await this.listings.sets(transaction, channelId);
      const later = sets.find((set) => set.approvedAt !== null && set.version > version);
      if (later) {
        throw new Problem({
          status: 409,
          title: 'Later set in force',
          detail: `Listings v${later.version} of ${channelId} are in force: what is to hold after them is a later version.`,
        });
      }
      await this.listings.approve(transaction, draft, by);
    });
  }

  /** Withdraws or rejects a draft. */
  refuse(channelId: string, version: number, refusal: Refusal): Promise<ListingSetView> {
    return this.#decide(channelId, version, (transaction, draft) => this.listings.refuse(transaction, draft, refusal));
  }

  #decide(
    channelId: string,
    version: number,
    decide: (transaction: Transaction, draft: ListingSet) => Promise<void>,
  ): Promise<ListingSetView> {
    return this.database.transaction(async (transaction) => {
      await this.#locked(transaction, channelId);
      await decide(transaction, await this.#set(transaction, channelId, version));
      return viewOf(await this.#set(transaction, channelId, version));
    });
  }

  async #locked(reader: Pick<Transaction, 'query'>, channelId: string): Promise<void> {
    if (!(await this.channels.lock(reader, channelId))) throw notFound('Channel', channelId);
  }

  async #set(reader: Pick<Transaction, 'query'>, channelId: string, version: number): Promise<ListingSet> {
    const found = await this.listings.find(reader, channelId, version);
    if (!found) throw notFound('Listings', `${channelId} v${version}`);
    return found;
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

function viewOf({ channelId: _, ...set }: ListingSet): ListingSetView {
  return { ...set, status: decisionOf(set).status, size: set.listings.length };
}
