import { describe, expect, it } from '@jest/globals';
import { Money, Units, Weight } from '#libs/contracts';
import { column } from './column.ts';
import { decimalAsWritten, piecesAsWritten, rupiahAsWritten } from './numbers.ts';

const words = { id: '', en: '' };
const rupiah = column(Money, words, '', rupiahAsWritten);
const pieces = column(Units, words, '', piecesAsWritten);
const decimal = column(Weight, words, '', decimalAsWritten);
const NO = undefined;

describe('a number in a file', () => {
  it.each<[string | number, number | undefined, number | undefined, string | undefined]>([
    // written, rupiah, pieces, decimal
    ['1250000', 1_250_000, 1_250_000, '1250000'],
    ['1.250.000', 1_250_000, 1_250_000, '1250000'],
    ['1,250,000', 1_250_000, 1_250_000, '1250000'],
    ['1.250.000,00', 1_250_000, 1_250_000, '1250000'],
    ['1,250,000.50', NO, NO, '1250000.5'],
    ['1.250,00', 1_250, 1_250, '1250'],
    ['1.250,5', NO, NO, '1250.5'],
    ['Rp 1.250.000', 1_250_000, NO, NO],
    ['Rp1.250.000,-', 1_250_000, NO, NO],
    ['rp. 125000', 125_000, NO, NO],
    ['IDR\u00a0125.000', 125_000, NO, NO],
    ['125.000', 125_000, NO, '125'],
    ['1.250', 1_250, NO, '1.25'],
    ['1,250', NO, NO, '1.25'],
    ['1,5', NO, NO, '1.5'],
    ['1.5', NO, NO, '1.5'],
    ['2,0', 2, 2, '2'],
    ['2.00', 2, 2, '2'],
    ['2.000', 2_000, NO, '2'],
    ['12.50.000', NO, NO, NO],
    ['1.250.00', NO, NO, NO],
    ['1.250,000.00', NO, NO, NO],
    ['1 250', NO, NO, NO],
    ['1.25E+06', NO, NO, NO],
    ['1,25e6', NO, NO, NO],
    ["'1250", NO, NO, NO],
    ['-1', NO, NO, NO],
    ['', NO, NO, NO],
    ['#N/A', NO, NO, NO],
    ['9007199254740993', NO, NO, NO],
    [' 1250 ', 1_250, 1_250, '1250'],
    [1_250, 1_250, 1_250, '1250'],
    [1.25, NO, NO, '1.25'],
    [125.125, NO, NO, '125.125'],
  ])('%j', (written, asRupiah, asPieces, asDecimal) => {
    expect([rupiah, pieces, decimal].map((each) => each.read(written).value)).toEqual([asRupiah, asPieces, asDecimal]);
  });

  it('says what a spreadsheet has done', () => {
    expect(pieces.read('1.25E+06').fault?.code).toBe('scientific-notation');
    expect(rupiah.read('#N/A').fault?.code).toBe('spreadsheet-error');
    expect(pieces.read('1.250').fault?.message.id).toContain('angka saja');
  });
});
