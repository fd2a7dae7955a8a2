import { describe, expect, it } from '@jest/globals';
import { Money, oneOf, Sku, Units } from '#libs/contracts';
import { column, optional } from './column.ts';
import { openFile } from './file.ts';
import { piecesAsWritten, rupiahAsWritten } from './numbers.ts';
import { EXAMPLE_ID, openTable, type TableRow } from './table.ts';
import { templateOf } from './template.ts';

const columns = {
  sku: column(Sku, { id: 'Kode barang', en: 'Code of the goods' }, EXAMPLE_ID),
  category: column(oneOf(['craft', 'food']), { id: 'craft atau food', en: 'craft or food' }, 'craft'),
  quantity: column(Units, { id: 'Jumlah barang', en: 'Number of pieces' }, '3', piecesAsWritten),
  price: optional(column(Money, { id: 'Harga satuan', en: 'Price of one' }, '75000', rupiahAsWritten)),
};

async function read(text: string | Buffer) {
  const { records } = await openFile(Buffer.from(text));
  const table = await openTable(records, columns);
  const rows: TableRow[] = [];
  for await (const row of table.rows) rows.push(row);
  return { ...table, rows };
}

describe('a table with named columns', () => {
  it('takes their names as people and programs write them', async () => {
    const { headerFaults, rows } = await read(
      '\uFEFF\uFEFF\u00a0SKU ;"Cate\u200bgory";QUANTITY;Price\r\nTAS;craft;1;2\r\n',
    );
    expect(headerFaults).toEqual([]);
    expect(rows).toEqual([{ number: 1, line: 2, cells: { sku: 'TAS', category: 'craft', quantity: '1', price: '2' } }]);
  });

  it('says which columns are wrong, with what nobody can see', async () => {
    const { headerFaults } = await read('sku,category,category,col\u{e000}our\nTAS,craft,craft,red');
    expect(headerFaults.map(({ column: name, code }) => [name, code])).toEqual([
      ['quantity', 'missing-column'],
      ['category', 'double-column'],
      ['col\u{e000}our', 'unknown-column'],
    ]);
    expect(headerFaults.at(-1)?.message.en).toContain('"col[U+E000]our"');
  });

  it('counts the rows that hold something, and keeps their place', async () => {
    const { rows } = await read('sku,category,quantity\n\n,,\n \u00a0, ,\nTAS,craft,1\n;,,\n,,,,,\nKAIN,craft,1,,,\n');
    expect(rows.map(({ number, line, fault }) => [number, line, fault?.code])).toEqual([
      [1, 5, undefined],
      [2, 6, undefined],
      [3, 8, undefined],
    ]);
  });

  it('says of a row that it has too few or too many cells', async () => {
    const { rows } = await read('sku,category,quantity\nTAS,craft\nTAS,craft,1,2\n');
    expect(rows.map(({ fault }) => fault?.code)).toEqual(['not-as-wide-as-the-header', 'not-as-wide-as-the-header']);
  });

  it('passes over a row that describes the columns, and only behind the header', async () => {
    const told = 'Kode barang Anda,pilih satu dari dua,Banyaknya barang,Harga satuan barang';
    const { rows, passedOver } = await read(`sku,category,quantity,price\n${told}\nTAS,craft,1,\n${told}\n`);
    expect(passedOver).toEqual([{ line: 2, as: 'description' }]);
    expect(rows.map(({ line }) => line)).toEqual([3, 4]);
  });

  it.each(['TAS,jual,satu,seratus', 'TAS,craft,dua puluh,tiga ratus', 'TAS,,dua puluh,', 'TAS,1,2,3'])(
    'never takes a faulty row for a description: %s',
    async (row) => {
      const { rows, passedOver } = await read(`sku,category,quantity,price\n${row}\n`);
      expect([rows.length, passedOver]).toEqual([1, []]);
    },
  );
});

describe('a template', () => {
  it.each(['goods.csv', 'goods.xlsx'])('%s is read as it is, and says nothing', async (file) => {
    const template = await templateOf(file, { goods: columns });
    const { headerFaults, rows, passedOver } = await read(template?.bytes ?? '');
    expect([headerFaults, rows]).toEqual([[], []]);
    expect(passedOver).toEqual([
      { line: 2, as: 'description' },
      { line: 3, as: 'example' },
    ]);
  });

  it.each(['toString.csv', 'goods.pdf', 'goods', '../goods.csv'])('%s is none', async (file) => {
    expect(await templateOf(file, { goods: columns })).toBeUndefined();
  });
});
