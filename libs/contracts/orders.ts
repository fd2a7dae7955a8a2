import Type, { type Static } from 'typebox';
import { Portion } from './catalogue.ts';
import { type DataOf, defineEvent } from './event.ts';
import {
  BankId,
  ChannelId,
  ChargeId,
  DisputeId,
  FacilityId,
  HoldId,
  Instant,
  LineRef,
  OrderId,
  OrderRef,
  Programme,
  RefundId,
  RefundRef,
  Region,
  Rupiah,
  SaleId,
  SettlementId,
  SignedRupiah,
  Sku,
  Units,
} from './fields.ts';
import { Charge, SettledAmounts } from './payments.ts';
import { topics } from './topics.ts';

const WantedGoods = {
  lineRef: LineRef,
  sku: Sku,
  unlisted: Type.Optional(
    Type.Boolean({ description: 'true: a name of the channel that is not listed, so nobody knows what it is' }),
  ),
};

export const orderPlaced = defineEvent({
  type: 'orders.order-placed.v1',
  summary: 'A valid checkout became an order: reserve its goods, take its money.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    placedAt: Instant,
    payment: Type.Union([Type.Literal('escrow'), Type.Literal('gateway')], {
      description: 'escrow: the channel has the money already; gateway: it is still to be captured',
    }),
    amount: Rupiah,
    wait: Type.Optional(
      Type.Boolean({ description: 'true: it is paid, so goods that are not there are awaited; else it is rejected' }),
    ),
    lines: Type.Array(Type.Object({ ...WantedGoods, quantity: Units })),
  }),
});

export const goodsListed = defineEvent({
  type: 'orders.goods-listed.v1',
  summary: 'What the channel of an order calls goods is listed otherwise now: if it waits, it waits for these.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: Type.Object({ orderId: OrderId, lines: Type.Array(Type.Object(WantedGoods)) }),
});

export const orderPaid = defineEvent({
  type: 'orders.order-paid.v1',
  summary: 'Goods are reserved and money is captured: the reservation is final.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: Type.Object({ orderId: OrderId }),
});

export const CancellationReason = Type.Union([
  Type.Literal('unknown-sku'),
  Type.Literal('out-of-stock'),
  Type.Literal('payment-failed'),
  Type.Literal('reservation-expired'),
]);
export type CancellationReason = Static<typeof CancellationReason>;

export const orderCancelled = defineEvent({
  type: 'orders.order-cancelled.v1',
  summary: 'The order will not be sold: release its goods, give its money back.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: Type.Object({ orderId: OrderId, reason: CancellationReason }),
});

const UnitsOfLine = Type.Object({ orderId: OrderId, lineRef: LineRef, quantity: Units });

export const unitsCancelled = defineEvent({
  type: 'orders.units-cancelled.v1',
  summary: 'The buyer has the money of these units back before there were goods: they are not awaited any more.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: UnitsOfLine,
});

export const unitsReleased = defineEvent({
  type: 'orders.units-released.v1',
  summary: 'Sold units were cancelled before they were shipped: they can be sold again.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: UnitsOfLine,
});

export const refundRequested = defineEvent({
  type: 'orders.refund-requested.v1',
  summary: 'A refund of a credited line is valid: give the buyer this amount back.',
  topic: topics.order,
  key: (data) => data.orderId,
  schema: Type.Object({ refundId: RefundId, orderId: OrderId, amount: Rupiah }),
});

const SaleLine = Type.Object({
  lineRef: LineRef,
  sku: Sku,
  programme: Type.Optional(Programme),
  quantity: Units,
  unitPrice: Rupiah,
  discount: Rupiah,
  fees: Rupiah,
  shipping: Rupiah,
  tax: Rupiah,
  portions: Type.Array(Portion, { minItems: 1 }),
});

/** Everything the ledger needs, as it was at the sale: the ledger never calls back to ask. */
export const salePaid = defineEvent({
  type: 'orders.sale-paid.v1',
  summary: "An order's part at one facility is paid: share it.",
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({
    saleId: SaleId,
    orderId: OrderId,
    channel: ChannelId,
    orderRef: OrderRef,
    facilityId: FacilityId,
    region: Type.Optional(Region),
    placedAt: Instant,
    releaseAt: Type.Optional(
      Type.String({
        ...Instant,
        description: 'end of the return window of a channel that reports no settlements; absent: settlement releases',
      }),
    ),
    settlesBy: Type.Optional(
      Type.String({
        ...Instant,
        description: 'until when its channel is to have paid it out, by its terms; absent: they do not say',
      }),
    ),
    lines: Type.Array(SaleLine, { minItems: 1 }),
  }),
});
export type SalePaid = DataOf<typeof salePaid>;

export const saleRefunded = defineEvent({
  type: 'orders.sale-refunded.v1',
  summary: 'The buyer has money back for units of one line: reverse its shares.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({
    refundId: RefundId,
    saleId: SaleId,
    orderId: OrderId,
    facilityId: FacilityId,
    channel: ChannelId,
    lineRef: LineRef,
    refundRef: RefundRef,
    quantity: Units,
    amount: Rupiah,
    occurredAt: Instant,
  }),
});
export type SaleRefunded = DataOf<typeof saleRefunded>;

export const saleSettled = defineEvent({
  type: 'orders.sale-settled.v1',
  summary: 'The channel paid out what it held for a credited sale: what waited for it becomes available.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({
    settlementId: SettlementId,
    saleId: SaleId,
    orderId: OrderId,
    facilityId: FacilityId,
    channel: ChannelId,
    ...SettledAmounts.properties,
    tolerance: Type.Optional(
      Type.Integer({ ...Rupiah, description: 'what may be missing or too much for it to be all; absent: nothing' }),
    ),
  }),
});
export type SaleSettled = DataOf<typeof saleSettled>;

const DisputedSale = { disputeId: DisputeId, saleId: SaleId, orderId: OrderId, facilityId: FacilityId };

export const saleFrozen = defineEvent({
  type: 'orders.sale-frozen.v1',
  summary:
    'A buyer disputes units of a sale: what is pending of it stays so, whatever is settled and however long it is.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object(DisputedSale),
});
export type SaleFrozen = DataOf<typeof saleFrozen>;

export const saleThawed = defineEvent({
  type: 'orders.sale-thawed.v1',
  summary: 'A dispute of a sale is over, and what the buyer got back of it was told: without another it goes on.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({ ...DisputedSale, closedAt: Instant }),
});
export type SaleThawed = DataOf<typeof saleThawed>;

/** Whose book holds money of goods that are of no known facility. No facility has this id. */
export const UNALLOCATED = 'unallocated';

export const moneyHeld = defineEvent({
  type: 'orders.money-held.v1',
  summary: 'A channel has money, or has paid it out, for goods that nobody can be credited for yet: hold it.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({
    holdId: HoldId,
    orderId: OrderId,
    channel: ChannelId,
    facilityId: Type.String({ ...FacilityId, description: 'unallocated: the facility is not known' }),
    subject: Type.Union(
      [
        Type.Literal('order'),
        Type.Literal('refund'),
        Type.Literal('settlement'),
        Type.Literal('settlement-without-order'),
      ],
      {
        description:
          'what the channel holds of an order; what of it went back to the buyer; what it paid out of it, or of an order that is not there',
      },
    ),
    amount: Type.Integer({
      ...SignedRupiah,
      description: 'price, what the buyer got back, or what of the price was paid out or kept',
    }),
    occurredAt: Instant,
    refundId: Type.Optional(RefundId),
    settlement: Type.Optional(
      Type.Object({
        settlementId: SettlementId,
        fee: SignedRupiah,
        shipping: SignedRupiah,
        withheldTax: SignedRupiah,
        bank: BankId,
      }),
    ),
    awaits: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 300,
        description: 'of an order: which goods, and why they are not there',
      }),
    ),
  }),
});
export type MoneyHeld = DataOf<typeof moneyHeld>;

export const moneyCleared = defineEvent({
  type: 'orders.money-cleared.v1',
  summary:
    'It is known now whose the money of an order is, or the buyer has it back: all that is held of it is undone.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({
    orderId: OrderId,
    facilityId: FacilityId,
    upTo: Type.Integer({ minimum: 1, description: 'the number of its last hold: what is held later is not meant' }),
  }),
});

export const chargeBorne = defineEvent({
  type: 'orders.charge-borne.v1',
  summary: 'A channel took or gave what is of no order: the facility of its store bears it, or has it.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({
    ...Charge.properties,
    facilityId: Type.String({ ...FacilityId, description: 'unallocated: of no store that is known' }),
  }),
});
export type ChargeBorne = DataOf<typeof chargeBorne>;

export const chargeCleared = defineEvent({
  type: 'orders.charge-cleared.v1',
  summary: 'It is known now which facility bears what a channel took or gave: what is held of it is undone.',
  topic: topics.sale,
  key: (data) => data.facilityId,
  schema: Type.Object({ chargeId: ChargeId, facilityId: FacilityId }),
});

/** An order's part at one facility: the unit that is shared, posted, settled, refunded and paid out. */
export function saleIdOf(orderId: string, facilityId: string): string {
  return `${orderId}@${facilityId}`;
}

/** Of a refund, and of the dispute that becomes one. Unambiguous: `/` and `#` in the parts behind the order are escaped as in a URL. */
export function refundIdOf(orderId: string, lineRef: string, refundRef: string): string {
  return `${orderId}/${escaped(lineRef)}#${escaped(refundRef)}`;
}

function escaped(part: string): string {
  return part.replaceAll(/[%/#]/g, encodeURIComponent);
}
