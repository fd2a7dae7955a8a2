/** What must become of what a round sent, by what was sent alone: nothing here asks the system. */
import {
  type Checkout,
  type ClosedDispute,
  type DisputedUnits,
  orderIdOf,
  type RefundRequest,
  refundIdOf,
  saleIdOf,
  settlementIdOf,
} from '#libs/contracts';
import { id1990 } from '../../services/ledger/sharing/agreements/id-1990.ts';
import type { SettlementDto } from '../../services/payments/settlements/settlement.dto.ts';
import type { Place } from '../kit/foreign-producer.ts';
import { allocate, type Claim, rational } from '../model/exact.ts';
import { ReferenceBooks } from '../model/reference-books.ts';
import { noticesOf } from './gateway.ts';
import { facilityOf, isPlentiful, portionOf } from './goods.ts';

/** What a channel says that it paid out of an order, or of its sale at one facility. */
export type Settlement = SettlementDto;

/** What the broker has acknowledged: the system owes each of them an outcome. */
export class Expected {
  readonly checkouts = new Map<string, Checkout>();
  readonly refunds = new Map<string, RefundRequest>();
  readonly settlements = new Map<string, Settlement>();
  /** With who won it, once that is told. */
  readonly disputes = new Map<string, DisputedUnits | ClosedDispute>();
  /** Those of them that cannot be taken, with the reason that marketplaces are told: once for each time. */
  readonly rejections: { readonly orderId: string; readonly reason: string }[] = [];
  /** Two orders under one id: whichever came second is seen to be so. */
  readonly reusedIds: (readonly [string, string])[] = [];
  /** What was answered as it must not be: settlements, and records that a broker did not take. */
  readonly misjudged: string[] = [];
  /** Places of messages that nobody can read, with what they are. */
  readonly letters = new Map<string, string>();

  addCheckout(checkout: Checkout): void {
    this.checkouts.set(orderIdOf(checkout), checkout);
  }

  addRefund(refund: RefundRequest): void {
    this.refunds.set(refundIdOf(orderIdOf(refund), refund.lineRef, refund.refundRef), refund);
  }

  addSettlement(settlement: Settlement): void {
    this.settlements.set(settlementIdOf(orderIdOf(settlement), settlement.settlementRef), settlement);
  }

  /** That there is one says nothing new of one that is over; what the buyer won is given back. */
  addDispute(dispute: DisputedUnits | ClosedDispute): void {
    const { channel, orderRef, lineRef, disputeRef, quantity } = dispute;
    const id = refundIdOf(orderIdOf(dispute), lineRef, disputeRef);
    if (!('outcome' in dispute)) {
      if (!this.disputes.has(id)) this.disputes.set(id, dispute);
      return;
    }
    this.disputes.set(id, dispute);
    if (dispute.outcome === 'seller') return;
    this.addRefund({ channel, orderRef, lineRef, refundRef: disputeRef, quantity, requestedAt: dispute.closedAt });
  }

  addLetter(place: Place, what: string): void {
    this.letters.set(nameOf(place), what);
  }

  /** Units of each line that its marketplace asked to give back. */
  unitsAskedFor(orderId: string): ReadonlyMap<string, number> {
    return unitsOf([...this.refunds.values()].filter((refund) => orderIdOf(refund) === orderId));
  }

  settlementsOf(orderId: string): Settlement[] {
    return [...this.settlements.values()].filter((settlement) => orderIdOf(settlement) === orderId);
  }

  /** Lines of it of which something is disputed, and nobody has won that. */
  disputedLines(orderId: string): Set<string> {
    const open = [...this.disputes.values()].filter((each) => !('outcome' in each) && orderIdOf(each) === orderId);
    return new Set(open.map(({ lineRef }) => lineRef));
  }
}

/** By line. */
export function unitsOf(refunds: readonly Pick<RefundRequest, 'lineRef' | 'quantity'>[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { lineRef, quantity } of refunds) units.set(lineRef, (units.get(lineRef) ?? 0) + quantity);
  return units;
}

export const nameOf = ({ topic, partition, offset }: Place): string => `${topic}/${partition}/${offset}`;

/** `open`: whether a scarce good is still there is decided by who comes first. `waiting`: for goods that nobody makes. */
export type Outcome = 'sold' | 'cancelled' | 'waiting' | 'open';

export function outcomeOf(checkout: Checkout): Outcome {
  const skus = checkout.lines.map(({ sku }) => sku);
  if (skus.length === 0) return 'cancelled';
  if (skus.some((sku) => facilityOf(sku) === undefined))
    return checkout.channel === 'toko-sandbox' ? 'cancelled' : 'waiting';
  if (checkout.channel === 'toko-sandbox' && noticesOf(orderIdOf(checkout))[0] !== 'capture') return 'cancelled';
  return skus.every(isPlentiful) ? 'sold' : 'open';
}

/** What the buyer pays. */
export function priceOf(checkout: Checkout): number {
  return pricesOf(linesOf(checkout));
}

/** Credits negative, by payee: a maker with all of his or her accounts is one, and so is a facility's own money. */
export type Amounts = ReadonlyMap<string, number>;

export interface ExpectedSale {
  /** Of the journal that credits it, whole rupiah. */
  readonly sold: Amounts;
  /** Of all journals that take it back. */
  readonly givenBack: Amounts;
  /** Of all that book what its channel paid out; of one that is not settled without what the channel kept. */
  readonly paidOut: Amounts;
  /** What was paid out comes to what the channel held of it. */
  readonly isSettled: boolean;
  /** What is pending of it until it is released, credit negative. */
  readonly pending: number;
  /** Whether the lots are known, so that every payee is; else only what the channel owes is. */
  readonly isCertain: boolean;
}

/**
 * An order's sales as the books must hold them, by sale id.
 * @param asked units of each line that are given back
 * @param unsold those of them that were given back before their goods were there: they are not sold
 * @param told what its channel says that it paid out
 */
export function salesOf(
  checkout: Checkout,
  asked: ReadonlyMap<string, number>,
  unsold: ReadonlyMap<string, number> = new Map(),
  told: readonly Settlement[] = [],
): Map<string, ExpectedSale> {
  const orderId = orderIdOf(checkout);
  const whole = new Map(linesOf(checkout).map((line) => [line.lineRef, line]));
  const left = [...whole.values()].flatMap((line) => leftOf(line, unsold.get(line.lineRef) ?? 0));
  const byFacility = Map.groupBy(left, ({ sku }) => facilityOf(sku) ?? '');
  const claims = [...byFacility].map(([payee, lines]) => ({ payee, weight: rational(`${pricesOf(lines)}`) }));
  return new Map(
    [...byFacility].map(([facilityId, lines]) => {
      const books = new ReferenceBooks(id1990);
      const key = { channel: checkout.channel, orderRef: checkout.orderRef, facilityId };
      const portions = lines.map((line) => ({ ...line, portions: [portionOf(line.sku, line.quantity)] }));
      books.sell({ ...key, lines: portions }, checkout.placedAt);
      const sold = byPayee(books.balances);
      for (const { lineRef } of lines) {
        const { quantity, unitPrice, discount } = whole.get(lineRef) as Line;
        const upTo = (units: number) => Math.floor(((quantity * unitPrice - discount) * units) / quantity);
        const units = Math.min(asked.get(lineRef) ?? 0, quantity);
        for (let unit = 1 + (unsold.get(lineRef) ?? 0); unit <= units; unit += 1)
          books.refund(key, lineRef, upTo(unit) - upTo(unit - 1), 1);
      }
      const kept = byPayee(books.balances);
      const pending = pendingOf(books.balances);
      const parts = told.flatMap((settlement) => partAt(facilityId, settlement, claims) ?? []);
      const isSettled = parts.length > 0 && sumOf(parts, 'revenue') === receivableOf(kept);
      const [bank = ''] = parts.map((part) => part.bank);
      if (isSettled) {
        const [fee, shipping, withheldTax] = FIELDS_KEPT.map((field) => sumOf(parts, field)) as Kept;
        books.settle(key, { fee, shipping, withheldTax, bank });
      }
      const paidOut = isSettled
        ? movedBetween(kept, byPayee(books.balances))
        : new Map([
            [`bank:${bank}@${facilityId}`, sumOf(parts, 'paidOut')],
            [`tax:pph22-withheld@${facilityId}`, sumOf(parts, 'withheldTax')],
            [`channel:${checkout.channel}:receivable@${facilityId}`, -sumOf(parts, 'revenue')],
          ]);
      const isCertain = lines.every(({ sku }) => isPlentiful(sku));
      const sale = { sold, givenBack: movedBetween(sold, kept), paidOut, isSettled, pending, isCertain };
      return [saleIdOf(orderId, facilityId), sale];
    }),
  );
}

export function byPayee(balances: Readonly<Record<string, number>>): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const [account, amount] of Object.entries(balances)) {
    const payee = account.replace(/^(maker:[^:]+):.*$/, '$1').replace(/-pending$/, '');
    amounts.set(payee, (amounts.get(payee) ?? 0) + amount);
  }
  return amounts;
}

export function pendingOf(balances: Readonly<Record<string, number>>): number {
  return Object.entries(balances).reduce(
    (sum, [account, amount]) => sum + (account.endsWith('-pending') ? amount : 0),
    0,
  );
}

const RECEIVABLE = /^channel:.*:receivable@/;

export const isReceivable = (account: string): boolean => RECEIVABLE.test(account);

export function receivableOf(amounts: Amounts): number {
  return [...amounts].reduce((sum, [payee, amount]) => sum + (isReceivable(payee) ? amount : 0), 0);
}

function movedBetween(before: Amounts, after: Amounts): Amounts {
  return new Map(
    [...new Set([...before.keys(), ...after.keys()])].map((payee) => [
      payee,
      (after.get(payee) ?? 0) - (before.get(payee) ?? 0),
    ]),
  );
}

const FIELDS_KEPT = ['fee', 'shipping', 'withheldTax'] as const;
type Kept = [fee: number, shipping: number, withheldTax: number];

/** What of a settlement is of the sale at a facility; of a whole order it is shared by what its goods cost (A1). */
function partAt(facilityId: string, settlement: Settlement, claims: readonly Claim[]): Settlement | undefined {
  if (settlement.facilityId !== undefined) return settlement.facilityId === facilityId ? settlement : undefined;
  const index = claims.findIndex(({ payee }) => payee === facilityId);
  const shared = (amount: number): number =>
    Number(allocate(BigInt(amount), claims, orderIdOf(settlement))?.[index] ?? 0n);
  const revenue = shared(settlement.revenue);
  const [fee, shipping, withheldTax] = FIELDS_KEPT.map((field) => shared(settlement[field])) as Kept;
  const paidOut = revenue - fee - shipping - withheldTax;
  return { ...settlement, facilityId, revenue, fee, shipping, withheldTax, paidOut };
}

function sumOf(
  settlements: readonly Settlement[],
  field: 'revenue' | 'paidOut' | (typeof FIELDS_KEPT)[number],
): number {
  return settlements.reduce((sum, settlement) => sum + settlement[field], 0);
}

function pricesOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitPrice - line.discount, 0);
}

type Line = ReturnType<typeof linesOf>[number];

/** What of a line is sold; nothing, if all of it was given back before. Amounts of it by units, rounded down. */
function leftOf(line: Line, unsold: number): Line[] {
  const quantity = line.quantity - unsold;
  const partOf = (amount: number) => Number((BigInt(amount) * BigInt(quantity)) / BigInt(line.quantity));
  const [discount, fees, shipping, tax] = [line.discount, line.fees, line.shipping, line.tax].map(partOf) as [
    ...[number, number, number, number],
  ];
  return quantity === 0 ? [] : [{ ...line, quantity, discount, fees, shipping, tax }];
}

/** U1 of golden.md: an order's own discount, fees and shipping over its lines, by their prices. */
function linesOf(checkout: Checkout) {
  const lines = checkout.lines.map(({ discount = 0, tax = 0, ...line }) => ({ ...line, discount, tax }));
  const claims = lines.map(({ lineRef, quantity, unitPrice, discount }) => ({
    payee: lineRef,
    weight: rational(`${quantity * unitPrice - discount}`),
  }));
  const shareOf = (amount = 0) => allocate(BigInt(amount), claims, `${checkout.channel}/${checkout.orderRef}`);
  const [discounts, fees, shippings] = [checkout.discount, checkout.fees, checkout.shipping].map(shareOf);
  return lines.map((line, index) => ({
    ...line,
    discount: line.discount + Number(discounts?.[index]),
    fees: Number(fees?.[index]),
    shipping: Number(shippings?.[index]),
  }));
}
