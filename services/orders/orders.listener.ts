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
  saleHeld,
  settlementConfirmed,
  stockAwaited,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { isOfItsSender, MarketplaceEventsService } from './checkouts/marketplace-events.service.ts';
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
    stockAwaited,
    paymentCaptured,
    paymentFailed,
    paymentRefunded,
    saleCredited,
    saleHeld,
    refundPosted,
    settlementConfirmed,
  )
  async onEvents(events: Event<Told | Answer>[], transaction: Transaction): Promise<void> {
    const said = events.filter(isTold);
    const answers = events.filter((event) => !isTold(event)) as Event<Answer>[];
    const claimed = await this.processes.claim(transaction, {
      told: [...said.filter(isOfItsSender), ...answers].map(({ data }) =>
        'orderId' in data ? data.orderId : orderIdOf(data),
      ),
    });
    await this.marketplaces.hear(transaction, claimed, said);
    await this.answers.take(transaction, claimed, answers);
  }
}

function isTold(event: Event<Told | Answer>): event is Event<Told> {
  return event.type === checkoutCompleted.type || event.type === checkoutRefunded.type;
}
