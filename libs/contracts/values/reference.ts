import { reference, sought, words } from './text.ts';

export const OrderRef = reference('order number of the channel');
export const LineRef = reference('line number of the channel, unique in the order');
export const RefundRef = reference('refund number of the channel, unique in the line');
export const SettlementRef = reference('line of the channel’s report, unique in the order');
export const Sku = reference('stock keeping unit');
export const LotId = reference('production lot');

/** Names, titles and places. */
export const Name = words(300, 'name');
export const Region = words(300, 'region of the facility');
export const Programme = words(100, 'programme of the workshop (pembinaan) that the product is made under');
export const Reason = words(1_000, 'why, in words');

/** What somebody looks for, or where a page begins. */
export const StoredText = sought('as it is stored');
