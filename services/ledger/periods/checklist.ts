import type { Fault } from '../audit/verification.ts';

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

/** What an accountant looks at before a month is closed. */
export interface Checklist {
  readonly unsettled: Listed<UnsettledSale>;
  readonly suspense: Listed<{ readonly facilityId: string; readonly balance: number }>;
  readonly deadLetters: Listed<DeadLetter>;
  readonly drafts: Listed<{ readonly adjustmentId: string; readonly facilityId: string; readonly reason: string }>;
  readonly late: Listed<{ readonly journalId: string; readonly sourceReference: string; readonly occurredAt: string }>;
  /** Journals and lines that are not what their events and agreements give. */
  readonly unexplained: Listed<Fault>;
  /** Accounts, entries, chains and seals that contradict each other. */
  readonly unbalanced: Listed<Fault>;
}

/** Computed rows that the books contradict: no two persons can agree these away. */
export function forbidding({ unexplained, unbalanced }: Checklist): string[] {
  return [
    ...(unexplained.count > 0 ? [`${unexplained.count} unexplained`] : []),
    ...(unbalanced.count > 0 ? [`${unbalanced.count} unbalanced`] : []),
  ];
}

const EXPLAINED = ['journal', 'agreement', 'sale', 'sale_line'];

export function isUnexplained({ table }: Fault): boolean {
  return EXPLAINED.includes(table);
}
