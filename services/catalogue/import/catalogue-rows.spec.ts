import { describe, expect, it } from '@jest/globals';
import type { CatalogueFile } from './catalogue-files.ts';
import { readCatalogue } from './catalogue-rows.ts';

const LOTS = 'lot_id,sku,facility_id,quantity,unit_cost,made_on';

const read = (file: CatalogueFile, ...lines: string[]) => readCatalogue({ [file]: lines.join('\n') });
const valuesOf = (file: CatalogueFile, ...lines: string[]) => read(file, ...lines).rows[file]?.map((row) => row.values);
/** `row.column: reason` of every fault. */
const faultsOf = (file: CatalogueFile, ...lines: string[]) =>
  read(file, ...lines).faults.map(({ row, column, reason }) => `${row ?? 'header'}.${column ?? '*'}: ${reason}`);

const lot = (change: Record<string, string>) =>
  Object.values({
    lot_id: 'L1',
    sku: 'S',
    facility_id: 'F',
    quantity: '3',
    unit_cost: '0',
    made_on: '2026-02-28',
    ...change,
  }).join(',');
const contribution = (measure: string, value: string) => `L1,M1,${measure},${value}`;
const CONTRIBUTIONS = 'lot_id,maker_id,measure,value';

describe('reading catalogue files', () => {
  it('finds columns by name in any order', () => {
    expect(
      valuesOf('lots.csv', 'made_on,unit_cost,quantity,facility_id,sku,lot_id', '2026-02-28,5000,3,F,S,L1'),
    ).toEqual([{ lot_id: 'L1', sku: 'S', facility_id: 'F', quantity: 3, unit_cost: 5000, made_on: '2026-02-28' }]);
  });

  it('reads quoted fields, CRLF, a byte order mark and blank lines', () => {
    const text = `\uFEFF${LOTS}\r\n"L ""1"",\n2",S,F,3,0,2026-02-28\r\n\r\n`;
    expect(readCatalogue({ 'lots.csv': text }).rows['lots.csv']).toHaveLength(1);
    expect(readCatalogue({ 'lots.csv': text }).faults).toEqual([
      {
        file: 'lots.csv',
        row: 1,
        column: 'lot_id',
        reason: 'invalid',
        message: expect.stringMatching(/^"L "1",\[U\+000A\]2" holds a control character/),
      },
    ]);
  });

  it.each([
    ['an unknown column', [`${LOTS},colour`, `${lot({})},red`], ['header.colour: unknown-column']],
    [
      'a missing column',
      ['lot_id,sku,facility_id,quantity,unit_cost', 'L,S,F,1,0'],
      ['header.made_on: missing-column'],
    ],
    ['a column twice', [`${LOTS},sku`, `${lot({})},S`], ['header.sku: malformed']],
    ['an empty file', [''], LOTS.split(',').map((column) => `header.${column}: missing-column`)],
    ['a field too few', [LOTS, lot({}), 'L2,S,F,1,0'], ['2.*: malformed']],
    ['a quote that does not end', [LOTS, lot({}), 'L2,"S,F,1,0,2026-01-01'], ['2.*: malformed']],
  ])('refuses %s', (_, lines, faults) => {
    expect(faultsOf('lots.csv', ...lines)).toEqual(faults);
  });

  it('takes a column that need not be there: absent nothing is read, blank is none', () => {
    const columns = 'sku,facility_id,category,title_id,title_en,price';
    expect(valuesOf('products.csv', columns, 'S,F,craft,Kotak,Box,1')).toEqual([
      { sku: 'S', facility_id: 'F', category: 'craft', title_id: 'Kotak', title_en: 'Box', price: 1 },
    ]);
    const rows = ['S,F,craft,Kotak,Box,1,', 'T,F,craft,Kotak,Box,1,Batik tulis'];
    expect(valuesOf('products.csv', `${columns},programme`, ...rows)).toMatchObject([
      { programme: null },
      { programme: 'Batik tulis' },
    ]);
  });

  it('names every fault of a row, not the first alone', () => {
    const bad = { lot_id: '', quantity: '0', unit_cost: '-1', made_on: '2026-02-30' };
    expect(faultsOf('lots.csv', LOTS, lot(bad))).toEqual([
      '1.lot_id: invalid',
      '1.quantity: invalid',
      '1.unit_cost: invalid',
      '1.made_on: invalid',
    ]);
  });

  it.each(['1.5', '1e3', ' 1', '+1', '0', '1000000001', ''])('refuses %j pieces', (quantity) => {
    expect(faultsOf('lots.csv', LOTS, lot({ quantity }))).toEqual(['1.quantity: invalid']);
  });

  it.each(['1.00', '-1', '9007199254740992', 'Rp5'])('refuses %j as rupiah', (unit_cost) => {
    expect(faultsOf('lots.csv', LOTS, lot({ unit_cost }))).toEqual(['1.unit_cost: invalid']);
  });

  it.each(['2026-02-29', '2026-13-01', '0000-01-01', '26-01-01', '2026-1-1', '01/02/2026'])(
    'refuses %j as a date',
    (made_on) => {
      expect(faultsOf('lots.csv', LOTS, lot({ made_on }))).toEqual(['1.made_on: invalid']);
    },
  );

  it('takes bytes that are not UTF-8 in no column', () => {
    expect(faultsOf('lots.csv', LOTS, lot({ sku: 'caf\uFFFD' }))).toEqual(['1.sku: invalid']);
  });

  it.each([
    ['7.5', '7.5'],
    ['007.500', '7.5'],
    ['0.125', '0.125'],
    ['0', '0'],
    ['0.000', '0'],
    ['999999999999.999', '999999999999.999'],
  ])('reads a value of %s exactly', (field, value) => {
    expect(valuesOf('contributions.csv', CONTRIBUTIONS, contribution('hours', field))?.[0]).toMatchObject({ value });
  });

  it.each(['0.1234', '-1', '1,5', '.5', '1.', '1e3', '', '1000000000000'])('refuses a value of %j', (value) => {
    expect(faultsOf('contributions.csv', CONTRIBUTIONS, `L1,M1,weight,"${value}"`)).toEqual(['1.value: invalid']);
  });

  it.each(['', '5', 'anything'])('does not read the value among equals: %j', (field) => {
    expect(valuesOf('contributions.csv', CONTRIBUTIONS, contribution('equal', field))?.[0]).toMatchObject({
      value: '1',
    });
  });

  it.each([
    [
      'makers.csv',
      'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
      'M,F,1,N,D,yes,FALSE',
      ['1.consent: invalid', '1.is_child: invalid'],
    ],
    [
      'facilities.csv',
      'facility_id,name,type,class,region,timezone',
      'F,Lapas,prison,I,Bali,WITA',
      ['1.type: invalid', '1.timezone: invalid'],
    ],
    [
      'products.csv',
      'sku,facility_id,category,title_id,title_en,price',
      'S,F,toys,Mainan, ,1',
      ['1.category: invalid', '1.title_en: invalid'],
    ],
  ] as const)('refuses what %s does not take', (file, header, row, faults) => {
    expect(faultsOf(file, header, row)).toEqual(faults);
  });
});
