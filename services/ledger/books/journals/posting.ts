import { type Account, accountOfCode } from '../accounts/account.ts';
import type { HashedJournal, Link } from '../chain/hash-chain.ts';

/** Why a journal was not posted: its source is in the books already, with the same or with other content. */
export type Refusal = 'duplicate' | 'conflict';

/** A journal with its place in its facility's chain. */
export type LinkedJournal = HashedJournal & Link;

const PARAMETERS = 27;

/** The call of posting.sql: `position` of each journal that was not posted, with its `outcome`. */
export const POST_JOURNALS = `SELECT journal_position AS position, outcome
  FROM post_journals(${Array.from({ length: PARAMETERS }, (_, index) => `$${index + 1}`).join(', ')})`;

/** The arguments of `post_journals`, as arrays. Numbers become array literals here: ten times as fast as in the driver. */
export function postingParameters(journals: readonly LinkedJournal[]): unknown[] {
  const positions = new Map<string, number>();
  const accounts: Account[] = [];
  /** By facility: accounts that are not its own. */
  const inBooks = new Map<string, Set<string>>();
  const entryJournals: number[] = [];
  const entryAccounts: number[] = [];
  const entries = journals.flatMap((journal, index) => {
    const { facilityId } = journal;
    for (const { account: code } of journal.entries) {
      const position = positions.get(code) ?? accounts.push(accountOfCode(code));
      positions.set(code, position);
      if (accounts[position - 1]?.facilityId !== facilityId) {
        const others = inBooks.get(facilityId) ?? new Set();
        inBooks.set(facilityId, others.add(code));
      }
      entryJournals.push(index + 1);
      entryAccounts.push(position);
    }
    return journal.entries;
  });
  const moved = [...inBooks].flatMap(([facilityId, codes]) => [...codes].map((code) => ({ facilityId, code })));
  return [
    journals.map(({ journalId }) => journalId),
    journals.map(({ facilityId }) => facilityId),
    journals.map(({ kind }) => kind),
    journals.map(({ postedOn }) => postedOn),
    journals.map(({ occurredAt }) => new Date(occurredAt).toISOString()),
    journals.map(({ sourceEventId }) => sourceEventId),
    journals.map(({ sourceReference }) => sourceReference),
    journals.map(({ reverses }) => reverses),
    journals.map(({ agreement }) => agreement?.id ?? null),
    journals.map(({ agreement }) => agreement?.version ?? null),
    journals.map(({ correlationId }) => correlationId),
    journals.map(({ source }) => source).join('\n'),
    journals.map(({ recordedAt }) => recordedAt),
    arrayLiteral(journals.map(({ number }) => number)),
    journals.map(({ hash }) => hash),
    accounts.map(({ code }) => code),
    accounts.map((account) => account.class),
    accounts.map(({ owner }) => owner),
    accounts.map(({ purpose }) => purpose),
    accounts.map(({ facilityId }) => facilityId),
    arrayLiteral(entryJournals),
    arrayLiteral(entryAccounts),
    entries.map(({ lineRef }) => lineRef),
    entries.map(({ step }) => step),
    arrayLiteral(entries.map(({ amount }) => amount)),
    moved.map(({ facilityId }) => facilityId),
    moved.map(({ code }) => code),
  ];
}

function arrayLiteral(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}
