/**
 * Whole rupiah: an integer of at most 2^53-1 in size, where a JSON number is still exact. Negative when taken back.
 * The type is plain `number`; `rupiah` is the check that makes it one.
 */
export type Rupiah = number;

/** A figure that is no amount: a fraction, or beyond what a JSON number holds exactly. */
export class NotRupiah extends RangeError {}

/**
 * Checks that a figure is whole rupiah. Of a product or sum that is too large for a safe integer the nearest double is
 * too large as well, so `rupiah(unitPrice * quantity)` is a sound check.
 * @throws NotRupiah
 */
export function rupiah(value: number): Rupiah {
  if (!Number.isSafeInteger(value)) throw new NotRupiah(`not whole rupiah within 2^53-1: ${value}`);
  return value === 0 ? 0 : value; // no -0: it would compare unequal to 0 in a statement or a test
}
