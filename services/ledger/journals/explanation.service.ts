import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import { AgreementRepository } from '../agreements/agreement.repository.ts';
import { explainRefund, explainSale, sameEntries } from './explanation.ts';
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
    const entries = await this.journals.entriesOf([journal.journalId]);
    const posted = (entries.get(journal.journalId) ?? []).map(({ account, amount, lineRef, step }) => ({
      account,
      amount,
      lineRef,
      step,
    }));
    const explained = await this.#computeAgain(journal, posted);
    if (!explained) return undefined;
    const { journalId, kind } = journal;
    return {
      journalId,
      kind,
      matches: sameEntries(explained.entries, posted),
      ...explained,
      entries: [...explained.entries],
      posted,
    };
  }

  async #computeAgain(journal: PostedJournal, posted: readonly Entry[]) {
    if (journal.kind === 'sale') {
      const agreement = await this.#agreementOf(journal);
      return { agreement, ...explainSale(journal.source as SalePaid, agreement) };
    }
    if (journal.kind !== 'refund' || journal.reverses === null) return undefined;
    const sale = await this.journals.find(journal.reverses);
    if (!sale) throw new Error(`journal ${journal.reverses}, which ${journal.journalId} reverses, is missing`);
    const agreement = await this.#agreementOf(sale);
    const refunds = await this.journals.refundsUpTo(journal, (journal.source as SaleRefunded).lineRef);
    const sources = refunds.map(({ source }) => source as SaleRefunded);
    return { agreement, ...explainRefund(sale.source as SalePaid, agreement, sources, posted) };
  }

  async #agreementOf({ journalId, agreement }: PostedJournal) {
    const found = agreement && (await this.agreements.find(this.database, agreement.id, agreement.version));
    if (!found) throw new Error(`the agreement of journal ${journalId} is missing`);
    return found;
  }
}
