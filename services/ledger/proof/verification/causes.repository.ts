import type { Transaction } from '#libs/database';
import { type CausedJournal, causeOf } from '../../explanations/causes/cause.ts';
import { evidenceOf } from '../../explanations/causes/evidence.repository.ts';
import { sameEntries } from '../../explanations/journals/explanation.ts';
import { attempt, type Fault, type StoredJournal } from './verification.ts';
import type { Checked } from './verification-report.ts';

const kinds: readonly StoredJournal['kind'][] = [
  'settlement',
  'release',
  'payout',
  'payout-failed',
  'deposit',
  'adjustment',
  'opening',
  'custody',
];

/**
 * Settlements, releases, payouts, deposits, adjustments, closes and what happened to makers among these journals, computed again from their own
 * sources: reports, what the sale has left, proposals, drafts.
 * @param checked is kept up to date
 */
export async function* causeFaults(
  query: Transaction['query'],
  journals: readonly StoredJournal[],
  checked: Checked,
): AsyncGenerator<Fault> {
  // What has been taken back of a sale line is computed with its sale: so are contributions that were recorded later.
  // What a close guarantees by an agreement is computed with that.
  const stored = journals.filter(
    ({ kind, reverses, agreement }) => kinds.includes(kind) && !(kind === 'adjustment' && (reverses || agreement)),
  );
  const caused = stored.map((journal): CausedJournal => ({ ...journal, source: JSON.parse(journal.source) }));
  const evidence = await evidenceOf(query, caused);
  for (const [index, journal] of caused.entries()) {
    const posted = stored[index]?.entries ?? [];
    const known = evidence.get(journal.journalId);
    const computed = known && attempt(() => causeOf(journal, known));
    const fault = (says: string): Fault => ({ table: 'journal', row: journal.journalId, says });
    if (computed && !sameEntries(computed.entries, posted)) yield fault('is not what it was posted for gives');
    if (!computed && posted.length > 0) yield fault('what it was posted for is not in the books');
    checked.explained += 1;
  }
}
