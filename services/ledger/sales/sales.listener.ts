import { Controller } from '@nestjs/common';
import { type Event, type SalePaid, type SaleRefunded, salePaid, saleRefunded } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { SalesService } from './sales.service.ts';

/** What orders tells the books: one facility's sales and refunds come in order, to one of us at a time. */
@Controller()
export class SalesListener {
  constructor(private readonly sales: SalesService) {}

  @EventHandler(salePaid)
  onPaid(events: Event<SalePaid>[], transaction: Transaction): Promise<void> {
    return this.sales.credit(transaction, events);
  }

  @EventHandler(saleRefunded)
  onRefunded(events: Event<SaleRefunded>[], transaction: Transaction): Promise<void> {
    return this.sales.reverse(transaction, events);
  }
}
