import type { Rupiah } from '#libs/money';
import { type Account, accountOfCode } from '../accounts/account.ts';
import type { SalePortion } from '../agreements/sale.ts';

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
  readonly message: string;
}

/** What of these entries nobody may approve. */
export function faultsOf(type: EntriesType, facilityId: string, entries: readonly AdjustmentEntry[]): Fault[] {
  const accounts = entries.map(({ account }) => chartOf(account));
  const faults = entries.flatMap(({ account, amount }, entry): Fault[] => {
    const found = accounts[entry];
    if (!found) return [{ entry, message: `${account} is not in the chart of accounts` }];
    const messages = [
      ...(found.facilityId !== null && found.facilityId !== facilityId ? ['belongs to another facility'] : []),
      ...(/-pending$/.test(found.purpose) ? ['is the pending money of sales, which a release moves'] : []),
      ...(entries.findIndex((other) => other.account === account) < entry ? ['occurs twice'] : []),
      ...(type === 'write-off' && found.class === 'asset' && amount > 0
        ? ['grows: a write-off lowers what is owed to us']
        : []),
    ];
    return messages.map((message) => ({ entry, message: `${account} ${message}` }));
  });
  const sum = entries.reduce((all, { amount }) => all + BigInt(amount), 0n);
  if (sum !== 0n) faults.push({ message: `the entries sum to ${sum}, not to 0` });
  if (type === 'write-off' && !accounts.some((account) => account?.class === 'asset')) {
    faults.push({ message: 'a write-off lowers a receivable' });
  }
  return faults;
}

export function isMakers(account: string): boolean {
  return account.startsWith('maker:');
}

function chartOf(code: string): Account | undefined {
  try {
    return accountOfCode(code);
  } catch {
    return undefined;
  }
}
