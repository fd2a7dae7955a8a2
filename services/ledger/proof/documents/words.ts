/** Texts of documents, in the language of those they are for first. */
export interface Words {
  readonly id: string;
  readonly en: string;
}

const kinds: Readonly<Record<string, Words>> = {
  sale: { id: 'Penjualan', en: 'Sale' },
  refund: { id: 'Pengembalian dana pembeli', en: 'Refund' },
  settlement: { id: 'Penyelesaian kanal', en: 'Settlement' },
  held: { id: 'Dana ditahan', en: 'Held' },
  'held-cleared': { id: 'Dana tidak lagi ditahan', en: 'Held no longer' },
  assigned: { id: 'Dana tanpa pesanan', en: 'Money without an order' },
  charge: { id: 'Potongan kanal', en: 'Charge of a channel' },
  withdrawal: { id: 'Penarikan dari dompet', en: 'Withdrawal from a wallet' },
  release: { id: 'Premi menjadi tersedia', en: 'Release' },
  payout: { id: 'Pembayaran premi', en: 'Payout' },
  'payout-failed': { id: 'Pembayaran gagal', en: 'Payout failed' },
  deposit: { id: 'Setoran PNBP', en: 'PNBP deposit' },
  correction: { id: 'Koreksi', en: 'Correction' },
  opening: { id: 'Saldo awal', en: 'Opening' },
  'write-off': { id: 'Penghapusan', en: 'Write-off' },
  obligation: { id: 'Kewajiban', en: 'Obligation' },
  contribution: { id: 'Kontribusi yang dicatat kemudian', en: 'Contribution recorded later' },
  'floor-top-up': { id: 'Tambahan sampai batas bawah', en: 'Floor top-up' },
  'release-of-savings': { id: 'Pencairan tabungan', en: 'Release of savings' },
  merge: { id: 'Penggabungan', en: 'Merge' },
  adjustment: { id: 'Penyesuaian', en: 'Adjustment' },
  custody: { id: 'Kejadian pembuat', en: 'Maker event' },
};

const makerAccounts: Readonly<Record<string, Words>> = {
  'wages-pending': { id: 'Premi tertunda', en: 'Premi pending' },
  wages: { id: 'Premi tersedia', en: 'Premi available' },
  savings: { id: 'Tabungan', en: 'Savings' },
  receivable: { id: 'Harus dikembalikan', en: 'To be given back' },
};

/** Of a journal; one that has no word yet stands as it is. */
export function wordsOfKind(kind: string): Words {
  return kinds[kind] ?? { id: kind, en: kind };
}

/** Of a maker's account, by its purpose. */
export function wordsOfAccount(purpose: string): Words {
  return makerAccounts[purpose] ?? { id: purpose, en: purpose };
}

const rupiah = new Intl.NumberFormat('id-ID');
const day = new Intl.DateTimeFormat('id-ID', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Whole rupiah as it is written in Indonesia: `1.250.000`, `-1.250.000`. */
export function rupiahText(amount: number): string {
  return rupiah.format(amount);
}

/** `5 Jan 2026` of `2026-01-05`. */
export function dayText(date: string): string {
  return day.format(new Date(date));
}
