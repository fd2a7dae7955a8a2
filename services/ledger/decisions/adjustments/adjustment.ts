import type { Sentence } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import type { SalePortion } from '../../sharing/waterfall/sale.ts';

/** `opening`: balances from books before these; `write-off`: what will never be paid; else `adjustment`. */
export type EntriesType = 'adjustment' | 'opening' | 'write-off';

/** Debit positive, credit negative. */
export interface AdjustmentEntry {
  readonly account: string;
  readonly amount: Rupiah;
}

/** What a lot's makers contributed, found out after it was sold. */
export type Lot = Pick<SalePortion, 'lotId' | 'measure' | 'contributions'>;

export interface Fault {
  /** Of the entries, from 0; absent: of all together. */
  readonly entry?: number;
  readonly message: Sentence;
}

/** What of these entries nobody may approve. Their accounts are in the chart. */
export function faultsOf(type: EntriesType, facilityId: string, entries: readonly AdjustmentEntry[]): Fault[] {
  const accounts = entries.map(({ account }) => accountOfCode(account));
  const faults = accounts.flatMap((account, entry): Fault[] => {
    const sentences = [
      ...(account.facilityId !== null && account.facilityId !== facilityId
        ? [{ en: 'belongs to another facility', id: 'milik fasilitas lain' }]
        : []),
      ...(/-pending$/.test(account.purpose)
        ? [
            {
              en: 'is the pending money of sales, which a release moves',
              id: 'adalah uang penjualan yang tertunda, yang dipindahkan oleh pelepasan',
            },
          ]
        : []),
      ...(entries.findIndex((other) => other.account === account.code) < entry
        ? [{ en: 'occurs twice', id: 'muncul dua kali' }]
        : []),
      ...(type === 'write-off' && account.class === 'asset' && (entries[entry]?.amount ?? 0) > 0
        ? [
            {
              en: 'grows: a write-off lowers what is owed to us',
              id: 'bertambah: penghapusan menurunkan piutang',
            },
          ]
        : []),
    ];
    return sentences.map(({ en, id }) => ({
      entry,
      message: { en: `${account.code} ${en}`, id: `${account.code} ${id}` },
    }));
  });
  const sum = entries.reduce((all, { amount }) => all + BigInt(amount), 0n);
  if (sum !== 0n) {
    faults.push({ message: { en: `the entries sum to ${sum}, not to 0`, id: `jumlah entri ${sum}, bukan 0` } });
  }
  if (type === 'write-off' && !accounts.some((account) => account.class === 'asset')) {
    faults.push({ message: { en: 'a write-off lowers a receivable', id: 'penghapusan menurunkan piutang' } });
  }
  return faults;
}

export function isMakers(account: string): boolean {
  return account.startsWith('maker:');
}
