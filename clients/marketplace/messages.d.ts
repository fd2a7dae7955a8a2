// Made by `npm run asyncapi` of what is released; not to be changed by hand.

export interface CheckoutCancelled {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** line number of the channel, unique in the order */
  readonly lineRef: string;
  /** refund number of the channel, unique in the line */
  readonly refundRef: string;
  /** pieces */
  readonly quantity: number;
  /** RFC 3339 instant with offset, from 2000 to at most one day ahead of now */
  readonly requestedAt: string;
}

export interface Checkout {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** store of a channel, as it calls it */
  readonly store?: string;
  /** RFC 3339 instant with offset, from 2000 to at most one day ahead of now */
  readonly placedAt: string;
  readonly lines: readonly {
    /** line number of the channel, unique in the order */
    readonly lineRef: string;
    /** stock keeping unit */
    readonly sku: string;
    /** pieces */
    readonly quantity: number;
    /** whole rupiah (IDR) */
    readonly unitPrice: number;
    /** whole rupiah (IDR) off the whole line */
    readonly discount?: number;
    /** whole rupiah (IDR), included in the price */
    readonly tax?: number;
    /** class of goods that a channel charges its fees by, as it calls it */
    readonly feeClass?: string;
  }[];
  /** whole rupiah (IDR) off the whole order; of it counts what the terms of the channel let the seller bear */
  readonly discount?: number;
  /** whole rupiah (IDR) that the channel keeps; absent: what its terms say */
  readonly fees?: number;
  /** whole rupiah (IDR) that shipping costs; it counts where the terms of the channel let the seller bear it */
  readonly shipping?: number;
}

export interface CheckoutDelivered {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** line number of the channel, unique in the order */
  readonly lineRef: string;
  /** units of the line that the buyer has received so far, in all parcels together */
  readonly delivered: number;
}

export interface CheckoutDisputeClosed {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** line number of the channel, unique in the order */
  readonly lineRef: string;
  /** dispute number of the channel, unique in the line */
  readonly disputeRef: string;
  /** units of the line that it was about: of one that the buyer won, those given back */
  readonly quantity: number;
  /** who won it */
  readonly outcome: 'seller' | 'buyer';
  /** RFC 3339 instant with offset, from 2000 to at most one day ahead of now */
  readonly closedAt: string;
}

export interface CheckoutDisputed {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** line number of the channel, unique in the order */
  readonly lineRef: string;
  /** dispute number of the channel, unique in the line */
  readonly disputeRef: string;
  /** units of the line that it is about */
  readonly quantity: number;
}

export interface RefundRequest {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** line number of the channel, unique in the order */
  readonly lineRef: string;
  /** refund number of the channel, unique in the line */
  readonly refundRef: string;
  /** pieces */
  readonly quantity: number;
  /** RFC 3339 instant with offset, from 2000 to at most one day ahead of now */
  readonly requestedAt: string;
}

export interface CheckoutShipped {
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** line number of the channel, unique in the order */
  readonly lineRef: string;
  /** units of the line that have left so far, in all parcels together */
  readonly shipped: number;
}

export interface Outcome {
  /** {channel}/{orderRef} */
  readonly orderId: string;
  /** marketplace or shop the sale was made on */
  readonly channel: string;
  /** order number of the channel */
  readonly orderRef: string;
  /** n-th of this order, without a gap */
  readonly number: number;
  /** of the order */
  readonly status: 'rejected' | 'cancelled' | 'disputed' | 'awaiting-goods' | 'awaiting-agreement' | 'refunded' | 'partly-refunded' | 'settled' | 'delivered' | 'shipped' | 'credited' | 'crediting' | 'unpaid' | 'awaited';
  /** code of docs/ERRORS.md: why it was rejected or cancelled, or waits */
  readonly reason?: string;
  /** what exactly: which field, which line */
  readonly detail?: string;
  /** that are decided */
  readonly refunds: readonly {
    /** refund number of the channel, unique in the line */
    readonly refundRef: string;
    /** line number of the channel, unique in the order */
    readonly lineRef: string;
    /** pieces */
    readonly quantity: number;
    /** refunded: the buyer has the money back, and the books follow */
    readonly status: 'refunded' | 'rejected';
    /** whole rupiah (IDR) */
    readonly amount?: number;
    /** code of docs/ERRORS.md */
    readonly reason?: string;
  }[];
  /** that are decided */
  readonly settlements: readonly {
    /** {orderId}~{settlementRef}, with % and ~ escaped in the last */
    readonly settlementId: string;
    /** settled: in the books */
    readonly status: 'settled' | 'rejected';
  }[];
  /** of its lines; absent: there were none */
  readonly disputes?: readonly {
    /** dispute number of the channel, unique in the line */
    readonly disputeRef: string;
    /** line number of the channel, unique in the order */
    readonly lineRef: string;
    /** pieces */
    readonly quantity: number;
    /** seller, buyer: who won it; what the buyer got back is a refund whose refundRef is the disputeRef */
    readonly status: 'open' | 'seller' | 'buyer' | 'rejected';
    /** code of docs/ERRORS.md */
    readonly reason?: string;
  }[];
  /** of which something was shipped */
  readonly lines?: readonly {
    /** line number of the channel, unique in the order */
    readonly lineRef: string;
    /** units so far */
    readonly shipped: number;
    /** of these */
    readonly delivered: number;
  }[];
  /** what was sent of the order and changed nothing: the reason of this outcome */
  readonly refused?: {
    /** checkout, refund, cancellation, shipment, delivery, dispute or dispute-closing */
    readonly type: string;
    /** code of docs/ERRORS.md */
    readonly reason: string;
    readonly detail: string;
  };
}

/** By type. */
export interface Messages {
  readonly 'marketplace.checkout-cancelled.v1': CheckoutCancelled;
  readonly 'marketplace.checkout-completed.v1': Checkout;
  readonly 'marketplace.checkout-delivered.v1': CheckoutDelivered;
  readonly 'marketplace.checkout-dispute-closed.v1': CheckoutDisputeClosed;
  readonly 'marketplace.checkout-disputed.v1': CheckoutDisputed;
  readonly 'marketplace.checkout-refunded.v1': RefundRequest;
  readonly 'marketplace.checkout-shipped.v1': CheckoutShipped;
  readonly 'orders.outcome.v1': Outcome;
}

/** Why something was not taken: docs/ERRORS.md. */
export type RefusalCode =
  | 'bad-signature'
  | 'stale-signature'
  | 'unreadable'
  | 'unknown-channel'
  | 'wrong-channel'
  | 'invalid'
  | 'conflict'
  | 'event-id-reused'
  | 'unknown-sku'
  | 'out-of-stock'
  | 'payment-failed'
  | 'reservation-expired'
  | 'no-agreement'
  | 'sale-unknown'
  | 'sale-rejected'
  | 'refund-exceeds-sale'
  | 'already-shipped'
  | 'dispute-exceeds-sale';
