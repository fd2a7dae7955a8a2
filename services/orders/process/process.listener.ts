import { Controller } from '@nestjs/common';
import {
  type Event,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  refundPosted,
  saleCredited,
  settlementConfirmed,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler, eventsOf } from '#libs/messaging';
import { OrderRepository } from '../orders/order.repository.ts';
import { PostingRepository } from '../postings/posting.repository.ts';
import { SettlementRepository } from '../settlements/settlement.repository.ts';
import { messageOf } from './messages.ts';
import { ProcessRepository } from './process.repository.ts';
import { ProcessService } from './process.service.ts';

/** What the other services answer about an order. */
@Controller()
export class ProcessListener {
  constructor(
    private readonly process: ProcessService,
    private readonly processes: ProcessRepository,
    private readonly orders: OrderRepository,
    private readonly postings: PostingRepository,
    private readonly settlements: SettlementRepository,
  ) {}

  /** All in one, so that the orders of a batch are locked in one order: the sales of an order are answered side by side. */
  @EventHandler(
    stockReserved,
    stockRejected,
    paymentCaptured,
    paymentFailed,
    paymentRefunded,
    saleCredited,
    refundPosted,
    settlementConfirmed,
  )
  async onAnswers(events: Event<{ readonly orderId: string }>[], transaction: Transaction): Promise<void> {
    await this.orders.reserve(
      transaction,
      eventsOf(stockReserved, events).map(({ data }) => data),
    );
    await this.postings.add(transaction, [...eventsOf(saleCredited, events), ...eventsOf(refundPosted, events)]);
    await this.settlements.add(transaction, eventsOf(settlementConfirmed, events));
    const now = await this.processes.now(transaction);
    await this.process.deliver(
      transaction,
      events.flatMap((cause) => {
        const message = messageOf(cause, now);
        return message ? [{ orderId: cause.data.orderId, message, cause }] : [];
      }),
    );
  }
}
