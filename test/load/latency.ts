import type { Moments } from './timeline.ts';

export interface Quantiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Milliseconds from the checkout on the broker to the news that it is credited, and of each hop on the way. */
export interface Latency extends Quantiles {
  readonly sales: number;
  readonly hops: Readonly<Record<string, Quantiles>>;
}

const HOPS: [name: string, of: (moments: Required<Moments>) => number][] = [
  ['orders places', ({ sent, placed }) => placed - sent],
  ['stock and payment', ({ placed, reserved, captured }) => Math.max(reserved, captured) - placed],
  ['orders pays', ({ reserved, captured, paid }) => paid - Math.max(reserved, captured)],
  ['ledger credits', ({ paid, credited }) => credited - paid],
];

/** @throws Error if a sale has not passed every step: then there is nothing to measure */
export function latencyOf(orders: Iterable<Moments>): Latency {
  const all = [...orders];
  const whole = all.filter((moments): moments is Required<Moments> => Object.keys(moments).length === 6);
  if (whole.length < all.length)
    throw new Error(`${all.length - whole.length} of ${all.length} sales are not credited`);
  return {
    sales: whole.length,
    ...quantiles(whole.map(({ sent, credited }) => credited - sent)),
    hops: Object.fromEntries(HOPS.map(([name, of]) => [name, quantiles(whole.map(of))])),
  };
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

export const median = (values: readonly number[]): number => quantiles(values).p50;
