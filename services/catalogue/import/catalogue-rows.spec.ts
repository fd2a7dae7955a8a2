import { describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import { templateOf } from '#libs/tables';
import { type CatalogueFile, catalogueFileNames, tables } from './catalogue-files.ts';
import { readCatalogue } from './catalogue-rows.ts';

const LOTS = 'lot_id,sku,facility_id,quantity,unit_cost,made_on';

const read = (file: CatalogueFile, ...lines: string[]) => readCatalogue({ [file]: Buffer.from(lines.join('\n')) });
const valuesOf = async (file: CatalogueFile, ...lines: string[]) =>
  (await read(file, ...lines)).rows[file]?.map((row) => row.values);
/** `row.column: reason` of every fault. */
const faultsOf = async (file: CatalogueFile, ...lines: string[]) =>
  (await read(file, ...lines)).faults.map(
    ({ row, column, reason }) => `${row ?? 'header'}.${column ?? '*'}: ${reason}`,
  );

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
  it('finds columns by name in any order', async () => {
    expect(
      await valuesOf('lots.csv', 'made_on,unit_cost,quantity,facility_id,sku,lot_id', '2026-02-28,5000,3,F,S,L1'),
    ).toEqual([{ lot_id: 'L1', sku: 'S', facility_id: 'F', quantity: 3, unit_cost: 5000, made_on: '2026-02-28' }]);
  });

  it('says of each fault what stands there and what would be right, in two languages', async () => {
    const text = Buffer.from(`\uFEFF${LOTS}\r\n"L ""1"",\n2",S,F,1.250,0,2026-02-28\r\n\r\n`);
    expect(await readCatalogue({ 'lots.csv': text })).toMatchObject({
      rows: { 'lots.csv': [{ number: 1, line: 2 }] },
      faults: [
        {
          row: 1,
          column: 'lot_id',
          reason: 'invalid',
          message: { en: expect.stringMatching(/^"L "1",\[U\+000A\]2" holds/) },
        },
        { row: 1, column: 'quantity', reason: 'invalid', message: { id: expect.stringMatching(/^"1\.250" harus/) } },
      ],
    });
  });

  it('reads a workbook as it reads CSV', async () => {
    const workbook = new exceljs.Workbook();
    workbook.addWorksheet('Lot').addRows([LOTS.split(','), ['L1', 'S', 'F', 3, 5_000, new Date('2026-02-28')]]);
    const { rows } = await readCatalogue({ 'lots.csv': Buffer.from(await workbook.xlsx.writeBuffer()) });
    expect(rows['lots.csv']?.map(({ values }) => values)).toEqual(
      await valuesOf('lots.csv', LOTS, lot({ unit_cost: '5.000' })),
    );
  });

  it.each(catalogueFileNames)('takes the template of %s as it is', async (file) => {
    const template = await templateOf(file, tables);
    const { rows, faults, passedOver } = await readCatalogue({ [file]: template?.bytes });
    expect([rows[file], faults]).toEqual([[], []]);
    expect(passedOver.map(({ as }) => as)).toEqual(['description', 'example']);
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
    ['a quote that does not end', [LOTS, lot({}), 'L2,"S,F,1,0,2026-01-01'], ['header.*: malformed']],
  ])('refuses %s', async (_, lines, faults) => {
    expect(await faultsOf('lots.csv', ...lines)).toEqual(faults);
  });

  it('takes a column that need not be there: absent nothing is read, blank is none', async () => {
    const columns = 'sku,facility_id,category,title_id,title_en,price';
    expect(await valuesOf('products.csv', columns, 'S,F,craft,Kotak,Box,1')).toEqual([
      { sku: 'S', facility_id: 'F', category: 'craft', title_id: 'Kotak', title_en: 'Box', price: 1 },
    ]);
    const rows = ['S,F,craft,Kotak,Box,1,', 'T,F,craft,Kotak,Box,1,Batik tulis'];
    expect(await valuesOf('products.csv', `${columns},programme`, ...rows)).toMatchObject([
      { programme: null },
      { programme: 'Batik tulis' },
    ]);
  });

  it('names every fault of a row, not the first alone', async () => {
    const bad = { lot_id: '', quantity: '0', unit_cost: '-1', made_on: '2026-02-30' };
    expect(await faultsOf('lots.csv', LOTS, lot(bad))).toEqual([
      '1.lot_id: invalid',
      '1.quantity: invalid',
      '1.unit_cost: invalid',
      '1.made_on: invalid',
    ]);
  });

  it.each(['1.5', '1.250', '1,250', '1e3', '1 250', '+1', '0', '1000000001', ''])(
    'refuses %j pieces',
    async (quantity) => {
      expect(await faultsOf('lots.csv', LOTS, lot({ quantity: `"${quantity}"` }))).toEqual(['1.quantity: invalid']);
    },
  );

  it.each(['1.5', '-1', '9007199254740992', '1,250', 'lima'])('refuses %j as rupiah', async (unit_cost) => {
    expect(await faultsOf('lots.csv', LOTS, lot({ unit_cost: `"${unit_cost}"` }))).toEqual(['1.unit_cost: invalid']);
  });

  it.each(['2026-02-29', '2026-13-01', '0000-01-01', '26-01-01', '2026-1-1', '01/02/2026'])(
    'refuses %j as a date',
    async (made_on) => {
      expect(await faultsOf('lots.csv', LOTS, lot({ made_on }))).toEqual(['1.made_on: invalid']);
    },
  );

  it('takes bytes that are not UTF-8 in no column', async () => {
    expect(await faultsOf('lots.csv', LOTS, lot({ sku: 'caf\uFFFD' }))).toEqual(['1.sku: invalid']);
  });

  it.each([
    ['7.5', '7.5'],
    ['007.500', '7.5'],
    ['0.125', '0.125'],
    ['7,5', '7.5'],
    ['1.250', '1.25'],
    ['1.250,5', '1250.5'],
    ['0', '0'],
    ['0.000', '0'],
    ['999999999999.999', '999999999999.999'],
  ])('reads a value of %s exactly', async (field, value) => {
    expect(
      (await valuesOf('contributions.csv', CONTRIBUTIONS, contribution('hours', `"${field}"`)))?.[0],
    ).toMatchObject({
      value,
    });
  });

  it.each(['0.1234', '-1', '.5', '1.', '1e3', '', '1000000000000'])('refuses a value of %j', async (value) => {
    expect(await faultsOf('contributions.csv', CONTRIBUTIONS, `L1,M1,weight,"${value}"`)).toEqual(['1.value: invalid']);
  });

  it.each(['1.250', '1,5', '0.5', '1e3'])('refuses %j pieces of a maker', async (value) => {
    expect(await faultsOf('contributions.csv', CONTRIBUTIONS, `L1,M1,pieces,"${value}"`)).toEqual(['1.value: invalid']);
  });

  it.each(['', '5', 'anything'])('does not read the value among equals: %j', async (field) => {
    expect((await valuesOf('contributions.csv', CONTRIBUTIONS, contribution('equal', field)))?.[0]).toMatchObject({
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
      'S,F,Toys,Mainan, ,1',
      ['1.category: invalid', '1.title_en: invalid'],
    ],
  ] as const)('refuses what %s does not take', async (file, header, row, faults) => {
    expect(await faultsOf(file, header, row)).toEqual(faults);
  });
});
