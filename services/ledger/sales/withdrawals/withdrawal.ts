import { UNALLOCATED, type WalletWithdrawn } from '#libs/contracts';
import { allocate, floorOfProduct, type Rupiah, rupiah } from '#libs/money';
import { type Entry, entriesOfWhole } from '../../books/journals/journal.ts';

/** What one book has in a wallet, debit positive. */
export interface InWallet {
  readonly facilityId: string;
  readonly balance: Rupiah;
}

/** The part of a withdrawal in one book, as its journal keeps it. */
export interface PartOfWithdrawal extends WalletWithdrawn, InWallet {
  /** What all books that give have in the wallet. */
  readonly total: Rupiah;
  readonly part: Rupiah;
}

/**
 * Whose money was withdrawn: each book's by what it has in the wallet (golden.md, A1; scope the withdrawal, payee the
 * facility). What nobody can be credited for yet is not withdrawn before all else is, as it is still to go to a book.
 * Books that owe the wallet something give nothing.
 * @returns undefined: it is more than all together have there
 */
export function partsOf(
  withdrawal: WalletWithdrawn,
  wallet: readonly InWallet[],
): readonly PartOfWithdrawal[] | undefined {
  const { withdrawalId, amount } = withdrawal;
  const sumOf = (books: readonly InWallet[]) => rupiah(books.reduce((sum, { balance }) => sum + balance, 0));
  if (amount > sumOf(wallet)) return undefined;
  const all = wallet.filter(({ balance }) => balance > 0);
  const known = all.filter(({ facilityId }) => facilityId !== UNALLOCATED);
  const having = amount <= sumOf(known) ? known : all;
  const claims = having.map(({ facilityId, balance }) => ({ payee: facilityId, weight: balance }));
  const parts = allocate(amount, claims, withdrawalId) ?? [];
  const total = sumOf(having);
  return having.flatMap((book, index) => {
    const part = parts[index] ?? 0;
    return part === 0 ? [] : [{ ...withdrawal, ...book, total, part }];
  });
}

/** What of a withdrawal is a book's, before it is rounded. */
export function exactPart({ amount, balance, total }: Pick<PartOfWithdrawal, 'amount' | 'balance' | 'total'>) {
  return floorOfProduct(amount, { num: balance, den: total });
}

/** Whether it is rounded as a part can be. */
export function isRounded(of: PartOfWithdrawal): boolean {
  const { whole, fraction } = exactPart(of);
  return of.part === whole || (fraction.num > 0 && of.part === whole + 1);
}

export function withdrawalEntries({ facilityId, wallet, bank, part }: PartOfWithdrawal): Entry[] {
  return entriesOfWhole([
    [`bank:${bank}@${facilityId}`, part],
    [`bank:${wallet}@${facilityId}`, -part],
  ]);
}

/** One withdrawal is one of each book. */
export function referenceOf({
  withdrawalId,
  facilityId,
}: Pick<PartOfWithdrawal, 'withdrawalId' | 'facilityId'>): string {
  return `${withdrawalId}@${facilityId}`;
}
