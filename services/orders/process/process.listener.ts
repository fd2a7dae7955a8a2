import { Controller } from '@nestjs/common';
import {
  type DataOf,
  type Event,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  refundPosted,
  saleCredited,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { OrdersRepository } from '../orders/orders.repository.ts';
import { PostingsRepository } from '../postings/postings.repository.ts';
import type { IncomingMessage } from './order-process.ts';
import { ProcessService } from './process.service.ts';

type Events<Definition> = Event<DataOf<Definition>>[];

/** What the other houses answer, as messages to the processes of their orders. */
@Controller()
export class ProcessListener {
  constructor(
    private readonly process: ProcessService,
    private readonly orders: OrdersRepository,
    private readonly postings: PostingsRepository,
  ) {}

  @EventHandler(stockReserved)
  async onStockReserved(events: Events<typeof stockReserved>, transaction: Transaction): Promise<void> {
    await this.orders.reserve(
      transaction,
      events.map(({ data }) => data),
    );
    await this.#deliver(transaction, events, ({ expiresAt, lines }) => ({
      type: 'stock-reserved',
      facilities: [...new Set(lines.map(({ facilityId }) => facilityId))],
      expiresAt: new Date(expiresAt).toISOString(),
    }));
  }

  @EventHandler(stockRejected)
  async onStockRejected(events: Events<typeof stockRejected>, transaction: Transaction): Promise<void> {
    await this.#deliver(transaction, events, ({ reason, lineRef, sku }) => ({
      type: 'stock-rejected',
      reason,
      detail: `line ${lineRef}, sku ${sku}`,
    }));
  }

  @EventHandler(paymentCaptured)
  async onPaymentCaptured(events: Events<typeof paymentCaptured>, transaction: Transaction): Promise<void> {
    await this.#deliver(transaction, events, () => ({ type: 'payment-captured' }));
  }

  @EventHandler(paymentFailed)
  async onPaymentFailed(events: Events<typeof paymentFailed>, transaction: Transaction): Promise<void> {
    await this.#deliver(transaction, events, ({ reason }) => ({ type: 'payment-failed', detail: reason }));
  }

  /** Money of a cancelled order goes back whole, without a refund: that order is over for us. */
  @EventHandler(paymentRefunded)
  async onPaymentRefunded(events: Events<typeof paymentRefunded>, transaction: Transaction): Promise<void> {
    await this.#deliver(
      transaction,
      events.filter(({ data }) => data.refundId !== undefined),
      ({ refundId = '' }) => ({ type: 'payment-refunded', refundId }),
    );
  }

  @EventHandler(saleCredited)
  async onSaleCredited(events: Events<typeof saleCredited>, transaction: Transaction): Promise<void> {
    await this.postings.add(transaction, events);
    await this.#deliver(transaction, events, ({ facilityId }) => ({ type: 'sale-credited', facilityId }));
  }

  @EventHandler(refundPosted)
  async onRefundPosted(events: Events<typeof refundPosted>, transaction: Transaction): Promise<void> {
    await this.postings.add(transaction, events);
    await this.#deliver(transaction, events, ({ refundId }) => ({ type: 'refund-posted', refundId }));
  }

  async #deliver<Data extends { readonly orderId: string }>(
    transaction: Transaction,
    events: readonly Event<Data>[],
    messageOf: (data: Data) => IncomingMessage,
  ): Promise<void> {
    await this.process.deliver(
      transaction,
      events.map((cause) => ({ orderId: cause.data.orderId, message: messageOf(cause.data), cause })),
    );
  }
}
