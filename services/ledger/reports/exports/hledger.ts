import type { AccountClass } from '../../books/accounts/account.ts';
import { asciiLine, asciiWord } from './ascii.ts';
import type { BookFormat } from './book.ts';

/** hledger's account types (hledger.org, "Account types"). */
const typeOf: Record<AccountClass, string> = { asset: 'A', liability: 'L' };

/**
 * The book as hledger reads it: commodity and accounts declared, as `hledger check --strict` wants it; of a journal the
 * posting date, its id as code, kind and source as description.
 */
export const hledger: BookFormat = {
  fileName: 'pasindo.journal',
  opening: ({ accounts }) => {
    const lines = accounts.map((account) => `account ${asciiWord(account.code)}  ; type: ${typeOf[account.class]}\n`);
    return `; Pasindo ledger. Whole rupiah; debit positive, credit negative.\n\ncommodity IDR 1000.\n\n${lines.join('')}`;
  },
  journal: ({ postedOn, journalId, kind, sourceReference, entries }) => {
    const postings = entries.map(({ account, amount }) => `    ${asciiWord(account)}  IDR ${amount}\n`);
    return `\n${postedOn} (${journalId}) ${kind} ${asciiLine(sourceReference)}\n${postings.join('')}`;
  },
  closing: () => '',
};
