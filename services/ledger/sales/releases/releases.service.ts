import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { newId } from '#libs/messaging';
import { accountOfCode } from '../../books/accounts/account.ts';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import type { Journal } from '../../books/journals/journal.ts';
import { postJournals } from '../../books/journals/posting.repository.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import type { Sale } from '../sales/sale.ts';
import { SaleLineRepository } from '../sales/sale-line.repository.ts';
import { receivablesOf, releaseEntries } from './release.ts';

/** A sale whose pending money is to become available, and why. */
export interface Release {
  readonly sale: Sale;
  /** ISO 8601 */
  readonly occurredAt: string;
  readonly because: { readonly settlementId: string } | { readonly returnWindowEnded: string };
}

@Injectable()
export class ReleasesService {
  constructor(
    private readonly database: Database,
    private readonly sales: SaleRepository,
    private readonly saleLines: SaleLineRepository,
    private readonly balances: BalanceRepository,
  ) {}

  /**
   * Drafts the journals of releases, by sale id: none of a sale that is disputed or withheld, which is released when that is
   * over, and not before. The sales are locked.
   */
  async draft(books: Books, all: readonly Release[]): Promise<Map<string, Journal>> {
    const releases = all.filter(({ sale }) => !sale.frozen && !books.withheld.has(sale.saleId));
    if (releases.length === 0) return new Map();
    const { transaction } = books;
    const lines = Map.groupBy(
      await this.saleLines.lockOfSales(
        transaction,
        releases.map(({ sale }) => sale.saleId),
      ),
      ({ saleId }) => saleId,
    );
    const accounts = receivablesOf([...lines.values()].flat());
    const [, receivables] = await Promise.all([
      this.balances.lockOwners(
        transaction,
        accounts.map((account) => accountOfCode(account).owner),
      ),
      this.balances.find(transaction, accounts),
    ]);
    return new Map(
      releases.map(({ sale, because, ...release }) => {
        const occurredAt = laterOf(release.occurredAt, sale.thawedAt);
        const journal: Journal = {
          journalId: newId(),
          facilityId: sale.facilityId,
          kind: 'release',
          postedOn: books.dayOf(occurredAt),
          occurredAt,
          sourceEventId: newId(), // it has no event of its own
          sourceReference: sale.saleId,
          reverses: null,
          agreement: null,
          correlationId: sale.correlationId,
          source: { saleId: sale.saleId, facilityId: sale.facilityId, ...because },
          entries: releaseEntries(lines.get(sale.saleId) ?? [], receivables),
        };
        return [sale.saleId, journal];
      }),
    );
  }

  /**
   * Releases some of the sales whose channel's return window is over: all of them or, after a crash, none, and each once
   * however many are at it.
   * @returns how many were due
   */
  async releaseDue(now: Date, limit: number): Promise<number> {
    const due = await this.sales.due(this.database, now, limit);
    if (due.length === 0) return 0;
    await this.database.transaction(async (transaction) => {
      const books = await openBooks(
        transaction,
        due.map(({ facilityId }) => facilityId),
      );
      const sales = await this.sales.lock(
        transaction,
        due.map(({ saleId }) => saleId),
      );
      const releases = [...sales.values()].flatMap((sale): Release[] => {
        const { releasedBy, releaseAt } = sale;
        if (releasedBy !== null || releaseAt === null) return [];
        return [{ sale, occurredAt: releaseAt, because: { returnWindowEnded: releaseAt } }];
      });
      await this.release(books, releases);
    });
    return due.length;
  }

  /** Releases those that may be. The sales are locked. */
  async release(books: Books, releases: readonly Release[]): Promise<void> {
    const drafts = await this.draft(books, releases);
    const refused = await postJournals(books, [...drafts.values()]);
    if (refused.size > 0) throw new Error(`${[...refused.keys()]} release what is released`);
    await this.sales.save(
      books.transaction,
      releases.map(({ sale }) => ({ ...sale, releasedBy: drafts.get(sale.saleId)?.journalId ?? null })),
    );
  }
}

/** Of two instants in ISO 8601. */
function laterOf(one: string, other: string | null): string {
  return other !== null && Date.parse(other) > Date.parse(one) ? other : one;
}
