import { allocate, type Rupiah, rupiah } from '#libs/money';
import type { Agreement } from '../agreements/agreement.ts';
import type { SaleLine, SalePortion } from './sale.ts';

/** What an order line takes from one lot, in rupiah: the unit that is shared (golden.md, U1). */
export interface Portion {
  readonly lotId: string;
  readonly quantity: number;
  readonly gross: Rupiah;
  readonly discount: Rupiah;
  readonly fees: Rupiah;
  readonly shipping: Rupiah;
  readonly tax: Rupiah;
  /** gross - discount: what the buyer paid. */
  readonly price: Rupiah;
  /** price - tax - fees - shipping; negative when these exceed the price. */
  readonly cash: Rupiah;
  /** Production cost, and what of it the cash returns to the workshop before anything is shared. */
  readonly cost: Rupiah;
  readonly recovered: Rupiah;
  /** What the agreement shares; never negative, so that a loss on one lot lowers no other's basis. */
  readonly basis: Rupiah;
  /** What the facility bears: costs that the basis does not know, or a loss (U4). */
  readonly borne: Rupiah;
  readonly measure: SalePortion['measure'];
  readonly contributions: SalePortion['contributions'];
}

/** Splits a line over its lots (U1) and finds the basis of each portion (U3) and what the facility bears (U4). */
export function portionsOf(line: SaleLine, basis: Agreement['basis'], scope: string): Portion[] {
  if (line.portions.reduce((sum, { quantity }) => sum + quantity, 0) !== line.quantity) {
    throw new RangeError(`${scope}: the portions do not add up to ${line.quantity} units`);
  }
  if (line.discount > line.unitPrice * line.quantity) throw new RangeError(`${scope}: a discount above the price`);
  const discounts = splitByQuantity(line.discount, line.portions, scope);
  const fees = splitByQuantity(line.fees, line.portions, scope);
  const shippings = splitByQuantity(line.shipping, line.portions, scope);
  const taxes = splitByQuantity(line.tax, line.portions, scope);
  return line.portions.map((portion, index) => {
    const { lotId, quantity, unitCost, measure, contributions } = portion;
    const gross = rupiah(line.unitPrice * quantity);
    const costs = { discount: discounts[index] ?? 0, fees: fees[index] ?? 0, shipping: shippings[index] ?? 0 };
    const tax = taxes[index] ?? 0;
    const price = gross - costs.discount;
    const cash = rupiah(price - tax - costs.fees - costs.shipping);
    const cost = rupiah(unitCost * quantity);
    const recovered = basis === 'net-of-costs' ? Math.min(cost, Math.max(cash, 0)) : 0;
    const shared = Math.max(
      0,
      { gross: price - tax, 'net-of-fees': price - tax - costs.fees, 'net-of-costs': cash - recovered }[basis],
    );
    const borne = shared + recovered - cash;
    return {
      lotId,
      quantity,
      gross,
      ...costs,
      tax,
      price,
      cash,
      cost,
      recovered,
      basis: shared,
      borne,
      measure,
      contributions,
    };
  });
}

/** A figure of a whole order line, split over its lots by quantity: one part per portion, in their order. */
export function splitByQuantity(
  total: Rupiah,
  portions: readonly { readonly lotId: string; readonly quantity: number }[],
  scope: string,
): Rupiah[] {
  if (portions.length === 1) return [total];
  const claims = portions.map(({ lotId, quantity }) => ({ payee: lotId, weight: quantity }));
  const parts = allocate(total, claims, scope);
  if (parts === undefined) throw new RangeError(`${scope}: a line without units`);
  return parts;
}
