import type { SalePaid, SaleRefunded } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import type { Reversible } from '../../sharing/reversals/reversal.ts';
import { type Circumstances, type LineEvent, replay, sellAgain } from './replay.ts';

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

/** Computes a sale again: each step of each line, and the entries that it must have posted. */
export function explainSale(sale: SalePaid, circumstances: Circumstances) {
  const { lines, entries } = sellAgain(sale, circumstances).shared;
  return {
    lines: lines.map(({ lineRef, price, credits, explanation }) => ({
      lineRef,
      agreement: circumstances.agreements.get(lineRef) as Agreement,
      price,
      credits,
      ...explanation,
    })),
    entries,
  };
}

/**
 * Computes a refund again, from the sale and what happened to its line until then.
 * @param history the last is the refund to explain
 * @param posted the entries of that one
 */
export function explainRefund(
  sale: SalePaid,
  circumstances: Circumstances,
  history: readonly LineEvent[],
  posted: readonly Entry[],
) {
  const lineRef = history.at(-1)?.data.lineRef;
  const replayed = replay(sale, circumstances, history, posted);
  if (!replayed) throw new RangeError(`${sale.saleId} has no line ${lineRef}`);
  const { sold, before, last } = replayed;
  return {
    lines: explainSale(sale, circumstances).lines.filter((line) => line.lineRef === lineRef),
    refund: {
      price: sold.price,
      refundedBefore: before.refunded,
      refunded: last.line.refunded,
      credits: last.line.credits.map((credit) => reversedOf(credit, before.credits)),
    },
    entries: last.entries,
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
