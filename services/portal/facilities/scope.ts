import type { Grant } from '#libs/access';

export interface Facility {
  readonly facilityId: string;
  readonly name: string;
  readonly kind: string;
  readonly region: string;
}

/** Facilities that these grants reach, whatever they let one do there. */
export function inScope(facilities: readonly Facility[], grants: readonly Pick<Grant, 'kind' | 'id'>[]): Facility[] {
  const named = new Set(grants.map(({ kind, id }) => `${kind}:${id}`));
  return facilities.filter(
    ({ facilityId, region }) =>
      named.has('national:') || named.has(`region:${region}`) || named.has(`facility:${facilityId}`),
  );
}
