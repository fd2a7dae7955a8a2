import type { Event, SaleRefunded } from '#libs/contracts';
import type { Entry } from '../../books/journals/journal.ts';
import { type Memory, noMemory, remembers, SharedMemory, undo } from '../../sharing/memory/memory.ts';
import { heldAfter, lineKey, type Sale, type SaleLine } from '../sales/sale.ts';
import type { Available, Claim } from './claw-back.ts';
import { neededBy, refundLine, refundOf } from './refund.ts';

/** A refund, and what it asks of each payee; null: it is in the books already, and asks nothing more. */
export interface ClaimedRefund {
  readonly event: Event<SaleRefunded>;
  /** After it. */
  readonly line: SaleLine;
  readonly claims: readonly Claim[] | null;
}

/**
 * What refunds ask, one after another.
 * @param lines all that they are of, by `lineKey`, before the first of them
 * @param known ids of refunds that are in the books
 */
export function claimRefunds(
  events: readonly Event<SaleRefunded>[],
  lines: ReadonlyMap<string, SaleLine>,
  known: ReadonlySet<string>,
): ClaimedRefund[] {
  const after = new Map(lines);
  const claimed = new Set(known);
  return events.map((event) => {
    const line = after.get(lineKey(event.data)) as SaleLine;
    if (claimed.has(event.data.refundId)) return { event, line, claims: null };
    claimed.add(event.data.refundId);
    const refunded = refundLine(event.data, line);
    after.set(lineKey(line), refunded.line);
    return { event, ...refunded };
  });
}

/** Sales, what is remembered, and what accounts can give, as the refunds of a batch find them. */
export interface BeforeRefunds {
  /** By id. */
  readonly sales: ReadonlyMap<string, Sale>;
  readonly memory: Memory;
  readonly available: Available;
}

/** What one refund moves, and what of the memory that it found. */
export interface TakenRefund {
  readonly entries: readonly Entry[];
  /** Null: its agreement remembers nothing, or it is in the books already. */
  readonly memory: Memory | null;
  readonly changes: Memory | null;
}

/**
 * Where the money of refunds comes from, one after another, each on what those before it left.
 * @returns one for each, and the sales after all of them
 */
export function takeRefunds(
  claimed: readonly ClaimedRefund[],
  before: BeforeRefunds,
): { taken: TakenRefund[]; sales: Map<string, Sale> } {
  const sales = new Map(before.sales);
  const available = new Map(before.available);
  const shared = new SharedMemory(before.memory);
  const taken = claimed.map(({ event, line: { agreement }, claims }) => {
    const sale = sales.get(event.data.saleId) as Sale;
    const { facilityId, releasedBy, postedOn, held } = sale;
    const { entries, back } = refundOf(claims ?? [], { facilityId, isReleased: releasedBy !== null }, available);
    const memory = claims && remembers(agreement) ? shared.at(neededBy(claims, agreement, sale)) : null;
    const changes = memory ? undo(memory, agreement, postedOn, back) : null;
    shared.apply(changes ?? noMemory, entries);
    sales.set(sale.saleId, { ...sale, held: heldAfter(held, sale, entries) });
    return { entries, memory, changes };
  });
  return { taken, sales };
}
