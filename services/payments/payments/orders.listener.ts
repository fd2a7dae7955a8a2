import { Controller } from '@nestjs/common';
import { type DataOf, type Event, orderCancelled, orderPlaced, refundRequested } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { PaymentsService } from './payments.service.ts';

/** What orders asks of the buyer's money. A request that is refused breaks the contract of orders: a dead letter. */
@Controller()
export class OrdersListener {
  constructor(private readonly payments: PaymentsService) {}

  @EventHandler(orderPlaced)
  async onPlaced(events: Event<DataOf<typeof orderPlaced>>[], transaction: Transaction): Promise<void> {
    await this.payments.apply(
      transaction,
      events.map((cause) => {
        const { orderId, payment: method, amount, placedAt: at } = cause.data;
        const { correlationId } = cause;
        return { orderId, cause, message: { type: 'order-placed', orderId, method, amount, correlationId, at } };
      }),
    );
  }

  @EventHandler(orderCancelled)
  async onCancelled(events: Event<DataOf<typeof orderCancelled>>[], transaction: Transaction): Promise<void> {
    await this.payments.apply(
      transaction,
      events.map((cause) => ({
        orderId: cause.data.orderId,
        cause,
        message: { type: 'order-cancelled', at: cause.time },
      })),
    );
  }

  @EventHandler(refundRequested)
  async onRefundRequested(events: Event<DataOf<typeof refundRequested>>[], transaction: Transaction): Promise<void> {
    await this.payments.apply(
      transaction,
      events.map((cause) => {
        const { orderId, refundId, amount } = cause.data;
        const { correlationId, time: at } = cause;
        return { orderId, cause, message: { type: 'refund-requested', refundId, amount, correlationId, at } };
      }),
    );
  }
}
