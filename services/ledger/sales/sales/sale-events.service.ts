import { Injectable } from '@nestjs/common';
import {
  type ChargeBorne,
  chargeBorne,
  chargeCleared,
  type DataOf,
  type Event,
  type MoneyHeld,
  moneyCleared,
  moneyHeld,
  type SaleFrozen,
  type SalePaid,
  type SaleRefunded,
  type SaleSettled,
  type SaleThawed,
  saleFrozen,
  salePaid,
  saleRefunded,
  saleSettled,
  saleThawed,
} from '#libs/contracts';
import { deliveriesOf, eventsOf } from '#libs/messaging';
import type { Books } from '../../books/open-books.repository.ts';
import { ChargesService } from '../charges/charges.service.ts';
import { DisputesService } from '../disputes/disputes.service.ts';
import { HoldsService } from '../holds/holds.service.ts';
import { SettlementsService } from '../settlements/settlements.service.ts';
import { SalesService } from './sales.service.ts';

export type SaleEvent = Event<
  | (SalePaid | SaleFrozen | SaleRefunded | SaleSettled | SaleThawed)
  | (MoneyHeld | DataOf<typeof moneyCleared> | ChargeBorne | DataOf<typeof chargeCleared>)
>;

/** What orders tells of sales, in the order in which what comes together is posted. */
export const SALE_EVENTS = [
  salePaid,
  saleFrozen,
  saleRefunded,
  saleSettled,
  saleThawed,
  moneyHeld,
  moneyCleared,
  chargeBorne,
  chargeCleared,
];
const TYPES = SALE_EVENTS.map(({ type }) => type);

/** Posts what orders tells of sales, each facility's events in their order. */
@Injectable()
export class SaleEventsService {
  constructor(
    private readonly sales: SalesService,
    private readonly settlements: SettlementsService,
    private readonly disputes: DisputesService,
    private readonly holds: HoldsService,
    private readonly charges: ChargesService,
  ) {}

  /** @param books of all facilities that these events are about */
  async post(books: Books, events: readonly SaleEvent[]): Promise<void> {
    for (const { handler: type, events: run } of deliveriesOf(events, (type) => type, TYPES)) {
      if (type === salePaid.type) await this.sales.credit(books, eventsOf(salePaid, run));
      if (type === saleFrozen.type) this.disputes.freeze(books, eventsOf(saleFrozen, run));
      if (type === saleRefunded.type) await this.sales.reverse(books, eventsOf(saleRefunded, run));
      if (type === saleSettled.type) await this.settlements.settle(books, eventsOf(saleSettled, run));
      if (type === saleThawed.type) await this.disputes.thaw(books, eventsOf(saleThawed, run));
      if (type === moneyHeld.type) await this.holds.hold(books, eventsOf(moneyHeld, run));
      if (type === moneyCleared.type) {
        await this.holds.clear(
          books,
          eventsOf(moneyCleared, run).map(({ data }) => data),
        );
      }
      if (type === chargeBorne.type) await this.charges.bear(books, eventsOf(chargeBorne, run));
      if (type === chargeCleared.type) {
        await this.holds.clear(
          books,
          eventsOf(chargeCleared, run).map(({ data: { chargeId } }) => ({ orderId: chargeId, upTo: 1 })),
        );
      }
    }
  }
}
