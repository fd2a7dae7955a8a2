import type { Rupiah } from '#libs/money';
import type { Journal } from '../../books/journals/journal.ts';
import type { AccumulatorChange } from '../../sharing/memory/accumulator.ts';

/** The close of a month that one person asked for and another approved. */
export interface Close {
  readonly decisionId: string;
  /** `YYYY-MM` */
  readonly month: string;
  /** Of the month, `YYYY-MM-DD`. */
  readonly lastDay: string;
  /** Person ids. */
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** A journal that a rule of the close asks for. */
export interface ClosingDraft<Facts = object> {
  /** The rule and, where it posts several for a facility, what each is about; unique among them. */
  readonly closing: string;
  readonly facilityId: string;
  /** What the entries are computed from. */
  readonly facts: Facts;
  /** Debit positive; those of 0 are left out. */
  readonly entries: readonly { readonly account: string; readonly amount: Rupiah; readonly step?: string | null }[];
  /** Of money that an agreement shares. */
  readonly sharing?: Pick<Journal, 'agreement' | 'memory'> & { readonly changes: readonly AccumulatorChange[] };
}

/** Data of a journal that a close posted. */
export type ClosingSource<Facts = object> = Omit<Close, 'lastDay'> &
  Pick<ClosingDraft, 'closing' | 'facilityId'> &
  Facts;
