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
import { lockHeads } from '../../books/chain/chain-head.repository.ts';
import { SettlementsService } from '../settlements/settlements.service.ts';
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
   * All in one, so that the chains of a batch are locked at once, in one order, before any of its facilities is posted
   * for: else it and a release of the same facilities could wait for each other. Each facility's events keep their order.
   */
  @EventHandler(salePaid, saleRefunded, saleSettled)
  async hear(events: Event<SalePaid | SaleRefunded | SaleSettled>[], transaction: Transaction): Promise<void> {
    await lockHeads(
      transaction.query,
      events.map(({ data }) => data.facilityId),
    );
    for (const { handler: type, events: run } of deliveriesOf(events, (type) => type, TYPES)) {
      if (type === salePaid.type) await this.sales.credit(transaction, eventsOf(salePaid, run));
      if (type === saleRefunded.type) await this.sales.reverse(transaction, eventsOf(saleRefunded, run));
      if (type === saleSettled.type) await this.settlements.settle(transaction, eventsOf(saleSettled, run));
    }
  }
}
