/*
 * What the reports of marketplaces look like: their columns by name, never by place, as exports of a marketplace differ
 * from one month to the next. In reports of marketplaces what is kept is negative.
 */

/** A column, by the names that it has had. */
type Names = readonly string[];

/** One name as it is compared: how it is spaced and written large is the program's. */
export function nameOf(cell: string | number): string {
  return String(cell)
    .normalize('NFC')
    .replace(/[\p{Cf}\p{Cc}]/gu, ' ')
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?\((?:rp|idr)\)$/, '');
}

const names = (...all: string[]): Names => all.map(nameOf);

/** Of a program of ours or anybody's: docs/SETTLEMENT.md. What is kept is positive. */
export const generic = {
  order: names('order_ref'),
  day: names('settled_at'),
  net: names('paid_out'),
  type: names('line_type'),
  revenue: names('revenue'),
  fee: names('fee'),
  shipping: names('shipping'),
  withheldTax: names('withheld_tax'),
  settles: names('settles'),
  bank: names('bank'),
  store: names('store'),
  reason: names('reason'),
};

/** Shopee, sheet Income. All money between `first` and `last` makes the net, whatever it is called. */
export const shopeeIncome = {
  order: names('No. Pesanan', 'Order ID'),
  day: names('Tanggal Dana Dilepaskan'),
  net: names('Total Penghasilan'),
  by: names('Lihat berdasarkan', 'View By'),
  first: names('Harga Asli Produk'),
  last: names('Bea Masuk, PPN & PPh'),
  outside: names('Promo Gratis Ongkir dari Penjual'),
  revenue: names(
    'Harga Asli Produk',
    'Total Diskon Produk',
    'Jumlah Pengembalian Dana ke Pembeli',
    'Diskon Produk dari Shopee',
    'Diskon Voucher Ditanggung Penjual',
    'Voucher disponsor oleh Penjual',
    'Voucher co-fund disponsor oleh Penjual',
    'Cashback Koin yang Ditanggung Penjual',
    'Cashback Koin disponsori Penjual',
    'Cashback Koin Co-fund disponsori Penjual',
  ),
  shipping: names(
    'Ongkir Dibayar Pembeli',
    'Diskon Ongkir Ditanggung Jasa Kirim',
    'Gratis Ongkir dari Shopee',
    'Ongkir yang Diteruskan oleh Shopee ke Jasa Kirim',
    'Ongkos Kirim Pengembalian Barang',
    'Kembali ke Biaya Pengiriman Pengirim',
    'Pengembalian Biaya Kirim',
  ),
  fee: names(
    'Biaya Komisi AMS',
    'Biaya Administrasi',
    'Biaya Administrasi (termasuk PPN 11%)',
    'Biaya Layanan',
    'Biaya Layanan (termasuk PPN 11%)',
    'Biaya Proses Pesanan',
    'Premi',
    'Biaya Program',
    'Biaya Program Hemat Biaya Kirim',
    'Biaya Kartu Kredit',
    'Biaya Transaksi',
    'Biaya Kampanye',
    'Biaya Isi Saldo Otomatis (dari Penghasilan)',
  ),
  withheldTax: names('Bea Masuk, PPN & PPh'),
};

/** Shopee, sheet Adjustment. */
export const shopeeAdjustment = {
  order: names('No. Pesanan Terhubung'),
  day: names('Tanggal Penyesuaian Dibuat'),
  net: names('Biaya Penyesuaian'),
  type: names('Tipe Penyesuaian | Deskripsi'),
};

/** Shopee, what moved the wallet. Who reads it looks for withdrawals alone. */
export const shopeeWallet = {
  day: names('Tanggal Transaksi'),
  type: names('Tipe Transaksi'),
  net: names('Jumlah'),
  status: names('Status'),
  balance: names('Saldo Akhir'),
};

/** TikTok Shop and Tokopedia, sheet Withdrawal records. */
export const tiktokWithdrawals = {
  id: names('Reference ID'),
  day: names('Success time'),
  type: names('Type'),
  net: names('Amount'),
};

/** What marketplaces call a withdrawal, and that it is done. */
export const withdrawals = names('Penarikan Dana', 'Withdrawal');
export const done = names('Transaksi Selesai', 'Selesai', 'Berhasil', 'Completed');

/** TikTok Shop and Tokopedia, sheet Order details. */
export const tiktokOrders = {
  order: names('Order/adjustment ID', 'Order\\adjustment ID'),
  day: names('Order settled time'),
  net: names('Total settlement amount'),
  by: names('Lihat berdasarkan', 'View By'),
  type: names('Type', 'Transaction type'),
  related: names('Related order ID'),
  currency: names('Currency'),
  revenue: names('Total Revenue'),
  fees: names('Total Fees'),
  shipping: names('Shipping cost'),
  withheldTax: names('Article 22 Income Tax withheld'),
  adjustment: names('Ajustment amount', 'Adjustment amount'),
};

/** In Shopee's sheet Summary: what was released in all, on the same row. */
export const releasedInAll = names('Total yang Dilepas');

/** What a row is about besides an order: what a channel gives or takes afterwards. */
export type AdjustmentType = 'refund' | 'compensation' | 'cost';

/**
 * Of what marketplaces call their adjustments, what each is. One that is not here is nothing that we would guess: it is
 * listed for people.
 */
const adjustmentTypes: Readonly<Record<AdjustmentType, Names>> = {
  refund: names(
    'Pengembalian Dana',
    'Pengembalian Barang/Dana',
    'Penyesuaian Pengembalian Dana',
    'Refund',
    'Customer refund',
    'Return refund',
  ),
  compensation: names(
    'Kompensasi',
    'Kompensasi Barang Hilang',
    'Kompensasi Barang Rusak',
    'Penggantian Barang Hilang',
    'Logistics reimbursement',
    'Platform compensation',
    'Platform reimbursement',
  ),
  cost: names(
    'Biaya Iklan',
    'Iklan',
    'Penyesuaian Biaya Kirim',
    'Penyesuaian Ongkos Kirim',
    'Biaya Penalti',
    'Advertising',
    'GMV payment for TikTok Ads',
    'Shipping fee adjustment',
    'Platform penalty',
  ),
};

const typeOfName = new Map(
  Object.entries(adjustmentTypes).flatMap(([type, all]) => all.map((name) => [name, type as AdjustmentType])),
);

/** @param said as the report calls it: `type | description` */
export function adjustmentTypeOf(said: string): AdjustmentType | undefined {
  const [type = ''] = said.split('|');
  return typeOfName.get(nameOf(type));
}
