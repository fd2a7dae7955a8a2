import type { Agreement } from './agreement.ts';

/** From the widest to the most specific, which wins. */
export const scopeLevels = ['national', 'region', 'facility', 'programme', 'product'] as const;
export type ScopeLevel = (typeof scopeLevels)[number];

export interface ApprovedAgreement {
  readonly agreement: Agreement;
  readonly scopeLevel: ScopeLevel;
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
    .filter((each) => isInForce(each, approved, placed))
    .filter(
      ({ scopeLevel, scopeId }) => scopeLevel === 'national' || (scopeLevel === 'facility' && scopeId === facilityId),
    )
    .sort((a, b) => scopeLevels.indexOf(b.scopeLevel) - scopeLevels.indexOf(a.scopeLevel))[0]?.agreement;
}

function isInForce(version: ApprovedAgreement, approved: readonly ApprovedAgreement[], at: number): boolean {
  const { from, until } = inForceInterval(version, approved);
  return from <= at && at < until;
}

/**
 * When a version is in force, half-open, in milliseconds since 1970: until its own end or until a later version of the
 * same agreement begins, which supersedes it for good. Nothing of an approved version is ever changed for that.
 * Empty if the later version begins before it.
 */
export function inForceInterval(
  version: Pick<ApprovedAgreement, 'effectiveFrom' | 'effectiveUntil'> & {
    agreement: Pick<Agreement, 'id' | 'version'>;
  },
  approved: readonly ApprovedAgreement[],
): { from: number; until: number } {
  const later = approved.filter(
    ({ agreement }) => agreement.id === version.agreement.id && agreement.version > version.agreement.version,
  );
  const ends = later.map(({ effectiveFrom }) => +effectiveFrom);
  return { from: +version.effectiveFrom, until: Math.min(+(version.effectiveUntil ?? Infinity), ...ends) };
}
