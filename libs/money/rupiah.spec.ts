import { describe, expect, it } from '@jest/globals';
import { rupiah } from './rupiah.ts';

describe('rupiah', () => {
  it('takes whole amounts up to 2^53-1 of either sign', () => {
    expect([0, 1, -1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER].map(rupiah)).toEqual([
      0,
      1,
      -1,
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
    ]);
    expect(Object.is(rupiah(-0), 0)).toBe(true);
  });

  it.each([0.5, Number.NaN, Infinity, 2 ** 53, 94_906_267 * 94_906_267])('refuses %p', (value) => {
    expect(() => rupiah(value)).toThrow(RangeError);
  });
});
