import type { Transaction } from '#libs/database';
import { NotRupiah, type Rupiah } from '#libs/money';
import { type HashedJournal, type Link, link } from '../chain/hash-chain.ts';
import type { Books } from '../open-books.repository.ts';
import type { Journal } from './journal.ts';
import { POST_JOURNALS, postingParameters, type Refusal } from './posting.ts';

/**
 * Links a batch to its facilities' chains and posts it in one call of `post_journals` (posting.sql), in the order given.
 * @returns the journals that were not posted, by id; all others are
 * @throws NotRupiah if a balance would not fit, RangeError if an account is not in the chart
 */
export async function postJournals(books: Books, journals: readonly Journal[]): Promise<Map<string, Refusal>> {
  if (journals.length === 0) return new Map();
  const { query, write } = books.transaction;
  const drafts = journals.map((journal) => ({
    ...journal,
    source: JSON.stringify(journal.source),
    memory: journal.memory ? JSON.stringify(journal.memory) : null,
  }));
  const post = async (batch: readonly HashedJournal[]) => {
    const heads = new Map(books.heads.ends);
    const links = link(batch, heads, books.heads.recordedAt);
    const linked = batch.map((journal, index) => ({ ...journal, ...(links[index] as Link) }));
    const refused = await query<{ position: number; outcome: Refusal }>(POST_JOURNALS, postingParameters(linked)).catch(
      (error) => throwTooLarge(query, batch, error),
    );
    return { heads, refused: new Map(refused.map(({ position, outcome }) => [idAt(batch, position), outcome])) };
  };

  write('SAVEPOINT before_posting');
  let { heads, refused } = await post(drafts);
  if (refused.size > 0) {
    // What is refused must not be linked. It is rare, as the inbox knows an event that comes again.
    await query('ROLLBACK TO SAVEPOINT before_posting');
    const accepted = drafts.filter(({ journalId }) => !refused.has(journalId));
    const again = await post(accepted);
    if (again.refused.size > 0) throw new Error('a journal is refused that was not before');
    heads = again.heads;
  }
  await Promise.all([
    books.heads.advance(query, heads),
    keepMemories(
      query,
      drafts.filter(({ journalId }) => !refused.has(journalId)),
    ),
  ]);
  return refused;
}

/** SQLSTATEs of a sum that bigint does not hold, and of a balance beyond what its column takes. */
const [OUT_OF_RANGE, CHECK_VIOLATION] = ['22003', '23514'];
const BOUNDS = ['account_balance_check', 'entry_running_balance_check'];

async function throwTooLarge(
  query: Transaction['query'],
  batch: readonly HashedJournal[],
  error: { readonly code?: string; readonly constraint?: string },
): Promise<never> {
  const isBound = error.code === CHECK_VIOLATION && BOUNDS.includes(error.constraint ?? '');
  if (error.code !== OUT_OF_RANGE && !isBound) throw error;
  await query('ROLLBACK TO SAVEPOINT before_posting');
  const entries = batch.flatMap((journal) => journal.entries);
  const rows = await query<{ code: string; balance: Rupiah }>(
    'SELECT code, balance FROM account WHERE code = ANY ($1)',
    [[...new Set(entries.map(({ account }) => account))]],
  );
  const balances = new Map(rows.map(({ code, balance }) => [code, BigInt(balance)]));
  const tooLarge = new Set<string>();
  for (const { account, amount } of entries) {
    const balance = (balances.get(account) ?? 0n) + BigInt(amount);
    balances.set(account, balance);
    if (BigInt.asIntN(54, balance) !== balance) tooLarge.add(account);
  }
  throw new NotRupiah(`the balance of ${[...tooLarge].join(', ')} would be beyond 2^53-1 rupiah`);
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
