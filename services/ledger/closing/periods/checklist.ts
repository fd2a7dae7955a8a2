import { fault, type Fault as Words } from '#libs/contracts';
import type { Fault } from '../../proof/verification/verification.ts';

/** What was sold until a month's end and its channel has not settled, or that is not released. */
export interface UnsettledSale {
  readonly saleId: string;
  readonly facilityId: string;
  readonly postedOn: string;
  readonly receivable: number;
  readonly released: boolean;
}

export interface DeadLetter {
  /** Of a dead letter, or of an event that could not be posted. */
  readonly id: string;
  readonly why: string;
}

/** A list that names its first rows and counts the others. */
export interface Listed<Row> {
  readonly count: number;
  readonly first: readonly Row[];
}

/** Of an order whose goods are not known, of one that is not there, or of a sale without an agreement. */
export interface HeldMoney {
  readonly reference: string;
  readonly facilityId: string;
  readonly subject: string;
  readonly amount: number;
  readonly postedOn: string;
}

/** What an accountant looks at before a month is closed: what people can settle or accept. */
export interface OpenItems {
  readonly unsettled: Listed<UnsettledSale>;
  /** Money that nobody can be credited for yet. */
  readonly held: Listed<HeldMoney>;
  readonly suspense: Listed<{ readonly facilityId: string; readonly balance: number }>;
  readonly deadLetters: Listed<DeadLetter>;
  readonly drafts: Listed<{ readonly adjustmentId: string; readonly facilityId: string; readonly reason: string }>;
  readonly late: Listed<{ readonly journalId: string; readonly sourceReference: string; readonly occurredAt: string }>;
}

/** What a verification of all books found. */
export interface Verified {
  /** ISO 8601: the books as they were then. */
  readonly verifiedAt: string;
  /** Journals and lines that are not what their events and agreements give. */
  readonly unexplained: Listed<Fault>;
  /** Accounts, entries, chains and seals that contradict each other. */
  readonly unbalanced: Listed<Fault>;
  /** What breaks a law though all rows agree, as from before it was enforced; absent: it was checked before there was one. */
  readonly unlawful?: Listed<Fault>;
}

export type Checklist = OpenItems & Verified;

export function checklistOf(
  items: OpenItems,
  { verifiedAt, faults }: { readonly verifiedAt: string; readonly faults: readonly Fault[] },
): Checklist {
  const listed = (rows: readonly Fault[]) => ({ count: rows.length, first: rows });
  return {
    ...items,
    verifiedAt,
    unexplained: listed(faults.filter((fault) => !fault.law && isUnexplained(fault))),
    unbalanced: listed(faults.filter((fault) => !fault.law && !isUnexplained(fault))),
    unlawful: listed(faults.filter(({ law }) => law)),
  };
}

/** How long a verification speaks for the books. */
export const HOLDS_HOURS = 72;

/** Of a decision about a month, what its approval stands on. */
export interface Approvable {
  readonly action: 'close' | 'reopen';
  /** Of a close; null: it is being checked. */
  readonly checklist: {
    readonly verifiedAt: string;
    readonly unexplained: { readonly count: number };
    readonly unbalanced: { readonly count: number };
  } | null;
}

/** Why it cannot be approved yet, or never; undefined: it can. */
export function objection({ action, checklist }: Approvable, now: Date): Words | undefined {
  if (action === 'reopen') return undefined;
  if (checklist === null) return CHECKING;
  const { unexplained, unbalanced, verifiedAt } = checklist;
  if (unexplained.count + unbalanced.count > 0) {
    const en = forbidding({ unexplained: 'unexplained', unbalanced: 'unbalanced' }, checklist);
    const id = forbidding({ unexplained: 'tidak dapat dijelaskan', unbalanced: 'tidak seimbang' }, checklist);
    return fault('unsound', `${en}: see the checklist.`, `${id}: lihat daftar periksa.`);
  }
  return now.getTime() - Date.parse(verifiedAt) > HOLDS_HOURS * 3_600_000
    ? fault(
        'checked-long-ago',
        `It was checked at ${verifiedAt}: withdraw it and ask again.`,
        `Diperiksa pada ${verifiedAt}: tarik lalu minta lagi.`,
      )
    : undefined;
}

const CHECKING = fault('checking', 'The books are being verified.', 'Buku sedang diverifikasi.');

/** Computed rows that the books contradict: no two persons can agree these away. */
function forbidding(
  words: Readonly<Record<'unexplained' | 'unbalanced', string>>,
  found: NonNullable<Approvable['checklist']>,
): string {
  return (['unexplained', 'unbalanced'] as const)
    .flatMap((kind) => (found[kind].count > 0 ? [`${found[kind].count} ${words[kind]}`] : []))
    .join(', ');
}

const EXPLAINED = ['journal', 'agreement', 'sale', 'sale_line'];

function isUnexplained({ table }: Fault): boolean {
  return EXPLAINED.includes(table);
}
