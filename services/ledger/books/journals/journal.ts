import { type Rupiah, rupiah } from '#libs/money';
import { accountOfCode } from '../accounts/account.ts';
import type { JournalKind } from './kind.ts';

/** A balanced set of entries with one cause. Once posted it never changes. */
export interface Journal {
  /** UUIDv7, made when the journal is drafted. */
  readonly journalId: string;
  readonly facilityId: string;
  readonly kind: JournalKind;
  /** Day in Asia/Jakarta, `YYYY-MM-DD`. */
  readonly postedOn: string;
  /** ISO 8601 instant of what happened. */
  readonly occurredAt: string;
  /** Of an event, or random: with the correlation id it salts the hashes (chain/hash-chain.ts), so no answer tells it. */
  readonly sourceEventId: string;
  /** What it is about, in the words of its source; unique per kind: a sale is credited once. */
  readonly sourceReference: string;
  /** Id of the journal that it undoes, wholly or in part. */
  readonly reverses: string | null;
  /** The version that shared the money. */
  readonly agreement: { readonly id: string; readonly version: number } | null;
  readonly correlationId: string;
  /** Data of the source event as it came. */
  readonly source: unknown;
  /** What was remembered of other journals when it was drafted, as JSON; absent: it does not depend on any. */
  readonly memory?: object | null;
  /** They sum to zero. None: nothing moved, but it happened (a line of price 0). */
  readonly entries: readonly Entry[];
}

/** What a journal moves on an account. */
export interface Entry {
  /** Account code. */
  readonly account: string;
  /** Debit positive, credit negative; never 0. */
  readonly amount: Rupiah;
  /** Order line; null: of the whole journal. */
  readonly lineRef: string | null;
  /** The maker's own step that moved it; null: none. */
  readonly step: string | null;
}

/** Of a journal as a whole, what it moves on each of these accounts; where that is nothing, there is no entry. */
export function entriesOfWhole(moved: readonly (readonly [account: string, amount: number])[]): Entry[] {
  return moved
    .filter(([, amount]) => amount !== 0)
    .map(([account, amount]) => ({ account, amount: rupiah(amount), lineRef: null, step: null }));
}

/** What journals take from each account in all, debit positive: of those that have less on their own side afterwards. */
export function takenFrom(journals: readonly Journal[]): Map<string, Rupiah> {
  const sums = new Map<string, Rupiah>();
  for (const { account, amount } of journals.flatMap(({ entries }) => entries)) {
    sums.set(account, rupiah((sums.get(account) ?? 0) + amount));
  }
  return new Map([...sums].filter(([account, sum]) => (accountOfCode(account).class === 'asset' ? sum < 0 : sum > 0)));
}

/** One entry per account, line and step, in their order: several who stand behind one share its account. */
export function merged(entries: readonly Entry[]): Entry[] {
  const sums = new Map<string, Entry>();
  for (const { account, lineRef, step, amount } of entries) {
    const key = JSON.stringify([account, lineRef, step]);
    const sum: Rupiah = rupiah((sums.get(key)?.amount ?? 0) + amount);
    sums.set(key, { account, lineRef, step, amount: sum });
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0);
}
