import type { Transaction } from '#libs/database';
import { type JournalKind, kindOf } from '../../books/journals/kind.ts';
import { type CausedJournal, causeOf } from '../../explanations/recompute/cause.ts';
import { evidenceOf } from '../../explanations/recompute/evidence.repository.ts';
import { sameEntries } from '../../explanations/recompute/explanation.ts';
import { attempt, type Fault, type StoredJournal } from './verification.ts';
import type { Checked } from './verification-report.ts';

/** What is computed again with its sale, or with the agreement that a close guarantees a floor by. */
const computedElsewhere: readonly JournalKind[] = ['sale', 'refund', 'contribution', 'floor-top-up'];

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
  const stored = journals.filter((journal) => !computedElsewhere.includes(kindOf(journal)));
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
