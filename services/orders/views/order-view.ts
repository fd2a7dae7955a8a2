import { type SettlementConfirmed, saleIdOf } from '#libs/contracts';
import { type Order, type ReservedLine, soldOf } from '../orders/order.ts';
import type { Posting } from '../postings/posting.repository.ts';
import { type Dispute, fulfilmentOf, type OrderState } from '../process/order-process.ts';
import { isSettledAt, ORDER_STATUSES, statusForPeople } from '../process/order-status.ts';
import { settledPart } from '../settlements/settled-part.ts';
import type { DisputeView, OrderView, SaleView, SettlementView } from './order.dto.ts';

/** All that is known of an order. */
interface Facts {
  readonly orderId: string;
  readonly state: OrderState;
  /** Undefined: its checkout is invalid. */
  readonly order: Order | undefined;
  readonly reserved: readonly ReservedLine[];
  readonly postings: readonly Posting[];
  readonly settlements: readonly SettlementConfirmed[];
}

type OrderWithSales = OrderView & Required<Pick<OrderView, 'sales'>>;

/** As one answer. @param seen only what these facilities made of it: the lines, refunds, disputes and settlements of their sales */
export function viewOf(facts: Facts, seen?: readonly string[]): OrderWithSales {
  const { orderId, state, order, reserved, postings, settlements } = facts;
  const isSeen = (facilityId: string | undefined) =>
    seen === undefined || (facilityId !== undefined && seen.includes(facilityId));
  const facilityOf = new Map(reserved.map(({ lineRef, facilityId }) => [lineRef, facilityId]));
  const facilities = [...new Set(facilityOf.values())];
  const lines = order?.lines.filter(({ lineRef }) => isSeen(facilityOf.get(lineRef))) ?? [];
  const parts = new Set(settlements.flatMap(({ settles, settlementId }) => (settles === 'part' ? [settlementId] : [])));
  const isWhole = ({ settlementId }: { settlementId: string }) => !parts.has(settlementId);
  const journalOf = new Map(
    postings.map(({ refundId, facilityId, journalId }) => [refundId ?? facilityId, { journalId }]),
  );
  return {
    orderId,
    status: state.status,
    standing: standingOf(state),
    ...('reason' in state && state.reason !== undefined && { reason: state.reason }),
    ...('detail' in state && state.detail !== undefined && { detail: state.detail }),
    ...(order && { placedAt: order.placedAt, correlationId: order.correlationId }),
    ...(order?.termsVersion !== undefined && { termsVersion: order.termsVersion }),
    ...(order && lines.length === order.lines.length && { amount: order.amount }),
    currency: 'IDR',
    lines: lines.map((line) => {
      const facilityId = facilityOf.get(line.lineRef);
      const { shipped, delivered } = fulfilmentOf(state, line.lineRef);
      return { ...line, ...(shipped > 0 && { shipped, delivered }), ...(facilityId !== undefined && { facilityId }) };
    }),
    sales: facilities.filter(isSeen).map((facilityId) => ({
      saleId: saleIdOf(orderId, facilityId),
      facilityId,
      status: saleStatus({ ...state, settlements: state.settlements.filter(isWhole) }, facilityId),
      ...journalOf.get(facilityId),
    })),
    refunds: state.refunds
      .filter(({ lineRef }) => isSeen(facilityOf.get(lineRef)))
      .map(({ line: _, correlationId: __, hold: ___, ...refund }) => ({
        ...refund,
        ...journalOf.get(refund.refundId),
      })),
    ...disputesSeen(state, ({ lineRef }) => isSeen(facilityOf.get(lineRef))),
    settlements: settlements.flatMap((settlement) => {
      const told = state.settlements.find(({ settlementId }) => settlementId === settlement.settlementId);
      const parts = seen && order ? partsAt(facilities.filter(isSeen), settlement, order, reserved) : [settlement];
      return parts.map((part) => settlementView(part, told?.status ?? 'waiting'));
    }),
  };
}

function disputesSeen({ disputes }: OrderState, isSeen: (dispute: Dispute) => boolean): Pick<OrderView, 'disputes'> {
  const seen = disputes?.filter(isSeen) ?? [];
  if (seen.length === 0) return {};
  return { disputes: seen.map(disputeViewOf) };
}

export function disputeViewOf({ line: _, correlationId: __, frozen: ___, ...dispute }: Dispute): DisputeView {
  return dispute;
}

/** For the marketplace that sent it: what it may know is what it said, and what became of that. */
export function viewForChannel(facts: Facts): OrderView {
  const { sales: _, lines, refunds, settlements, ...order } = viewOf(facts);
  return {
    ...order,
    lines: lines.map(({ facilityId: _, ...line }) => line),
    refunds: refunds.map(({ journalId: _, ...refund }) => refund),
    settlements: settlements.map(({ facilityId: _, ...settlement }) => settlement),
  };
}

/** What a settlement means for each of these facilities. */
function partsAt(
  facilities: readonly string[],
  settlement: SettlementConfirmed,
  { lines }: Order,
  reserved: readonly ReservedLine[],
): SettlementConfirmed[] {
  const { facilityId: only } = settlement;
  return facilities
    .filter((facilityId) => only === undefined || only === facilityId)
    .map((facilityId) => settledPart(settlement, facilityId, soldOf(lines, reserved), reserved));
}

function settlementView(settlement: SettlementConfirmed, status: SettlementView['status']): SettlementView {
  const { settlementId, facilityId, fee, shipping, withheldTax, bank, settledAt, revenue, paidOut, settles } =
    settlement;
  return {
    settlementId,
    ...(facilityId !== undefined && { facilityId }),
    ...{ fee, shipping, withheldTax, bank, settledAt, status },
    ...(revenue !== undefined && { revenue }),
    ...(paidOut !== undefined && { paidOut }),
    ...(settles !== undefined && { settles }),
  };
}

function standingOf(state: OrderState): OrderView['standing'] {
  const status = statusForPeople(state);
  return { status, ...ORDER_STATUSES[status] };
}

function saleStatus(state: OrderState, facilityId: string): SaleView['status'] {
  switch (state.status) {
    case 'paid':
      if (state.uncredited.includes(facilityId)) return 'paid';
      return isSettledAt(state, facilityId) ? 'settled' : 'credited';
    case 'credited':
    case 'refunded':
      return isSettledAt(state, facilityId) ? 'settled' : 'credited';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'reserved';
  }
}
