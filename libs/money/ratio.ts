import { type Rupiah, rupiah } from './rupiah.ts';

/** An exact non-negative rational of two safe integers; never a floating point number. `den` is at least 1. */
export interface Ratio {
  readonly num: number;
  readonly den: number;
}

/**
 * The exact ratio of an integer (`3`), a decimal (`"7.5"` is 15/2) or a ratio.
 * @throws RangeError when it is negative, malformed or has more digits than a safe integer
 */
export function ratioOf(value: number | string | Ratio): Ratio {
  const ratio = typeof value === 'object' ? value : typeof value === 'number' ? { num: value, den: 1 } : decimal(value);
  if (!Number.isSafeInteger(ratio.num) || ratio.num < 0 || !Number.isSafeInteger(ratio.den) || ratio.den < 1) {
    throw new RangeError(`not an exact non-negative ratio: ${JSON.stringify(value)}`);
  }
  return ratio;
}

/** One term of an exact sum: `amount × ratio`. */
export interface Term {
  readonly amount: Rupiah;
  readonly ratio: Ratio;
}

/** An exact sum of terms, rounded down once: `whole + fraction`, with `fraction` below 1. */
export interface Floored {
  readonly whole: Rupiah;
  readonly fraction: Ratio;
}

/**
 * ⌊Σ amount × ratio⌋, summed exactly before the one rounding.
 * @param terms amounts of at least 0
 * @throws RangeError when the sum is above 2^53-1
 */
export function floorOfSum(terms: readonly Term[]): Floored {
  const [only] = terms;
  if (only !== undefined && terms.length === 1) return floorOfProduct(only.amount, only.ratio);
  let num = 0n;
  let den = 1n;
  for (const { amount, ratio } of terms) {
    const termDen = BigInt(ratio.den);
    num = num * termDen + BigInt(amount) * BigInt(ratio.num) * den;
    den *= termDen;
  }
  return floored(num, den);
}

/** ⌊amount × ratio⌋. @param amount at least 0 @throws RangeError when the product is above 2^53-1 */
export function floorOfProduct(amount: Rupiah, ratio: Ratio): Floored {
  const product = amount * ratio.num;
  if (product > Number.MAX_SAFE_INTEGER) return floored(BigInt(amount) * BigInt(ratio.num), BigInt(ratio.den));
  const rest = product % ratio.den;
  return { whole: (product - rest) / ratio.den, fraction: { num: rest, den: ratio.den } };
}

function floored(num: bigint, den: bigint): Floored {
  const rest = num % den;
  const divisor = greatestCommonDivisor(rest, den);
  return {
    whole: rupiah(Number(num / den)),
    fraction: { num: Number(rest / divisor), den: Number(den / divisor) },
  };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return a === 0n ? b : greatestCommonDivisor(b % a, a);
}

function decimal(text: string): Ratio {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`not a non-negative decimal: "${text}"`);
  const point = text.indexOf('.');
  if (point < 0) return { num: Number(text), den: 1 };
  return { num: Number(text.slice(0, point) + text.slice(point + 1)), den: 10 ** (text.length - point - 1) };
}
