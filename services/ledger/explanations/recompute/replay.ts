import type { SalePaid, SaleRefunded } from '#libs/contracts';
import type { Entry } from '../../books/journals/journal.ts';
import { type RecordedLot, recordLot } from '../../decisions/adjustments/recorded-lot.ts';
import { refundAsPosted, refundLine } from '../../sales/refunds/refund.ts';
import { availableOf } from '../../sales/releases/release.ts';
import { type AgreementsOfLines, type SaleLine, shareSale, soldLines } from '../../sales/sales/sale.ts';
import { type Memory, noMemory, undo } from '../../sharing/memory/memory.ts';

/** Of a sale's journal: who shared its lines, the day that it counts for, and what it remembered. */
export interface Circumstances {
  readonly agreements: AgreementsOfLines;
  readonly postedOn: string;
  readonly memory: Memory | null;
}

/** What a journal says about a line that was sold before: a refund, or contributions found later. */
export interface LineEvent {
  readonly data: SaleRefunded | RecordedLot;
  readonly memory: Memory | null;
}

/** What of such a journal follows from its data and the line as those before it left it. */
export interface Applied {
  /** After it. */
  readonly line: SaleLine;
  readonly entries: readonly Entry[];
  readonly changes: Memory;
}

/** A sale shared again, and its lines as they were sold. */
export function sellAgain(sale: SalePaid, { agreements, postedOn, memory }: Circumstances, journalId = '') {
  const shared = shareSale(sale, agreements, postedOn, memory ?? noMemory);
  return { shared, lines: soldLines(sale, shared, { journalId, agreements }) };
}

/**
 * Computed again. Where the money came from was a matter of the moment, which the entries themselves tell.
 * @param postedOn day of the sale
 * @param posted its entries
 * @returns null if it would do nothing here
 */
export function applyAgain(
  { data, memory }: LineEvent,
  line: SaleLine,
  postedOn: string,
  posted: readonly Entry[],
): Applied | null {
  if ('lot' in data) {
    const isReleased = !posted.some(({ account }) => availableOf(account) !== undefined);
    return recordLot(data, line, { isReleased, postedOn, memory });
  }
  const { line: after, claims } = refundLine(data, line);
  const { entries, back } = refundAsPosted(claims, data.facilityId, posted);
  const changes = memory ? undo(memory, line.agreement, postedOn, back) : noMemory;
  return { line: after, entries, changes };
}

/** A line as it was sold, before the last of what happened to it, and what that did. */
export interface Replayed {
  readonly sold: SaleLine;
  readonly before: SaleLine;
  readonly last: Applied;
}

/**
 * What a journal about a sold line must be: all that happened to the line is done again, from its sale on.
 * @param history in the order in which it was applied; the last is the journal
 * @param posted the entries of that one
 * @returns undefined if it would do nothing
 */
export function replay(
  sale: SalePaid,
  circumstances: Circumstances,
  history: readonly LineEvent[],
  posted: readonly Entry[],
): Replayed | undefined {
  const { postedOn } = circumstances;
  const event = history.at(-1);
  const sold = sellAgain(sale, circumstances).lines.find(({ lineRef }) => lineRef === event?.data.lineRef);
  if (!event || !sold) return undefined;
  // What is left of a line does not depend on where money came from.
  const before = history.slice(0, -1).reduce((line, each) => applyAgain(each, line, postedOn, [])?.line ?? line, sold);
  const last = applyAgain(event, before, postedOn, posted);
  return last ? { sold, before, last } : undefined;
}
