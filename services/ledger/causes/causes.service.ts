import { Injectable } from '@nestjs/common';
import type { SalePaid, SaleRefunded } from '#libs/contracts';
import { Database } from '#libs/database';
import type { PostedLot } from '../adjustments/recorded-lot.ts';
import { AgreementRepository } from '../agreements/agreement.repository.ts';
import { floorEntries, type MonthOfFloor } from '../floors/floor.ts';
import { JournalRepository, type PostedJournal } from '../journals/journal.repository.ts';
import type { Entry } from '../journals/journal.ts';
import type { ClosingSource } from '../periods/close.ts';
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

  async #floor(
    { source, postedOn, memory }: PostedJournal,
    { id, version }: { id: string; version: number },
  ): Promise<Caused | undefined> {
    const agreement = await this.agreements.find(this.database, id, version);
    const close = source as ClosingSource<MonthOfFloor>;
    if (!agreement) return undefined;
    return { cause: { cause: 'floor', close, agreement }, ...floorEntries(close, agreement, postedOn, memory) };
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
