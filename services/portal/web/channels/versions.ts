import type { ChannelSet, ListingComparison, Store, TermsVersion } from '../api/answers.ts';

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

export type Change = ListingComparison['items'][number]['change'];

interface StoreChange {
  readonly store: string;
  readonly change: Change;
  /** Facilities; undefined: it is in no list before, or after. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What is other in a set of stores than in the one before: what was there first. */
export function storeChanges(before: readonly Store[], after: readonly Store[]): readonly StoreChange[] {
  const [was, is] = [facilitiesOf(before), facilitiesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((store) => {
    const [from, to] = [was.get(store), is.get(store)];
    if (from === to) return [];
    const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return [{ store, change, before: from, after: to }];
  });
}

function facilitiesOf(stores: readonly Store[]): ReadonlyMap<string, string> {
  return new Map(stores.map(({ store, facilityId }) => [store, facilityId]));
}

export function nextVersion(versions: readonly { readonly version: number }[]): number {
  return Math.max(0, ...versions.map(({ version }) => version)) + 1;
}
