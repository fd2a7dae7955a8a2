import { type ApprovedAgreement, inForceInterval } from './in-force.ts';
import type { Problem } from './lint.ts';

/** What is wrong between a draft and what is approved: a problem forbids its approval, a warning is for people. */
export interface VersionLint {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Lints a draft against all approved versions: overlaps and gaps in time. */
export function lintVersion(draft: ApprovedAgreement, approved: readonly ApprovedAgreement[]): VersionLint {
  const all = [...approved, draft];
  const sameAgreement = approved.filter(({ agreement }) => agreement.id === draft.agreement.id);
  const sameScope = all.filter((other) => isSameScope(other, draft));
  return {
    problems: [...versionProblems(draft, sameAgreement), ...overlaps(draft, sameScope, all), ...floorProblems(draft)],
    warnings: gaps(draft, sameScope, all),
  };
}

function versionProblems(draft: ApprovedAgreement, approved: readonly ApprovedAgreement[]): Problem[] {
  const { id, version } = draft.agreement;
  const later = approved.find(({ agreement }) => agreement.version >= version);
  const elsewhere = approved.find((other) => !isSameScope(other, draft));
  return [
    ...(later ? [{ message: `${id} v${later.agreement.version} is approved already: a later version is needed` }] : []),
    ...(elsewhere
      ? [{ message: `${id} v${elsewhere.agreement.version} has another scope: an agreement has one` }]
      : []),
  ];
}

function overlaps(
  draft: ApprovedAgreement,
  sameScope: readonly ApprovedAgreement[],
  all: readonly ApprovedAgreement[],
): Problem[] {
  const own = inForceInterval(draft, all);
  return sameScope
    .filter(({ agreement }) => agreement.id !== draft.agreement.id)
    .flatMap((other) => {
      const { from, until } = inForceInterval(other, all);
      const [start, end] = [Math.max(from, own.from), Math.min(until, own.until)];
      if (start >= end) return [];
      const { id, version } = other.agreement;
      return [
        { message: `overlaps ${id} v${version}, of the same scope, from ${instant(start)} until ${instant(end)}` },
      ];
    });
}

/** Times around the draft in which its scope has no agreement, so that the next wider scope's rules. */
function gaps(
  draft: ApprovedAgreement,
  sameScope: readonly ApprovedAgreement[],
  all: readonly ApprovedAgreement[],
): Problem[] {
  const own = inForceInterval(draft, all);
  const others = sameScope
    .filter((other) => other !== draft)
    .map((other) => inForceInterval(other, all))
    .filter(({ from, until }) => from < until);
  const consequence = draft.scopeLevel === 'national' ? 'sales could not be shared' : 'the next wider scope rules';
  const message = (from: number, until: number) => ({
    message: `gap from ${instant(from)} until ${instant(until)}: ${consequence}`,
  });
  const before = Math.max(...others.map(({ until }) => until).filter((until) => until <= own.from));
  const after = Math.min(...others.map(({ from }) => from).filter((from) => from >= own.until));
  return [
    ...(before > -Infinity && before < own.from ? [message(before, own.from)] : []),
    ...(own.until < after ? [message(own.until, after)] : []),
  ];
}

/** At the end of a month a facility's makers are looked at; what they made then is not known to be of a product. */
function floorProblems({ agreement, scopeLevel }: ApprovedAgreement): Problem[] {
  if (!agreement.floor || (scopeLevel !== 'programme' && scopeLevel !== 'product')) return [];
  return [{ message: `its floor would never be paid: it is of a facility's makers, not of a ${scopeLevel}'s` }];
}

function isSameScope(a: ApprovedAgreement, b: ApprovedAgreement): boolean {
  return a.scopeLevel === b.scopeLevel && a.scopeId === b.scopeId;
}

function instant(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : 'further notice';
}
