/** The columns of orders.csv, in the order in which the command sends a row's fields. */
export const columns = [
  'channel',
  'order_ref',
  'line_ref',
  'type',
  'refund_ref',
  'sku',
  'quantity',
  'unit_price',
  'discount',
  'ordered_at',
] as const;

export type Column = (typeof columns)[number];

/** A row's fields in the order of `columns`; null: it ended before. Fields beyond the header's follow. */
export type Fields = readonly (string | null)[];

/** Sale rows of one order that follow each other are one checkout, so they are sent together. */
export function isSameCheckout(one: Fields, next: Fields): boolean {
  const [channel, orderRef, , type] = next;
  return type !== 'refund' && one[3] !== 'refund' && one[0] === channel && one[1] === orderRef;
}
