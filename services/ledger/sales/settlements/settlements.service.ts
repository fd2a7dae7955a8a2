import { Injectable } from '@nestjs/common';
import type { Event, SaleSettled } from '#libs/contracts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Books } from '../../books/open-books.repository.ts';
import { HoldsService } from '../holds/holds.service.ts';
import { type Release, ReleasesService } from '../releases/releases.service.ts';
import { type Draft, draft, EventPostingService, type RefusedEvent } from '../sales/event-posting.service.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import { referenceOf, settle } from './settlement.ts';

/** Books what channels paid out, and makes the money of the sales available. A batch costs a fixed number of statements. */
@Injectable()
export class SettlementsService {
  constructor(
    private readonly sales: SaleRepository,
    private readonly releases: ReleasesService,
    private readonly journals: JournalRepository,
    private readonly posting: EventPostingService,
    private readonly holds: HoldsService,
  ) {}

  /** One journal clears what the channel paid; the first that leaves nothing open of a sale releases it by another. */
  settle(books: Books, events: readonly Event<SaleSettled>[]): Promise<void> {
    return this.posting.fitting(books, events, referenceOf, (some) => this.#settle(books, some));
  }

  async #settle(books: Books, events: readonly Event<SaleSettled>[]): Promise<void> {
    const { transaction } = books;
    const [sales, known] = await Promise.all([
      this.sales.lock(
        transaction,
        events.map(({ data }) => data.saleId),
      ),
      this.journals.known(
        transaction,
        'settlement',
        events.map(({ data }) => referenceOf(data)),
      ),
    ]);

    const drafts: Draft<SaleSettled>[] = [];
    const unknown: Event<SaleSettled>[] = [];
    const releases = new Map<string, Release>();
    const settled = new Set<string>();
    for (const event of events) {
      const { saleId, settlementId, settledAt } = event.data;
      const reference = referenceOf(event.data);
      const sale = sales.get(saleId);
      if (!sale) {
        unknown.push(event);
        continue;
      }
      const { entries, ...after } = settle(sale, event.data);
      // One that is in the books already is sent as well: the posting tells whether it is the same.
      const journal = draft(event, {
        kind: 'settlement',
        postedOn: books.dayOf(settledAt),
        occurredAt: settledAt,
        sourceReference: reference,
        reverses: null,
        agreement: null,
        entries: known.has(reference) ? [] : entries,
      });
      drafts.push({ event, journal });
      if (known.has(reference)) continue;
      known.add(reference);
      settled.add(saleId);
      sales.set(saleId, { ...sale, ...after });
      if (after.open === null && sale.releasedBy === null && !releases.has(saleId)) {
        releases.set(saleId, { sale, occurredAt: settledAt, because: { settlementId } });
      }
    }

    const kept = await this.holds.keep(books, unknown);
    const refused = unknown
      .filter((event) => !kept.has(event))
      .map((event): RefusedEvent => ({ event, reference: referenceOf(event.data), reason: 'sale-unknown' }));
    const released = await this.releases.draft(books, [...releases.values()]);
    await this.posting.post(books, drafts, refused, [...released.values()]);
    await this.sales.save(
      transaction,
      [...sales.values()]
        .filter(({ saleId }) => settled.has(saleId))
        .map((sale) => ({ ...sale, releasedBy: sale.releasedBy ?? released.get(sale.saleId)?.journalId ?? null })),
    );
  }
}
