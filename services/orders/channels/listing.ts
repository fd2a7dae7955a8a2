import type { Checkout } from '#libs/contracts';

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

/** The SKUs of checkouts that may be none. */
export function skusIn(contents: readonly unknown[]): string[] {
  const skus = contents.flatMap((content) => {
    const { lines } = content as Partial<Checkout>;
    return Array.isArray(lines) ? lines.map((line?: { sku?: unknown } | null) => line?.sku) : [];
  });
  return [...new Set(skus.filter((sku) => typeof sku === 'string'))];
}
