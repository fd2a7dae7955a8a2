import type { Rupiah } from '#libs/money';
import type { ClosingDraft } from './close.ts';

/** What a channel's variance account holds at the end of a month: actual less expected fee and shipping. */
export interface Variance {
  readonly facilityId: string;
  readonly account: string;
  /** Debit positive: the channel kept more than was expected. */
  readonly balance: Rupiah;
}

export interface ClosedVariances {
  readonly variances: readonly Omit<Variance, 'facilityId'>[];
}

/** One journal a facility takes the variances of all its channels to its earnings (golden.md, L2). */
export function closedVariances(variances: readonly Variance[]): ClosingDraft<ClosedVariances>[] {
  return [...Map.groupBy(variances, ({ facilityId }) => facilityId)].map(([facilityId, ofFacility]) => {
    const facts = { variances: ofFacility.map(({ account, balance }) => ({ account, balance })) };
    return { closing: 'variance', facilityId, facts, entries: varianceEntries(facilityId, facts) };
  });
}

export function varianceEntries(facilityId: string, { variances }: ClosedVariances): ClosingDraft['entries'] {
  const total = variances.reduce((sum, { balance }) => sum + balance, 0);
  return [
    ...variances.map(({ account, balance }) => ({ account, amount: -balance })),
    { account: `facility:${facilityId}:earnings`, amount: total },
  ];
}
