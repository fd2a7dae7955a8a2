import {
  type EventDefinition,
  type MoneyHeld,
  moneyCleared,
  moneyHeld,
  orderCancelled,
  orderPaid,
  orderPlaced,
  refundRequested,
  type SaleFrozen,
  type SalePaid,
  type SaleRefunded,
  type SettlementConfirmed,
  saleFrozen,
  saleIdOf,
  salePaid,
  saleRefunded,
  saleSettled,
  saleThawed,
  UNALLOCATED,
  unitsCancelled,
  unitsReleased,
} from '#libs/contracts';
import type { Terms } from '../channels/terms.ts';
import { type Order, partsOf, type ReservedLine, soldOf } from '../orders/order.ts';
import { wantedOf } from '../orders/order-lines.ts';
import { settledPart } from '../settlements/settled-part.ts';
import type { Dispute, OutgoingMessage, Refund } from './order-process.ts';

/** What lies beside the states of orders and is told in events, by order id. */
export interface Facts {
  readonly orders: ReadonlyMap<string, Order>;
  readonly reservations: ReadonlyMap<string, readonly ReservedLine[]>;
  /** By settlement id. */
  readonly settlements: ReadonlyMap<string, SettlementConfirmed>;
  /** Of orders that are settled, those that they were placed under. */
  readonly terms: ReadonlyMap<string, Terms>;
}

const AWAITS_LENGTH_MAX = 300;

/** An event to publish: `data` fits `definition`. */
export interface Telling {
  readonly definition: EventDefinition;
  readonly data: unknown;
  /** Of a refund; all else is told under the correlation id of its cause. */
  readonly correlationId?: string;
}

/** What the other services are told of a message that an order's process sends. */
export function tellingOf(orderId: string, message: OutgoingMessage, facts: Facts): Telling {
  switch (message.type) {
    case 'order-placed':
      return telling(orderPlaced, placing(orderId, facts));
    case 'order-paid':
      return telling(orderPaid, { orderId });
    case 'order-cancelled':
      return telling(orderCancelled, { orderId, reason: message.reason });
    case 'money-held': {
      const correlation = message.subject === 'refund' && { correlationId: message.refund.correlationId };
      return { ...telling(moneyHeld, holdOf(orderId, message, facts)), ...correlation };
    }
    case 'money-cleared':
      return telling(moneyCleared, { orderId, facilityId: UNALLOCATED, upTo: message.upTo });
    case 'units-cancelled': {
      const { lineRef, quantity, correlationId } = message.refund;
      return { ...telling(unitsCancelled, { orderId, lineRef, quantity }), correlationId };
    }
    case 'units-released': {
      const { lineRef, quantity, correlationId } = message.refund;
      return { ...telling(unitsReleased, { orderId, lineRef, quantity }), correlationId };
    }
    case 'sale-paid':
      return telling(salePaid, saleAt(message.facilityId, orderId, facts));
    case 'refund-requested': {
      const { refundId, amount = 0, correlationId } = message.refund;
      return { ...telling(refundRequested, { refundId, orderId, amount }), correlationId };
    }
    case 'sale-refunded': {
      const { correlationId } = message.refund;
      return { ...telling(saleRefunded, refundOf(message.refund, orderId, facts)), correlationId };
    }
    case 'sale-frozen': {
      const { correlationId } = message.dispute;
      return { ...telling(saleFrozen, disputedSale(message.dispute, orderId, facts)), correlationId };
    }
    case 'sale-thawed': {
      const { correlationId, closedAt } = message.dispute;
      if (closedAt === undefined) throw new Error(`${message.dispute.disputeId} is not closed`);
      return { ...telling(saleThawed, { ...disputedSale(message.dispute, orderId, facts), closedAt }), correlationId };
    }
    case 'sale-settled': {
      const settlement = known(message.settlementId, facts.settlements);
      const { lines } = known(orderId, facts.orders);
      const reserved = known(orderId, facts.reservations);
      const terms = facts.terms.get(orderId);
      return telling(
        saleSettled,
        settledPart(settlement, message.facilityId, soldOf(lines, reserved), reserved, terms),
      );
    }
  }
}

function telling<Data>(definition: EventDefinition<Data>, data: Data): Telling {
  return { definition, data };
}

function placing(orderId: string, { orders }: Facts) {
  const { placedAt, payment, amount, lines } = known(orderId, orders);
  const wanted = lines.map((line) => ({ ...wantedOf(line), quantity: line.quantity }));
  return { orderId, placedAt, payment, amount, ...(payment === 'escrow' && { wait: true }), lines: wanted };
}

/** What the books are to hold, in the book of no facility. */
function holdOf(
  orderId: string,
  message: Extract<OutgoingMessage, { type: 'money-held' }>,
  { orders, settlements }: Facts,
): MoneyHeld {
  const hold = {
    holdId: `${orderId}!${message.number}`,
    orderId,
    channel: partsOf(orderId).channel,
    facilityId: UNALLOCATED,
    subject: message.subject,
  };
  switch (message.subject) {
    case 'order': {
      const { amount, placedAt } = known(orderId, orders);
      return { ...hold, amount, occurredAt: placedAt, awaits: message.awaits.slice(0, AWAITS_LENGTH_MAX) };
    }
    case 'refund': {
      const { refundId, amount = 0, requestedAt } = message.refund;
      return { ...hold, refundId, amount, occurredAt: requestedAt };
    }
    default: {
      const { settlementId, revenue = 0, settledAt, ...kept } = known(message.settlementId, settlements);
      const { fee, shipping, withheldTax, bank } = kept;
      const settlement = { settlementId, fee, shipping, withheldTax, bank };
      return { ...hold, amount: revenue, occurredAt: settledAt, settlement };
    }
  }
}

function saleAt(facilityId: string, orderId: string, { orders, reservations }: Facts): SalePaid {
  const { placedAt, releaseAt, settlesBy, lines } = known(orderId, orders);
  const served = known(orderId, reservations).filter((line) => line.facilityId === facilityId);
  const taken = new Map(served.map(({ lineRef, ...taken }) => [lineRef, taken]));
  const region = served[0]?.region;
  return {
    saleId: saleIdOf(orderId, facilityId),
    orderId,
    ...partsOf(orderId),
    facilityId,
    ...(region !== undefined && { region }),
    placedAt,
    ...(releaseAt !== undefined && { releaseAt }),
    ...(settlesBy !== undefined && { settlesBy }),
    lines: soldOf(lines, served).map(({ listedSku, unlisted: _, ...line }) => {
      // What was reserved last is what was sold, whatever is listed since.
      const { sku = listedSku ?? line.sku, portions, programme } = known(line.lineRef, taken);
      return { ...line, sku, ...(programme !== undefined && { programme }), portions };
    }),
  };
}

/** The sale of a line of which something was reserved. */
function saleOf({ lineRef }: Pick<Refund, 'lineRef'>, orderId: string, { reservations }: Facts) {
  const { facilityId } = known(lineRef, new Map(known(orderId, reservations).map((line) => [line.lineRef, line])));
  return { saleId: saleIdOf(orderId, facilityId), orderId, facilityId };
}

function disputedSale(dispute: Dispute, orderId: string, facts: Facts): SaleFrozen {
  return { disputeId: dispute.disputeId, ...saleOf(dispute, orderId, facts) };
}

function refundOf(refund: Refund, orderId: string, facts: Facts): SaleRefunded {
  const { refundId, lineRef, refundRef, quantity, amount = 0, requestedAt } = refund;
  return {
    refundId,
    ...saleOf(refund, orderId, facts),
    channel: partsOf(orderId).channel,
    lineRef,
    refundRef,
    quantity,
    amount,
    occurredAt: requestedAt,
  };
}

function known<Fact>(id: string, facts: ReadonlyMap<string, Fact>): Fact {
  const fact = facts.get(id);
  if (fact === undefined) throw new Error(`${id} is not stored`);
  return fact;
}
