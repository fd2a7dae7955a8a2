import { Injectable } from '@nestjs/common';
import { type Event, stockAwaited, stockReserved } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { newEvent, Outbox } from '#libs/messaging';
import { RepeatedWork } from '#libs/service';
import { AwaitedOrderRepository, type Position } from './awaited-order.repository.ts';
import type { AwaitedOrder } from './awaited-order.ts';
import { type NewReservation, ReservationRepository, reservedUntil } from './reservation.repository.ts';
import { reserve } from './reservation.ts';
import { endStockChange, isAvailable, nextStockChange } from './stock-change.repository.ts';

const INTERVAL_MS = 1_000;
const ORDERS_AT_ONCE = 100;

/** An order that waits; `reason`: what was said of its goods, if that is still of them. */
export type WaitingOrder = Omit<AwaitedOrder, 'reason'> & Partial<Pick<AwaitedOrder, 'reason'>>;

/**
 * Serves orders that wait when goods come: of one product after the other, the oldest order first, batch by batch until
 * no piece is left or nobody waits. Several instances may do so at once: an order is served by one of them.
 */
@Injectable()
export class AwaitedOrdersService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly awaited: AwaitedOrderRepository,
    private readonly reservations: ReservationRepository,
    private readonly outbox: Outbox,
  ) {
    super(INTERVAL_MS, 'orders that wait for goods not served');
  }

  protected override async work(signal: AbortSignal): Promise<boolean> {
    const change = await nextStockChange(this.database);
    if (!change) return false;
    await this.serve(change.sku, signal);
    if (!signal.aborted) await endStockChange(this.database, change);
    return true;
  }

  /** Tries who waits for a product. @returns how many batches it took */
  async serve(sku: string, signal?: AbortSignal): Promise<number> {
    let batches = 0;
    for (let after: Position | undefined; !signal?.aborted && (await isAvailable(this.database, sku)); ) {
      const batch = await this.awaited.nextFor(this.database, sku, after, ORDERS_AT_ONCE);
      if (batch.length === 0) break;
      await this.database.transaction((transaction) => this.#try(transaction, batch));
      after = batch.at(-1);
      batches += 1;
    }
    return batches;
  }

  /** Lots are locked before orders, as by whoever lets goods of an order go. */
  async #try(
    transaction: Transaction,
    batch: readonly { readonly orderId: string; readonly skus: readonly string[] }[],
  ): Promise<void> {
    const skus = [...new Set(batch.flatMap((order) => order.skus))];
    const lotIds = await this.reservations.lockLots(transaction, skus, []);
    const orders = await this.awaited.lock(
      transaction,
      batch.map(({ orderId }) => orderId),
    );
    await this.answer(transaction, orders, skus, lotIds);
  }

  /**
   * Serves orders that wait and are locked, and says why the others still do, if that is not what was said before
   * (`reason`, absent where nothing is that is still true). Their lots of these products are locked. An order that wants
   * others, too, is left: since it does, it is to be tried once more anyway.
   */
  async answer(
    transaction: Transaction,
    orders: readonly WaitingOrder[],
    skus: readonly string[],
    lotIds: readonly string[],
  ): Promise<void> {
    const stock = await this.reservations.stockOf(transaction, skus, lotIds);
    const expiresAt = reservedUntil();

    const served: NewReservation[] = [];
    const changed: AwaitedOrder[] = [];
    const answers: Event[] = [];
    for (const order of orders) {
      const { orderId, lines, correlationId, paid } = order;
      if (lines.length === 0 || !lines.every(({ sku }) => skus.includes(sku))) continue;
      const outcome = reserve(lines, stock);
      if ('lines' in outcome) {
        served.push({ orderId, status: paid ? 'committed' : 'held', lines: outcome.lines, expiresAt });
        const data = { orderId, expiresAt: expiresAt.toISOString(), lines: outcome.lines };
        answers.push(newEvent(stockReserved, data, { correlationId }));
      } else if (outcome.rejection.reason !== order.reason || outcome.rejection.lineRef !== order.lineRef) {
        const { reason, lineRef } = outcome.rejection;
        changed.push({ ...order, reason, lineRef });
        answers.push(newEvent(stockAwaited, { orderId, ...outcome.rejection }, { correlationId }));
      }
    }
    await this.reservations.serve(transaction, served);
    this.awaited.end(
      transaction,
      served.map(({ orderId }) => orderId),
    );
    this.awaited.explain(transaction, changed);
    await this.outbox.append(transaction, answers);
  }
}
