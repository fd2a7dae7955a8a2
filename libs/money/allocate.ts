import { type Ratio, ratioOf } from './ratio.ts';
import { type Rupiah, rupiah } from './rupiah.ts';
import { byHash } from './tie.ts';

/** Who shares, and with what weight: an integer, a decimal string (`"7.5"` hours) or a ratio; never negative. */
export interface Claim {
  readonly payee: string;
  readonly weight: number | string | Ratio;
}

/**
 * Shares a total by weight (golden.md, A1 and A2): each exact share rounded down, the rupiah left over one each to the
 * largest fractions; ties to the larger weight, then to the smaller hash of `{scope}|{payee}`.
 *
 * The parts add up to the total, each is the floor or the ceiling of its exact share, a zero weight gets zero, and the
 * result does not depend on the order of the claims. A negative total is the mirror of the positive one.
 *
 * @returns one part per claim, in the order of the claims; `undefined` if there are no weights or all are 0, so that
 *   the caller has to say who gets the total then
 * @throws RangeError for a total that is not whole rupiah, or a weight that is not an exact non-negative number
 */
export function allocate(total: Rupiah, claims: readonly Claim[], scope: string): Rupiah[] | undefined {
  if (rupiah(total) < 0) return allocate(-total, claims, scope)?.map((part) => 0 - part);
  const shares = roundedDown(total, commensurate(claims));
  if (shares === undefined) return undefined;

  const missing = shares.reduce((left, { part }) => left - part, total);
  if (missing > 0) {
    const smallerHash = byHash(scope);
    const ranked = [...shares].sort(
      (a, b) => descending(a.fraction, b.fraction) || descending(a.weight, b.weight) || smallerHash(a.payee, b.payee),
    );
    // The fractions add up to `missing` and each is below 1: more than `missing` are above 0, so a weight of 0 gets none.
    for (const share of ranked.slice(0, missing)) share.part += 1;
  }
  return shares.map(({ part }) => part);
}

/** A claim whose weight is an integer on a scale common to all claims. */
interface Weighted<Integer extends number | bigint> {
  readonly payee: string;
  readonly weight: Integer;
}

interface Share extends Weighted<number | bigint> {
  part: Rupiah;
  /** What was cut off from the part, as numerator over the sum of the weights. */
  readonly fraction: number | bigint;
}

function roundedDown(total: Rupiah, claims: Weighted<number>[] | Weighted<bigint>[]): Share[] | undefined {
  if (areNumbers(claims)) {
    const sum = claims.reduce((all, { weight }) => all + weight, 0);
    if (sum === 0) return undefined;
    // No share's product exceeds total × sum: if that is a safe integer, doubles are exact throughout.
    if (Number.isSafeInteger(sum) && total * sum <= Number.MAX_SAFE_INTEGER) {
      return claims.map(({ payee, weight }) => {
        const fraction = (total * weight) % sum;
        return { payee, weight, part: (total * weight - fraction) / sum, fraction };
      });
    }
  }
  const large = claims.map(({ payee, weight }) => ({ payee, weight: BigInt(weight) }));
  const sum = large.reduce((all, { weight }) => all + weight, 0n);
  if (sum === 0n) return undefined;
  return large.map(({ payee, weight }) => {
    const product = BigInt(total) * weight;
    return { payee, weight, part: Number(product / sum), fraction: product % sum };
  });
}

/** Weights over one common denominator: 7.5 and 2.25 become 750 and 225. */
function commensurate(claims: readonly Claim[]): Weighted<number>[] | Weighted<bigint>[] {
  const ratios = claims.map(({ payee, weight }) => ({ payee, ...ratioOf(weight) }));
  const largest = ratios.reduce((max, { den }) => Math.max(max, den), 1);
  const scaled = ratios.map(({ payee, num, den }) => ({ payee, weight: num * (largest / den) }));
  if (ratios.every(({ den }) => largest % den === 0) && scaled.every(({ weight }) => Number.isSafeInteger(weight))) {
    return scaled;
  }
  const product = ratios.reduce((all, { den }) => all * BigInt(den), 1n);
  return ratios.map(({ payee, num, den }) => ({ payee, weight: BigInt(num) * (product / BigInt(den)) }));
}

function areNumbers(claims: Weighted<number>[] | Weighted<bigint>[]): claims is Weighted<number>[] {
  return typeof claims[0]?.weight !== 'bigint';
}

function descending(a: number | bigint, b: number | bigint): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
