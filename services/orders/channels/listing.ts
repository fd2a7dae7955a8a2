import { type Checkout, Sku } from '#libs/contracts';

/** What a channel calls goods of ours. */
export interface Listing {
  /** Of the channel; `*`: any. */
  readonly store: string;
  /** As the channel says it. */
  readonly channelSku: string;
  /** As we do. */
  readonly sku: string;
  /** The class by which the channel charges its fees. */
  readonly feeClass?: string;
}

export const ANY_STORE = '*';

/** Of a channel, by what it calls the goods. */
export type Listings = ReadonlyMap<string, readonly Listing[]>;

export function listingsOf(listings: readonly Listing[]): Listings {
  return Map.groupBy(listings, ({ channelSku }) => channelSku);
}

/** What goods of an order are listed as: in its store, else in any. */
export function listedAs(
  channelSku: string,
  store: string | undefined,
  listings: Listings | undefined,
): Listing | undefined {
  const named = listings?.get(channelSku) ?? [];
  return named.find((one) => one.store === store) ?? named.find((one) => one.store === ANY_STORE);
}

/** What goods of a channel were listed as, and are to be; null: they were not, or are not any more. */
export interface ListingChange {
  readonly change: 'added' | 'changed' | 'removed';
  readonly before: Listing | null;
  readonly after: Listing | null;
}

/** What is not the same in two sets: as the later has it, then what only the earlier has. */
export function changesBetween(before: readonly Listing[], after: readonly Listing[]): ListingChange[] {
  const keyOf = ({ store, channelSku }: Listing) => JSON.stringify([store, channelSku]);
  const earlier = new Map(before.map((listing) => [keyOf(listing), listing]));
  const later = new Set(after.map(keyOf));
  return [
    ...after.flatMap((listing): ListingChange[] => {
      const was = earlier.get(keyOf(listing));
      if (!was) return [{ change: 'added', before: null, after: listing }];
      const isSame = was.sku === listing.sku && was.feeClass === listing.feeClass;
      return isSame ? [] : [{ change: 'changed', before: was, after: listing }];
    }),
    ...before
      .filter((listing) => !later.has(keyOf(listing)))
      .map((listing): ListingChange => ({ change: 'removed', before: listing, after: null })),
  ];
}

/** Which goods of ours a line is of, where its channel has listings. */
export interface Goods {
  /** What its SKU is listed as. */
  readonly listedSku?: string;
  /** Its SKU is not listed: what it is of is not known. */
  readonly unlisted?: true;
}

/** @param listings of the channel; undefined: it says our SKUs */
export function goodsOf(channelSku: string, store: string | undefined, listings: Listings | undefined): Goods {
  if (listings === undefined) return {};
  const listing = listedAs(channelSku, store, listings);
  return listing ? { listedSku: listing.sku } : { unlisted: true };
}

/** The SKUs of checkouts that may be none: what can be no SKU, and perhaps no text of a database, is not asked after. */
export function skusIn(contents: readonly unknown[]): string[] {
  const skus = contents.flatMap((content) => {
    const { lines } = content as Partial<Checkout>;
    return Array.isArray(lines) ? lines.map((line?: { sku?: unknown } | null) => line?.sku) : [];
  });
  return [
    ...new Set(skus.filter((sku): sku is string => typeof sku === 'string' && Sku.read(sku).fault === undefined)),
  ];
}
