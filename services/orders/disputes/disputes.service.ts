import { Injectable } from '@nestjs/common';
import { type ClosedDispute, type DisputedUnits, orderIdOf, refundIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { OrderRepository } from '../orders/order.repository.ts';
import { type Dispute, findDispute, findRefund, type Refund, type RefundRequest } from '../process/order-process.ts';
import { type ClaimedOrders, type Patience, ProcessRepository } from '../process/process.repository.ts';
import type { Delivery } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';

/** What a marketplace says of a dispute: that there is one, or who won it. */
export type DisputeWord = DisputedUnits | ClosedDispute;

/**
 * taken: the order's process has it. duplicate: it was said before, or is over. conflict: another word came before, and
 * stands; or the buyer won it, and a refund of its reference that is another, or was rejected, is in its place.
 */
export type DisputeAnswer = 'taken' | 'duplicate' | 'conflict';

interface PreparedDisputes {
  readonly answers: readonly DisputeAnswer[];
  readonly deliveries: readonly Delivery[];
}

type Known = Pick<Dispute, 'status' | 'quantity'>;
/** Without a status: nobody has judged it. */
type Named = RefundRequest & Partial<Pick<Refund, 'status'>>;

@Injectable()
export class DisputesService {
  constructor(
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
  ) {}

  /**
   * What is said of disputes, as the processes of their orders hear it.
   * @param claimed their orders among them
   * @param asked refunds that are delivered with them
   * @returns what becomes of each, and what of them is to be delivered, in their order
   */
  async prepare(
    transaction: Transaction,
    claimed: ClaimedOrders,
    said: readonly { readonly word: DisputeWord; readonly cause: Origin }[],
    patience: Patience,
    asked: readonly RefundRequest[] = [],
  ): Promise<PreparedDisputes> {
    if (said.length === 0) return { answers: [], deliveries: [] };
    const lines = await this.orders.findSoldLines(
      transaction,
      said.map(({ word }) => orderIdOf(word)),
    );
    const waiting = await this.processes.waiting(transaction, patience);
    const answers = answersTo(
      said.map(({ word }) => word),
      claimed,
      asked,
    );
    const deliveries: Delivery[] = [];
    for (const [index, { word, cause }] of said.entries()) {
      if (answers[index] !== 'taken') continue;
      const { lineRef, disputeRef, quantity } = word;
      const orderId = orderIdOf(word);
      const line = lines.get(orderId)?.get(lineRef);
      const { correlationId } = cause;
      const ids = { disputeId: refundIdOf(orderId, lineRef, disputeRef), lineRef, disputeRef };
      const dispute = { ...ids, quantity, correlationId, ...(line && { line }) };
      if ('outcome' in word) {
        const closedAt = new Date(word.closedAt).toISOString();
        const { outcome } = word;
        deliveries.push({
          orderId,
          cause,
          message: { type: 'dispute-closed', dispute, outcome, closedAt, ...waiting },
        });
      } else deliveries.push({ orderId, cause, message: { type: 'dispute-opened', dispute, ...waiting } });
    }
    return { answers, deliveries };
  }
}

/** @param asked refunds that were taken with them, and that their orders' processes have not heard */
export function answersTo(
  words: readonly DisputeWord[],
  claimed: ClaimedOrders,
  asked: readonly RefundRequest[],
): DisputeAnswer[] {
  const known = new Map<string, Known>();
  const named = new Map<string, Named>(asked.map((refund) => [refund.refundId, refund]));
  return words.map((word) => {
    const orderId = orderIdOf(word);
    const disputeId = refundIdOf(orderId, word.lineRef, word.disputeRef);
    const state = claimed.get(orderId);
    const answer = answerTo(word, known.get(disputeId) ?? (state && findDispute(state, disputeId)));
    if (answer !== 'taken') return answer;
    const status = 'outcome' in word ? word.outcome : 'open';
    const refund = named.get(disputeId) ?? (state && findRefund(state, disputeId));
    if (status === 'buyer' && refund && !isWonBy(refund, word)) return 'conflict';
    known.set(disputeId, { quantity: word.quantity, status });
    return 'taken';
  });
}

/** It gives back what the buyer won. A cancellation that nobody has judged may yet give back nothing. */
function isWonBy({ status, quantity, unshipped }: Named, word: DisputeWord): boolean {
  const isJudged = status !== undefined && status !== 'waiting';
  return quantity === word.quantity && (isJudged ? status !== 'rejected' : !unshipped);
}

function answerTo(word: DisputeWord, before: Known | undefined): DisputeAnswer {
  if (!before) return 'taken';
  const isClosed = before.status === 'seller' || before.status === 'buyer';
  const isSame = before.quantity === word.quantity;
  if (!('outcome' in word)) return isClosed || isSame ? 'duplicate' : 'conflict';
  if (!isClosed) return 'taken';
  return isSame && before.status === word.outcome ? 'duplicate' : 'conflict';
}
