import type { SalePaid, SaleRefunded } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import { type PostedLot, recordLot } from '../../decisions/adjustments/recorded-lot.ts';
import type { Claim } from '../../sales/refunds/claw-back.ts';
import { refundAsPosted, refundLine } from '../../sales/refunds/refund.ts';
import { type AgreementsOfLines, type SaleLine, shareSale, soldLines } from '../../sales/sales/sale.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type Memory, noMemory } from '../../sharing/memory/memory.ts';
import type { Reversible } from '../../sharing/reversals/reversal.ts';

/** A sale's or refund's journal, computed again from what was frozen. */
export interface RecomputedJournal {
  readonly sale: SalePaid;
  /** Each with the agreement that shared it. */
  readonly lines: readonly ExplainedLine[];
  readonly entries: readonly Entry[];
  /** Of a refund, which the lines above are the sale of. */
  readonly event?: SaleRefunded;
  readonly refund?: ExplainedRefund;
}

export type ExplainedLine = ReturnType<typeof explainSale>['lines'][number];
export type ExplainedRefund = ReturnType<typeof explainRefund>['refund'];

/** Of a sale's journal: who shared its lines, the day that it counts for, and what it remembered. */
export interface Circumstances {
  readonly agreements: AgreementsOfLines;
  readonly postedOn: string;
  readonly memory: Memory | null;
}

/** Computes a sale again: each step of each line, and the entries that it must have posted. */
export function explainSale(sale: SalePaid, { agreements, postedOn, memory }: Circumstances) {
  const { lines, entries } = shareSale(sale, agreements, postedOn, memory ?? noMemory);
  return {
    lines: lines.map(({ lineRef, price, credits, explanation }) => ({
      lineRef,
      agreement: agreements.get(lineRef) as Agreement,
      price,
      credits,
      ...explanation,
    })),
    entries,
  };
}

/**
 * Computes a refund again, from the sale and what happened to its line until then: refunds, and contributions that were
 * recorded later.
 * @param history in the order in which it was applied; the last is the refund to explain
 * @param posted the entries of that one
 */
export function explainRefund(
  sale: SalePaid,
  circumstances: Circumstances,
  history: readonly (SaleRefunded | PostedLot)[],
  posted: readonly Entry[],
) {
  const lineRef = history.at(-1)?.lineRef;
  const { agreements, postedOn, memory } = circumstances;
  const shared = shareSale(sale, agreements, postedOn, memory ?? noMemory);
  const [sold] = soldLines(sale, shared, { journalId: '', agreements }).filter((line) => line.lineRef === lineRef);
  if (!sold) throw new RangeError(`${sale.saleId} has no line ${lineRef}`);

  let before: SaleLine = sold;
  let after: SaleLine = sold;
  let claims: readonly Claim[] = [];
  for (const event of history) {
    before = after;
    if ('lot' in event) {
      const { memory } = event;
      after = recordLot(event, before, { isReleased: false, postedOn, memory })?.line ?? before;
    } else ({ line: after, claims } = refundLine(event, before));
  }
  return {
    lines: explainSale(sale, circumstances).lines.filter((line) => line.lineRef === lineRef),
    refund: {
      price: sold.price,
      refundedBefore: before.refunded,
      refunded: after.refunded,
      credits: after.credits.map((credit) => reversedOf(credit, before.credits)),
    },
    entries: refundAsPosted(claims, sale.facilityId, posted).entries,
  };
}

/** What refunds have taken back of a credit, and of those who stand behind it. */
export interface ExplainedCredit {
  readonly name: string;
  readonly account: string;
  readonly amount: Rupiah;
  readonly reversedBefore: Rupiah;
  readonly reversed: Rupiah;
  readonly parts: readonly ExplainedCredit[];
}

function reversedOf(
  { name, account, amount, reversed, parts }: Reversible,
  before: readonly Reversible[],
): ExplainedCredit {
  const same = before.find((each) => each.name === name);
  const explained = parts.map((part) => reversedOf(part, same?.parts ?? []));
  return { name, account, amount, reversedBefore: same?.reversed ?? 0, reversed, parts: explained };
}

/** Whether two journals move the same, in whatever order. */
export function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  return JSON.stringify(a.map(factsOf).sort()) === JSON.stringify(b.map(factsOf).sort());
}

function factsOf({ account, lineRef, step, amount }: Entry): string {
  return JSON.stringify([account, lineRef, step, amount]);
}
