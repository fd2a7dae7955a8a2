import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { safeCell, unsafeCell } from './safe-cell.ts';

describe('a cell for a spreadsheet', () => {
  it.each([
    ['=HYPERLINK("http://contoh.invalid/","klik")', `'=HYPERLINK("http://contoh.invalid/","klik")`],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+62811', "'+62811"],
    ['-1', "'-1"],
    ['\t=1', "'\t'=1"],
    ['＝1+1', "'＝1+1"],
    ['tas;=1+1', "tas;'=1+1"],
    ['INV/2026-01', 'INV/2026-01'],
    [-125_000, -125_000],
    [null, null],
  ])('%j is written as %j', (cell, written) => {
    expect(safeCell(cell)).toBe(written);
  });

  const text = fc.string({ unit: fc.constantFrom(..."'=+-@;,|\t\r\n＝a1".split('')), maxLength: 12 });

  it('never begins like a formula, wherever a program may cut it, and is read again as it was', () => {
    fc.assert(
      fc.property(text, (original) => {
        const written = safeCell(original);
        for (const part of written.split(/[;,|\t\r\n]/)) expect(part).not.toMatch(/^[=+\-@＝]/);
        expect(unsafeCell(written)).toBe(original);
      }),
      { numRuns: 2_000 },
    );
  });
});
