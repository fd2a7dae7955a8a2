import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import { MemoryService } from '../accumulators/memory.service.ts';
import { FloorsService } from '../floors/floors.service.ts';
import { JournalRepository } from '../journals/journal.repository.ts';
import type { Journal } from '../journals/journal.ts';
import type { Close, ClosingDraft, ClosingSource } from './close.ts';
import { lastInstantOf } from './month.ts';
import { VarianceRepository } from './variance.repository.ts';
import { closedVariances } from './variance.ts';

/** All that a close posts, in one place. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly journals: JournalRepository,
    private readonly variances: VarianceRepository,
    private readonly floors: FloorsService,
    private readonly memories: MemoryService,
  ) {}

  /**
   * Posts the journals of a close on the month's last day: before the month counts as closed, while nobody else posts.
   * After a reopening each rule finds in the books what it posted before, and posts only the difference.
   * @returns their ids
   */
  async post(transaction: Transaction, close: Close): Promise<string[]> {
    const drafts: ClosingDraft[] = [
      ...closedVariances(await this.variances.until(transaction, close.lastDay)),
      ...(await this.floors.draft(transaction, close)),
    ];
    const journals = drafts.map((draft) => journalOf(close, draft));
    await this.journals.postDecided(transaction, journals);
    await this.memories.keep(
      transaction,
      journals.map(({ journalId }, index) => ({ journalId, changes: drafts[index]?.sharing?.changes ?? [] })),
    );
    return journals.map(({ journalId }) => journalId);
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
    kind: 'adjustment',
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
