import { Injectable } from '@nestjs/common';
import type { Event, SaleFrozen, SaleThawed } from '#libs/contracts';
import type { Books } from '../../books/open-books.repository.ts';
import { type Release, ReleasesService } from '../releases/releases.service.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import { DisputeRepository } from './dispute.repository.ts';

/** Keeps which sales are disputed. What their channels pay out is booked all the same; what is pending of them stays so. */
@Injectable()
export class DisputesService {
  constructor(
    private readonly disputes: DisputeRepository,
    private readonly sales: SaleRepository,
    private readonly releases: ReleasesService,
  ) {}

  /** The sale may still wait for its agreement. */
  freeze(books: Books, events: readonly Event<SaleFrozen>[]): void {
    this.disputes.open(books.transaction, afterNow(books, events));
  }

  /** What was settled meanwhile is released now; whose return window is over, by the timer. */
  async thaw(books: Books, events: readonly Event<SaleThawed>[]): Promise<void> {
    if (events.length === 0) return;
    this.disputes.close(books.transaction, afterNow(books, events));
    await this.#releaseSettled(books, [...new Set(events.map(({ data }) => data.saleId))]);
  }

  /**
   * Posts what was kept of sales. Their disputes may be over by now, and what was given back of them among the rest: those
   * that were ever disputed are released behind all of it, as when it had been posted as it came.
   */
  async withhold(books: Books, saleIds: readonly string[], post: () => Promise<void>): Promise<void> {
    const disputed = await this.disputes.disputed(books.transaction, saleIds);
    books.withheld = new Set(disputed);
    await post();
    books.withheld = new Set();
    if (disputed.length > 0) await this.#releaseSettled(books, disputed);
  }

  async #releaseSettled(books: Books, saleIds: readonly string[]): Promise<void> {
    const { transaction } = books;
    const [sales, settlements] = await Promise.all([
      this.sales.lock(transaction, saleIds),
      this.disputes.lastSettlements(transaction, saleIds),
    ]);
    await this.releases.release(
      books,
      [...sales.values()].flatMap((sale): Release[] => {
        const last = settlements.get(sale.saleId);
        if (!last || sale.open !== null || sale.releasedBy !== null) return [];
        const { settlementId, settledAt } = last;
        return [{ sale, occurredAt: settledAt, because: { settlementId } }];
      }),
    );
  }
}

/** As told behind the last journal of each one's book. */
function afterNow<Data extends SaleFrozen>({ heads }: Books, events: readonly Event<Data>[]) {
  return events.map(({ data }) => ({ ...data, after: heads.ends.get(data.facilityId)?.number ?? 0 }));
}
