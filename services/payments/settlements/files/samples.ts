import exceljs from 'exceljs';

/* Reports after the layouts of marketplaces, made for tests: what is in them is nobody's. */

type Row = readonly (string | number)[];

/** A workbook of these sheets. */
export async function workbook(sheets: Readonly<Record<string, readonly Row[]>>): Promise<Buffer> {
  const book = new exceljs.Workbook();
  for (const [name, rows] of Object.entries(sheets)) book.addWorksheet(name).addRows(rows.map((row) => [...row]));
  return Buffer.from(await book.xlsx.writeBuffer());
}

const GENERIC = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';

/** @param rows of cells, in the order of the columns */
export function genericCsv(rows: readonly Row[], more = ''): Buffer {
  return Buffer.from([`${GENERIC}${more}`, ...rows.map((row) => row.join(','))].join('\n'));
}

/** A row that settles an order as expected. */
export function genericRow(order: string, { price = 100_001, fee = 13_000, day = '2026-03-06' } = {}): Row {
  return [order, 'order', day, price, fee, 0, 0, price - fee, 'all', 'shopee-wallet'];
}

const INCOME = [
  ...['No.', 'No. Pesanan', 'Lihat berdasarkan', 'Username (Pembeli)', 'Tanggal Dana Dilepaskan'],
  ...['Harga Asli Produk', 'Total Diskon Produk', 'Jumlah Pengembalian Dana ke Pembeli', 'Ongkir Dibayar Pembeli'],
  ...['Promo Gratis Ongkir dari Penjual', 'Biaya Administrasi (termasuk PPN 11%)', 'Biaya Layanan', 'Biaya Baru'],
  ...['Bea Masuk, PPN & PPh', 'Total Penghasilan', 'Jasa Kirim'],
];

export interface IncomeRow {
  readonly order: string;
  readonly price?: number;
  readonly discount?: number;
  readonly refund?: number;
  readonly admin?: number;
  readonly service?: number;
  readonly unknown?: number;
  readonly tax?: number;
  readonly net?: number | string;
  readonly view?: string;
}

function incomeRow(
  {
    order,
    price = 100_001,
    discount = 0,
    refund = 0,
    admin = -8_000,
    service = -5_000,
    unknown = 0,
    tax = 0,
    ...row
  }: IncomeRow,
  index: number,
): Row {
  const { net = price + discount + refund + admin + service + unknown + tax, view = 'Order' } = row;
  const head = [index + 1, order, view, 'pembeli', '2026-03-06'];
  return [...head, price, discount, refund, '-', -9_000, admin, service, unknown, tax, net, 'SPX'];
}

/** Shopee's Income released: a summary, the orders, and what was adjusted. */
export function shopee({
  income,
  total,
  released,
  adjustments = [],
}: {
  readonly income: readonly IncomeRow[];
  /** Its total row, without which it has none. */
  readonly total?: number;
  readonly released?: number;
  readonly adjustments?: readonly Row[];
}): Promise<Buffer> {
  const sum = [...Array(14).fill(''), total ?? ''];
  return workbook({
    Summary: [['Laporan Penghasilan'], ['Total yang Dilepas', '', released ?? '']],
    Income: [
      ['Laporan Penghasilan'],
      [],
      INCOME,
      ...income.map(incomeRow),
      ...(total === undefined ? [] : [['', 'Total(Rp)', ...sum.slice(2)]]),
    ],
    Adjustment: [
      ['Penyesuaian'],
      [
        'No.',
        'No. Pesanan Terhubung',
        'Tanggal Penyesuaian Dibuat',
        'Tipe Penyesuaian | Deskripsi',
        'Biaya Penyesuaian',
      ],
      ...adjustments,
    ],
  });
}

const TIKTOK = [
  ...['Order/adjustment ID  ', 'Type ', 'Order created time', 'Order settled time(UTC+7)', 'Currency'],
  ...['Total settlement amount', 'Total Revenue', 'Total Fees', 'Platform commission fee', 'Shipping cost'],
  ...['Article 22 Income Tax withheld', 'Ajustment amount', 'Related order ID'],
];

const WITHDRAWALS = [
  ...['Type', 'Reference ID', 'Request time(UTC+7)', 'Amount'],
  ...['Status', 'Success time(UTC+7)', 'Bank account'],
];

/** TikTok Shop and Tokopedia. @param rows in the order of its columns, as those of what was withdrawn */
export function tiktok(rows: readonly Row[], withdrawn: readonly Row[] = []): Promise<Buffer> {
  return workbook({
    'Order details': [TIKTOK, ...rows],
    'Withdrawal records': [WITHDRAWALS, ...withdrawn],
    Reports: [['Total', 1]],
  });
}

const WALLET = [
  ...['Tanggal Transaksi', 'Tipe Transaksi', 'Deskripsi', 'No. Pesanan'],
  ...['Jenis Transaksi', 'Jumlah', 'Status', 'Saldo Akhir'],
];

/** What moved the wallet of Shopee. @param rows in the order of its columns */
export function shopeeWallet(rows: readonly Row[]): Promise<Buffer> {
  return workbook({ 'Transaction Report': [['Laporan Transaksi'], WALLET, ...rows] });
}
