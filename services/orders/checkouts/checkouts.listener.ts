import { Controller } from '@nestjs/common';
import {
  checkoutCompleted,
  checkoutRefunded,
  type DataOf,
  type Event,
  orderIdOf,
  refundRequestViolations,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { RefundsService } from '../refunds/refunds.service.ts';
import { AcceptanceService, detailOf } from './acceptance.service.ts';
import { RejectedCheckoutsRepository } from './rejected-checkouts.repository.ts';

/** What marketplaces tell. Whatever can be told apart by its order is taken or becomes a rejection that can be seen. */
@Controller()
export class CheckoutsListener {
  constructor(
    private readonly acceptance: AcceptanceService,
    private readonly refunds: RefundsService,
    private readonly rejections: RejectedCheckoutsRepository,
  ) {}

  @EventHandler(checkoutCompleted)
  async onCompleted(events: Event<DataOf<typeof checkoutCompleted>>[], transaction: Transaction): Promise<void> {
    await this.acceptance.accept(
      transaction,
      events.map((event) => ({ content: event.data, cause: event })),
    );
  }

  @EventHandler(checkoutRefunded)
  async onRefunded(events: Event<DataOf<typeof checkoutRefunded>>[], transaction: Transaction): Promise<void> {
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
