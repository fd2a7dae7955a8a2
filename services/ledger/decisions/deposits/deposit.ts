import type { Decision } from '#libs/decisions';
import type { Rupiah } from '#libs/money';
import { accountCode } from '../../books/accounts/account-code.ts';
import type { Entry } from '../../books/journals/journal.ts';

/** PNBP on its way to the state, or there. */
export interface Deposit {
  readonly depositId: string;
  readonly facilityId: string;
  readonly bank: string;
  readonly amount: Rupiah;
  /** Of the state's billing system (SIMPONI): what is paid refers to it. */
  readonly billingCode: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** Number of the state's receipt; null: not paid yet. */
  readonly ntpn: string | null;
  readonly depositedAt: Date | null;
  readonly confirmedBy: string | null;
  readonly journalId: string | null;
}

/** Its receipt is its approval. */
export function decisionOf({ createdBy, confirmedBy }: Pick<Deposit, 'createdBy' | 'confirmedBy'>): Decision {
  return { status: confirmedBy === null ? 'draft' : 'approved', draftedBy: createdBy, decidedBy: confirmedBy };
}

/** What moves when the state has the money. */
export function depositEntries({ facilityId, bank, amount }: Pick<Deposit, 'facilityId' | 'bank' | 'amount'>): Entry[] {
  const entry = { lineRef: null, step: null };
  return [
    { ...entry, account: accountCode.state(facilityId), amount },
    { ...entry, account: `bank:${bank}@${facilityId}`, amount: -amount },
  ];
}
