import { type AccountClass, accountOfCode } from '../accounts/account.ts';
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
 * What an id must not hold becomes `-uHEX-`, its code point; so does a `-` before a `u`, which would look like one.
 */
export function accountName(code: string): string {
  const { owner, class: accountClass } = accountOfCode(code);
  const [, kind = '', id] = /^([a-z]+)(?::(.*))?$/s.exec(owner) ?? [];
  const [, purpose, facilityId] = /^(?::([a-z0-9-]+))?(?:@(.*))?$/s.exec(code.slice(owner.length)) ?? [];
  const parts = [id === undefined ? capitalised(kind) : `${capitalised(kind)}-${escaped(id)}`];
  if (purpose !== undefined) parts.push(capitalised(purpose));
  if (facilityId !== undefined) parts.push(`Facility-${escaped(facilityId)}`);
  return [rootOf[accountClass], ...parts].join(':');
}

/** The account code that `accountName` made this name of. */
export function accountCodeOf(name: string): string {
  const [, owner = '', ...rest] = name.split(':');
  const purpose = rest.find((part) => !part.startsWith('Facility-'));
  const facility = rest.find((part) => part.startsWith('Facility-'));
  const [, kind = '', id] = /^([A-Za-z]+)(?:-(.*))?$/.exec(owner) ?? [];
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
    const opened = accounts.map(({ code }) => `${firstDay} open ${accountName(code)} IDR\n`);
    const head =
      '; Pasindo ledger. Whole rupiah; debit positive, credit negative.\noption "operating_currency" "IDR"\n';
    return firstDay === null ? head : `${head}\n${firstDay} commodity IDR\n${opened.join('')}`;
  },
  journal: ({ postedOn, journalId, kind, sourceReference, entries }) => {
    const postings = entries.map(({ account, amount }) => `  ${accountName(account)}  ${amount} IDR\n`);
    return `\n${postedOn} * "${kind}" ${quoted(sourceReference)}\n  journal: "${journalId}"\n${postings.join('')}`;
  },
  closing: ({ accounts, dayAfterLast }) => {
    const checks = accounts.map(
      ({ code, balance }) => `${dayAfterLast} balance ${accountName(code)}  ${balance} IDR\n`,
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

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
