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

/** What a sale and its line say of the scopes that they are in. What they do not say matches no scope. */
export interface SaleScope {
  readonly facilityId: string;
  readonly region?: string;
  /** ISO 8601 instant */
  readonly placedAt: string;
}
export interface LineScope {
  readonly sku?: string;
  readonly programme?: string;
}

/** The agreement that shares an order line: of those in force when the order was placed, the most specific scope's. */
export function agreementInForce(
  approved: readonly ApprovedAgreement[],
  { placedAt, facilityId, region }: SaleScope,
  { programme, sku }: LineScope = {},
): Agreement | undefined {
  const placed = Date.parse(placedAt);
  const idOf = { national: null, region, facility: facilityId, programme, product: sku };
  return approved
    .filter((each) => each.scopeId === idOf[each.scopeLevel] && isInForce(each, approved, placed))
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
