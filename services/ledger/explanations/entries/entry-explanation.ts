import type { SaleRefunded } from '#libs/contracts';
import type { Entry } from '../../books/journals/journal.ts';
import type { Caused } from '../recompute/cause.ts';
import type { ExplainedLine, ExplainedRefund, RecomputedJournal } from '../recompute/explanation.ts';
import { causeSentence } from './cause-sentence.ts';
import { type Chain, type CreditKey, derivation, priceChain, reversalsBehind } from './derivation.ts';
import { type ExplainedEntry, sentence } from './sentence.ts';

/**
 * Why one entry is as it is: every computation from the order to it, and as a sentence. `matches` only if the journal
 * computed again has just this entry, and the computations shown add up to it.
 */
export function explainEntry(posted: Entry, journal: RecomputedJournal) {
  const { sale, event } = journal;
  const { orderId, saleId, channel, orderRef, facilityId, placedAt } = sale;
  const refund = journal.refund && event && refundOf(posted, journal.refund, event);
  const ofLine = posted.lineRef ?? event?.lineRef ?? null;
  const sold = new Map(sale.lines.map((line) => [line.lineRef, line]));
  const lines = journal.lines
    .filter(({ lineRef }) => ofLine === null || lineRef === ofLine)
    .map((line) => {
      const { lineRef, price, agreement } = line;
      const { sku = '', quantity = 0, unitPrice = 0, discount = 0 } = sold.get(lineRef) ?? {};
      const credits = refund?.reversals ?? (posted.lineRef === null ? [] : [posted]);
      const chains = credits.flatMap((credit) => chainsBehind(credit, line, facilityId));
      const ofWhole = posted.lineRef === null && !refund ? [priceChain(line)] : chains;
      return { lineRef, sku, quantity, unitPrice, discount, price, agreement, chains: ofWhole };
    });
  const { account, amount } = posted;
  const explained: ExplainedEntry = { account, amount, orderId, lines, ...(refund && { refund }) };
  const recomputed = journal.entries.find((entry) => isSame(entry, posted))?.amount ?? null;
  return {
    order: { orderId, saleId, channel, orderRef, facilityId, placedAt },
    lines,
    ...(refund && { refund }),
    recomputed,
    matches: recomputed === amount && addsUp(posted, explained),
    sentence: { id: sentence(explained, 'id'), en: sentence(explained, 'en') },
  };
}

/** Why an entry is there whose journal neither sells nor refunds. */
export function explainCaused(posted: Entry, { cause, entries }: Caused) {
  const recomputed = entries.find((entry) => isSame(entry, posted))?.amount ?? null;
  return {
    cause,
    recomputed,
    matches: recomputed === posted.amount,
    sentence: { id: causeSentence(posted, cause, 'id'), en: causeSentence(posted, cause, 'en') },
  };
}

/** Of a lot whose makers were recorded later, what the sale put into suspense for it. */
function chainsBehind(credit: CreditKey & { lotId?: string }, line: ExplainedLine, facilityId: string): Chain[] {
  if (credit.lotId === undefined) return derivation(line, credit, line.agreement);
  const suspense = { account: `suspense@${facilityId}`, step: null };
  return derivation(line, suspense, line.agreement).filter(({ lotId }) => lotId === credit.lotId);
}

function refundOf(posted: Entry, refund: ExplainedRefund, { refundId, refundRef, quantity, amount }: SaleRefunded) {
  const { price, refundedBefore, refunded } = refund;
  const reversals = posted.lineRef === null ? [] : reversalsBehind(posted, refund);
  const goodwill = amount - (refunded - refundedBefore);
  return { refundId, refundRef, quantity, amount, price, refundedBefore, refunded, goodwill, reversals };
}

/**
 * Of a sale the chains are what is credited. Of a refund they are what its line had credited, and what is new of its
 * reversal is taken back, here or, where this account could not give it, elsewhere too.
 */
function addsUp({ account, amount, lineRef }: Entry, { lines, refund }: ExplainedEntry): boolean {
  const chained = sum(lines.flatMap((line) => line.chains).map((chain) => chain.amount));
  if (!refund) return (lineRef === null ? chained : -chained) === amount;
  if (lineRef === null) return -refund.amount === amount;
  if (chained !== sum(refund.reversals.map(({ held, credited }) => held ?? credited))) return false;
  const own = refund.reversals.filter((back) => back.account === account);
  return own.length === 0 || sum(own.map(({ result }) => result)) >= amount;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function isSame(a: Entry, b: Entry): boolean {
  return a.account === b.account && a.lineRef === b.lineRef && a.step === b.step;
}
