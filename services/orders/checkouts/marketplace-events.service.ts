import { Injectable } from '@nestjs/common';
import {
  type Checkout,
  checkoutCompleted,
  checkoutRefunded,
  type Event,
  orderIdOf,
  type RefundRequest,
  refundRequestViolations,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { eventsOf } from '#libs/messaging';
import type { ClaimedOrders } from '../process/process.repository.ts';
import { RefundsService } from '../refunds/refunds.service.ts';
import { AcceptanceService, detailOf } from './acceptance.service.ts';
import { RejectedCheckoutRepository } from './rejected-checkout.repository.ts';

/** What marketplaces tell. Whatever can be told apart by its order is taken or becomes a rejection that can be seen. */
@Injectable()
export class MarketplaceEventsService {
  constructor(
    private readonly acceptance: AcceptanceService,
    private readonly refunds: RefundsService,
    private readonly rejections: RejectedCheckoutRepository,
  ) {}

  /** A refund that came before its checkout would wait for it: it is asked after it. */
  async take(
    transaction: Transaction,
    claimed: ClaimedOrders,
    events: readonly Event<Checkout | RefundRequest>[],
  ): Promise<void> {
    await this.acceptance.accept(
      transaction,
      claimed,
      eventsOf(checkoutCompleted, events).map((event) => ({ content: event.data, cause: event })),
    );
    await this.#refund(transaction, claimed, eventsOf(checkoutRefunded, events));
  }

  /** What a channel says of an order of another is not heard: nothing is done about the order, and the sender sees it. */
  async refuse(transaction: Transaction, events: readonly Event<Checkout | RefundRequest>[]): Promise<void> {
    await this.rejections.add(
      transaction,
      events.map(({ type, data, sender }) => ({
        channel: sender ?? data.channel,
        orderId: orderIdOf(data),
        type: type === checkoutCompleted.type ? 'checkout' : 'refund',
        reason: 'wrong-channel',
        detail: `channel must be ${sender}, whose topic it came on`,
        content: data,
      })),
    );
  }

  async #refund(
    transaction: Transaction,
    claimed: ClaimedOrders,
    events: readonly Event<RefundRequest>[],
  ): Promise<void> {
    const invalid = events.flatMap(({ data }) => {
      const violations = refundRequestViolations(data);
      return violations.length > 0 ? [{ data, reason: 'invalid' as const, detail: detailOf(violations) }] : [];
    });
    const refused = new Set(invalid.map(({ data }) => data));
    const valid = events.filter(({ data }) => !refused.has(data));
    const answers = await this.refunds.ask(
      transaction,
      claimed,
      valid.map((event) => ({ request: event.data, cause: event })),
      { awaitCheckout: true },
    );
    const conflicts = valid
      .filter((_, index) => answers[index] === 'conflict')
      .map(({ data }) => ({
        data,
        reason: 'conflict' as const,
        detail: 'another refund of this reference came before',
      }));
    await this.rejections.add(
      transaction,
      [...invalid, ...conflicts].map(({ data, ...rest }) => ({
        channel: data.channel,
        orderId: orderIdOf(data),
        type: 'refund' as const,
        ...rest,
        content: data,
      })),
    );
  }
}
