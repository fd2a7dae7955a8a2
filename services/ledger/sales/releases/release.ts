import { type Floored, floorOfProduct, type Rupiah, rupiah } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import { type Agreement, type Rate, ratioOfRate } from '../../sharing/agreements/agreement.ts';
import type { Reversible } from '../../sharing/reversals/reversal.ts';
import type { SaleLine } from '../sales/sale.ts';

/** Where pending money goes when it becomes available; undefined: the account holds none that is pending. */
export function availableOf(account: string): string | undefined {
  const [, owner, purpose] = /^(maker:.+|facility:.+):(wages|earnings)-pending$/.exec(account) ?? [];
  return owner && `${owner}:${purpose}`;
}

/** What makers still have to give back, by account code, debit positive. A release takes from it. */
export type Receivables = Map<string, Rupiah>;

/** The accounts of what the makers of a sale may have to give back. */
export function receivablesOf(lines: readonly SaleLine[]): string[] {
  return lines.flatMap(({ credits }) =>
    pendingOf(credits).flatMap(({ account }) => (account.startsWith('maker:') ? [receivableOf(account)] : [])),
  );
}

/**
 * What of a sale is pending becomes available (golden.md, L1): of its makers up to the recovery rate, rounded down once a
 * maker, sale and agreement, pays first what he or she has to give back.
 * @param receivables of all its makers as they stand; afterwards, less what was recovered
 */
export function releaseEntries(lines: readonly SaleLine[], receivables: Receivables): Entry[] {
  const pending = lines.flatMap(({ lineRef, agreement, credits }) =>
    pendingOf(credits).map(({ account, amount }) => ({ account, amount, lineRef, agreement })),
  );
  return releasePending(pending, receivables);
}

/** What is pending on an account for one line of a sale. */
export interface Pending {
  readonly account: string;
  readonly amount: Rupiah;
  readonly lineRef: string | null;
  /** That shared the line. */
  readonly agreement: Pick<Agreement, 'id' | 'version' | 'recovery'>;
}

export function releasePending(pending: readonly Pending[], receivables: Receivables): Entry[] {
  const credits = [...Map.groupBy(pending, ({ account }) => account)].flatMap(([account, released]) => {
    const recovered = account.startsWith('maker:') ? recover(receivableOf(account), released, receivables) : 0;
    return [
      { account: receivableOf(account), amount: -recovered },
      { account: availableOf(account) as string, amount: recovered - sumOf(released) },
    ];
  });
  return [
    ...pending.map(({ account, amount, lineRef }) => ({ account, amount, lineRef, step: null })),
    ...credits.map((credit) => ({ ...credit, lineRef: null, step: null })),
  ].filter(({ amount }) => amount !== 0);
}

/** Most of what a maker's release may recover, by agreement. */
export interface RecoveryLimit {
  readonly agreement: { readonly id: string; readonly version: number };
  readonly released: Rupiah;
  readonly rate: Rate;
  /** rate × released */
  readonly most: Floored;
}

/** @param released of one maker */
export function recoveryLimits(released: readonly Pending[]): RecoveryLimit[] {
  const byAgreement = Map.groupBy(released, ({ agreement: { id, version } }) => `${id} v${version}`);
  return [...byAgreement.values()].map((under) => {
    const { id, version, recovery } = (under[0] as Pending).agreement;
    const amount = sumOf(under);
    const most = floorOfProduct(amount, ratioOfRate(recovery));
    return { agreement: { id, version }, released: amount, rate: recovery, most };
  });
}

function recover(account: string, released: readonly Pending[], receivables: Receivables): Rupiah {
  const owed = receivables.get(account) ?? 0;
  const limit = recoveryLimits(released).reduce((sum, { most }) => sum + most.whole, 0);
  const recovered = Math.min(Math.max(owed, 0), limit);
  receivables.set(account, owed - recovered);
  return recovered;
}

function sumOf(released: readonly { readonly amount: Rupiah }[]): Rupiah {
  return rupiah(released.reduce((sum, { amount }) => sum + amount, 0));
}

/** What of a line is still pending, by account: its credits less what refunds took back. */
function pendingOf(credits: readonly Reversible[]): { account: string; amount: Rupiah }[] {
  const pending = new Map<string, Rupiah>();
  for (const { account, amount, reversed } of credits.flatMap(innermost)) {
    if (availableOf(account)) pending.set(account, rupiah((pending.get(account) ?? 0) + amount - reversed));
  }
  return [...pending].map(([account, amount]) => ({ account, amount }));
}

function innermost(credit: Reversible): readonly Reversible[] {
  return credit.parts.length === 0 ? [credit] : credit.parts.flatMap(innermost);
}

export function receivableOf(wages: string): string {
  return wages.replace(/:wages-pending$/, ':receivable');
}
