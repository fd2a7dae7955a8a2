import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import type { RecordedLot } from '../adjustments/recorded-lot.ts';
import { AgreementRepository } from '../agreements/agreement.repository.ts';
import { explainRefund, explainSale, type RecomputedJournal, sameEntries } from './explanation.ts';
import type { ExplanationView } from './journal.dto.ts';
import { JournalRepository, type PostedJournal } from './journal.repository.ts';
import type { Entry } from './journal.ts';

@Injectable()
export class ExplanationService {
  constructor(
    private readonly database: Database,
    private readonly journals: JournalRepository,
    private readonly agreements: AgreementRepository,
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
      lines: [...explained.lines],
      entries: [...explained.entries],
      posted,
    };
  }

  /** A sale's or refund's journal, computed again with every step; of other kinds, nothing. */
  async recompute(journal: PostedJournal): Promise<RecomputedJournal | undefined> {
    if (journal.kind === 'sale') {
      const agreement = await this.#agreementOf(journal);
      const sale = journal.source as SalePaid;
      return { sale, agreement, ...explainSale(sale, agreement, journal) };
    }
    if (journal.kind !== 'refund' || journal.reverses === null) return undefined;
    const sold = await this.journals.find(journal.reverses);
    if (!sold) throw new Error(`journal ${journal.reverses}, which ${journal.journalId} reverses, is missing`);
    const agreement = await this.#agreementOf(sold);
    const event = journal.source as SaleRefunded;
    const history = await this.journals.historyUpTo(journal, event.lineRef);
    const sources = history.map(({ source }) => source as SaleRefunded | RecordedLot);
    const sale = sold.source as SalePaid;
    const posted = await this.#entriesOf(journal);
    return { sale, agreement, event, ...explainRefund(sale, agreement, sold, sources, posted) };
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

  async #agreementOf({ journalId, agreement }: PostedJournal) {
    const found = agreement && (await this.agreements.find(this.database, agreement.id, agreement.version));
    if (!found) throw new Error(`the agreement of journal ${journalId} is missing`);
    return found;
  }
}
