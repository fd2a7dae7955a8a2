import { Injectable } from '@nestjs/common';
import { orderIdOf, type RefundRequest, refundIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { OrderRepository } from '../orders/order.repository.ts';
import { soldLinesOf } from '../orders/order.ts';
import { findRefund, isSameRefund } from '../process/order-process.ts';
import { type ClaimedOrders, ProcessRepository } from '../process/process.repository.ts';
import { type Delivery, ProcessService } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';

/** A checkout that has not come a day after its refund will not come. */
const CHECKOUT_AWAITED_MS = 24 * 60 * 60 * 1_000;

export interface RefundSubmission {
  readonly request: RefundRequest;
  readonly cause: Origin;
}

/** taken: the order's process has it. duplicate, conflict: a refund of this reference came before, like this or not. */
export type RefundAnswer = 'taken' | 'duplicate' | 'conflict';

@Injectable()
export class RefundsService {
  constructor(
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
    private readonly process: ProcessService,
  ) {}

  /**
   * Gives refunds to the processes of their orders. `awaitCheckout`: one whose checkout has not come waits for it, as
   * events of a marketplace may overtake each other; else its sale is unknown.
   * @param claimed their orders among them
   * @returns what became of each, in their order
   */
  async ask(
    transaction: Transaction,
    claimed: ClaimedOrders,
    submissions: readonly RefundSubmission[],
    { awaitCheckout }: { awaitCheckout: boolean },
  ): Promise<RefundAnswer[]> {
    if (submissions.length === 0) return [];
    const orderIds = [...new Set(submissions.map(({ request }) => orderIdOf(request)))];
    const orders = await this.orders.find(transaction, orderIds);
    const lines = new Map([...orders].map(([orderId, order]) => [orderId, soldLinesOf(order)]));

    const patience = awaitCheckout ? { waitUntil: await this.#awaitedUntil(transaction) } : {};
    const taken = new Map<string, RefundRequest>();
    const deliveries: Delivery[] = [];
    const answers = submissions.map(({ request, cause }): RefundAnswer => {
      const { lineRef, refundRef, quantity } = request;
      const orderId = orderIdOf(request);
      const refundId = refundIdOf(orderId, lineRef, refundRef);
      const state = claimed.get(orderId);
      const before = taken.get(refundId) ?? (state && findRefund(state, refundId));
      if (before) return isSameRefund(before, request) ? 'duplicate' : 'conflict';

      taken.set(refundId, request);
      const line = lines.get(orderId)?.get(lineRef);
      const requestedAt = new Date(request.requestedAt).toISOString();
      const { correlationId } = cause;
      const refund = { refundId, lineRef, refundRef, quantity, requestedAt, correlationId, ...(line && { line }) };
      deliveries.push({ orderId, cause, message: { type: 'refund-asked', refund, ...patience } });
      return 'taken';
    });
    await this.process.deliver(transaction, claimed, deliveries);
    return answers;
  }

  async #awaitedUntil(transaction: Transaction): Promise<string> {
    const now = await this.processes.now(transaction);
    return new Date(now.getTime() + CHECKOUT_AWAITED_MS).toISOString();
  }
}
