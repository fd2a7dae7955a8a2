import type { Column, Report } from './report.ts';

const text = (key: string, id: string, en: string): Column => ({ key, heading: { id, en }, type: 'text' });
const date = (key: string, id: string, en: string): Column => ({ key, heading: { id, en }, type: 'date' });
const count = (key: string, id: string, en: string): Column => ({
  key,
  heading: { id, en },
  type: 'count',
  total: true,
});
const rupiah = (key: string, id: string, en: string): Column => ({
  key,
  heading: { id, en },
  type: 'rupiah',
  total: true,
});

const account = text('account', 'Akun', 'Account');
const facility = text('facilityId', 'Satuan kerja', 'Facility');

/**
 * All reports. Amounts are whole rupiah; what is owed to somebody and what came in is positive. Their rows are found by
 * report.repository.ts, under the same names.
 */
export const reports = {
  'trial-balance': {
    title: { id: 'Neraca saldo', en: 'Trial balance' },
    columns: [
      account,
      text('class', 'Golongan', 'Class'),
      facility,
      rupiah('debit', 'Debit', 'Debit'),
      rupiah('credit', 'Kredit', 'Credit'),
    ],
  },
  'facility-earnings': {
    title: { id: 'Pendapatan satuan kerja', en: 'Facility earnings' },
    columns: [
      facility,
      rupiah('earned', 'Bagian dari penjualan', 'Share of sales'),
      rupiah('refunded', 'Pengembalian dana', 'Refunds'),
      rupiah('paidOut', 'Dibayarkan', 'Paid out'),
      rupiah('other', 'Penyesuaian', 'Adjustments'),
      rupiah('balance', 'Saldo akhir', 'Closing balance'),
      rupiah('costRecovery', 'Saldo pengembalian biaya produksi', 'Production cost returned, balance'),
    ],
  },
  pnbp: {
    title: { id: 'PNBP terutang dan disetor', en: 'State revenue (PNBP) owed and deposited' },
    columns: [
      facility,
      rupiah('opening', 'Saldo awal', 'Opening'),
      rupiah('owed', 'Terutang', 'Owed'),
      rupiah('refunded', 'Pengembalian dana', 'Refunds'),
      rupiah('deposited', 'Disetor', 'Deposited'),
      rupiah('closing', 'Saldo akhir', 'Closing'),
    ],
  },
  premi: {
    title: { id: 'Daftar premi', en: 'Premi list' },
    needs: ['facilityId', 'month'],
    isAcrossFacilities: true,
    columns: [
      text('makerId', 'Pembuat', 'Maker'),
      count('lines', 'Baris pesanan', 'Order lines'),
      rupiah('credited', 'Premi dari penjualan', 'Premi of sales'),
      rupiah('refunded', 'Pengembalian dana', 'Refunds'),
      rupiah('premi', 'Premi bulan ini', 'Premi of the month'),
      { key: 'signature', heading: { id: 'Tanda tangan', en: 'Signature' }, type: 'blank' },
    ],
    signatures: [
      { id: 'Dibuat oleh (bendahara)', en: 'Prepared by (treasurer)' },
      { id: 'Disetujui oleh (kepala satuan kerja)', en: 'Approved by (head of facility)' },
    ],
  },
  units: {
    title: { id: 'Penjualan, PNBP, dan premi per satuan kerja', en: 'Sales, PNBP and premi by facility and year' },
    columns: [
      text('year', 'Tahun', 'Year'),
      facility,
      count('sales', 'Penjualan', 'Sales'),
      rupiah('sold', 'Nilai penjualan', 'Sold'),
      rupiah('refunded', 'Pengembalian dana', 'Refunds'),
      rupiah('costs', 'Biaya produksi, layanan, kirim, dan pajak', 'Production cost, fees, shipping and tax'),
      rupiah('premi', 'Premi', 'Premi'),
      rupiah('facility', 'Satuan kerja', 'Facility'),
      rupiah('pnbp', 'PNBP', 'PNBP'),
      rupiah('beneficiaries', 'Penerima manfaat', 'Beneficiaries'),
      rupiah('suspense', 'Suspense', 'Suspense'),
    ],
  },
  receivables: {
    title: { id: 'Piutang', en: 'Receivables' },
    columns: [
      account,
      facility,
      rupiah('balance', 'Saldo', 'Balance'),
      date('lastPostedOn', 'Mutasi terakhir', 'Last moved'),
    ],
  },
  reconciliation: {
    isReconciliation: true,
    title: { id: 'Rekonsiliasi pesanan, pembayaran, dan buku', en: 'Reconciliation of orders, payments and books' },
    columns: [
      text('subject', 'Hal', 'Subject'),
      text('reference', 'Referensi', 'Reference'),
      facility,
      text('kind', 'Selisih', 'Break'),
      rupiah('orders', 'Menurut pesanan', 'Orders say'),
      rupiah('payments', 'Menurut pembayaran', 'Payments say'),
      rupiah('ledger', 'Menurut buku', 'Books say'),
      rupiah('amount', 'Jumlah selisih', 'At stake'),
      date('since', 'Sejak', 'Since'),
      { key: 'days', heading: { id: 'Umur (hari)', en: 'Age (days)' }, type: 'count' },
    ],
  },
  'reconciliation-ageing': {
    isReconciliation: true,
    title: { id: 'Umur selisih rekonsiliasi', en: 'Ageing of reconciliation breaks' },
    columns: [
      text('subject', 'Hal', 'Subject'),
      text('kind', 'Selisih', 'Break'),
      count('breaks', 'Banyaknya', 'How many'),
      rupiah('amount', 'Jumlah selisih', 'At stake'),
      rupiah('today', 'Kurang dari 1 hari', 'Under 1 day'),
      rupiah('week', '1–7 hari', '1–7 days'),
      rupiah('month', '8–30 hari', '8–30 days'),
      rupiah('quarter', '31–90 hari', '31–90 days'),
      rupiah('older', 'Lebih dari 90 hari', 'Over 90 days'),
    ],
  },
  suspense: {
    title: { id: 'Dana titipan: lot tanpa catatan kontribusi', en: 'Suspense: lots without contributions' },
    columns: [
      facility,
      date('postedOn', 'Tanggal', 'Posted on'),
      text('saleId', 'Penjualan', 'Sale'),
      text('lineRef', 'Baris', 'Line'),
      text('lotId', 'Lot', 'Lot'),
      rupiah('held', 'Ditahan', 'Held'),
    ],
  },
} satisfies Record<string, Report>;

export type ReportName = keyof typeof reports;
