import Type, { type Static } from 'typebox';
import { defineEvent } from './event.ts';
import { BankId, FacilityId, LocalDate, OrderId, Payee, RefundId, Rupiah, SaleId, SignedRupiah } from './fields.ts';
import { topics } from './topics.ts';

/** What a journal moved, by kind of payee; all parts together are what the buyer paid (or, negative, got back). */
export const JournalTotals = Type.Object({
  costRecovery: SignedRupiah,
  facility: SignedRupiah,
  makers: SignedRupiah,
  state: SignedRupiah,
  beneficiaries: SignedRupiah,
  fees: SignedRupiah,
  shipping: SignedRupiah,
  tax: SignedRupiah,
  suspense: SignedRupiah,
});
export type JournalTotals = Static<typeof JournalTotals>;

const Journal = {
  saleId: SaleId,
  orderId: OrderId,
  facilityId: FacilityId,
  journalId: Type.String({ format: 'uuid' }),
  postedOn: LocalDate,
  totals: JournalTotals,
};

export const saleCredited = defineEvent({
  type: 'ledger.sale-credited.v1',
  summary: 'A sale is in the books: facility and makers are credited.',
  topic: topics.journal,
  key: (data) => data.facilityId,
  schema: Type.Object(Journal),
});

export const refundPosted = defineEvent({
  type: 'ledger.refund-posted.v1',
  summary: 'A refund is in the books: every payee has given back its share.',
  topic: topics.journal,
  key: (data) => data.facilityId,
  schema: Type.Object({ refundId: RefundId, ...Journal }),
});

const PAYOUT_ITEMS_MAX = 5_000;

export const payoutApproved = defineEvent({
  type: 'ledger.payout-approved.v1',
  summary: 'A payout is approved by two persons and its money reserved: pay each item from the bank.',
  topic: topics.payout,
  key: (data) => data.facilityId,
  schema: Type.Object({
    payoutId: Type.String({ format: 'uuid' }),
    facilityId: FacilityId,
    bank: BankId,
    items: Type.Array(Type.Object({ itemId: Type.String({ format: 'uuid' }), payee: Payee, amount: Rupiah }), {
      minItems: 1,
      maxItems: PAYOUT_ITEMS_MAX,
    }),
  }),
});
