import type { DisbursementFailed, DisbursementPaid } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../accounts/account.ts';
import type { Entry } from '../journals/journal.ts';

/** A batch of payments from a bank account of a facility. */
export interface Payout {
  readonly payoutId: string;
  readonly facilityId: string;
  readonly bank: string;
  /** Last posting date that counts, `YYYY-MM-DD`. */
  readonly upTo: string;
  readonly status: 'proposed' | 'approved' | 'rejected';
  /** Why it was rejected. */
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

export interface PayoutItem {
  readonly itemId: string;
  /** Of a maker's available wages, or of what is owed to a beneficiary. */
  readonly account: string;
  readonly amount: Rupiah;
  /** reserved: sent to the bank; failed: available again. */
  readonly status: 'proposed' | 'reserved' | 'paid' | 'failed' | 'rejected';
  /** Why it failed. */
  readonly reason: string | null;
  readonly journalId: string | null;
}

export type ItemOfPayout = PayoutItem & Pick<Payout, 'payoutId' | 'facilityId' | 'bank'>;

/** Who is paid from an account: `maker:{id}`, `beneficiary:{id}`. */
export function payeeOf({ account }: Pick<PayoutItem, 'account'>): string {
  return accountOfCode(account).owner;
}

export type BankAnswer =
  | { readonly type: 'paid'; readonly data: DisbursementPaid }
  | { readonly type: 'failed'; readonly data: DisbursementFailed };

/** What the bank's answer does to an item; undefined: nothing, it was known. conflict: it cannot be. */
export function answered(
  item: ItemOfPayout,
  answer: BankAnswer,
): { status: 'paid' | 'failed'; kind: 'payout' | 'payout-failed'; entries: Entry[] } | 'conflict' | undefined {
  if (answer.data.amount !== item.amount) return 'conflict';
  if (item.status === answer.type) return undefined;
  const paid = paymentOf(item);
  if (answer.type === 'paid') {
    return item.status === 'reserved' ? { status: 'paid', kind: 'payout', entries: paid } : 'conflict';
  }
  switch (item.status) {
    case 'reserved': // nothing has moved; that it failed is a fact all the same
      return { status: 'failed', kind: 'payout-failed', entries: [] };
    case 'paid': // the bank sent it back
      return {
        status: 'failed',
        kind: 'payout-failed',
        entries: paid.map((entry) => ({ ...entry, amount: -entry.amount })),
      };
    default:
      return 'conflict';
  }
}

function paymentOf({ account, amount, bank, facilityId }: ItemOfPayout): Entry[] {
  const entry = { lineRef: null, step: null };
  return [
    { ...entry, account, amount },
    { ...entry, account: `bank:${bank}@${facilityId}`, amount: -amount },
  ];
}
