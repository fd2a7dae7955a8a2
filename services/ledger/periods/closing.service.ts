import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import { JournalRepository } from '../journals/journal.repository.ts';
import type { Journal } from '../journals/journal.ts';
import type { Close, ClosingDraft, ClosingSource } from './close.ts';
import { VarianceRepository } from './variance.repository.ts';
import { closedVariances } from './variance.ts';

/** All that a close posts, in one place. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly journals: JournalRepository,
    private readonly variances: VarianceRepository,
  ) {}

  /**
   * Posts the journals of a close on the month's last day: before the month counts as closed, while nobody else posts.
   * After a reopening each rule finds in the books what it posted before, and posts only the difference.
   * @returns their ids
   */
  async post(transaction: Transaction, close: Close): Promise<string[]> {
    const drafts: ClosingDraft[] = [...closedVariances(await this.variances.until(transaction, close.lastDay))];
    const journals = drafts.map((draft) => journalOf(close, draft));
    const refused = await this.journals.post(transaction, journals);
    if (refused.size > 0) throw new Error(`what the close ${close.decisionId} posts is in the books already`);
    return journals.map(({ journalId }) => journalId);
  }
}

function journalOf({ lastDay, ...close }: Close, { closing, facilityId, facts, entries }: ClosingDraft): Journal {
  const source: ClosingSource = { closing, facilityId, ...close, ...facts };
  return {
    journalId: newId(),
    facilityId,
    kind: 'adjustment',
    postedOn: lastDay,
    occurredAt: `${lastDay}T16:59:59.999Z`, // the day's last instant in Jakarta
    sourceEventId: newId(), // one close, many journals
    sourceReference: `close/${close.month}/${closing}@${facilityId}/${close.decisionId}`,
    reverses: null,
    agreement: null,
    correlationId: close.decisionId,
    source,
    entries: entries.filter(({ amount }) => amount !== 0).map((entry) => ({ ...entry, lineRef: null, step: null })),
  };
}
