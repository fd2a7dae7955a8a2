import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import { JournalRepository, type PostedJournal } from '../../books/journals/journal.repository.ts';
import type { Entry } from '../../books/journals/journal.ts';
import type { PostedLot } from '../../decisions/adjustments/recorded-lot.ts';
import type { ClosingSource } from '../../decisions/closes/close.ts';
import { floorEntries, type MonthOfFloor } from '../../decisions/closes/floor.ts';
import { SaleLineRepository } from '../../sales/sales/sale-line.repository.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import { memoryOf } from '../../sharing/memory/memory.ts';
import { type Caused, causeOf } from './cause.ts';
import { contributionsCause } from './contributions.ts';
import { chainNumberOf, evidenceOf } from './evidence.repository.ts';

/** Why journals are there that neither sell nor refund. */
@Injectable()
export class CausesService {
  constructor(
    private readonly database: Database,
    private readonly journals: JournalRepository,
    private readonly saleLines: SaleLineRepository,
    private readonly agreements: AgreementRepository,
  ) {}

  /** Computed again from its own sources; undefined: what it came from is not in the books, or it shares a sale. */
  async find(journal: PostedJournal, posted: readonly Entry[]): Promise<Caused | undefined> {
    if (journal.kind === 'adjustment' && journal.reverses !== null) return this.#contributions(journal, posted);
    if (journal.kind === 'adjustment' && journal.agreement !== null) return this.#floor(journal, journal.agreement);
    const query: Database['query'] = (sql, parameters) => this.database.query(sql, parameters);
    const caused = { ...journal, number: await chainNumberOf(query, journal.journalId) };
    const evidence = (await evidenceOf(query, [caused])).get(journal.journalId);
    return evidence && causeOf(caused, evidence);
  }

  async #floor(journal: PostedJournal, { id, version }: { id: string; version: number }): Promise<Caused | undefined> {
    const agreement = await this.agreements.find(this.database, id, version);
    const close = journal.source as ClosingSource<MonthOfFloor>;
    if (!agreement) return undefined;
    return {
      cause: { cause: 'floor', close, agreement },
      ...floorEntries(close, agreement, journal.postedOn, memoryOf(journal)),
    };
  }

  async #contributions(journal: PostedJournal, posted: readonly Entry[]): Promise<Caused | undefined> {
    const recorded = postedLot(journal) as PostedLot;
    const sold = await this.journals.find(journal.reverses as string);
    if (!sold) return undefined;
    const agreements = await this.saleLines.agreementsOf(this.database, sold.sourceReference);
    const history = (await this.journals.historyUpTo(journal, recorded.lineRef)).slice(0, -1);
    const before = history.map(postedLot);
    return contributionsCause(
      recorded,
      sold.source as SalePaid,
      { ...sold, memory: memoryOf(sold), agreements },
      before,
      posted,
    );
  }
}

/** An event about a sale line, with what its journal remembered. */
function postedLot(journal: PostedJournal): SaleRefunded | PostedLot {
  return { ...(journal.source as SaleRefunded | PostedLot), memory: memoryOf(journal) };
}
