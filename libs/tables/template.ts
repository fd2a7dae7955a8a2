import { stringify } from 'csv-stringify/sync';
import exceljs from 'exceljs';
import { safeCell } from './safe-cell.ts';
import { type Columns, inBothLanguages } from './table.ts';

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
export const templateTypes = Object.values(types);

export interface Template {
  readonly bytes: Buffer;
  readonly type: string;
}

/**
 * A file to be filled in, by its name: `lots.csv` or `lots.xlsx` of the table `lots`. It names the columns, says what they
 * hold, and shows an example; both rows are passed over when it is read.
 */
export async function templateOf(
  file: string,
  tables: Readonly<Record<string, Columns>>,
): Promise<Template | undefined> {
  const [, name = '', format] = /^([a-z]+)\.(csv|xlsx)$/.exec(file) ?? [];
  const columns = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (columns === undefined) return undefined;
  return format === 'csv'
    ? { bytes: csvTemplate(columns), type: types.csv }
    : { bytes: await xlsxTemplate(name, columns), type: types.xlsx };
}

function rowsOf(columns: Columns): string[][] {
  const all = Object.entries(columns);
  return [
    all.map(([column]) => column),
    all.map(([, { description }]) => inBothLanguages(description)),
    all.map(([, { example }]) => safeCell(example)),
  ];
}

function csvTemplate(columns: Columns): Buffer {
  return Buffer.from(`\uFEFF${stringify(rowsOf(columns))}`); // without the mark Excel takes it for Windows-1252
}

async function xlsxTemplate(name: string, columns: Columns): Promise<Buffer> {
  const workbook = new exceljs.Workbook();
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 2 }] });
  sheet.columns = Object.values(columns).map(({ isText }) => ({ width: 24, style: isText ? { numFmt: '@' } : {} }));
  sheet.addRows(rowsOf(columns));
  sheet.getRow(1).font = { bold: true };
  sheet.getRow(2).alignment = { wrapText: true, vertical: 'top' };
  for (const row of [2, 3]) sheet.getRow(row).font = { italic: true };
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
