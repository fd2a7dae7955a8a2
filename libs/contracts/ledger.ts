import Type, { type Static } from 'typebox';
import { defineEvent } from './event.ts';
import {
  BankId,
  FacilityId,
  Instant,
  LocalDate,
  OrderId,
  Payee,
  RefundId,
  Rupiah,
  SaleId,
  SignedRupiah,
} from './fields.ts';
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

export const saleHeld = defineEvent({
  type: 'ledger.sale-held.v1',
  summary:
    'No agreement was in force for a line of a sale: its money is held, and it is credited when one is approved.',
  topic: topics.journal,
  key: (data) => data.facilityId,
  schema: Type.Object({ saleId: SaleId, orderId: OrderId, facilityId: FacilityId }),
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

/** Of one event: below what a topic takes, however long the texts of each are. */
export const FEED_ENTRIES_MAX = 2_000;

/** Texts of the books: older ones hold ids from before these had a grammar. */
const StoredText = Type.String({ minLength: 1 });
const Ordinal = (description: string) => Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description });

export const journalPosted = defineEvent({
  type: 'ledger.journal-posted.v1',
  summary:
    'A journal is in the books, of whatever kind: of each facility all of them, in the order of its chain, without gaps.',
  topic: topics.books,
  key: (data) => data.facilityId,
  schema: Type.Object({
    facilityId: StoredText,
    number: Ordinal('n-th journal of the facility: a repetition has it too'),
    journalId: Type.String({ format: 'uuid' }),
    kind: Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'sale, refund, release, ...: there may come others',
    }),
    postedOn: LocalDate,
    occurredAt: Instant,
    recordedAt: Instant,
    sourceReference: Type.String({ minLength: 1, description: 'sale id, refund id, ...' }),
    reverses: Type.Optional(Type.String({ format: 'uuid', description: 'the journal that it undoes' })),
    agreement: Type.Optional(Type.Object({ id: StoredText, version: Ordinal('n-th version') })),
    hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'link of the chain and leaf of the day’s tree' }),
    part: Ordinal('a journal of many entries comes in parts, one behind the other'),
    parts: Ordinal('how many'),
    entries: Type.Array(
      Type.Object({
        account: StoredText,
        amount: SignedRupiah,
        version: Ordinal('n-th entry of the account'),
        balance: SignedRupiah,
        lineRef: Type.Optional(Type.String({ description: 'order line; absent: of the whole journal' })),
        step: Type.Optional(Type.String({ description: 'the maker’s own step that moved it' })),
      }),
      {
        maxItems: FEED_ENTRIES_MAX,
        description: 'debit positive, credit negative, with the balance after each; those of all parts sum to zero',
      },
    ),
  }),
});

/** Absent: none yet, or an id from before these had a grammar, which may be a name. */
const PersonId = Type.Optional(
  Type.String({ maxLength: 60, pattern: '^[a-z0-9][a-z0-9._-]*$', description: 'person id, never a name' }),
);

export const decisionChanged = defineEvent({
  type: 'ledger.decision-changed.v1',
  summary: 'What people decide about the books has changed, and this is how it stands.',
  topic: topics.books,
  key: (data) => data.facilityId ?? '*',
  schema: Type.Object({
    kind: Type.String({
      minLength: 1,
      maxLength: 40,
      description:
        'adjustment, payout, deposit, maker-event, agreement, refused-event, close, reopen: there may come others',
    }),
    id: StoredText,
    version: Type.Optional(Ordinal('of an agreement')),
    facilityId: Type.Optional(StoredText),
    status: Type.Union(
      (['draft', 'reviewed', 'approved', 'rejected', 'withdrawn'] as const).map((status) => Type.Literal(status)),
    ),
    changedAt: Instant,
    draftedBy: PersonId,
    reviewedBy: PersonId,
    decidedBy: PersonId,
  }),
});

export const custodyEnded = defineEvent({
  type: 'ledger.custody-ended.v1',
  summary: 'A maker was released two years ago and is owed nothing: what tells who it was need not be kept.',
  topic: topics.maker,
  key: (data) => data.makerId,
  schema: Type.Object({ makerId: StoredText, releasedOn: LocalDate }),
});
