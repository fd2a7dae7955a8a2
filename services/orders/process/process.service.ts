import { Injectable } from '@nestjs/common';
import { type Event, type OutcomeTold, outcomeTold, saleIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { ChannelRepository } from '../channels/channel.repository.ts';
import { OrderRepository } from '../orders/order.repository.ts';
import { type Order, partsOf } from '../orders/order.ts';
import { OutcomeRepository } from '../outcomes/outcome.repository.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import { SettlementRepository } from '../settlements/settlement.repository.ts';
import { type Facts, tellingOf } from './events.ts';
import {
  type IncomingMessage,
  isCredited,
  type OrderState,
  type OutgoingMessage,
  transition,
} from './order-process.ts';
import { type ClaimedOrders, ProcessRepository } from './process.repository.ts';
import { StepRepository } from './step.repository.ts';
import { changesOf, type Origin, type Step } from './step.ts';
import { DETAIL_CHARACTERS_MAX, newsOf, type Told, toldOf } from './told.ts';

/** A message for one order's process, and what caused it. */
export interface Delivery {
  readonly orderId: string;
  readonly message: IncomingMessage;
  readonly cause: Origin;
}

/** What was sent of an order and changed nothing: its marketplace is to know why. */
export interface Refused {
  readonly orderId: string;
  readonly refused: NonNullable<OutcomeTold['refused']>;
  readonly cause: Cause;
}

interface Outgoing {
  readonly orderId: string;
  readonly message: OutgoingMessage;
  readonly cause: Cause;
}

@Injectable()
export class ProcessService {
  constructor(
    private readonly processes: ProcessRepository,
    private readonly orders: OrderRepository,
    private readonly settlements: SettlementRepository,
    private readonly channels: ChannelRepository,
    private readonly sales: SaleRepository,
    private readonly outcomes: OutcomeRepository,
    private readonly steps: StepRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Carries orders on by messages, in their order, and publishes what follows: a fixed number of statements however
   * many messages there are. Orders that are not among the claimed ones are unknown and stay so.
   * @param known orders that the caller has at hand
   */
  async deliver(
    transaction: Transaction,
    claimed: ClaimedOrders,
    deliveries: readonly Delivery[],
    known: ReadonlyMap<string, Order> = new Map(),
  ): Promise<void> {
    const changed = new Map<string, OrderState>();
    const before = new Map<string, { readonly state: OrderState; readonly cause: Cause }>();
    const steps: Step[] = [];
    const outgoing: Outgoing[] = [];
    const creditedEarly = new Set<string>();
    for (const { orderId, message, cause } of deliveries) {
      const state = claimed.get(orderId);
      if (!state) continue;
      const next = transition(state, message);
      if (next.state !== state) {
        if (!before.has(orderId)) before.set(orderId, { state, cause });
        changed.set(orderId, next.state);
        const changes = changesOf(state, next.state);
        if (changes) steps.push({ orderId, message: message.type, origin: cause, changes });
      }
      claimed.set(orderId, next.state);
      for (const message of next.messages) {
        outgoing.push({ orderId, message, cause });
        if (message.type === 'sale-paid' && isCredited(next.state, message.facilityId)) {
          creditedEarly.add(saleIdOf(orderId, message.facilityId));
        }
      }
    }
    this.processes.save(transaction, [...changed]);
    this.steps.add(transaction, steps);
    const news = [...before].flatMap(([orderId, { state, cause }]) => {
      const told = newsOf(state, changed.get(orderId) as OrderState);
      return told ? [outcomeOf(orderId, told, cause)] : [];
    });
    const [facts, outcomes] = await Promise.all([
      this.#factsFor(transaction, outgoing, known),
      this.#numbered(transaction, news),
    ]);
    const events = outgoing.map(({ orderId, message, cause }) => {
      const { definition, data, correlationId = cause.correlationId } = tellingOf(orderId, message, facts);
      return newEvent(definition, data, { ...cause, correlationId });
    });
    this.sales.follow(transaction, events, creditedEarly);
    await this.outbox.append(transaction, [...events, ...outcomes]);
  }

  /** Tells marketplaces of what they sent and what changed nothing, with how their orders are. */
  async tell(transaction: Transaction, claimed: ClaimedOrders, refusals: readonly Refused[]): Promise<void> {
    const drafts = refusals.flatMap(({ orderId, refused, cause }) => {
      const state = claimed.get(orderId);
      if (!state) return [];
      const detail = refused.detail.slice(0, DETAIL_CHARACTERS_MAX);
      return [outcomeOf(orderId, { ...toldOf(state), refused: { ...refused, detail } }, cause)];
    });
    await this.outbox.append(transaction, await this.#numbered(transaction, drafts));
  }

  /** Outcomes as they are kept and told: under the id that they are sent by, each the next of its order. */
  async #numbered(transaction: Transaction, drafts: readonly Event<OutcomeTold>[]): Promise<Event<OutcomeTold>[]> {
    return this.outcomes.add(transaction, await this.outbox.named(transaction, drafts));
  }

  async #factsFor(
    transaction: Transaction,
    outgoing: readonly Outgoing[],
    known: ReadonlyMap<string, Order>,
  ): Promise<Facts> {
    const idsOf = (...types: OutgoingMessage['type'][]): string[] => [
      ...new Set(outgoing.filter(({ message }) => types.includes(message.type)).map(({ orderId }) => orderId)),
    ];
    const ordered = idsOf('order-placed', 'money-held', 'sale-paid', 'sale-refunded', 'sale-settled').filter(
      (orderId) => !known.has(orderId),
    );
    const reserved = idsOf('sale-paid', 'sale-refunded', 'sale-settled', 'sale-frozen', 'sale-thawed');
    const settled = outgoing.flatMap(({ message }) => ('settlementId' in message ? [message.settlementId] : []));
    const [found, reservations, settlements] = await Promise.all([
      ordered.length > 0 ? this.orders.find(transaction, ordered) : [],
      reserved.length > 0 ? this.orders.findReservations(transaction, reserved) : new Map(),
      settled.length > 0 ? this.settlements.find(transaction, settled) : new Map(),
    ]);
    const orders = new Map([...known, ...found]);
    const ofSettled = idsOf('sale-settled').flatMap((orderId) => orders.get(orderId) ?? []);
    const terms = ofSettled.length > 0 ? await this.channels.termsOf(transaction, ofSettled) : new Map();
    return { orders, terms, reservations, settlements };
  }
}

/** Its number is given when it is kept. */
function outcomeOf(orderId: string, told: Told & Pick<OutcomeTold, 'refused'>, cause: Cause): Event<OutcomeTold> {
  return newEvent(outcomeTold, { orderId, ...partsOf(orderId), ...told, number: 1 }, cause);
}
