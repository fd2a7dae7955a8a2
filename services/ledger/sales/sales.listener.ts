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
import { EventHandler } from '#libs/messaging';
import { SettlementsService } from '../settlements/settlements.service.ts';
import { SalesService } from './sales.service.ts';

/** What orders tells the books: one facility's sales and refunds come in order, to one of us at a time. */
@Controller()
export class SalesListener {
  constructor(
    private readonly sales: SalesService,
    private readonly settlements: SettlementsService,
  ) {}

  @EventHandler(salePaid)
  onPaid(events: Event<SalePaid>[], transaction: Transaction): Promise<void> {
    return this.sales.credit(transaction, events);
  }

  @EventHandler(saleRefunded)
  onRefunded(events: Event<SaleRefunded>[], transaction: Transaction): Promise<void> {
    return this.sales.reverse(transaction, events);
  }

  @EventHandler(saleSettled)
  onSettled(events: Event<SaleSettled>[], transaction: Transaction): Promise<void> {
    return this.settlements.settle(transaction, events);
  }
}
