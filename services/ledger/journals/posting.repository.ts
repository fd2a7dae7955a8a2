import type { Transaction } from '#libs/database';
import { advanceHeads, lockHeads } from '../audit/chain-head.repository.ts';
import { type HashedJournal, type Link, link } from '../audit/hash-chain.ts';
import type { Journal } from './journal.ts';
import { POST_JOURNALS, postingParameters, type Refusal } from './posting.ts';

/**
 * Links a batch to its facilities' chains and posts it, in the order given and in the caller's transaction.
 * @returns the journals that were not posted, by id; all others are
 * @throws RangeError if an account is not in the chart
 */
export async function postJournals(
  query: Transaction['query'],
  journals: readonly Journal[],
): Promise<Map<string, Refusal>> {
  const drafts = journals.map((journal) => ({
    ...journal,
    source: JSON.stringify(journal.source),
    memory: journal.memory ? JSON.stringify(journal.memory) : null,
  }));
  const locked = await lockHeads(
    query,
    drafts.map(({ facilityId }) => facilityId),
  );
  const post = async (batch: readonly HashedJournal[]) => {
    const heads = new Map(locked.heads);
    const links = link(batch, heads, locked.recordedAt);
    const linked = batch.map((journal, index) => ({ ...journal, ...(links[index] as Link) }));
    const refused = await query<{ position: number; outcome: Refusal }>(POST_JOURNALS, postingParameters(linked));
    return { heads, refused: new Map(refused.map(({ position, outcome }) => [idAt(batch, position), outcome])) };
  };

  await query('SAVEPOINT before_posting');
  let { heads, refused } = await post(drafts);
  if (refused.size > 0) {
    // What is refused must not be linked. It is rare, as the inbox knows an event that comes again.
    await query('ROLLBACK TO SAVEPOINT before_posting');
    const accepted = drafts.filter(({ journalId }) => !refused.has(journalId));
    const again = await post(accepted);
    if (again.refused.size > 0) throw new Error('a journal is refused that was not before');
    heads = again.heads;
  }
  await advanceHeads(query, locked, heads);
  await keepMemories(
    query,
    drafts.filter(({ journalId }) => !refused.has(journalId)),
  );
  return refused;
}

async function keepMemories(query: Transaction['query'], journals: readonly HashedJournal[]): Promise<void> {
  const remembering = journals.filter(({ memory }) => memory);
  if (remembering.length === 0) return;
  await query(
    `INSERT INTO journal_memory (journal_id, memory)
     SELECT * FROM unnest($1::uuid[], string_to_array($2, E'\\n')::json[])`,
    [remembering.map(({ journalId }) => journalId), remembering.map(({ memory }) => memory).join('\n')],
  );
}

function idAt(journals: readonly HashedJournal[], position: number): string {
  return (journals[position - 1] as HashedJournal).journalId;
}
