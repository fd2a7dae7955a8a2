import { type SettlementConfirmed, saleIdOf } from '#libs/contracts';
import type { Order, ReservedLine } from '../orders/order.ts';
import type { Posting } from '../postings/posting.repository.ts';
import type { OrderState } from '../process/order-process.ts';
import type { OrderView, SaleView } from './order.dto.ts';

/** All that is known of an order, as one answer. */
export function viewOf(
  orderId: string,
  state: OrderState,
  order: Order | undefined,
  reserved: readonly ReservedLine[],
  postings: readonly Posting[],
  settlements: readonly SettlementConfirmed[],
): OrderView {
  const facilityOf = new Map(reserved.map(({ lineRef, facilityId }) => [lineRef, facilityId]));
  const facilities = [...new Set(facilityOf.values())];
  const journalOf = new Map(
    postings.map(({ refundId, facilityId, journalId }) => [refundId ?? facilityId, { journalId }]),
  );
  return {
    orderId,
    status: state.status,
    ...('reason' in state && { reason: state.reason, detail: state.detail }),
    ...(order && { placedAt: order.placedAt, amount: order.amount, correlationId: order.correlationId }),
    ...(order?.termsVersion !== undefined && { termsVersion: order.termsVersion }),
    currency: 'IDR',
    lines: (order?.lines ?? []).map((line) => {
      const facilityId = facilityOf.get(line.lineRef);
      return { ...line, ...(facilityId !== undefined && { facilityId }) };
    }),
    sales: facilities.map((facilityId) => ({
      saleId: saleIdOf(orderId, facilityId),
      facilityId,
      status: saleStatus(state, facilityId),
      ...journalOf.get(facilityId),
    })),
    refunds: state.refunds.map(({ line: _, correlationId: __, ...refund }) => ({
      ...refund,
      ...journalOf.get(refund.refundId),
    })),
    settlements: settlements.map(({ orderId: _, ...settlement }) => ({
      ...settlement,
      status:
        state.settlements.find(({ settlementId }) => settlementId === settlement.settlementId)?.status ?? 'waiting',
    })),
  };
}

function saleStatus(state: OrderState, facilityId: string): SaleView['status'] {
  switch (state.status) {
    case 'paid':
      return state.uncredited.includes(facilityId) ? 'paid' : 'credited';
    case 'credited':
    case 'refunded':
      return isSettled(state, facilityId) ? 'settled' : 'credited';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'reserved';
  }
}

function isSettled({ settlements }: OrderState, facilityId: string): boolean {
  return settlements.some(({ status, facilityId: only = facilityId }) => status === 'settled' && only === facilityId);
}
