import { Controller } from '@nestjs/common';
import {
  type Event,
  type SalePaid,
  type SaleRefunded,
  type SaleSettled,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { deliveriesOf, EventHandler, eventsOf } from '#libs/messaging';
import { SettlementsService } from '../settlements/settlements.service.ts';
import { openBooksFor } from './event-posting.service.ts';
import { SalesService } from './sales.service.ts';

const TYPES = [salePaid, saleRefunded, saleSettled].map(({ type }) => type);

/** What orders tells the books: one facility's sales and refunds come in order, to one of us at a time. */
@Controller()
export class SalesListener {
  constructor(
    private readonly sales: SalesService,
    private readonly settlements: SettlementsService,
  ) {}

  /**
   * All in one, so that the books of a batch are opened once, before any of its facilities is posted for. Each facility's
   * events keep their order.
   */
  @EventHandler(salePaid, saleRefunded, saleSettled)
  async onEvents(events: Event<SalePaid | SaleRefunded | SaleSettled>[], transaction: Transaction): Promise<void> {
    const books = await openBooksFor(transaction, events);
    for (const { handler: type, events: run } of deliveriesOf(events, (type) => type, TYPES)) {
      if (type === salePaid.type) await this.sales.credit(books, eventsOf(salePaid, run));
      if (type === saleRefunded.type) await this.sales.reverse(books, eventsOf(saleRefunded, run));
      if (type === saleSettled.type) await this.settlements.settle(books, eventsOf(saleSettled, run));
    }
  }
}
