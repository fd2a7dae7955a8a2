import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database, elevated, facilitiesInScope } from '#libs/database';
import { JournalRepository, type PostedEntry, type PostedJournal } from '../../books/journals/journal.repository.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { kindOf } from '../../books/journals/kind.ts';
import type { RecordedLot } from '../../decisions/adjustments/recorded-lot.ts';
import type { ClosingSource } from '../../decisions/closes/close.ts';
import { floorEntries, type MonthOfFloor } from '../../decisions/closes/floor.ts';
import { commonAgreement } from '../../sales/sales/sale.ts';
import { SaleLineRepository } from '../../sales/sales/sale-line.repository.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import { memoryOf } from '../../sharing/memory/memory.ts';
import type { ExplanationView } from '../journals/explanation.dto.ts';
import { type Caused, causeOf } from './cause.ts';
import { contributionsCause } from './contributions.ts';
import { evidenceOf } from './evidence.repository.ts';
import { explainRefund, explainSale, type RecomputedJournal, sameEntries } from './explanation.ts';
import type { Circumstances, LineEvent } from './replay.ts';

@Injectable()
export class ExplanationService {
  constructor(
    private readonly database: Database,
    private readonly journals: JournalRepository,
    private readonly saleLines: SaleLineRepository,
    private readonly agreements: AgreementRepository,
  ) {}

  /**
   * The entries that a journal ought to have, and how they come about, from its own sources and never from its entries:
   * of a sale or refund every step of sharing, of any other journal its cause.
   * @param seen under the scope: whoever has seen it, or an entry of it, may know why it is there
   * @returns undefined if what it came from is not in the books
   */
  recompute(seen: PostedJournal): Promise<RecomputedJournal | Caused | undefined> {
    return this.#withAllRows(seen, (journal) => this.#recompute(journal));
  }

  /** Of an entry that was seen: a maker's may stand in the books of a facility beyond the scope. */
  journalOf({ journalId }: PostedEntry & { readonly journalId: string }): Promise<PostedJournal | undefined> {
    return elevated(() => this.journals.find(journalId));
  }

  /** Of a sale or refund, beside what is posted; of other journals, nothing. */
  explain(seen: PostedJournal): Promise<ExplanationView | undefined> {
    return this.#withAllRows(seen, (journal) => this.#explain(journal));
  }

  async #withAllRows<T>(seen: PostedJournal, work: (journal: PostedJournal) => Promise<T>): Promise<T> {
    if (facilitiesInScope() === null) return work(seen);
    return elevated(async () => work((await this.journals.find(seen.journalId)) ?? seen));
  }

  async #recompute(journal: PostedJournal): Promise<RecomputedJournal | Caused | undefined> {
    switch (kindOf(journal)) {
      case 'sale': {
        const sale = journal.source as SalePaid;
        return { sale, ...explainSale(sale, await this.#circumstancesOf(journal)) };
      }
      case 'refund': {
        const { sale, circumstances, history } = await this.#sold(journal);
        const event = journal.source as SaleRefunded;
        return { sale, event, ...explainRefund(sale, circumstances, history, await this.#postedBy(journal)) };
      }
      case 'contribution': {
        const { sale, circumstances, history } = await this.#sold(journal);
        const posted = await this.#postedBy(journal);
        return contributionsCause(journal.source as RecordedLot, sale, circumstances, history, posted);
      }
      case 'floor-top-up':
        return this.#floor(journal);
      default: {
        const query: Database['query'] = (sql, parameters) => this.database.query(sql, parameters);
        const evidence = (await evidenceOf(query, [journal])).get(journal.journalId);
        return evidence && causeOf(journal, evidence);
      }
    }
  }

  async #explain(journal: PostedJournal): Promise<ExplanationView | undefined> {
    const recomputed = await this.#recompute(journal);
    if (!recomputed || 'cause' in recomputed) return undefined;
    const posted = await this.#postedBy(journal);
    const { lines, entries, refund } = recomputed;
    return {
      journalId: journal.journalId,
      kind: journal.kind,
      matches: sameEntries(entries, posted),
      agreement: commonAgreement(new Map(lines.map(({ lineRef, agreement }) => [lineRef, agreement]))),
      lines: [...lines],
      ...(refund && { refund }),
      entries: [...entries],
      posted,
    };
  }

  async #postedBy({ journalId }: PostedJournal): Promise<Entry[]> {
    const entries = await this.journals.entriesOf([journalId]);
    return (entries.get(journalId) ?? []).map(({ account, amount, lineRef, step }) => ({
      account,
      amount,
      lineRef,
      step,
    }));
  }

  async #floor(journal: PostedJournal): Promise<Caused | undefined> {
    const { id = '', version = 0 } = journal.agreement ?? {};
    const agreement = await this.agreements.find(this.database, id, version);
    const close = journal.source as ClosingSource<MonthOfFloor>;
    if (!agreement) return undefined;
    return {
      cause: { cause: 'floor', close, agreement },
      ...floorEntries(close, agreement, journal.postedOn, memoryOf(journal)),
    };
  }

  /** The sale that a journal is about, and what happened to its line up to and including the journal. */
  async #sold(journal: PostedJournal) {
    const sold = journal.reverses === null ? undefined : await this.journals.find(journal.reverses);
    if (!sold) throw new Error(`journal ${journal.reverses}, which ${journal.journalId} reverses, is missing`);
    const { lineRef } = journal.source as LineEvent['data'];
    const history = await this.journals.historyUpTo(journal, lineRef);
    return {
      sale: sold.source as SalePaid,
      circumstances: await this.#circumstancesOf(sold),
      history: history.map((each): LineEvent => ({ data: each.source as LineEvent['data'], memory: memoryOf(each) })),
    };
  }

  async #circumstancesOf(sold: PostedJournal): Promise<Circumstances> {
    const agreements = await this.saleLines.agreementsOf(this.database, sold.sourceReference);
    return { postedOn: sold.postedOn, memory: memoryOf(sold), agreements };
  }
}
