import Type from 'typebox';

/**
 * Fields of the events between our own services, as they were released: wide enough for every message that is in a
 * topic already. What comes from outside is judged at its door by the narrower kinds of `values/`.
 */

/** Whole rupiah. Above 2^53-1 a JSON number is not exact, so it is refused. */
export const Rupiah = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'whole rupiah (IDR)',
});

export const SignedRupiah = Type.Integer({
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'whole rupiah (IDR), negative when taken back',
});

export const Units = Type.Integer({
  minimum: 1,
  maximum: 1_000_000_000,
  description: 'pieces',
});

export const Instant = Type.String({
  format: 'date-time',
  description: 'ISO 8601 instant with offset',
});

export const LocalDate = Type.String({
  format: 'date',
  description: 'YYYY-MM-DD',
});

/** References of a marketplace and ids of our own: text, never numbers (19-digit ids exist). */
const text = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]+$',
    description,
  });

/** Ids that are part of an account's code (`maker:{id}:wages`): nothing in them can end the part. */
const accountPart = (description: string) =>
  Type.String({ maxLength: 60, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', description });

export const ChannelId = Type.String({
  maxLength: 40,
  pattern: '^[a-z0-9][a-z0-9-]*$',
  description: 'marketplace or shop the sale was made on',
});
export const BankId = Type.String({
  maxLength: 40,
  pattern: '^[a-z0-9][a-z0-9-]*$',
  description: 'bank account that money comes to or leaves from',
});
export const OrderRef = text(100, 'order number of the channel');
export const LineRef = text(100, 'line number of the channel, unique in the order');
export const RefundRef = text(100, 'refund number of the channel, unique in the line');
export const DisputeRef = text(100, 'dispute number of the channel, unique in the line');
export const StoreRef = text(100, 'store of the channel, as it calls it');
export const Sku = text(100, 'stock keeping unit');
export const FacilityId = accountPart('facility: Lapas, Rutan, LPKA, LPP or Bapas');
/** A sale's facts that an agreement's scope can name, with facility and SKU. */
export const Region = text(300, 'region of the facility');
export const Programme = text(100, 'programme of the workshop (pembinaan) that the product is made under');
export const LotId = text(100, 'production lot');
export const MakerId = accountPart('pseudonym of a maker; never a name or registration number');

export const Payee = Type.String({
  maxLength: 80,
  pattern: '^(maker|beneficiary):[A-Za-z0-9][A-Za-z0-9._-]*$',
  description: 'who is paid, by pseudonym',
});

export const OrderId = text(141, '{channel}/{orderRef}');
export const SaleId = text(202, '{orderId}@{facilityId}');
export const SettlementId = text(442, '{orderId}~{settlementRef}, with % and ~ escaped in the last');
export const ChargeId = text(442, '{channel}/-~{reference of the row in the report of the channel}');
export const WithdrawalId = text(442, '{channel}/-~{reference of the row in the report of the channel}');
export const RefundId = text(743, '{orderId}/{lineRef}#{refundRef}, with %, / and # escaped in the last two');
export const DisputeId = text(743, '{orderId}/{lineRef}#{disputeRef}, as that of the refund that it may become');
export const HoldId = text(160, '{orderId}!{n-th hold of the order}');
