import type { SalePaid, SaleRefunded } from '#libs/contracts';
import type { Agreement } from '../agreements/agreement.ts';
import type { Claim } from '../refunds/claw-back.ts';
import { refundAsPosted, refundLine } from '../sales/refund.ts';
import { type SaleLine, shareSale, soldLines } from '../sales/sale.ts';
import type { Entry } from './journal.ts';

/** A sale's or refund's journal, computed again from what was frozen. */
export interface RecomputedJournal {
  readonly sale: SalePaid;
  readonly agreement: Agreement;
  readonly lines: readonly ExplainedLine[];
  readonly entries: readonly Entry[];
  /** Of a refund, which the lines above are the sale of. */
  readonly event?: SaleRefunded;
  readonly refund?: ExplainedRefund;
}

export type ExplainedLine = ReturnType<typeof explainSale>['lines'][number];
export type ExplainedRefund = ReturnType<typeof explainRefund>['refund'];

/** Computes a sale again: each step of each line, and the entries that it must have posted. */
export function explainSale(sale: SalePaid, agreement: Agreement) {
  const { lines, entries } = shareSale(sale, agreement);
  return {
    lines: lines.map(({ lineRef, price, credits, explanation }) => ({ lineRef, price, credits, ...explanation })),
    entries,
  };
}

/**
 * Computes a refund again, from the sale and the refunds of its line until then.
 * @param refunds in the order in which they were applied; the last is the one to explain
 * @param posted the entries of that one
 */
export function explainRefund(
  sale: SalePaid,
  agreement: Agreement,
  refunds: readonly SaleRefunded[],
  posted: readonly Entry[],
) {
  const lineRef = refunds.at(-1)?.lineRef;
  const { lines } = explainSale(sale, agreement);
  const [sold] = soldLines(sale, shareSale(sale, agreement), '').filter((line) => line.lineRef === lineRef);
  if (!sold) throw new RangeError(`${sale.saleId} has no line ${lineRef}`);

  let before: SaleLine = sold;
  let after: SaleLine = sold;
  let claims: readonly Claim[] = [];
  for (const refund of refunds) {
    before = after;
    ({ line: after, claims } = refundLine(refund, before));
  }
  return {
    lines: lines.filter((line) => line.lineRef === lineRef),
    refund: {
      price: sold.price,
      refundedBefore: before.refunded,
      refunded: after.refunded,
      credits: after.credits.map(({ name, amount, reversed }, index) => ({
        name,
        amount,
        reversedBefore: before.credits[index]?.reversed ?? 0,
        reversed,
      })),
    },
    entries: refundAsPosted(claims, posted),
  };
}

/** Whether two journals move the same, in whatever order. */
export function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  return JSON.stringify(a.map(factsOf).sort()) === JSON.stringify(b.map(factsOf).sort());
}

function factsOf({ account, lineRef, step, amount }: Entry): string {
  return JSON.stringify([account, lineRef, step, amount]);
}
