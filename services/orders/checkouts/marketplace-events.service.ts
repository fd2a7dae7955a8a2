import { Injectable } from '@nestjs/common';
import {
  type Checkout,
  type ClosedDispute,
  checkoutCancelled,
  checkoutCompleted,
  checkoutDelivered,
  checkoutDisputeClosed,
  checkoutDisputed,
  checkoutRefunded,
  checkoutShipped,
  closedDisputeViolations,
  type DeliveredUnits,
  type DisputedUnits,
  deliveredUnitsViolations,
  disputedUnitsViolations,
  type Event,
  orderIdOf,
  type RefundRequest,
  refundRequestViolations,
  type ShippedUnits,
  shippedUnitsViolations,
  type Violation,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { eventsOf } from '#libs/messaging';
import { type DisputeAnswer, DisputesService, type DisputeWord } from '../disputes/disputes.service.ts';
import { FulfilmentsService, faultsOf } from '../fulfilments/fulfilments.service.ts';
import type { ClaimedOrders } from '../process/process.repository.ts';
import { ProcessService } from '../process/process.service.ts';
import { type RefundAnswer, RefundsService } from '../refunds/refunds.service.ts';
import { AcceptanceService, detailOf } from './acceptance.service.ts';
import { RejectedCheckoutRepository, type SaidOf } from './rejected-checkout.repository.ts';

const CONFLICT = 'another of this reference came before';

const SAID_OF: Readonly<Record<string, SaidOf>> = {
  [checkoutCompleted.type]: 'checkout',
  [checkoutRefunded.type]: 'refund',
  [checkoutCancelled.type]: 'cancellation',
  [checkoutShipped.type]: 'shipment',
  [checkoutDelivered.type]: 'delivery',
  [checkoutDisputed.type]: 'dispute',
  [checkoutDisputeClosed.type]: 'dispute-closing',
};

export type Saying = Checkout | RefundRequest | ShippedUnits | DeliveredUnits | DisputedUnits | ClosedDispute;
export type Said = Event<Saying>;

/** What became of something that a marketplace said. `faults`: what is wrong with it. */
export interface Verdict {
  readonly outcome: 'accepted' | 'taken' | 'duplicate' | 'conflict' | 'invalid' | 'wrong-channel';
  readonly faults?: readonly Violation[];
}

interface Refused {
  readonly event: Said;
  readonly reason: 'invalid' | 'conflict';
  readonly detail: string;
}

export function isSaid(event: Event): event is Said {
  return event.type in SAID_OF;
}

function saidOf({ type }: Said): SaidOf {
  return SAID_OF[type] as SaidOf;
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
    private readonly fulfilments: FulfilmentsService,
    private readonly disputes: DisputesService,
    private readonly process: ProcessService,
    private readonly rejections: RejectedCheckoutRepository,
  ) {}

  /**
   * What came of an order before its checkout would wait for it: it is heard after it.
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
    const others = own.filter((event) => saidOf(event) !== 'checkout');
    for (const [event, verdict] of await this.#hearOthers(transaction, claimed, others)) verdicts.set(event, verdict);
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
      events.map((event) => ({
        channel: event.sender ?? event.data.channel,
        orderId: orderIdOf(event.data),
        type: saidOf(event),
        reason: 'wrong-channel',
        detail: `channel must be ${event.sender}, whose topic it came on`,
        content: event.data,
      })),
    );
  }

  async #hearOthers(
    transaction: Transaction,
    claimed: ClaimedOrders,
    events: readonly Said[],
  ): Promise<Map<Said, Verdict>> {
    const verdicts = new Map<Said, Verdict>();
    for (const event of events) {
      const faults = violationsOf(event);
      if (faults.length > 0) verdicts.set(event, { outcome: 'invalid', faults });
    }
    const valid = events.filter((event) => !verdicts.has(event));
    const refunds = valid.filter(isOfRefund);
    const fulfilments = valid.filter(isOfFulfilment);
    const disputes = valid.filter(isOfDispute);
    const asked = await this.refunds.prepare(
      transaction,
      claimed,
      refunds.map((event) => ({
        ...{ request: event.data, cause: event },
        ...(saidOf(event) === 'cancellation' && { unshipped: true }),
      })),
      { awaitCheckout: true },
    );
    const told = await this.fulfilments.prepare(
      transaction,
      fulfilments.map((event) => ({ units: event.data, cause: event })),
    );
    const disputed = await this.disputes.prepare(
      transaction,
      claimed,
      disputes.map((event) => ({ word: event.data, cause: event })),
      { awaitCheckout: true },
      asked.deliveries.map(({ message }) => message.refund),
    );
    // As they were said: units that were shipped first are not cancelled, and the other way round.
    const places = new Map<unknown, number>(events.map((event, index) => [event, index]));
    const placeOf = ({ cause }: { cause: unknown }) => places.get(cause) ?? 0;
    const deliveries = [...asked.deliveries, ...told, ...disputed.deliveries].sort(
      (one, other) => placeOf(one) - placeOf(other),
    );
    await this.process.deliver(transaction, claimed, deliveries);

    for (const [index, event] of refunds.entries()) {
      verdicts.set(event, { outcome: asked.answers[index] as RefundAnswer });
    }
    for (const [index, event] of disputes.entries()) {
      verdicts.set(event, { outcome: disputed.answers[index] as DisputeAnswer });
    }
    for (const event of fulfilments) {
      const faults = faultsOf(event.data, claimed);
      verdicts.set(event, faults.length > 0 ? { outcome: 'invalid', faults } : { outcome: 'taken' });
    }
    await this.#tellOfRefused(
      transaction,
      claimed,
      events.flatMap((event): Refused[] => {
        const { outcome, faults = [] } = verdicts.get(event) as Verdict;
        if (outcome === 'invalid') return [{ event, reason: outcome, detail: detailOf(faults) }];
        return outcome === 'conflict' ? [{ event, reason: outcome, detail: CONFLICT }] : [];
      }),
    );
    return verdicts;
  }

  async #tellOfRefused(transaction: Transaction, claimed: ClaimedOrders, refused: readonly Refused[]): Promise<void> {
    const refusals = refused.map(({ event, ...why }) => {
      return { event, orderId: orderIdOf(event.data), refused: { type: saidOf(event), ...why } };
    });
    await this.process.tell(
      transaction,
      claimed,
      refusals.map(({ event, ...refusal }) => ({ ...refusal, cause: event })),
    );
    await this.rejections.add(
      transaction,
      refusals.map(({ event: { data }, orderId, refused }) => {
        return { channel: data.channel, orderId, ...refused, content: data };
      }),
    );
  }
}

function isOfRefund(event: Said): event is Event<RefundRequest> {
  return saidOf(event) === 'refund' || saidOf(event) === 'cancellation';
}

function isOfFulfilment(event: Said): event is Event<ShippedUnits | DeliveredUnits> {
  return saidOf(event) === 'shipment' || saidOf(event) === 'delivery';
}

function isOfDispute(event: Said): event is Event<DisputeWord> {
  return saidOf(event) === 'dispute' || saidOf(event) === 'dispute-closing';
}

function violationsOf(event: Said): Violation[] {
  switch (saidOf(event)) {
    case 'shipment':
      return shippedUnitsViolations(event.data);
    case 'delivery':
      return deliveredUnitsViolations(event.data);
    case 'dispute':
      return disputedUnitsViolations(event.data);
    case 'dispute-closing':
      return closedDisputeViolations(event.data);
    default:
      return refundRequestViolations(event.data);
  }
}
