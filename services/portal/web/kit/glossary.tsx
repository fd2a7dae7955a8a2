/** The words of the house, one for each thing. A word of a service that is not here is shown as it is. */
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { Choice } from './sentence-filter.tsx';
import { type Mood, Status } from './status.tsx';

const glossary = {
  owner: {
    maker: msg`pembuat`,
    facility: msg`satuan kerja`,
    state: msg`negara (PNBP)`,
    channel: msg`kanal`,
    bank: msg`rekening bank`,
    beneficiary: msg`penerima`,
    tax: msg`pajak`,
    suspense: msg`dana titipan`,
  },
  purpose: {
    receivable: msg`piutang`,
    fees: msg`biaya layanan`,
    shipping: msg`ongkos kirim`,
    variance: msg`selisih`,
    unallocated: msg`dana yang belum dibukukan`,
    'wages-pending': msg`premi belum cair`,
    wages: msg`premi sudah cair`,
    savings: msg`tabungan`,
    payable: msg`kewajiban bayar`,
    'earnings-pending': msg`bagian belum cair`,
    earnings: msg`bagian sudah cair`,
    'cost-recovery': msg`biaya produksi kembali`,
    pnbp: msg`PNBP`,
    'vat-output': msg`PPN`,
    'pph22-withheld': msg`PPh 22 dipungut`,
    bank: msg`rekening bank`,
    suspense: msg`dana titipan`,
  },
  kind: {
    sale: msg`penjualan`,
    refund: msg`pengembalian dana`,
    settlement: msg`pencairan kanal`,
    difference: msg`selisih pencairan`,
    held: msg`dana ditahan`,
    'held-cleared': msg`dana tidak lagi ditahan`,
    release: msg`menjadi cair`,
    payout: msg`pembayaran`,
    'payout-failed': msg`pembayaran gagal`,
    deposit: msg`setoran PNBP`,
    correction: msg`koreksi`,
    opening: msg`saldo awal`,
    'write-off': msg`penghapusan`,
    obligation: msg`kewajiban`,
    contribution: msg`kontribusi susulan`,
    variance: msg`selisih tutup buku`,
    'floor-top-up': msg`tambahan batas bawah`,
    transfer: msg`pindah`,
    'release-of-savings': msg`bebas`,
    freeze: msg`pembekuan`,
    unfreeze: msg`pencairan pembekuan`,
    merge: msg`penggabungan`,
  },
  sale: {
    reserved: msg`dipesan`,
    paid: msg`dibayar`,
    credited: msg`dibukukan`,
    settled: msg`cair`,
    cancelled: msg`batal`,
  },
  order: {
    placed: msg`dipesan`,
    paid: msg`dibayar`,
    credited: msg`dibukukan`,
    refunded: msg`dikembalikan`,
    cancelled: msg`batal`,
    rejected: msg`ditolak`,
  },
  exception: {
    break: msg`pesanan, pembayaran, dan buku tidak cocok`,
    suspense: msg`pembuatnya belum diketahui`,
    receivable: msg`harus dikembalikan pembuat`,
    unsettled: msg`belum dibayar kanal`,
    'partly-paid': msg`baru dibayar sebagian`,
    'amount-differs': msg`jumlah pencairan berbeda`,
    'refund-missing': msg`ditarik kembali tanpa pengembalian dana`,
    'late-deposit': msg`PNBP belum disetor`,
    refused: msg`ditolak buku`,
  },
  detail: {
    'amounts-differ': msg`jumlahnya berbeda`,
    'not-in-ledger': msg`tidak ada dalam buku`,
    'not-in-orders': msg`tidak ada dalam pesanan`,
    'not-in-payments': msg`tidak ada dalam pembayaran`,
    'not-in-orders-nor-payments': msg`hanya ada dalam buku`,
    'not-in-orders-nor-ledger': msg`hanya ada dalam pembayaran`,
    'not-in-payments-nor-ledger': msg`hanya ada dalam pesanan`,
    billed: msg`ditagih, belum disetor`,
    owed: msg`terutang dari bulan lalu`,
  },
  decision: {
    proposed: msg`diusulkan`,
    draft: msg`diusulkan`,
    reviewed: msg`ditinjau`,
    waiting: msg`menunggu`,
    checking: msg`diperiksa`,
    unsound: msg`tidak utuh`,
    approved: msg`disetujui`,
    superseded: msg`digantikan`,
    rejected: msg`ditolak`,
    withdrawn: msg`ditarik`,
    billed: msg`ditagih`,
    open: msg`terbuka`,
    confirmed: msg`disetor`,
    deposited: msg`disetor`,
  },
  item: {
    proposed: msg`diusulkan`,
    reserved: msg`dicadangkan`,
    sent: msg`di bank`,
    paid: msg`dibayar`,
    failed: msg`gagal, tersedia lagi`,
    rejected: msg`tidak ikut`,
    withdrawn: msg`ditarik`,
  },
  subject: {
    payout: msg`pembayaran`,
    deposit: msg`setoran PNBP`,
    adjustment: msg`penyesuaian`,
    'maker-event': msg`peristiwa pembuat`,
    agreement: msg`perjanjian`,
    period: msg`tutup buku`,
    refund: msg`pengembalian dana`,
  },
  verification: {
    running: msg`sedang berjalan`,
    sound: msg`utuh`,
    unsound: msg`tidak utuh`,
    cancelled: msg`dibatalkan`,
    failed: msg`gagal`,
    interrupted: msg`terputus`,
  },
  rejection: {
    invalid: msg`isinya keliru`,
    conflict: msg`acuannya sudah dipakai isi lain`,
    'wrong-channel': msg`pesanan kanal lain`,
  },
  purposeOfReading: {
    production: msg`produksi`,
    payout: msg`pembayaran`,
    statement: msg`rekening koran`,
    release: msg`pembebasan`,
    correction: msg`koreksi`,
  },
  leftOut: {
    excluded: msg`tidak diikutkan saat ditinjau`,
    frozen: msg`dibekukan`,
    elsewhere: msg`dibayar satuan kerja lain`,
    later: msg`baru cair sesudah tanggal itu`,
    'being-paid': msg`sedang dibayarkan`,
    used: msg`sudah terpakai`,
  },
  role: {
    officer: msg`petugas Giatja`,
    overseer: msg`pengawas`,
    drafter: msg`bendahara`,
    approver: msg`penyetuju`,
    auditor: msg`auditor`,
    privacy: msg`pelindung data`,
    operator: msg`operator`,
    administrator: msg`administrator`,
    marketplace: msg`kanal`,
    maker: msg`pembuat`,
  },
  adjustment: {
    adjustment: msg`koreksi`,
    'write-off': msg`penghapusan`,
    opening: msg`saldo awal`,
    contributions: msg`kontribusi susulan`,
    obligation: msg`kewajiban`,
  },
  event: {
    release: msg`bebas`,
    transfer: msg`pindah ke satuan kerja ini`,
    freeze: msg`dibekukan`,
    unfreeze: msg`dapat dibayar lagi`,
    merge: msg`orang yang sama dengan yang lain`,
  },
  because: {
    death: msg`meninggal`,
    escape: msg`melarikan diri`,
    other: msg`sebab lain`,
  },
  side: {
    debit: msg`debit`,
    credit: msg`kredit`,
  },
  disposition: {
    restock: msg`masih dapat dijual`,
    'write-off': msg`tidak dapat dijual lagi`,
  },
  orderReason: {
    invalid: msg`isinya keliru`,
    'unknown-sku': msg`barangnya tidak dikenal`,
    'out-of-stock': msg`barangnya habis`,
    'payment-failed': msg`pembayarannya gagal`,
    'reservation-expired': msg`tidak dibayar pada waktunya`,
  },
  file: {
    lots: msg`lot`,
    contributions: msg`pembuat tiap lot`,
    products: msg`barang`,
    makers: msg`pembuat`,
    facilities: msg`satuan kerja`,
  },
  outcome: {
    created: msg`baru`,
    updated: msg`berubah`,
  },
  level: {
    national: msg`seluruh Indonesia`,
    region: msg`satu wilayah`,
    facility: msg`satu satuan kerja`,
    programme: msg`satu program pembinaan`,
    product: msg`satu barang`,
  },
  basis: {
    gross: msg`harga tanpa PPN`,
    'net-of-fees': msg`harga tanpa PPN dan biaya layanan`,
    'net-of-costs': msg`harga tanpa PPN, biaya layanan, ongkos kirim, dan biaya produksi`,
  },
  take: {
    rest: msg`sisanya`,
    rate: msg`sekian persen`,
    fixed: msg`jumlah tetap`,
    perUnit: msg`jumlah tetap tiap buah`,
    bands: msg`persen berjenjang, seperti versi asalnya`,
  },
  destination: {
    makers: msg`para pembuat`,
    facility: msg`satuan kerja`,
    state: msg`negara (PNBP)`,
    wages: msg`premi pembuat`,
    savings: msg`tabungan pembuat`,
    beneficiary: msg`penerima lain`,
  },
  limit: {
    of: msg`dihitung dari dasar pembagian`,
    per: msg`dihitung per periode`,
    min: msg`paling sedikit`,
    max: msg`paling banyak`,
    maxPerPeriod: msg`paling banyak per periode`,
    maxOwed: msg`sebanyak yang masih terutang`,
    maxPot: msg`sampai saldo tertentu`,
  },
  measure: {
    hours: msg`jam`,
    pieces: msg`buah`,
    weight: msg`kg`,
    equal: msg`sama rata`,
  },
} as const satisfies Record<string, Record<string, MessageDescriptor>>;

export type Topic = keyof typeof glossary;

const MOODS: Readonly<Record<string, Mood>> = {
  sound: 'good',
  running: 'wait',
  credited: 'good',
  settled: 'good',
  approved: 'good',
  confirmed: 'good',
  deposited: 'good',
  proposed: 'wait',
  draft: 'wait',
  reviewed: 'wait',
  waiting: 'wait',
  checking: 'wait',
  reserved: 'wait',
  placed: 'wait',
  sent: 'wait',
  billed: 'wait',
  open: 'wait',
  failed: 'bad',
  rejected: 'bad',
  unsound: 'bad',
  cancelled: 'bad',
};

export function useGlossary() {
  const { i18n } = useLingui();
  const word = (topic: Topic, key: string): string => {
    const words: Readonly<Record<string, MessageDescriptor>> = glossary[topic];
    const found = Object.hasOwn(words, key) ? words[key] : undefined;
    return found ? i18n._(found) : key;
  };
  const choices = (topic: Topic): readonly Choice[] =>
    Object.keys(glossary[topic]).map((value) => ({ value, label: word(topic, value) }));
  return { word, choices };
}

export function State({ topic, of }: { readonly topic: Topic; readonly of: string }) {
  const { word } = useGlossary();
  const isPaid = of === 'paid' && topic === 'item';
  return <Status mood={isPaid ? 'good' : (MOODS[of] ?? 'plain')}>{word(topic, of)}</Status>;
}
