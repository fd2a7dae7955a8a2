import { Controller } from '@nestjs/common';
import {
  type Checkout,
  checkoutCompleted,
  checkoutRefunded,
  type Event,
  orderIdOf,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  type RefundRequest,
  refundPosted,
  saleCredited,
  settlementConfirmed,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { MarketplaceEventsService } from './checkouts/marketplace-events.service.ts';
import { AnswersService } from './process/answers.service.ts';
import { ProcessRepository } from './process/process.repository.ts';

type Told = Checkout | RefundRequest;
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
    stockReserved,
    stockRejected,
    paymentCaptured,
    paymentFailed,
    paymentRefunded,
    saleCredited,
    refundPosted,
    settlementConfirmed,
  )
  async onEvents(events: Event<Told | Answer>[], transaction: Transaction): Promise<void> {
    const sent = events.filter(isTold);
    const told = sent.filter(isOfItsSender);
    const answers = events.filter((event) => !isTold(event)) as Event<Answer>[];
    const claimed = await this.processes.claim(transaction, {
      told: told.map(({ data }) => orderIdOf(data)),
      known: answers.map(({ data }) => data.orderId),
    });
    await this.marketplaces.take(transaction, claimed, told);
    await this.marketplaces.refuse(
      transaction,
      sent.filter((event) => !isOfItsSender(event)),
    );
    await this.answers.take(transaction, claimed, answers);
  }
}

function isTold(event: Event<Told | Answer>): event is Event<Told> {
  return event.type === checkoutCompleted.type || event.type === checkoutRefunded.type;
}

/** A channel speaks of its own orders. On the topic that all had together nobody can tell who speaks. */
function isOfItsSender({ sender, data }: Event<Told>): boolean {
  return sender === undefined || sender === data.channel;
}
