import { type SaleSettled, type SettlementConfirmed, saleIdOf } from '#libs/contracts';
import { allocate, type Rupiah } from '#libs/money';
import { type Terms, toleranceOf } from '../channels/terms.ts';
import { partsOf, type ReservedLine } from '../orders/order.ts';
import { type OrderLine, priceOf } from '../orders/order-lines.ts';

/**
 * What a settlement means for the sale at one facility. A report of the whole order is allocated over its sales by what
 * the buyer paid for each, by units if nothing (golden.md, A1; scope the order, payee the facility): the parts of all
 * sales add up to the report, to the rupiah. What is paid out of a part is what remains of it.
 */
export function settledPart(
  { facilityId: only, ...settlement }: SettlementConfirmed,
  facilityId: string,
  lines: readonly OrderLine[],
  reserved: readonly ReservedLine[],
  terms?: Terms,
): SaleSettled {
  const { orderId, fee, shipping, withheldTax, revenue, settles } = settlement;
  const facilityOf = new Map(reserved.map((line) => [line.lineRef, line.facilityId]));
  const facilities = [...new Set(facilityOf.values())];
  const sumAt = (facility: string, measure: (line: OrderLine) => number) =>
    lines.reduce((sum, line) => sum + (facilityOf.get(line.lineRef) === facility ? measure(line) : 0), 0);
  const isFree = lines.every((line) => priceOf(line) === 0);
  const claims = facilities.map((facility) => ({
    payee: facility,
    weight: sumAt(facility, isFree ? ({ quantity }) => quantity : priceOf),
  }));
  const sharedAt = (amount: Rupiah): Rupiah => allocate(amount, claims, orderId)?.[facilities.indexOf(facilityId)] ?? 0;
  const partOf = (amount: Rupiah): Rupiah => (only === undefined ? sharedAt(amount) : amount);
  const priceOfAll = lines.reduce((sum, line) => sum + priceOf(line), 0);
  const kept = { fee: partOf(fee), shipping: partOf(shipping), withheldTax: partOf(withheldTax) };
  const revenuePart = revenue === undefined ? undefined : partOf(revenue);
  return {
    ...settlement,
    ...kept,
    ...(revenuePart !== undefined && {
      revenue: revenuePart,
      paidOut: revenuePart - kept.fee - kept.shipping - kept.withheldTax,
    }),
    ...(settles === 'all' && terms && { tolerance: sharedAt(toleranceOf(priceOfAll, terms)) }),
    saleId: saleIdOf(orderId, facilityId),
    facilityId,
    channel: partsOf(orderId).channel,
  };
}
