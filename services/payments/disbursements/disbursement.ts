/** A payment from a facility's bank account to a payee, as an approved payout asks for it. */
export interface Disbursement {
  readonly itemId: string;
  readonly payoutId: string;
  readonly facilityId: string;
  readonly bank: string;
  /** `maker:{id}`, `beneficiary:{id}`: the bank is told a name and an account by who knows them. */
  readonly payee: string;
  readonly amount: number;
  readonly status: 'pending' | 'paid' | 'failed';
  /** Why it failed. */
  readonly reason: string | null;
  readonly correlationId: string;
}

/** What the bank says. It may say it twice; and what it paid it may send back later. */
export type BankNotice = { readonly type: 'pay' } | { readonly type: 'fail'; readonly reason: string };

/** The next state; the same if nothing is new; refused: it contradicts what is known. */
export function transition(disbursement: Disbursement, notice: BankNotice): Disbursement | { refused: string } {
  if (notice.type === 'fail') {
    return disbursement.status === 'failed'
      ? disbursement
      : { ...disbursement, status: 'failed', reason: notice.reason };
  }
  if (disbursement.status === 'failed') return { refused: 'it failed: its money is available again' };
  return disbursement.status === 'paid' ? disbursement : { ...disbursement, status: 'paid' };
}
