import { Controller } from '@nestjs/common';
import {
  type ChannelCharged,
  channelCharged,
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
import { EventHandler, eventsOf } from '#libs/messaging';
import { ChargesService } from './charges/charges.service.ts';
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
    private readonly charges: ChargesService,
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
    channelCharged,
  )
  async onEvents(events: Event<Saying | Answer | ChannelCharged>[], transaction: Transaction): Promise<void> {
    const charged = eventsOf(channelCharged, events);
    const said = events.filter(isSaid);
    const answers = events.filter((event) => !isSaid(event) && event.type !== channelCharged.type) as Event<Answer>[];
    const about = [...said.filter(isOfItsSender), ...answers].map(({ data }) =>
      'orderId' in data ? data.orderId : orderIdOf(data),
    );
    const [claimed, now] = await Promise.all([
      this.processes.claim(transaction, { told: about }),
      this.processes.now(transaction),
    ]);
    await this.marketplaces.hear(transaction, claimed, said);
    await this.answers.take(transaction, claimed, answers, now);
    await this.charges.take(transaction, charged);
  }
}
