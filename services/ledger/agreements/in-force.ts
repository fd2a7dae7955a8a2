import type { Agreement } from './agreement.ts';

/** From the widest to the most specific, which wins. */
const scopeLevels = ['national', 'region', 'facility', 'programme', 'product'] as const;

export interface ApprovedAgreement {
  readonly agreement: Agreement;
  readonly scopeLevel: (typeof scopeLevels)[number];
  /** Null: national. */
  readonly scopeId: string | null;
  readonly effectiveFrom: Date;
  /** The first instant at which it is no longer in force; null: none is known. */
  readonly effectiveUntil: Date | null;
}

/**
 * The agreement that shares a sale: of those in force when the order was placed, the one with the most specific scope.
 * A sale says only its facility; a scope that it does not say matches nothing.
 * @param placedAt ISO 8601 instant
 */
export function agreementInForce(
  approved: readonly ApprovedAgreement[],
  { facilityId, placedAt }: { facilityId: string; placedAt: string },
): Agreement | undefined {
  const placed = Date.parse(placedAt);
  return approved
    .filter(({ effectiveFrom, effectiveUntil }) => +effectiveFrom <= placed && placed < +(effectiveUntil ?? Infinity))
    .filter(
      ({ scopeLevel, scopeId }) => scopeLevel === 'national' || (scopeLevel === 'facility' && scopeId === facilityId),
    )
    .sort((a, b) => scopeLevels.indexOf(b.scopeLevel) - scopeLevels.indexOf(a.scopeLevel))[0]?.agreement;
}
