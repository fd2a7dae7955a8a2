import { Injectable } from '@nestjs/common';
import {
  type Checkout,
  checkoutCompleted,
  checkoutRefunded,
  type Event,
  orderIdOf,
  type RefundRequest,
  refundRequestViolations,
  type Violation,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { eventsOf } from '#libs/messaging';
import type { ClaimedOrders } from '../process/process.repository.ts';
import { ProcessService } from '../process/process.service.ts';
import { type RefundAnswer, RefundsService } from '../refunds/refunds.service.ts';
import { AcceptanceService, detailOf } from './acceptance.service.ts';
import { RejectedCheckoutRepository } from './rejected-checkout.repository.ts';

const CONFLICT = 'another refund of this reference came before';

export type Said = Event<Checkout | RefundRequest>;

/** What became of something that a marketplace said. `faults`: what is wrong with it. */
export interface Verdict {
  readonly outcome: 'accepted' | 'taken' | 'duplicate' | 'conflict' | 'invalid' | 'wrong-channel';
  readonly faults?: readonly Violation[];
}

interface RefusedRefund {
  readonly event: Event<RefundRequest>;
  readonly reason: 'invalid' | 'conflict';
  readonly detail: string;
}

/** A channel speaks of its own orders. On the topic that all had together nobody can tell who speaks. */
export function isOfItsSender({ sender, data }: Said): boolean {
  return sender === undefined || sender === data.channel;
}

/** What marketplaces tell. Whatever can be told apart by its order is taken or becomes a rejection that can be seen. */
@Injectable()
export class MarketplaceEventsService {
  constructor(
    private readonly acceptance: AcceptanceService,
    private readonly refunds: RefundsService,
    private readonly process: ProcessService,
    private readonly rejections: RejectedCheckoutRepository,
  ) {}

  /**
   * A refund that came before its checkout would wait for it: it is asked after it.
   * @param claimed the orders of all that are of their sender's channel
   * @returns what became of each, in their order
   */
  async hear(transaction: Transaction, claimed: ClaimedOrders, said: readonly Said[]): Promise<Verdict[]> {
    const verdicts = new Map<Said, Verdict>();
    const own = said.filter(isOfItsSender);
    const checkouts = eventsOf(checkoutCompleted, own);
    const accepted = await this.acceptance.accept(
      transaction,
      claimed,
      checkouts.map((event) => ({ content: event.data, cause: event })),
    );
    for (const [index, event] of checkouts.entries()) verdicts.set(event, accepted[index] as Verdict);
    const refunds = eventsOf(checkoutRefunded, own);
    const asked = await this.#refund(transaction, claimed, refunds);
    for (const [index, event] of refunds.entries()) verdicts.set(event, asked[index] as Verdict);
    await this.#refuse(
      transaction,
      said.filter((event) => !isOfItsSender(event)),
    );
    return said.map((event) => verdicts.get(event) ?? { outcome: 'wrong-channel' });
  }

  /** What a channel says of an order of another is not heard: nothing is done about the order, and the sender sees it. */
  async #refuse(transaction: Transaction, events: readonly Said[]): Promise<void> {
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
  ): Promise<Verdict[]> {
    const judged = events.map((event) => ({ event, faults: refundRequestViolations(event.data) }));
    const valid = judged.filter(({ faults }) => faults.length === 0).map(({ event }) => event);
    const answers = await this.refunds.ask(
      transaction,
      claimed,
      valid.map((event) => ({ request: event.data, cause: event })),
      { awaitCheckout: true },
    );
    const answerOf = new Map(valid.map((event, index) => [event, answers[index] as RefundAnswer]));
    const refused = judged.flatMap(({ event, faults }): RefusedRefund[] => {
      if (faults.length > 0) return [{ event, reason: 'invalid', detail: detailOf(faults) }];
      return answerOf.get(event) === 'conflict' ? [{ event, reason: 'conflict', detail: CONFLICT }] : [];
    });
    await this.process.tell(
      transaction,
      claimed,
      refused.map(({ event, ...why }) => ({
        orderId: orderIdOf(event.data),
        refused: { type: 'refund', ...why },
        cause: event,
      })),
    );
    await this.rejections.add(
      transaction,
      refused.map(({ event: { data }, ...why }) => ({
        channel: data.channel,
        orderId: orderIdOf(data),
        type: 'refund' as const,
        ...why,
        content: data,
      })),
    );
    return judged.map(({ event, faults }) =>
      faults.length > 0 ? { outcome: 'invalid', faults } : { outcome: answerOf.get(event) as RefundAnswer },
    );
  }
}
