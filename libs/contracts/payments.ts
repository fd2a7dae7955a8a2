import Type, { type Static } from 'typebox';
import { type DataOf, defineEvent } from './event.ts';
import {
  BankId,
  ChannelId,
  ChargeId,
  FacilityId,
  Instant,
  OrderId,
  RefundId,
  Rupiah,
  SettlementId,
  SignedRupiah,
  StoreRef,
  WithdrawalId,
} from './fields.ts';
import { topics } from './topics.ts';

export const paymentCaptured = defineEvent({
  type: 'payments.payment-captured.v1',
  summary: "The buyer's money is there: in the channel's escrow, or captured by the gateway.",
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    amount: Rupiah,
    capturedAt: Instant,
  }),
});

export const paymentFailed = defineEvent({
  type: 'payments.payment-failed.v1',
  summary: 'The money of an order will not come.',
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    reason: Type.Union([Type.Literal('declined'), Type.Literal('expired')]),
  }),
});

export const paymentRefunded = defineEvent({
  type: 'payments.payment-refunded.v1',
  summary: 'The buyer has money back: of one refund, or all of it because the order was cancelled.',
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    refundId: Type.Optional(RefundId),
    amount: Rupiah,
    refundedAt: Instant,
  }),
});

const Disbursement = {
  itemId: Type.String({ format: 'uuid', description: 'item of the payout' }),
  payoutId: Type.String({ format: 'uuid' }),
  facilityId: FacilityId,
  amount: Rupiah,
};

export const payoutSent = defineEvent({
  type: 'payments.payout-sent.v1',
  summary: 'Every item of an approved payout is with the bank: each will be paid, or fail.',
  topic: topics.disbursement,
  key: (data) => data.facilityId,
  schema: Type.Object({
    payoutId: Type.String({ format: 'uuid' }),
    facilityId: FacilityId,
    items: Type.Integer({ minimum: 1, description: 'how many' }),
    sentAt: Instant,
  }),
});

export const disbursementPaid = defineEvent({
  type: 'payments.disbursement-paid.v1',
  summary: 'A payee has the money of a payout item.',
  topic: topics.disbursement,
  key: (data) => data.facilityId,
  schema: Type.Object({ ...Disbursement, paidAt: Instant }),
});
export type DisbursementPaid = DataOf<typeof disbursementPaid>;

export const disbursementFailed = defineEvent({
  type: 'payments.disbursement-failed.v1',
  summary: 'A payee did not get the money of a payout item, or the bank sent it back later.',
  topic: topics.disbursement,
  key: (data) => data.facilityId,
  schema: Type.Object({
    ...Disbursement,
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    failedAt: Instant,
  }),
});
export type DisbursementFailed = DataOf<typeof disbursementFailed>;

/** What a channel kept, and where the rest went. Negative: it gave back what it had kept, of what was refunded since. */
export const SettledAmounts = Type.Object({
  fee: SignedRupiah,
  shipping: SignedRupiah,
  withheldTax: Type.Integer({ ...SignedRupiah, description: 'PPh 22 that the channel paid to the state for us' }),
  bank: BankId,
  settledAt: Instant,
  revenue: Type.Optional(
    Type.Integer({
      ...SignedRupiah,
      description: 'what of the price this is about: paid out and kept together; absent: all that the channel held',
    }),
  ),
  paidOut: Type.Optional(Type.Integer({ ...SignedRupiah, description: 'what came to the bank' })),
  settles: Type.Optional(
    Type.Union([Type.Literal('all'), Type.Literal('part')], {
      description: 'all: nothing more is to come, or it is to be found out why; part: more follows; absent: all',
    }),
  ),
});
export type SettledAmounts = Static<typeof SettledAmounts>;

export const settlementConfirmed = defineEvent({
  type: 'payments.settlement-confirmed.v1',
  summary: 'A channel paid out what it held for an order, less what it keeps.',
  topic: topics.payment,
  key: (data) => data.orderId,
  schema: Type.Object({
    settlementId: SettlementId,
    orderId: OrderId,
    facilityId: Type.Optional(Type.String({ ...FacilityId, description: 'of one sale; absent: of the whole order' })),
    ...SettledAmounts.properties,
  }),
});
export type SettlementConfirmed = DataOf<typeof settlementConfirmed>;

/** What a channel took or gave besides its orders, as its report says it. */
export const Charge = Type.Object({
  chargeId: ChargeId,
  channel: ChannelId,
  store: Type.Optional(Type.String({ ...StoreRef, description: 'of its stores; absent: its report names none' })),
  called: Type.String({ minLength: 1, maxLength: 300, description: 'what its report calls it' }),
  withheldTax: Type.Integer({ ...SignedRupiah, description: 'PPh 22 that the channel paid to the state for us' }),
  paidOut: Type.Integer({ ...SignedRupiah, description: 'what came to the bank; negative: what it took from there' }),
  bank: BankId,
  chargedAt: Instant,
});

export const channelCharged = defineEvent({
  type: 'payments.channel-charged.v1',
  summary: 'A channel took or gave what is of no order: for advertising, as a penalty, as a reward.',
  topic: topics.payment,
  key: (data) => data.chargeId,
  schema: Charge,
});
export type ChannelCharged = DataOf<typeof channelCharged>;

export const walletWithdrawn = defineEvent({
  type: 'payments.wallet-withdrawn.v1',
  summary: 'Money that a channel had paid out to a wallet went from there to a bank.',
  topic: topics.payment,
  key: (data) => data.wallet,
  schema: Type.Object({
    withdrawalId: WithdrawalId,
    channel: ChannelId,
    wallet: Type.String({ ...BankId, description: 'where it was' }),
    bank: BankId,
    amount: Rupiah,
    withdrawnAt: Instant,
  }),
});
export type WalletWithdrawn = DataOf<typeof walletWithdrawn>;

/** Both may hold any character: what the reference has of ours is escaped as in a URL, so the last `~` parts them. */
export function settlementIdOf(orderId: string, settlementRef: string): string {
  return `${orderId}~${settlementRef.replace(/[%~]/g, (mark) => (mark === '%' ? '%25' : '%7E'))}`;
}
