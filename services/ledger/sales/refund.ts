import type { SaleRefunded } from '#libs/contracts';
import { type Rupiah, rupiah } from '#libs/money';
import type { Entry } from '../journals/journal.ts';
import { takeBack } from '../refunds/reversal.ts';
import { receivable, type SaleLine, stepOf } from './sale.ts';

export interface RefundedLine {
  /** The line after the refund. */
  readonly line: SaleLine;
  readonly entries: readonly Entry[];
}

/**
 * Reverses a refund's part of its line, every payee by the line's own ratio (golden.md, F1).
 *
 * Never refused: money beyond the price is goodwill, which the facility's earnings bear (F3). A line of price 0 moved
 * money only if fees or costs went with it; it is reversed whole with its last unit (F2).
 */
export function refundLine(refund: SaleRefunded, line: SaleLine): RefundedLine {
  const { lineRef, facilityId, amount } = refund;
  const unitsRefunded = Math.min(line.units, line.unitsRefunded + refund.quantity);
  const withinPrice = Math.min(amount, line.price - line.refunded);
  const refunded = line.refunded + withinPrice;
  const due = line.price > 0 || unitsRefunded === line.units;
  const scope = `${refund.orderId}/${lineRef}`;
  const { credits, reversals } = due
    ? takeBack(line.credits, refunded, line.price, scope)
    : { credits: line.credits, reversals: [] };

  const entries = [
    { account: receivable(refund), amount: -amount, lineRef: null, step: null },
    ...reversals.map((back) => ({
      account: back.account,
      amount: back.amount,
      lineRef,
      step: stepOf(back.credit, back.account),
    })),
    { account: `facility:${facilityId}:earnings`, amount: amount - withinPrice, lineRef, step: null },
  ];
  return { line: { ...line, refunded, unitsRefunded, credits }, entries: merged(entries) };
}

/** One entry per account and step: those who stand behind one credit share its account. */
function merged(entries: readonly Entry[]): Entry[] {
  const sums = new Map<string, Entry>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.account, entry.lineRef, entry.step]);
    const amount: Rupiah = rupiah((sums.get(key)?.amount ?? 0) + entry.amount);
    sums.set(key, { ...entry, amount });
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0);
}
