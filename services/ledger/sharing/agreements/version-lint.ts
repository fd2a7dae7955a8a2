import { type Fault, fault, type Sentence } from '#libs/contracts';
import { type ApprovedAgreement, inForceInterval } from './in-force.ts';
import type { Problem } from './lint.ts';

/** What is wrong between a draft and what is approved: a problem forbids its approval, a warning is for people. */
export interface VersionLint {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Why a draft with these problems cannot be approved; undefined: there is none. */
export function obstacleOf({ problems }: { readonly problems: readonly unknown[] }): Fault | undefined {
  return problems.length > 0 ? NOT_SOUND : undefined;
}

const NOT_SOUND = fault(
  'not-sound',
  'Its problems forbid it: see them.',
  'Masalah di dalamnya melarang: lihat daftarnya.',
);

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
    ...(later
      ? [
          {
            message: {
              en: `${id} v${later.agreement.version} is approved already: a later version is needed`,
              id: `${id} v${later.agreement.version} sudah disetujui: perlu versi yang lebih baru`,
            },
          },
        ]
      : []),
    ...(elsewhere
      ? [
          {
            message: {
              en: `${id} v${elsewhere.agreement.version} has another scope: an agreement has one`,
              id: `${id} v${elsewhere.agreement.version} berlaku di lingkup lain: satu perjanjian satu lingkup`,
            },
          },
        ]
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
        {
          message: {
            en: `overlaps ${id} v${version}, of the same scope, from ${instant(start).en} until ${instant(end).en}`,
            id: `tumpang tindih dengan ${id} v${version} di lingkup yang sama, dari ${instant(start).id} sampai ${instant(end).id}`,
          },
        },
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
  const consequence =
    draft.scopeLevel === 'national'
      ? { en: 'sales could not be shared', id: 'penjualan tidak dapat dibagi' }
      : { en: 'the next wider scope rules', id: 'lingkup yang lebih luas berlaku' };
  const message = (from: number, until: number) => ({
    message: {
      en: `gap from ${instant(from).en} until ${instant(until).en}: ${consequence.en}`,
      id: `kosong dari ${instant(from).id} sampai ${instant(until).id}: ${consequence.id}`,
    },
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
  return [
    {
      message: {
        en: `its floor would never be paid: it is of a facility's makers, not of a ${scopeLevel}'s`,
        id: 'jaminan minimumnya tidak akan pernah dibayar: itu untuk pembuat satu satuan kerja, bukan program atau produk',
      },
    },
  ];
}

function isSameScope(a: ApprovedAgreement, b: ApprovedAgreement): boolean {
  return a.scopeLevel === b.scopeLevel && a.scopeId === b.scopeId;
}

function instant(ms: number): Sentence {
  if (!Number.isFinite(ms)) return { en: 'further notice', id: 'pemberitahuan berikutnya' };
  const text = new Date(ms).toISOString();
  return { en: text, id: text };
}
