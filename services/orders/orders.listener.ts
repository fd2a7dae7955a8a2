import { Controller } from '@nestjs/common';
import {
  checkoutCancelled,
  checkoutCompleted,
  checkoutDelivered,
  checkoutDisputeClosed,
  checkoutDisputed,
  checkoutRefunded,
  checkoutShipped,
  type Event,
  orderIdOf,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  refundPosted,
  saleCredited,
  saleHeld,
  settlementConfirmed,
  stockAwaited,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import {
  isOfItsSender,
  isSaid,
  MarketplaceEventsService,
  type Saying,
} from './checkouts/marketplace-events.service.ts';
import { AnswersService } from './process/answers.service.ts';
import { ProcessRepository } from './process/process.repository.ts';

type Answer = { readonly orderId: string };

@Controller()
export class OrdersListener {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly marketplaces: MarketplaceEventsService,
    private readonly answers: AnswersService,
  ) {}

  /** All in one, so that the orders of a batch are locked at once, in one order, whoever speaks of them. */
  @EventHandler(
    checkoutCompleted,
    checkoutRefunded,
    checkoutCancelled,
    checkoutShipped,
    checkoutDelivered,
    checkoutDisputed,
    checkoutDisputeClosed,
    stockReserved,
    stockRejected,
    stockAwaited,
    paymentCaptured,
    paymentFailed,
    paymentRefunded,
    saleCredited,
    saleHeld,
    refundPosted,
    settlementConfirmed,
  )
  async onEvents(events: Event<Saying | Answer>[], transaction: Transaction): Promise<void> {
    const said = events.filter(isSaid);
    const answers = events.filter((event) => !isSaid(event)) as Event<Answer>[];
    const about = [...said.filter(isOfItsSender), ...answers].map(({ data }) =>
      'orderId' in data ? data.orderId : orderIdOf(data),
    );
    const [claimed, now] = await Promise.all([
      this.processes.claim(transaction, { told: about }),
      this.processes.now(transaction),
    ]);
    await this.marketplaces.hear(transaction, claimed, said);
    await this.answers.take(transaction, claimed, answers, now);
  }
}
