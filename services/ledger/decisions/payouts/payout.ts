import type { DisbursementFailed, DisbursementPaid } from '#libs/contracts';
import type { Decision, From } from '#libs/decisions';
import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import type { Entry } from '../../books/journals/journal.ts';

/** A batch of payments from a bank account of a facility. */
export interface Payout {
  readonly payoutId: string;
  readonly facilityId: string;
  readonly bank: string;
  /** Last posting date that counts, `YYYY-MM-DD`. */
  readonly upTo: string;
  readonly status: 'proposed' | 'reviewed' | 'approved' | 'rejected' | 'withdrawn';
  /** Why it was rejected. */
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

const UNDECIDED: readonly Decision['status'][] = ['draft', 'reviewed'];

/** A payout is reviewed before it is approved. */
export const PAYOUT_FROM = {
  approval: ['reviewed'],
  rejection: UNDECIDED,
  withdrawal: UNDECIDED,
} as const satisfies From;

export function decisionOf({
  status,
  createdBy,
  reviewedBy,
  decidedBy,
}: Pick<Payout, 'status' | 'createdBy' | 'reviewedBy' | 'decidedBy'>): Decision {
  return { status: status === 'proposed' ? 'draft' : status, draftedBy: createdBy, reviewedBy, decidedBy };
}

export interface PayoutItem {
  readonly itemId: string;
  /** Of a maker's available wages, or of what is owed to a beneficiary. */
  readonly account: string;
  readonly amount: Rupiah;
  /** Who is paid in the place of the account's owner, such as heirs; null: the owner. */
  readonly payee: string | null;
  /** reserved: kept for it; sent: payments has given it to the bank; failed: available again; rejected: by the review too. */
  readonly status: 'proposed' | 'reserved' | 'sent' | 'paid' | 'failed' | 'rejected' | 'withdrawn';
  /** Why it failed. */
  readonly reason: string | null;
  readonly journalId: string | null;
}

export interface PaidItem extends PayoutItem {
  /** When the bank paid it, `YYYY-MM-DD` in Asia/Jakarta; of what the bank sent back later as well. */
  readonly paidOn: string | null;
}

export const reasonsToLeaveOut = ['excluded', 'frozen', 'elsewhere', 'later', 'being-paid', 'used'] as const;

/** What a facility holds of an account and a payout does not pay. */
export interface LeftOut {
  readonly account: string;
  readonly amount: Rupiah;
  readonly because: (typeof reasonsToLeaveOut)[number];
}

export type ItemOfPayout = PayoutItem & Pick<Payout, 'payoutId' | 'facilityId' | 'bank'>;

/** Who is paid from an account: `maker:{id}`, `beneficiary:{id}`. */
export function payeeOf({ account }: Pick<PayoutItem, 'account'>): string {
  return accountOfCode(account).owner;
}

/**
 * Which items cannot be paid as they were proposed, and why: less is owed by now, or it is owed to another.
 * @param payable what the facility can pay of their accounts now
 */
export function noLongerPayable(
  items: readonly Pick<PayoutItem, 'account' | 'amount' | 'payee'>[],
  payable: readonly Pick<PayoutItem, 'account' | 'amount' | 'payee'>[],
): string[] {
  const now = new Map(payable.map((each) => [each.account, each]));
  return items.flatMap((item) => {
    const { account, amount } = item;
    const free = now.get(account)?.amount ?? 0;
    if (free < amount) return `of ${account} ${amount} was proposed and ${free} is free`;
    const payee = now.get(account)?.payee ?? null;
    return payee === item.payee ? [] : `${account} is paid to ${payee ?? 'its owner'} by now`;
  });
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
    return isUnfinished(item) ? { status: 'paid', kind: 'payout', entries: paid } : 'conflict';
  }
  switch (item.status) {
    case 'reserved':
    case 'sent': // nothing has moved; that it failed is a fact all the same
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

/** That it is sent may be heard after what the bank did. */
function isUnfinished({ status }: PayoutItem): boolean {
  return status === 'reserved' || status === 'sent';
}

/** What moves when the bank has paid it. */
export function paymentOf({
  account,
  amount,
  bank,
  facilityId,
}: Pick<ItemOfPayout, 'account' | 'amount' | 'bank' | 'facilityId'>): Entry[] {
  const entry = { lineRef: null, step: null };
  return [
    { ...entry, account, amount },
    { ...entry, account: `bank:${bank}@${facilityId}`, amount: -amount },
  ];
}
