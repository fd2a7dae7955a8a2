import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import { JournalRepository, type PostedJournal } from '../../books/journals/journal.repository.ts';
import type { Entry } from '../../books/journals/journal.ts';
import type { PostedLot } from '../../decisions/adjustments/recorded-lot.ts';
import { commonAgreement } from '../../sales/sales/sale.ts';
import { SaleLineRepository } from '../../sales/sales/sale-line.repository.ts';
import { memoryOf } from '../../sharing/memory/memory.ts';
import type { ExplanationView } from './explanation.dto.ts';
import { type Circumstances, explainRefund, explainSale, type RecomputedJournal, sameEntries } from './explanation.ts';

@Injectable()
export class ExplanationService {
  constructor(
    private readonly database: Database,
    private readonly journals: JournalRepository,
    private readonly saleLines: SaleLineRepository,
  ) {}

  /** Why a sale's or refund's journal is as it is, computed again from what was frozen; of other kinds, nothing. */
  async explain(journal: PostedJournal): Promise<ExplanationView | undefined> {
    const recomputed = await this.recompute(journal);
    if (!recomputed) return undefined;
    const posted = await this.#entriesOf(journal);
    const { sale: _, event: __, ...explained } = recomputed;
    const { journalId, kind } = journal;
    return {
      journalId,
      kind,
      matches: sameEntries(explained.entries, posted),
      ...explained,
      agreement: commonAgreement(new Map(explained.lines.map(({ lineRef, agreement }) => [lineRef, agreement]))),
      lines: [...explained.lines],
      entries: [...explained.entries],
      posted,
    };
  }

  /** A sale's or refund's journal, computed again with every step; of other kinds, nothing. */
  async recompute(journal: PostedJournal): Promise<RecomputedJournal | undefined> {
    if (journal.kind === 'sale') {
      const sale = journal.source as SalePaid;
      return { sale, ...explainSale(sale, await this.#circumstancesOf(journal)) };
    }
    if (journal.kind !== 'refund' || journal.reverses === null) return undefined;
    const sold = await this.journals.find(journal.reverses);
    if (!sold) throw new Error(`journal ${journal.reverses}, which ${journal.journalId} reverses, is missing`);
    const event = journal.source as SaleRefunded;
    const history = await this.journals.historyUpTo(journal, event.lineRef);
    const sources = history.map((each) => ({ ...(each.source as SaleRefunded | PostedLot), memory: memoryOf(each) }));
    const sale = sold.source as SalePaid;
    const posted = await this.#entriesOf(journal);
    return { sale, event, ...explainRefund(sale, await this.#circumstancesOf(sold), sources, posted) };
  }

  async #entriesOf({ journalId }: PostedJournal): Promise<Entry[]> {
    const entries = await this.journals.entriesOf([journalId]);
    return (entries.get(journalId) ?? []).map(({ account, amount, lineRef, step }) => ({
      account,
      amount,
      lineRef,
      step,
    }));
  }

  async #circumstancesOf(sold: PostedJournal): Promise<Circumstances> {
    return {
      ...sold,
      memory: memoryOf(sold),
      agreements: await this.saleLines.agreementsOf(this.database, sold.sourceReference),
    };
  }
}
