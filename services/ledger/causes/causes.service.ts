import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import type { PostedLot } from '../adjustments/recorded-lot.ts';
import { JournalRepository, type PostedJournal } from '../journals/journal.repository.ts';
import type { Entry } from '../journals/journal.ts';
import { SaleLineRepository } from '../sales/sale-line.repository.ts';
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
  ) {}

  /** Computed again from its own sources; undefined: what it came from is not in the books, or it shares a sale. */
  async find(journal: PostedJournal, posted: readonly Entry[]): Promise<Caused | undefined> {
    if (journal.kind === 'adjustment' && journal.reverses !== null) return this.#contributions(journal, posted);
    const query: Database['query'] = (sql, parameters) => this.database.query(sql, parameters);
    const caused = { ...journal, number: await chainNumberOf(query, journal.journalId) };
    const evidence = (await evidenceOf(query, [caused])).get(journal.journalId);
    return evidence && causeOf(caused, evidence);
  }

  async #contributions(journal: PostedJournal, posted: readonly Entry[]): Promise<Caused | undefined> {
    const recorded = postedLot(journal) as PostedLot;
    const sold = await this.journals.find(journal.reverses as string);
    if (!sold) return undefined;
    const agreements = await this.saleLines.agreementsOf(this.database, sold.sourceReference);
    const history = (await this.journals.historyUpTo(journal, recorded.lineRef)).slice(0, -1);
    const before = history.map(postedLot);
    return contributionsCause(recorded, sold.source as SalePaid, { ...sold, agreements }, before, posted);
  }
}

/** An event about a sale line, with what its journal remembered. */
function postedLot({ source, memory }: PostedJournal): SaleRefunded | PostedLot {
  return { ...(source as SaleRefunded | PostedLot), memory };
}
