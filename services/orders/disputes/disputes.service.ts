import { Injectable } from '@nestjs/common';
import { type ClosedDispute, type DisputedUnits, orderIdOf, refundIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { OrderRepository } from '../orders/order.repository.ts';
import { soldLinesOf } from '../orders/order.ts';
import { type Dispute, findDispute } from '../process/order-process.ts';
import { type ClaimedOrders, type Patience, ProcessRepository } from '../process/process.repository.ts';
import type { Delivery } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';

/** What a marketplace says of a dispute: that there is one, or who won it. */
export type DisputeWord = DisputedUnits | ClosedDispute;

/** taken: the order's process has it. duplicate: it was said before, or is over. conflict: another word came before, and stands. */
export type DisputeAnswer = 'taken' | 'duplicate' | 'conflict';

interface PreparedDisputes {
  readonly answers: readonly DisputeAnswer[];
  readonly deliveries: readonly Delivery[];
}

type Known = Pick<Dispute, 'status' | 'quantity'>;

@Injectable()
export class DisputesService {
  constructor(
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
  ) {}

  /**
   * What is said of disputes, as the processes of their orders hear it.
   * @param claimed their orders among them
   * @returns what becomes of each, and what of them is to be delivered, in their order
   */
  async prepare(
    transaction: Transaction,
    claimed: ClaimedOrders,
    said: readonly { readonly word: DisputeWord; readonly cause: Origin }[],
    patience: Patience,
  ): Promise<PreparedDisputes> {
    if (said.length === 0) return { answers: [], deliveries: [] };
    const orders = await this.orders.find(transaction, [...new Set(said.map(({ word }) => orderIdOf(word)))]);
    const lines = new Map([...orders].map(([orderId, order]) => [orderId, soldLinesOf(order)]));
    const waiting = await this.processes.waiting(transaction, patience);
    const known = new Map<string, Known>();
    const deliveries: Delivery[] = [];
    const answers = said.map(({ word, cause }): DisputeAnswer => {
      const { lineRef, disputeRef, quantity } = word;
      const orderId = orderIdOf(word);
      const disputeId = refundIdOf(orderId, lineRef, disputeRef);
      const state = claimed.get(orderId);
      const answer = answerTo(word, known.get(disputeId) ?? (state && findDispute(state, disputeId)));
      if (answer !== 'taken') return answer;
      known.set(disputeId, { quantity, status: 'outcome' in word ? word.outcome : 'open' });
      const line = lines.get(orderId)?.get(lineRef);
      const { correlationId } = cause;
      const dispute = { disputeId, lineRef, disputeRef, quantity, correlationId, ...(line && { line }) };
      if ('outcome' in word) {
        const closedAt = new Date(word.closedAt).toISOString();
        const { outcome } = word;
        deliveries.push({
          orderId,
          cause,
          message: { type: 'dispute-closed', dispute, outcome, closedAt, ...waiting },
        });
      } else deliveries.push({ orderId, cause, message: { type: 'dispute-opened', dispute, ...waiting } });
      return 'taken';
    });
    return { answers, deliveries };
  }
}

function answerTo(word: DisputeWord, before: Known | undefined): DisputeAnswer {
  if (!before) return 'taken';
  const isClosed = before.status === 'seller' || before.status === 'buyer';
  const isSame = before.quantity === word.quantity;
  if (!('outcome' in word)) return isClosed || isSame ? 'duplicate' : 'conflict';
  if (!isClosed) return 'taken';
  return isSame && before.status === word.outcome ? 'duplicate' : 'conflict';
}
