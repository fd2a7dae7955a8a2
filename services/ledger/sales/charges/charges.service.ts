import { Injectable } from '@nestjs/common';
import { type ChargeBorne, type Event, UNALLOCATED } from '#libs/contracts';
import type { Books } from '../../books/open-books.repository.ts';
import { HoldsService } from '../holds/holds.service.ts';
import { draft, EventPostingService } from '../sales/event-posting.service.ts';
import { chargeEntries } from './charge.ts';

/** Books what channels took or gave beside their orders: at the facility that bears it, else it is held. */
@Injectable()
export class ChargesService {
  constructor(
    private readonly posting: EventPostingService,
    private readonly holds: HoldsService,
  ) {}

  async bear(books: Books, events: readonly Event<ChargeBorne>[]): Promise<void> {
    const isBorne = ({ data }: Event<ChargeBorne>) => data.facilityId !== UNALLOCATED;
    await this.holds.holdCharges(
      books,
      events.filter((event) => !isBorne(event)),
    );
    await this.posting.fitting(
      books,
      events.filter(isBorne),
      ({ chargeId }) => chargeId,
      (some) => this.#post(books, some),
    );
  }

  async #post(books: Books, events: readonly Event<ChargeBorne>[]): Promise<void> {
    const drafts = events.map((event) => {
      const { chargeId, chargedAt } = event.data;
      const journal = draft(event, {
        kind: 'charge',
        postedOn: books.dayOf(chargedAt),
        occurredAt: chargedAt,
        sourceReference: chargeId,
        reverses: null,
        agreement: null,
        entries: chargeEntries(event.data),
      });
      return { event, journal };
    });
    await this.posting.post(books, drafts, []);
  }
}
