import { Injectable } from '@nestjs/common';
import { orderIdOf, type RefundRequest, refundIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { OrderRepository } from '../orders/order.repository.ts';
import { findRefund, isSameRefund, type RefundContent } from '../process/order-process.ts';
import { type ClaimedOrders, type Patience, ProcessRepository } from '../process/process.repository.ts';
import { type Delivery, ProcessService } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';

export interface RefundSubmission {
  readonly request: RefundRequest;
  /** A cancellation: the units were not shipped. */
  readonly unshipped?: true;
  readonly cause: Origin;
}

interface PreparedRefunds {
  readonly answers: readonly RefundAnswer[];
  readonly deliveries: readonly (Delivery & { readonly message: { readonly type: 'refund-asked' } })[];
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
   * Gives refunds to the processes of their orders, as `prepare` has them.
   * @returns what became of each, in their order
   */
  async ask(
    transaction: Transaction,
    claimed: ClaimedOrders,
    submissions: readonly RefundSubmission[],
    patience: Patience,
  ): Promise<readonly RefundAnswer[]> {
    const { answers, deliveries } = await this.prepare(transaction, claimed, submissions, patience);
    await this.process.deliver(transaction, claimed, deliveries);
    return answers;
  }

  /**
   * What refunds are to the processes of their orders.
   * @param claimed their orders among them
   * @returns what becomes of each, and what of them is to be delivered, in their order
   */
  async prepare(
    transaction: Transaction,
    claimed: ClaimedOrders,
    submissions: readonly RefundSubmission[],
    patience: Patience,
  ): Promise<PreparedRefunds> {
    if (submissions.length === 0) return { answers: [], deliveries: [] };
    const lines = await this.orders.findSoldLines(
      transaction,
      submissions.map(({ request }) => orderIdOf(request)),
    );
    const waiting = await this.processes.waiting(transaction, patience);
    const taken = new Map<string, RefundContent>();
    const deliveries: PreparedRefunds['deliveries'][number][] = [];
    const answers = submissions.map(({ request, unshipped, cause }): RefundAnswer => {
      const { lineRef, refundRef, quantity } = request;
      const content: RefundContent = { lineRef, refundRef, quantity, ...(unshipped && { unshipped }) };
      const orderId = orderIdOf(request);
      const refundId = refundIdOf(orderId, lineRef, refundRef);
      const state = claimed.get(orderId);
      const before = taken.get(refundId) ?? (state && findRefund(state, refundId));
      if (before) return isSameRefund(before, content) ? 'duplicate' : 'conflict';

      taken.set(refundId, content);
      const line = lines.get(orderId)?.get(lineRef);
      const requestedAt = new Date(request.requestedAt).toISOString();
      const { correlationId } = cause;
      const refund = { refundId, ...content, requestedAt, correlationId, ...(line && { line }) };
      deliveries.push({ orderId, cause, message: { type: 'refund-asked', refund, ...waiting } });
      return 'taken';
    });
    return { answers, deliveries };
  }
}
