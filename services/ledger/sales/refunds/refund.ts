import type { SaleRefunded } from '#libs/contracts';
import { type Entry, merged } from '../../books/journals/journal.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type GivenBack, type MemoryKeys, memoryNeeded } from '../../sharing/memory/memory.ts';
import { takeBack } from '../../sharing/reversals/reversal.ts';
import { availableOf } from '../releases/release.ts';
import { receivable, type Sale, type SaleLine } from '../sales/sale.ts';
import { type Available, type Claim, clawBack, entriesOf, sourceOf, type TakenBack } from './claw-back.ts';

export interface RefundedLine {
  /** The line after the refund. */
  readonly line: SaleLine;
  /** What each payee has to give back, and what the channel takes. */
  readonly claims: readonly Claim[];
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

  const claims = [
    { account: receivable(refund), amount: -amount, lineRef: null, step: null, maker: null },
    ...reversals.map((back) => ({
      account: back.account,
      amount: back.amount,
      lineRef,
      step: back.step ?? null,
      maker: back.maker ?? makerOf(back.account) ?? makerOf(back.part) ?? null,
    })),
    { account: `facility:${facilityId}:earnings`, amount: amount - withinPrice, lineRef, step: null, maker: null },
  ];
  return { line: { ...line, refunded, unitsRefunded, credits }, claims };
}

export interface Refund {
  readonly entries: readonly Entry[];
  /** For the memory (golden.md, P3, P4). */
  readonly back: readonly GivenBack[];
}

/**
 * A refund as it is posted: where each claim really comes from (golden.md, F5).
 * @param available of all accounts that it is limited by; afterwards, less what was taken
 */
export function refundOf(
  claims: readonly Claim[],
  { facilityId, isReleased }: { facilityId: string; isReleased: boolean },
  available: Available,
): Refund {
  return refundFrom(clawBack(claims, isReleased, available), facilityId);
}

/** What to remember of a sale before a refund takes back from it. */
export function neededBy(claims: readonly Claim[], agreement: Agreement, { facilityId, postedOn }: Sale): MemoryKeys {
  const makers = new Set(claims.flatMap(({ step, maker }) => (step === null || maker === null ? [] : [maker])));
  const makerIds = [...makers].map((maker) => maker.replace(/^maker:/, ''));
  return { ...memoryNeeded({ facilityId, makerIds }, agreement, postedOn), pots: [] };
}

/**
 * The refund as it must be, computed again. What could be taken from released money, savings and beneficiaries was a
 * matter of the moment: as much as was taken by each step, and others must have given exactly the rest.
 * @param posted what it has
 */
export function refundAsPosted(claims: readonly Claim[], facilityId: string, posted: readonly Entry[]): Refund {
  const isReleased = !posted.some(({ account }) => availableOf(account) !== undefined);
  const keyOf = ({ source, step }: Pick<TakenBack, 'source' | 'step'>) => JSON.stringify([source, step]);
  const taken = new Map(claims.map(({ account, step }) => [keyOf({ source: sourceOf(account, isReleased), step }), 0]));
  for (const { account, step, amount } of posted) {
    const key = keyOf({ source: account, step });
    taken.set(key, (taken.get(key) ?? 0) + amount);
  }
  return refundFrom(clawBack(claims, isReleased, taken, keyOf), facilityId);
}

function refundFrom(taken: readonly TakenBack[], facilityId: string): Refund {
  return { entries: merged(entriesOf(taken)), back: taken.flatMap((each) => givenBack(each, facilityId)) };
}

/** What the channel and the goodwill give is nobody's share of the line, so nobody remembers it. */
function givenBack({ lineRef, step, maker, account, amount, fromAccount }: TakenBack, facilityId: string): GivenBack[] {
  return lineRef === null ? [] : [{ owner: maker ?? `facility:${facilityId}`, step, account, amount, fromAccount }];
}

function makerOf(accountOrPart: string): string | undefined {
  return /^maker:[^:]+/.exec(accountOrPart)?.[0];
}
