import { Injectable } from '@nestjs/common';
import { type Event, refundPosted, saleCredited, settlementConfirmed, stockReserved } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { eventsOf } from '#libs/messaging';
import { OrderRepository } from '../orders/order.repository.ts';
import { PostingRepository } from '../postings/posting.repository.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import { SettlementRepository } from '../settlements/settlement.repository.ts';
import { messageOf } from './answers.ts';
import { isSettledAt } from './order-status.ts';
import type { ClaimedOrders } from './process.repository.ts';
import { ProcessService } from './process.service.ts';

/** What the other services answer about an order. */
@Injectable()
export class AnswersService {
  constructor(
    private readonly process: ProcessService,
    private readonly orders: OrderRepository,
    private readonly postings: PostingRepository,
    private readonly settlements: SettlementRepository,
    private readonly sales: SaleRepository,
  ) {}

  /** Keeps what is said of each order and gives it to the order's process, in the events' order. */
  async take(
    transaction: Transaction,
    claimed: ClaimedOrders,
    events: readonly Event<{ readonly orderId: string }>[],
    now: Date,
  ): Promise<void> {
    if (events.length === 0) return;
    this.orders.reserve(
      transaction,
      eventsOf(stockReserved, events).map(({ data }) => data),
    );
    const credited = eventsOf(saleCredited, events);
    const [settled, others] = partedBy(credited, ({ data: { orderId, facilityId } }) => {
      const state = claimed.get(orderId);
      return state !== undefined && isSettledAt(state, facilityId);
    });
    this.postings.add(transaction, [...credited, ...eventsOf(refundPosted, events)]);
    this.sales.credit(transaction, others, 'credited');
    this.sales.credit(transaction, settled, 'settled');
    this.settlements.add(transaction, eventsOf(settlementConfirmed, events));
    await this.process.deliver(
      transaction,
      claimed,
      events.flatMap((cause) => {
        const message = messageOf(cause, now);
        return message ? [{ orderId: cause.data.orderId, message, cause }] : [];
      }),
    );
  }
}

function partedBy<Each>(all: readonly Each[], isFirst: (each: Each) => boolean): [first: Each[], others: Each[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))];
}
