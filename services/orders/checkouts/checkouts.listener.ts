import { Controller } from '@nestjs/common';
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
import { EventHandler, eventsOf } from '#libs/messaging';
import { ProcessRepository } from '../process/process.repository.ts';
import { RefundsService } from '../refunds/refunds.service.ts';
import { AcceptanceService, detailOf } from './acceptance.service.ts';
import { RejectedCheckoutRepository } from './rejected-checkout.repository.ts';

/** What marketplaces tell. Whatever can be told apart by its order is taken or becomes a rejection that can be seen. */
@Controller()
export class CheckoutsListener {
  constructor(
    private readonly acceptance: AcceptanceService,
    private readonly refunds: RefundsService,
    private readonly rejections: RejectedCheckoutRepository,
    private readonly processes: ProcessRepository,
  ) {}

  /**
   * All in one, so that the orders of a batch are locked in one order, as ProcessListener locks them. A refund that came
   * before its checkout would wait for it: it is asked after it.
   */
  @EventHandler(checkoutCompleted, checkoutRefunded)
  async onEvents(events: Event<Checkout | RefundRequest>[], transaction: Transaction): Promise<void> {
    await this.processes.claim(transaction, [...new Set(events.map(({ data }) => orderIdOf(data)))]);
    await this.acceptance.accept(
      transaction,
      eventsOf(checkoutCompleted, events).map((event) => ({ content: event.data, cause: event })),
    );
    await this.#refund(eventsOf(checkoutRefunded, events), transaction);
  }

  async #refund(events: readonly Event<RefundRequest>[], transaction: Transaction): Promise<void> {
    const invalid = events.flatMap(({ data }) => {
      const violations = refundRequestViolations(data);
      return violations.length > 0 ? [{ data, reason: 'invalid' as const, detail: detailOf(violations) }] : [];
    });
    const refused = new Set(invalid.map(({ data }) => data));
    const valid = events.filter(({ data }) => !refused.has(data));
    const answers = await this.refunds.ask(
      transaction,
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
        orderId: orderIdOf(data),
        type: 'refund' as const,
        ...rest,
        content: data,
      })),
    );
  }
}
