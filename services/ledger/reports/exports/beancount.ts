import { type Account, type AccountClass, accountOfCode } from '../../books/accounts/account.ts';
import { asciiLine } from './ascii.ts';
import type { BookFormat } from './book.ts';

const rootOf: Record<AccountClass, string> = { asset: 'Assets', liability: 'Liabilities' };

/**
 * Account names of beancount have parts of ASCII letters, digits and `-`, each beginning with a capital or a digit. Ours
 * become one part per owner, purpose and facility, so that every code has one name and back (`accountCodeOf`):
 *
 *   maker:M1:wages-pending        Liabilities:Maker-M1:Wages-pending
 *   channel:blanja:fees@F1        Liabilities:Channel-blanja:Fees:Facility-F1
 *   suspense@F1                   Liabilities:Suspense:Facility-F1
 *
 * What an id must not hold becomes `-uHEX-`, its code point; so does a `-` before a `u`, which would look like one. A
 * code that the chart does not have any more is written whole: `Liabilities:Other-maker-u3A-...`.
 */
export function accountName(code: string, accountClass: AccountClass): string {
  return [rootOf[accountClass], ...(partsOf(code) ?? [`Other-${escaped(code)}`])].join(':');
}

function partsOf(code: string): string[] | undefined {
  const account = accountInChart(code);
  if (!account) return undefined;
  const { owner } = account;
  const [, kind = '', id] = /^([a-z]+)(?::(.*))?$/s.exec(owner) ?? [];
  const [, purpose, facilityId] = /^(?::([a-z0-9-]+))?(?:@(.*))?$/s.exec(code.slice(owner.length)) ?? [];
  const parts = [id === undefined ? capitalised(kind) : `${capitalised(kind)}-${escaped(id)}`];
  if (purpose !== undefined) parts.push(capitalised(purpose));
  if (facilityId !== undefined) parts.push(`Facility-${escaped(facilityId)}`);
  return parts;
}

function accountInChart(code: string): Account | undefined {
  try {
    return accountOfCode(code);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The account code that `accountName` made this name of. */
export function accountCodeOf(name: string): string {
  const [, owner = '', ...rest] = name.split(':');
  const purpose = rest.find((part) => !part.startsWith('Facility-'));
  const facility = rest.find((part) => part.startsWith('Facility-'));
  const [, kind = '', id] = /^([A-Za-z]+)(?:-(.*))?$/.exec(owner) ?? [];
  if (kind === 'Other') return unescaped(id ?? '');
  return [
    kind.toLowerCase(),
    id === undefined ? '' : `:${unescaped(id)}`,
    purpose === undefined ? '' : `:${purpose.toLowerCase()}`,
    facility === undefined ? '' : `@${unescaped(facility.slice('Facility-'.length))}`,
  ].join('');
}

/** The book as beancount reads it. At its end stand our balances: bean-check adds up the transactions and compares. */
export const beancount: BookFormat = {
  fileName: 'pasindo.beancount',
  opening: ({ accounts, firstDay }) => {
    const opened = accounts.map((account) => `${firstDay} open ${accountName(account.code, account.class)} IDR\n`);
    const head =
      '; Pasindo ledger. Whole rupiah; debit positive, credit negative.\noption "operating_currency" "IDR"\n';
    return firstDay === null ? head : `${head}\n${firstDay} commodity IDR\n${opened.join('')}`;
  },
  journal: ({ postedOn, journalId, kind, sourceReference, entries }) => {
    const postings = entries.map((entry) => `  ${accountName(entry.account, entry.class)}  ${entry.amount} IDR\n`);
    return `\n${postedOn} * "${kind}" "${asciiLine(sourceReference)}"\n  journal: "${journalId}"\n${postings.join('')}`;
  },
  closing: ({ accounts, dayAfterLast }) => {
    const checks = accounts.map(
      ({ code, class: type, balance }) => `${dayAfterLast} balance ${accountName(code, type)}  ${balance} IDR\n`,
    );
    return `\n${checks.join('')}`;
  },
};

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function escaped(id: string): string {
  return id.replace(
    /[^A-Za-z0-9-]|-(?=u)/gu,
    (character) => `-u${character.codePointAt(0)?.toString(16).toUpperCase()}-`,
  );
}

function unescaped(part: string): string {
  return part.replace(/-u([0-9A-F]+)-/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
