import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { OrderRepository } from '../orders/order.repository.ts';
import type { Order } from '../orders/order.ts';
import { SaleRepository } from '../sales/sale.repository.ts';
import { SettlementRepository } from '../settlements/settlement.repository.ts';
import { type Facts, tellingOf } from './events.ts';
import { type IncomingMessage, type OrderState, type OutgoingMessage, transition } from './order-process.ts';
import { type ClaimedOrders, ProcessRepository } from './process.repository.ts';

/** A message for one order's process, and what caused it. */
export interface Delivery {
  readonly orderId: string;
  readonly message: IncomingMessage;
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
    private readonly sales: SaleRepository,
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
    const outgoing: Outgoing[] = [];
    for (const { orderId, message, cause } of deliveries) {
      const state = claimed.get(orderId);
      if (!state) continue;
      const next = transition(state, message);
      if (next.state !== state) changed.set(orderId, next.state);
      claimed.set(orderId, next.state);
      for (const message of next.messages) outgoing.push({ orderId, message, cause });
    }
    await this.processes.save(transaction, [...changed]);
    const facts = await this.#factsFor(transaction, outgoing, known);
    const events = outgoing.map(({ orderId, message, cause }) => {
      const { definition, data, correlationId = cause.correlationId } = tellingOf(orderId, message, facts);
      return newEvent(definition, data, { ...cause, correlationId });
    });
    this.sales.follow(transaction, events);
    await this.outbox.append(transaction, events);
  }

  async #factsFor(
    transaction: Transaction,
    outgoing: readonly Outgoing[],
    known: ReadonlyMap<string, Order>,
  ): Promise<Facts> {
    const idsOf = (...types: OutgoingMessage['type'][]): string[] => [
      ...new Set(outgoing.filter(({ message }) => types.includes(message.type)).map(({ orderId }) => orderId)),
    ];
    const ordered = idsOf('order-placed', 'sale-paid', 'sale-refunded', 'sale-settled').filter(
      (orderId) => !known.has(orderId),
    );
    const reserved = idsOf('sale-paid', 'sale-refunded', 'sale-settled');
    const settled = outgoing.flatMap(({ message }) => (message.type === 'sale-settled' ? [message.settlementId] : []));
    return {
      orders: ordered.length > 0 ? new Map([...known, ...(await this.orders.find(transaction, ordered))]) : known,
      reservations: reserved.length > 0 ? await this.orders.findReservations(transaction, reserved) : new Map(),
      settlements: settled.length > 0 ? await this.settlements.find(transaction, settled) : new Map(),
    };
  }
}
