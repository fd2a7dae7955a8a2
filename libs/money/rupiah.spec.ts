import { describe, expect, it } from '@jest/globals';
import { parseRupiah, rupiah } from './rupiah.ts';

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

describe('parseRupiah', () => {
  it.each([
    ['150000', 150_000],
    ['150000.00', 150_000],
    ['-2500.0', -2500],
    ['0.00', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %p exactly', (text, value) => {
    expect(parseRupiah(text)).toBe(value);
  });

  it.each(['', ' 1', '1.50', '0.01', '1e3', '1,000', '0x10', '--1', '.0', '9007199254740992', '9007199254740991.4'])(
    'refuses %p',
    (text) => {
      expect(() => parseRupiah(text)).toThrow(RangeError);
    },
  );
});
