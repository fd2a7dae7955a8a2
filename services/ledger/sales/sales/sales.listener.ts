import { Controller } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { openBooksFor } from './event-posting.service.ts';
import { SALE_EVENTS, type SaleEvent, SaleEventsService } from './sale-events.service.ts';

/** What orders tells the books: one facility's sales and refunds come in order, to one of us at a time. */
@Controller()
export class SalesListener {
  constructor(private readonly sales: SaleEventsService) {}

  /** All in one, so that the books of a batch are opened once, before any of its facilities is posted for. */
  @EventHandler(...SALE_EVENTS)
  async onEvents(events: SaleEvent[], transaction: Transaction): Promise<void> {
    await this.sales.post(await openBooksFor(transaction, events), events);
  }
}
