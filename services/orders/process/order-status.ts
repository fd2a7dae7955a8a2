import { isDisputeOpen, type OrderState, type Refund } from './order-process.ts';

/** Where an order stands, in a word for people and for marketplaces; which one applies is the first of this list. */
export const ORDER_STATUSES = {
  rejected: { en: 'Rejected', id: 'Ditolak' },
  cancelled: { en: 'Cancelled', id: 'Dibatalkan' },
  disputed: { en: 'In dispute', id: 'Dalam sengketa' },
  'awaiting-goods': { en: 'Paid, goods unknown', id: 'Dibayar, barang belum dikenali' },
  'awaiting-agreement': { en: 'Paid, no agreement', id: 'Dibayar, belum ada perjanjian' },
  refunded: { en: 'Refunded', id: 'Dana dikembalikan' },
  'partly-refunded': { en: 'Refunded partly', id: 'Dana dikembalikan sebagian' },
  settled: { en: 'Settled', id: 'Dana diterima' },
  delivered: { en: 'Delivered', id: 'Diterima' },
  shipped: { en: 'Shipped', id: 'Dikirim' },
  credited: { en: 'Credited', id: 'Sudah dibukukan' },
  crediting: { en: 'Being credited', id: 'Sedang dibukukan' },
  unpaid: { en: 'Awaiting payment', id: 'Menunggu pembayaran' },
  awaited: { en: 'Awaiting order', id: 'Menunggu pesanan' },
} as const;
export type StatusForPeople = keyof typeof ORDER_STATUSES;

export function statusForPeople(state: OrderState): StatusForPeople {
  const isDisputed = state.disputes?.some(isDisputeOpen);
  switch (state.status) {
    case 'rejected':
    case 'cancelled':
    case 'awaited':
      return state.status;
    case 'refunded':
      return isDisputed ? 'disputed' : state.status;
    case 'placed':
      if (isDisputed) return 'disputed';
      if (!state.captured) return 'unpaid';
      return state.held ? 'awaiting-goods' : 'crediting';
    case 'paid':
      if (isDisputed) return 'disputed';
      if (state.withoutAgreement) return 'awaiting-agreement';
      return 'crediting';
    case 'credited':
      if (isDisputed) return 'disputed';
      if (state.refunds.some(isGivenBack)) return 'partly-refunded';
      if (isSettled(state)) return 'settled';
      if (unitsOf(state, 'delivered') >= state.units) return 'delivered';
      return unitsOf(state, 'shipped') >= state.units ? 'shipped' : 'credited';
  }
}

function unitsOf({ fulfilments = [] }: OrderState, how: 'shipped' | 'delivered'): number {
  return fulfilments.reduce((sum, fulfilment) => sum + fulfilment[how], 0);
}

/** The buyer has the money, and so have the books. */
function isGivenBack({ status }: Refund): boolean {
  return status === 'posted' || status === 'unsold';
}

/** Every sale of it. */
function isSettled(order: Extract<OrderState, { status: 'credited' | 'refunded' }>): boolean {
  return order.facilities.every((facilityId) => isSettledAt(order, facilityId));
}

/** The channel has paid out what it held for this facility's sale, by a report of its own or of the whole order. */
export function isSettledAt({ settlements }: OrderState, facilityId: string): boolean {
  return settlements.some(({ status, facilityId: only = facilityId }) => status === 'settled' && only === facilityId);
}
