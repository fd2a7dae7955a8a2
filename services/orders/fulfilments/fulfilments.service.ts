import { Injectable } from '@nestjs/common';
import { type DeliveredUnits, fault, orderIdOf, type ShippedUnits, type Violation } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { OrderRepository } from '../orders/order.repository.ts';
import { type Fulfilment, fulfilmentOf } from '../process/order-process.ts';
import type { ClaimedOrders } from '../process/process.repository.ts';
import type { Delivery } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';

type Units = ShippedUnits | DeliveredUnits;

/** What marketplaces say of how far the goods of an order have come. */
@Injectable()
export class FulfilmentsService {
  constructor(private readonly orders: OrderRepository) {}

  /** As what the processes of their orders hear them, in their order. */
  async prepare(
    transaction: Transaction,
    told: readonly { readonly units: Units; readonly cause: Origin }[],
  ): Promise<Delivery[]> {
    if (told.length === 0) return [];
    const lines = await this.orders.findSoldLines(
      transaction,
      told.map(({ units }) => orderIdOf(units)),
    );
    return told.map(({ units, cause }) => {
      const orderId = orderIdOf(units);
      const line = lines.get(orderId)?.get(units.lineRef);
      return { orderId, cause, message: { type: 'fulfilment-told', ...asFulfilment(units), ...(line && { line }) } };
    });
  }
}

/** Why their order did not take them, once it has heard them; empty: it did. */
export function faultsOf(units: Units, claimed: ClaimedOrders): Violation[] {
  const { lineRef, shipped, delivered } = asFulfilment(units);
  const state = claimed.get(orderIdOf(units));
  const known = state && fulfilmentOf(state, lineRef);
  if (known && known.shipped >= shipped && known.delivered >= delivered) return [];
  const why = fault(
    'too-many',
    'must be at most what this line of the order sold and did not cancel',
    'paling banyak yang dijual dan tidak dibatalkan pada baris pesanan ini',
  );
  return [{ field: 'shipped' in units ? 'shipped' : 'delivered', ...why }];
}

/** What is delivered was shipped. */
function asFulfilment(units: Units): Fulfilment {
  const { lineRef } = units;
  return 'shipped' in units
    ? { lineRef, shipped: units.shipped, delivered: 0 }
    : { lineRef, shipped: units.delivered, delivered: units.delivered };
}
