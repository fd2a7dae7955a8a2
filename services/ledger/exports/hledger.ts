import type { AccountClass } from '../accounts/account.ts';

/** A journal as it is exported. */
export interface ExportedJournal {
  readonly journalId: string;
  readonly postedOn: string;
  readonly kind: string;
  readonly sourceReference: string;
  readonly entries: readonly { readonly account: string; readonly amount: number }[];
}

/** hledger's account types (hledger.org, "Account types"). */
const typeOf: Record<AccountClass, string> = { asset: 'A', liability: 'L' };

/** Declares the commodity and every account, as `hledger check --strict` wants it. */
export function declarations(accounts: readonly { readonly code: string; readonly class: AccountClass }[]): string {
  const lines = accounts.map((account) => `account ${account.code}  ; type: ${typeOf[account.class]}\n`);
  return `; Pasindo ledger. Whole rupiah; debit positive, credit negative.\n\ncommodity IDR 1000.\n\n${lines.join('')}`;
}

/** One journal as a transaction: posting date, id as code, kind and source as description. */
export function transaction({ postedOn, journalId, kind, sourceReference, entries }: ExportedJournal): string {
  const postings = entries.map(({ account, amount }) => `    ${account}  IDR ${amount}\n`);
  return `\n${postedOn} (${journalId}) ${kind} ${plain(sourceReference)}\n${postings.join('')}`;
}

/** References of marketplaces are any text. What hledger would read as a comment or drop is written as in a URL. */
function plain(text: string): string {
  return text.replace(/[%;]|[^\S ]| (?= )|^ | $/g, encodeURIComponent);
}
