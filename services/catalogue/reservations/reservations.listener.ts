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

interface Change {
  readonly before: AwaitedOrder;
  readonly now: AwaitedOrder;
  /** What its channel calls its goods is of others now, or may be. */
  readonly isListed: boolean;
}

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
    const changes = await this.#changeWanted([...listed, ...eventsOf(unitsCancelled, events)], transaction);
    const relisted = changes.filter(({ isListed }) => isListed).map(withoutOldReason);
    if (relisted.length > 0) await this.awaitedOrders.answer(transaction, relisted, skus, lotIds);
    if (paid.length > 0) {
      this.awaited.markPaid(transaction, paid); // before, as who serves one that waits may do so meanwhile
      const waiting = await this.reservations.commit(transaction, paid);
      this.awaited.keep(
        transaction,
        waiting.map((order) => ({ ...order, paid: true })),
      );
    }
    if (released.length > 0) await this.#release(released, transaction);
    if (cancelled.length > 0) {
      this.awaited.end(transaction, cancelled);
      noteLotChange(transaction, await this.reservations.release(transaction, cancelled));
    }
  }

  /** Of an order that is served by now it is of no effect: its reservation says what it has. */
  async #changeWanted(
    events: Batch<typeof goodsListed | typeof unitsCancelled | typeof unitsReleased>,
    transaction: Transaction,
  ): Promise<Change[]> {
    const waiting = await this.awaited.lock(transaction, [...new Set(orderIdsOf(events))]);
    const changes = waiting.map((before): Change => {
      const ofOrder = events.filter(({ data }) => data.orderId === before.orderId);
      const now = { ...before, lines: ofOrder.reduce(changed, before.lines) };
      return { before, now, isListed: ofOrder.some(({ type }) => type === goodsListed.type) };
    });
    this.awaited.keep(
      transaction,
      changes.map(({ now }) => now),
    );
    return changes;
  }

  /** Sold units go back to their lots. Those of goods that we have forgotten were never taken: they are not awaited. */
  async #release(events: Batch<typeof unitsReleased>, transaction: Transaction): Promise<void> {
    const waiting = (await this.#changeWanted(events, transaction)).map(({ now }) => now);
    const ended = waiting.filter(({ lines }) => lines.length === 0).map(({ orderId }) => orderId);
    const expiresAt = reservedUntil();
    await this.reservations.serve(
      transaction,
      ended.map((orderId) => ({ orderId, status: 'committed', lines: [], expiresAt })),
    );
    this.awaited.end(transaction, ended);
    const found = events.filter(({ data }) => !waiting.some(({ orderId }) => orderId === data.orderId));
    const units = found.map(({ data }) => data);
    noteLotChange(transaction, await this.reservations.restock(transaction, units));
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
        const wanted = { orderId, placedAt, lines, reason, lineRef, correlationId: event.correlationId };
        if (wait) waiting.push({ ...wanted, paid: false });
        const rest = { orderId, lines: [], expiresAt };
        reservations.push(wait ? { ...rest, status: 'waiting' } : { ...rest, status: 'rejected', wanted });
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

/** Without the reason that was told, where it was told of goods of before. */
function withoutOldReason({ before, now }: Change): WaitingOrder {
  const { reason, ...unexplained } = now;
  return missingSku(before) === missingSku(now) ? now : unexplained;
}

function missingSku({ lines, lineRef }: AwaitedOrder): string | undefined {
  return lines.find((line) => line.lineRef === lineRef)?.sku;
}

function changed(
  lines: readonly OrderLine[],
  { data }: Event<DataOf<typeof goodsListed | typeof unitsCancelled | typeof unitsReleased>>,
): readonly OrderLine[] {
  return 'lines' in data ? listedAs(lines, data.lines) : withoutUnits(lines, data);
}
