import type { ChargeBorne, SaleSettled } from '#libs/contracts';
import { type Rupiah, rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { kindOf, type StoredKind } from '../../books/journals/kind.ts';
import type { AdjustmentEntry } from '../../decisions/adjustments/adjustment.ts';
import type { ClosingSource } from '../../decisions/closes/close.ts';
import type { MonthOfFloor } from '../../decisions/closes/floor.ts';
import { type ClosedVariances, varianceEntries } from '../../decisions/closes/variance.ts';
import { type Deposit, depositEntries } from '../../decisions/deposits/deposit.ts';
import { type MakerEventSource, moved, savingsReleased } from '../../decisions/maker-events/maker-event.ts';
import { type Payout, type PayoutItem, paymentOf } from '../../decisions/payouts/payout.ts';
import { chargeEntries } from '../../sales/charges/charge.ts';
import { clearedEntries, type HoldSource, heldEntries } from '../../sales/holds/hold.ts';
import {
  availableOf,
  type Pending,
  type RecoveryLimit,
  receivableOf,
  recoveryLimits,
  releasePending,
} from '../../sales/releases/release.ts';
import { type Held, heldAfter, nothingHeld, type OpenSettlement } from '../../sales/sales/sale.ts';
import { differenceEntries, settle } from '../../sales/settlements/settlement.ts';
import { isRounded, type PartOfWithdrawal, withdrawalEntries } from '../../sales/withdrawals/withdrawal.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import type { ContributionsCause } from './contributions.ts';

/*
 * Why a journal is there that shares no sale: what caused it, from its own sources and never from its entries, and the
 * entries that it must have. Sales, refunds and contributions recorded later are computed again by explanation.ts and contributions.ts.
 */

/** A journal, as far as its cause is concerned. */
export interface CausedJournal {
  readonly journalId: string;
  readonly facilityId: string;
  readonly kind: StoredKind;
  /** Place in the facility's chain. */
  readonly number: number;
  readonly postedOn: string;
  readonly reverses: string | null;
  /** Parsed. */
  readonly source: unknown;
}

/** What the rest of the books say about a journal's cause. Each kind of journal needs but one or two of these. */
export interface Evidence {
  /** What was posted about its sale before it: sale, refunds, contributions recorded later, settlements. */
  readonly before: readonly Entry[];
  /** Of its sale before it, what was settled and was not at its end. */
  readonly open: OpenSettlement | null;
  /** Of its sale, the agreement that shared each line. */
  readonly agreements: ReadonlyMap<string, Pending['agreement']>;
  /** By receivable that the journal moves: what its maker had to give back. */
  readonly owed: ReadonlyMap<string, Rupiah>;
  readonly item: ProposedItem | null;
  readonly draft: Draft | null;
  /** What its book had in the wallet that it withdraws from; null: it moves no wallet. */
  readonly inWallet: Rupiah | null;
  /** What the journal that it undoes holds. */
  readonly hold: HoldSource | null;
  /** By account: what its close found on it, of all that counts for the month. */
  readonly variances: ReadonlyMap<string, Rupiah>;
  /** By account of the maker whom something happened to: what was on it; of a merge, in the books of its facility. */
  readonly kept: ReadonlyMap<string, Rupiah>;
}

/** An item of a payout, with who decided about it. */
export type ProposedItem = Pick<PayoutItem, 'itemId' | 'account' | 'amount' | 'reason'> &
  Pick<Payout, 'payoutId' | 'facilityId' | 'bank' | 'upTo' | 'createdBy' | 'reviewedBy' | 'decidedBy'>;

/** An adjustment as it was drafted and approved. */
export interface Draft {
  readonly adjustmentId: string;
  readonly type: string;
  readonly reason: string;
  readonly createdBy: string;
  readonly approvedBy: string;
  /** None: it was not drafted as entries. */
  readonly entries: readonly AdjustmentEntry[];
}

/** What a maker gets of a release, and what he or she gives back. */
export interface Recovery {
  /** `maker:{id}:wages` */
  readonly account: string;
  readonly released: Rupiah;
  /** Of an agreement each; together they are the most that may be recovered. */
  readonly limits: readonly RecoveryLimit[];
  readonly owed: Rupiah;
  readonly recovered: Rupiah;
}

type Released = { readonly settlementId: string } | { readonly returnWindowEnded: string };

/** What caused a journal, with the arithmetic that its entries come from. */
export type Cause =
  | ContributionsCause
  | {
      readonly cause: 'settlement';
      readonly report: SaleSettled;
      /** What the channel held of the sale; fees and shipping as they were expected, both positive. */
      readonly held: Rupiah;
      readonly expectedFee: Rupiah;
      readonly expectedShipping: Rupiah;
      /** Of these, what the report settles: all, unless the sale stays open. */
      readonly settled: { readonly revenue: Rupiah; readonly fee: Rupiah; readonly shipping: Rupiah };
      /** Actual less expected fee and shipping, and what was held and is not in the report. */
      readonly variance: Rupiah;
    }
  | { readonly cause: 'held' | 'held-cleared'; readonly hold: HoldSource }
  | { readonly cause: 'charge'; readonly charge: ChargeBorne }
  | { readonly cause: 'withdrawal'; readonly withdrawal: PartOfWithdrawal }
  | {
      readonly cause: 'difference';
      readonly difference: DifferenceSource;
      /** What was left of the sale; fees and shipping as they were expected, both positive. */
      readonly held: Rupiah;
      readonly expectedFee: Rupiah;
      readonly expectedShipping: Rupiah;
    }
  | {
      readonly cause: 'release';
      readonly saleId: string;
      readonly because: Released;
      readonly recoveries: readonly Recovery[];
    }
  | { readonly cause: 'payout' | 'payout-failed'; readonly item: ProposedItem; readonly at: string }
  | { readonly cause: 'deposit'; readonly deposit: DepositSource }
  | { readonly cause: 'adjustment'; readonly draft: Draft }
  | { readonly cause: 'variance'; readonly close: ClosingSource<ClosedVariances> }
  | { readonly cause: 'custody'; readonly event: MakerEventSource }
  | { readonly cause: 'floor'; readonly close: ClosingSource<MonthOfFloor>; readonly agreement: Agreement };

interface DifferenceSource {
  readonly saleId: string;
  readonly facilityId: string;
  readonly channel: string;
  readonly settlementId: string;
  /** The refund after which what was left agreed; absent: two persons accepted it. */
  readonly refundId?: string;
  readonly reason?: string;
  readonly createdBy?: string;
  readonly approvedBy?: string;
}

type DepositSource = Pick<Deposit, 'depositId' | 'facilityId' | 'bank' | 'amount' | 'billingCode'> & {
  readonly ntpn: string;
  readonly depositedAt: string;
  readonly by: string;
};

/** A cause, and what must have been posted for it. */
export interface Caused {
  readonly cause: Cause;
  readonly entries: readonly Entry[];
}

const nothing = { lineRef: null, step: null };

/**
 * @returns undefined if the journal's kind is explained elsewhere, or if a row that it must come from is not there
 */
export function causeOf(journal: CausedJournal, evidence: Evidence): Caused | undefined {
  const kind = kindOf(journal);
  switch (kind) {
    case 'settlement':
      return settlementOf(journal.source as SaleSettled, evidence);
    case 'difference':
      return differenceOf(journal.source as DifferenceSource, evidence);
    case 'held':
    case 'assigned': {
      const hold = journal.source as HoldSource;
      return { cause: { cause: 'held', hold }, entries: heldEntries(hold) };
    }
    case 'held-cleared': {
      const { hold } = evidence;
      return hold ? { cause: { cause: 'held-cleared', hold }, entries: clearedEntries(hold) } : undefined;
    }
    case 'charge': {
      const charge = journal.source as ChargeBorne;
      return { cause: { cause: 'charge', charge }, entries: chargeEntries(charge) };
    }
    case 'withdrawal': {
      const withdrawal = journal.source as PartOfWithdrawal;
      if (withdrawal.balance !== evidence.inWallet || !isRounded(withdrawal)) return undefined;
      return { cause: { cause: 'withdrawal', withdrawal }, entries: withdrawalEntries(withdrawal) };
    }
    case 'release':
      return releaseOf(journal.source as { saleId: string } & Released, evidence);
    case 'payout':
    case 'payout-failed':
      return payoutOf(journal, kind, evidence);
    case 'deposit': {
      const deposit = journal.source as DepositSource;
      return { cause: { cause: 'deposit', deposit }, entries: depositEntries(deposit) };
    }
    case 'correction':
    case 'opening':
    case 'write-off':
    case 'obligation':
      return adjustmentOf(evidence);
    case 'variance':
      return varianceOf(journal, evidence);
    case 'transfer':
    case 'release-of-savings':
    case 'freeze':
    case 'unfreeze':
    case 'merge':
      return happeningOf(journal, evidence);
    default:
      return undefined;
  }
}

function happeningOf({ source, facilityId }: CausedJournal, { kept }: Evidence): Caused {
  const event = source as MakerEventSource;
  const { type, makerId, into = '' } = event;
  const cause = { cause: 'custody' as const, event };
  if (type === 'release') return { cause, entries: savingsReleased(makerId, kept) };
  if (type !== 'merge') return { cause, entries: [] };
  const all = [...kept].map(([account, amount]) => ({ facilityId, purpose: accountOfCode(account).purpose, amount }));
  return { cause, entries: moved(makerId, into, all).get(facilityId) ?? [] };
}

function settlementOf(report: SaleSettled, { before, open }: Evidence): Caused {
  const held = heldAfter(nothingHeld, report, before);
  const { entries, held: left } = settle({ ...report, held, open }, report);
  const [expectedFee, expectedShipping] = expectedOf(held);
  const [fee, shipping] = [expectedFee - expectedOf(left)[0], expectedShipping - expectedOf(left)[1]];
  const revenue = held.receivable - left.receivable;
  const variance = rupiah(report.fee + report.shipping - fee - shipping + revenue - (report.revenue ?? revenue));
  const cause = {
    cause: 'settlement' as const,
    report,
    held: held.receivable,
    expectedFee,
    expectedShipping,
    settled: { revenue, fee, shipping },
    variance,
  };
  return { cause, entries };
}

function expectedOf({ fees, shipping }: Held): [fee: Rupiah, shipping: Rupiah] {
  return [-fees + 0, -shipping + 0];
}

function differenceOf(difference: DifferenceSource, { before }: Evidence): Caused {
  const held = heldAfter(nothingHeld, difference, before);
  const [expectedFee, expectedShipping] = expectedOf(held);
  return {
    cause: { cause: 'difference', difference, held: held.receivable, expectedFee, expectedShipping },
    entries: differenceEntries({ ...difference, held, open: null }),
  };
}

function releaseOf({ saleId, ...because }: { saleId: string } & Released, evidence: Evidence): Caused | undefined {
  const { before, agreements, owed } = evidence;
  const left = new Map<string, Pending>();
  for (const { account, lineRef, amount } of before.filter(({ account }) => availableOf(account) !== undefined)) {
    const agreement = agreements.get(lineRef ?? '');
    if (!agreement) return undefined;
    const key = JSON.stringify([account, lineRef]);
    left.set(key, { account, lineRef, agreement, amount: rupiah((left.get(key)?.amount ?? 0) - amount) });
  }
  const pending = [...left.values()];
  const entries = releasePending(pending, new Map(owed));
  const ofMakers = Map.groupBy(
    pending.filter(({ account }) => account.startsWith('maker:')),
    ({ account }) => account,
  );
  const recoveries = [...ofMakers].map(([account, parts]): Recovery => {
    const receivable = receivableOf(account);
    return {
      account: availableOf(account) as string,
      released: parts.reduce((sum, { amount }) => sum + amount, 0),
      limits: recoveryLimits(parts),
      owed: owed.get(receivable) ?? 0,
      recovered: -(entries.find((entry) => entry.account === receivable)?.amount ?? 0) + 0,
    };
  });
  return { cause: { cause: 'release', saleId, because: because as Released, recoveries }, entries };
}

function payoutOf(
  { source, reverses }: CausedJournal,
  cause: 'payout' | 'payout-failed',
  { item }: Evidence,
): Caused | undefined {
  if (item === null) return undefined;
  const paid = paymentOf(item);
  const { paidAt, failedAt } = source as { paidAt?: string; failedAt?: string };
  // One that failed before it was paid has moved nothing.
  const sentBack = reverses === null ? [] : paid.map((entry) => ({ ...entry, amount: -entry.amount }));
  return { cause: { cause, item, at: paidAt ?? failedAt ?? '' }, entries: cause === 'payout' ? paid : sentBack };
}

/** What a close found on the variance accounts of a facility goes to its earnings. */
function varianceOf({ source, facilityId }: CausedJournal, { variances }: Evidence): Caused {
  const close = source as ClosingSource<ClosedVariances>;
  const found = close.variances.map(({ account }) => ({ account, balance: variances.get(account) ?? 0 }));
  const entries = varianceEntries(facilityId, { variances: found }).filter(({ amount }) => amount !== 0);
  const cause = { cause: 'variance' as const, close: { ...close, variances: found } };
  return { cause, entries: entries.map((entry) => ({ ...nothing, ...entry })) };
}

function adjustmentOf({ draft }: Evidence): Caused | undefined {
  if (draft === null) return undefined;
  return { cause: { cause: 'adjustment', draft }, entries: draft.entries.map((entry) => ({ ...nothing, ...entry })) };
}
