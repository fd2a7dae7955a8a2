import type { AccountClass } from '../../books/accounts/account.ts';

/** All accounts at one moment, by code, and the days on which their journals were posted. */
export interface Book {
  readonly accounts: readonly { readonly code: string; readonly class: AccountClass; readonly balance: number }[];
  /** `YYYY-MM-DD`; null: there are no journals. */
  readonly firstDay: string | null;
  readonly dayAfterLast: string | null;
}

/** A journal as it is exported. */
export interface ExportedJournal {
  readonly journalId: string;
  readonly postedOn: string;
  readonly kind: string;
  readonly sourceReference: string;
  readonly entries: readonly { readonly account: string; readonly class: AccountClass; readonly amount: number }[];
}

/** How a program for plain text accounting wants to read a book. */
export interface BookFormat {
  readonly fileName: string;
  /** Before all journals. */
  opening(book: Book): string;
  journal(journal: ExportedJournal): string;
  /** After all journals. */
  closing(book: Book): string;
}
