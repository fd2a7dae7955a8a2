import { Controller } from '@nestjs/common';
import {
  type DataOf,
  type Event,
  orderCancelled,
  orderPaid,
  orderPlaced,
  stockRejected,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler, newEvent, Outbox } from '#libs/messaging';
import { type NewReservation, ReservationRepository } from './reservation.repository.ts';
import { type ProductStock, reserve } from './reservation.ts';

/** How long goods wait for their money (`RESERVATION_MINUTES`). Orders ends the wait: it alone decides about an order. */
const RESERVATION_MS = Number(process.env.RESERVATION_MINUTES ?? 30) * 60_000;

type Batch<Definition> = Event<DataOf<Definition>>[];

/** Holds goods for orders, first come first served, and lets them go or sells them as orders says. */
@Controller()
export class ReservationsListener {
  constructor(
    private readonly reservations: ReservationRepository,
    private readonly outbox: Outbox,
  ) {}

  /** In one call, so that all lots of a batch are locked in one order: two batches wait, and never for each other. */
  @EventHandler(orderPlaced, orderPaid, orderCancelled)
  async onEvents(
    events: Batch<typeof orderPlaced | typeof orderPaid | typeof orderCancelled>,
    transaction: Transaction,
  ) {
    const placed = events.filter((event) => event.type === orderPlaced.type) as Batch<typeof orderPlaced>;
    const paid = orderIdsOf(events.filter(({ type }) => type === orderPaid.type));
    const cancelled = orderIdsOf(events.filter(({ type }) => type === orderCancelled.type));
    const skus = [...new Set(placed.flatMap(({ data }) => data.lines.map(({ sku }) => sku)))];
    const lotIds = await this.reservations.lockLots(transaction, skus, cancelled);
    // An order is placed before it is paid or cancelled, so this is the order of its events.
    if (placed.length > 0)
      await this.#reserve(placed, await this.reservations.stockOf(transaction, skus, lotIds), transaction);
    if (paid.length > 0) await this.reservations.commit(transaction, paid);
    if (cancelled.length > 0) await this.reservations.release(transaction, cancelled);
  }

  async #reserve(
    events: Batch<typeof orderPlaced>,
    stock: ReadonlyMap<string, ProductStock>,
    transaction: Transaction,
  ): Promise<void> {
    const answered = await this.reservations.answered(transaction, orderIdsOf(events));
    // By the wall clock, whenever the order was placed: history can be imported.
    const expiresAt = new Date(Date.now() + RESERVATION_MS);

    const reservations: NewReservation[] = [];
    const answers: Event[] = [];
    for (const event of events) {
      const { orderId, lines } = event.data;
      if (answered.has(orderId)) continue;
      answered.add(orderId);
      const outcome = reserve(lines, stock);
      if ('rejection' in outcome) {
        reservations.push({ orderId, status: 'rejected', lines: [], expiresAt });
        answers.push(newEvent(stockRejected, { orderId, ...outcome.rejection }, event));
      } else {
        reservations.push({ orderId, status: 'held', lines: outcome.lines, expiresAt });
        const data = { orderId, expiresAt: expiresAt.toISOString(), lines: outcome.lines };
        answers.push(newEvent(stockReserved, data, event));
      }
    }
    await this.reservations.insert(transaction, reservations);
    await this.outbox.append(transaction, answers);
  }
}

function orderIdsOf(events: readonly Event<{ orderId: string }>[]): string[] {
  return events.map(({ data }) => data.orderId);
}
