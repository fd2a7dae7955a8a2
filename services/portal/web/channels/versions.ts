import type { ChannelSet, TermsVersion } from '../api/answers.ts';

/** The terms that orders placed at an instant are under: of all that are approved, the last to begin. */
export function termsAt(versions: readonly TermsVersion[], at: string): TermsVersion | undefined {
  return approved(versions)
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .at(-1);
}

/** What is agreed and begins later, the next first. */
export function termsAfter(versions: readonly TermsVersion[], at: string): readonly TermsVersion[] {
  return approved(versions).filter(({ effectiveFrom }) => effectiveFrom > at);
}

function approved(versions: readonly TermsVersion[]): readonly TermsVersion[] {
  return versions
    .filter(({ status }) => status === 'approved')
    .toSorted((one, other) => one.effectiveFrom.localeCompare(other.effectiveFrom) || one.version - other.version);
}

/** The set that is in force, whole: the one approved last. @param sets in their order */
export function setInForce(sets: readonly ChannelSet[]): ChannelSet | undefined {
  return sets.findLast(({ status }) => status === 'approved');
}

export function nextVersion(versions: readonly { readonly version: number }[]): number {
  return Math.max(0, ...versions.map(({ version }) => version)) + 1;
}
