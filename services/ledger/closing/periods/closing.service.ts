import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import { lastInstantOf } from '../../books/calendar/month.ts';
import { chainEnds } from '../../books/chain/chain-ends.repository.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Journal } from '../../books/journals/journal.ts';
import { kindNamed } from '../../books/journals/kind.ts';
import { openBooks } from '../../books/open-books.repository.ts';
import type { Close, ClosingDraft, ClosingSource } from '../../decisions/closes/close.ts';
import { closedVariances } from '../../decisions/closes/variance.ts';
import { MemoryService } from '../../sharing/memory/memory.service.ts';
import { FloorsService, type PremiBefore } from '../floors/floors.service.ts';
import { ClosingBalanceRepository } from './closing-balance.repository.ts';
import { VarianceRepository } from './variance.repository.ts';

/** All that a close posts, in one place. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly journals: JournalRepository,
    private readonly variances: VarianceRepository,
    private readonly floors: FloorsService,
    private readonly memories: MemoryService,
    private readonly balances: ClosingBalanceRepository,
  ) {}

  /**
   * All that takes its time with a large month, done while others post: `post` looks at what they have posted since. In
   * the same transaction, so that nobody sees balances of a month that is not closed.
   */
  async prepare(transaction: Transaction, close: Close): Promise<PremiBefore> {
    const ends = await chainEnds(transaction);
    await this.balances.write(transaction, close.lastDay);
    return this.floors.prepare(transaction, close, ends);
  }

  /**
   * Posts the journals of a close on the month's last day: before the month counts as closed, while nobody else posts.
   * After a reopening each rule finds in the books what it posted before, and posts only the difference. Then the month's
   * closing balances are complete.
   * @returns their ids
   */
  async post(transaction: Transaction, close: Close, prepared: PremiBefore): Promise<string[]> {
    await this.balances.carryOn(transaction, close.lastDay, prepared.ends);
    const ends = await chainEnds(transaction);
    const drafts: ClosingDraft[] = [
      ...closedVariances(await this.variances.until(transaction, close.lastDay)),
      ...(await this.floors.draft(transaction, close, prepared)),
    ];
    const journals = drafts.map((draft) => journalOf(close, draft));
    const books = await openBooks(
      transaction,
      journals.map(({ facilityId }) => facilityId),
    );
    await this.journals.postDecided(books, journals);
    await this.memories.keep(
      transaction,
      journals.map(({ journalId }, index) => ({ journalId, changes: drafts[index]?.sharing?.changes ?? [] })),
    );
    await this.balances.carryOn(transaction, close.lastDay, ends);
    return journals.map(({ journalId }) => journalId);
  }

  reopen(transaction: Transaction, lastDay: string): Promise<void> {
    return this.balances.remove(transaction, lastDay);
  }
}

function journalOf(
  { lastDay, ...close }: Close,
  { closing, facilityId, facts, entries, sharing }: ClosingDraft,
): Journal {
  const source: ClosingSource = { closing, facilityId, ...close, ...facts };
  return {
    journalId: newId(),
    facilityId,
    kind: kindNamed('close', closing),
    postedOn: lastDay,
    occurredAt: lastInstantOf(lastDay),
    sourceEventId: newId(), // one close, many journals
    sourceReference: `close/${close.month}/${closing}@${facilityId}/${close.decisionId}`,
    reverses: null,
    agreement: sharing?.agreement ?? null,
    memory: sharing?.memory ?? null,
    correlationId: close.decisionId,
    source,
    entries: entries.filter(({ amount }) => amount !== 0).map((entry) => ({ step: null, ...entry, lineRef: null })),
  };
}
