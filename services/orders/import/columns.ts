import {
  CHECKOUT_LINES_MAX,
  ChannelId,
  FeeClass,
  LineRef,
  Money,
  OrderRef,
  oneOf,
  PastInstant,
  RefundRef,
  Sku,
  StoreRef,
  Units,
} from '#libs/contracts';
import { type Cell, column, EXAMPLE_ID, optional, piecesAsWritten, rupiahAsWritten } from '#libs/tables';

/** The columns of orders.csv, in the order in which the command sends a row's cells. */
export const orderColumns = {
  channel: column(ChannelId, { id: 'kode kanal, huruf kecil', en: 'code of the channel, small letters' }, 'blanja'),
  order_ref: column(OrderRef, { id: 'nomor pesanan', en: 'order number' }, EXAMPLE_ID),
  line_ref: column(LineRef, { id: 'nomor baris, unik dalam pesanan', en: 'line number, unique in the order' }, '1'),
  type: column(
    oneOf(['sale', 'refund']),
    { id: 'sale (penjualan) atau refund (pengembalian)', en: 'either sale or refund' },
    'sale',
  ),
  refund_ref: optional(
    column(RefundRef, { id: 'nomor pengembalian; kosong untuk sale', en: 'refund number; blank in a sale' }, ''),
  ),
  sku: column(Sku, { id: 'kode barang', en: 'code of the goods' }, 'TAS-KULIT-01'),
  quantity: column(
    Units,
    { id: 'jumlah barang, bilangan bulat', en: 'number of pieces, a whole number' },
    '2',
    piecesAsWritten,
  ),
  unit_price: column(
    Money,
    { id: 'harga satu barang, rupiah bulat', en: 'price of one piece, whole rupiah' },
    '150000',
    rupiahAsWritten,
  ),
  discount: optional(
    column(
      Money,
      { id: 'potongan seluruh baris, rupiah bulat', en: 'discount of the whole line, whole rupiah' },
      '0',
      rupiahAsWritten,
    ),
  ),
  ordered_at: column(
    PastInstant,
    { id: 'waktu pesanan dengan selisih UTC (WIB +07:00)', en: 'instant of the order with its offset from UTC' },
    '2026-01-31T23:40:00+07:00',
  ),
  store: optional(
    column(StoreRef, { id: 'toko di kanal, bila ada beberapa', en: 'store of the channel, if it has several' }, ''),
  ),
  fee_class: optional(
    column(FeeClass, { id: 'golongan biaya di kanal', en: 'class by which the channel charges its fees' }, ''),
  ),
};

export type Column = keyof typeof orderColumns;

export const columns = Object.keys(orderColumns) as Column[];

/** So many of them were there first: whoever sends rows of these says nothing in the others. */
export const FIRST_COLUMNS = columns.indexOf('store');

/** Columns that FILE.rejected.csv has besides, so that it can be corrected and imported: not read. */
export const ownColumns = ['row', 'reason', 'detail', 'line'] as const;

/** More sale rows of one order that follow each other are refused without being looked at one by one. */
export const ORDER_ROWS_MAX = CHECKOUT_LINES_MAX;

/** A row's cells in the order of `columns`; null: it ended before. Cells beyond the header's follow. */
export type Fields = readonly (Cell | null)[];

/** Sale rows of one order that follow each other are one checkout, so they are sent together. */
export function isSameCheckout(one: Fields, next: Fields): boolean {
  const [channel, orderRef, , type] = next.map(textOf);
  return type !== 'refund' && textOf(one[3]) !== 'refund' && textOf(one[0]) === channel && textOf(one[1]) === orderRef;
}

/** A cell as text that can be stored: without blanks around it, and with marks in place of NUL and half characters. */
export function textOf(cell: Cell | null | undefined): string {
  return String(cell ?? '')
    .trim()
    .replaceAll('\0', '\u0001')
    .toWellFormed();
}
