import { Controller } from '@nestjs/common';
import {
  type DataOf,
  type Event,
  goodsListed,
  orderCancelled,
  orderPaid,
  orderPlaced,
  stockAwaited,
  stockRejected,
  stockReserved,
  unitsCancelled,
  unitsReleased,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler, eventsOf, newEvent, Outbox } from '#libs/messaging';
import { AwaitedOrderRepository } from './awaited-order.repository.ts';
import { type AwaitedOrder, listedAs, withoutUnits } from './awaited-order.ts';
import { AwaitedOrdersService, type WaitingOrder } from './awaited-orders.service.ts';
import { type NewReservation, ReservationRepository, reservedUntil } from './reservation.repository.ts';
import { type OrderLine, type ProductStock, reserve } from './reservation.ts';
import { noteLotChange } from './stock-change.repository.ts';

type Batch<Definition> = Event<DataOf<Definition>>[];

/** Holds goods for orders, first come first served, and lets them go or sells them as orders says. */
@Controller()
export class ReservationsListener {
  constructor(
    private readonly reservations: ReservationRepository,
    private readonly awaited: AwaitedOrderRepository,
    private readonly awaitedOrders: AwaitedOrdersService,
    private readonly outbox: Outbox,
  ) {}

  /** In one call, so that all lots of a batch are locked in one order: two batches wait, and never for each other. */
  @EventHandler(orderPlaced, goodsListed, unitsCancelled, orderPaid, unitsReleased, orderCancelled)
  async onEvents(
    events: Batch<
      | typeof orderPlaced
      | typeof goodsListed
      | typeof unitsCancelled
      | typeof orderPaid
      | typeof unitsReleased
      | typeof orderCancelled
    >,
    transaction: Transaction,
  ) {
    const placed = eventsOf(orderPlaced, events);
    const paid = orderIdsOf(events.filter(({ type }) => type === orderPaid.type));
    const cancelled = orderIdsOf(events.filter(({ type }) => type === orderCancelled.type));
    const listed = eventsOf(goodsListed, events);
    const skus = [...new Set([...placed, ...listed].flatMap(({ data }) => data.lines.map(({ sku }) => sku)))];
    const released = eventsOf(unitsReleased, events);
    if (released.length > 0) await this.reservations.lockSold(transaction, orderIdsOf(released));
    const lotIds = await this.reservations.lockLots(transaction, skus, [...cancelled, ...orderIdsOf(released)]);
    // An order is placed before it is paid or cancelled, and paid before units of it are released: the order of its events.
    if (placed.length > 0)
      await this.#reserve(placed, await this.reservations.stockOf(transaction, skus, lotIds), transaction);
    const relisted = await this.#changeWanted([...listed, ...eventsOf(unitsCancelled, events)], transaction);
    if (relisted.length > 0) await this.awaitedOrders.answer(transaction, relisted, skus, lotIds);
    if (paid.length > 0) await this.reservations.commit(transaction, paid);
    if (released.length > 0) {
      const units = released.map(({ data }) => data);
      noteLotChange(transaction, await this.reservations.restock(transaction, units));
    }
    if (cancelled.length > 0) {
      this.awaited.end(transaction, cancelled);
      noteLotChange(transaction, await this.reservations.release(transaction, cancelled));
    }
  }

  /**
   * Of an order that is served by now it is of no effect: its reservation says what it has.
   * @returns those that are of other goods now; without the reason that was told where it was told of goods of before
   */
  async #changeWanted(
    events: Batch<typeof goodsListed | typeof unitsCancelled>,
    transaction: Transaction,
  ): Promise<WaitingOrder[]> {
    const waiting = await this.awaited.lock(transaction, [...new Set(orderIdsOf(events))]);
    const kept: AwaitedOrder[] = [];
    const relisted: WaitingOrder[] = [];
    for (const order of waiting) {
      const ofOrder = events.filter(({ data }) => data.orderId === order.orderId);
      const now = { ...order, lines: ofOrder.reduce(changed, order.lines) };
      kept.push(now);
      if (!ofOrder.some(({ type }) => type === goodsListed.type)) continue;
      const { reason, ...unexplained } = now;
      relisted.push(missingSku(order) === missingSku(now) ? now : unexplained);
    }
    this.awaited.keep(transaction, kept);
    return relisted;
  }

  async #reserve(
    events: Batch<typeof orderPlaced>,
    stock: ReadonlyMap<string, ProductStock>,
    transaction: Transaction,
  ): Promise<void> {
    const answered = await this.reservations.answered(transaction, orderIdsOf(events));
    const expiresAt = reservedUntil();

    const reservations: NewReservation[] = [];
    const waiting: AwaitedOrder[] = [];
    const answers: Event[] = [];
    for (const event of events) {
      const { orderId, placedAt, lines, wait = false } = event.data;
      if (answered.has(orderId)) continue;
      answered.add(orderId);
      const outcome = reserve(lines, stock);
      if ('rejection' in outcome) {
        const { reason, lineRef } = outcome.rejection;
        if (wait) waiting.push({ orderId, placedAt, lines, reason, lineRef, correlationId: event.correlationId });
        reservations.push({ orderId, status: wait ? 'waiting' : 'rejected', lines: [], expiresAt });
        answers.push(newEvent(wait ? stockAwaited : stockRejected, { orderId, ...outcome.rejection }, event));
      } else {
        reservations.push({ orderId, status: 'held', lines: outcome.lines, expiresAt });
        const data = { orderId, expiresAt: expiresAt.toISOString(), lines: outcome.lines };
        answers.push(newEvent(stockReserved, data, event));
      }
    }
    await this.reservations.insert(transaction, reservations);
    this.awaited.keep(transaction, waiting);
    await this.outbox.append(transaction, answers);
  }
}

function orderIdsOf(events: readonly Event<{ orderId: string }>[]): string[] {
  return events.map(({ data }) => data.orderId);
}

function missingSku({ lines, lineRef }: AwaitedOrder): string | undefined {
  return lines.find((line) => line.lineRef === lineRef)?.sku;
}

function changed(
  lines: readonly OrderLine[],
  { data }: Event<DataOf<typeof goodsListed | typeof unitsCancelled>>,
): readonly OrderLine[] {
  return 'lines' in data ? listedAs(lines, data.lines) : withoutUnits(lines, data);
}
