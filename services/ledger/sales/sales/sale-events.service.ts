import { Injectable } from '@nestjs/common';
import {
  type DataOf,
  type Event,
  type MoneyHeld,
  moneyCleared,
  moneyHeld,
  type SalePaid,
  type SaleRefunded,
  type SaleSettled,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import { deliveriesOf, eventsOf } from '#libs/messaging';
import type { Books } from '../../books/open-books.repository.ts';
import { HoldsService } from '../holds/holds.service.ts';
import { SettlementsService } from '../settlements/settlements.service.ts';
import { SalesService } from './sales.service.ts';

export type SaleEvent = Event<SalePaid | SaleRefunded | SaleSettled | MoneyHeld | DataOf<typeof moneyCleared>>;

const TYPES = [salePaid, saleRefunded, saleSettled, moneyHeld, moneyCleared].map(({ type }) => type);

/** Posts what orders tells of sales, each facility's events in their order. */
@Injectable()
export class SaleEventsService {
  constructor(
    private readonly sales: SalesService,
    private readonly settlements: SettlementsService,
    private readonly holds: HoldsService,
  ) {}

  /** @param books of all facilities that these events are about */
  async post(books: Books, events: readonly SaleEvent[]): Promise<void> {
    for (const { handler: type, events: run } of deliveriesOf(events, (type) => type, TYPES)) {
      if (type === salePaid.type) await this.sales.credit(books, eventsOf(salePaid, run));
      if (type === saleRefunded.type) await this.sales.reverse(books, eventsOf(saleRefunded, run));
      if (type === saleSettled.type) await this.settlements.settle(books, eventsOf(saleSettled, run));
      if (type === moneyHeld.type) await this.holds.hold(books, eventsOf(moneyHeld, run));
      if (type === moneyCleared.type) await this.holds.clear(books, eventsOf(moneyCleared, run));
    }
  }
}
