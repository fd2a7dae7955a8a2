/** Addresses within the portal. References are text of others, and escaped. */
export function orderAddress(orderId: string): string {
  const slash = orderId.indexOf('/');
  return `/sales/${encodeURIComponent(orderId.slice(0, slash))}/${encodeURIComponent(orderId.slice(slash + 1))}`;
}

export function explainAddress(orderId: string, facilityId?: string): string {
  return `${orderAddress(orderId)}/explain${facilityId ? `?facility=${encodeURIComponent(facilityId)}` : ''}`;
}

export function entryAddress(account: string, version: number): string {
  return `/entries/${encodeURIComponent(account)}/${version}`;
}

export function facilityAddress(facilityId: string, month?: string): string {
  return `/facilities/${encodeURIComponent(facilityId)}${month ? `?month=${month}` : ''}`;
}

/** A break is called by what it is about: `order/blanja/DEMO-1`. */
export function comparisonAddress(reference: string): string {
  const slash = reference.indexOf('/');
  return `/exceptions/${reference.slice(0, slash)}/${encodeURIComponent(reference.slice(slash + 1))}`;
}

/** `blanja/DEMO-1@LP-MOJOKERTO` is the part of `blanja/DEMO-1` at a facility. */
export function orderOfSale(saleId: string): string {
  const at = saleId.lastIndexOf('@');
  return at < 0 ? saleId : saleId.slice(0, at);
}

/** Where the next version of a channel's terms is written. */
export function termsAddress(channelId: string): string {
  return `/channels/${channelId}/terms`;
}

/** A set of a channel's stores. */
export function storesAddress(channelId: string, version: number): string {
  return `/channels/${channelId}/stores/${version}`;
}

/** A set of what a channel calls goods of ours. */
export function listingsAddress(channelId: string, version: number): string {
  return `/channels/${channelId}/listings/${version}`;
}
