import type { Rupiah } from '#libs/money';

/** An order's part at one facility, frozen as it was paid: what there is to share. */
export interface Sale {
  readonly channel: string;
  readonly orderRef: string;
  readonly facilityId: string;
  readonly lines: readonly SaleLine[];
}

export interface SaleLine {
  readonly lineRef: string;
  readonly quantity: number;
  readonly unitPrice: Rupiah;
  /** Discount, fees, shipping and tax are of the whole line. */
  readonly discount: Rupiah;
  readonly fees: Rupiah;
  readonly shipping: Rupiah;
  readonly tax: Rupiah;
  /** What the line takes from each lot; the quantities add up to the line's. */
  readonly portions: readonly SalePortion[];
}

export interface SalePortion {
  readonly lotId: string;
  readonly quantity: number;
  readonly unitCost: Rupiah;
  readonly measure: 'hours' | 'pieces' | 'weight' | 'equal';
  readonly contributions: readonly Contribution[];
}

export interface Contribution {
  readonly makerId: string;
  /** Exact decimal in the lot's measure; not read when that is `equal`. */
  readonly weight: string;
}
