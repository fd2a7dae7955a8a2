import { PassThrough, type Readable } from 'node:stream';
import exceljs from 'exceljs';
import { safeCell } from '#libs/tables';
import { pace } from './pace.ts';
import { type FilledReport, type Language, type Row, Totals } from './report.ts';

const WIDTHS = { text: 30, date: 12, count: 10, rupiah: 20, blank: 24 };
/** Written before others, and a reader who is slower, have their turn. */
const ROWS_AT_ONCE = 200;
const NUMBER = '#,##0;[Red]-#,##0';

/** A workbook of one sheet for people: title, headings that stay in sight, totals, and lines to sign on. */
export function asXlsx(report: FilledReport, language: Language): Readable {
  const output = new PassThrough();
  write(report, language, output).catch((error: Error) => output.destroy(error));
  return output;
}

async function write(report: FilledReport, language: Language, output: PassThrough): Promise<void> {
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({ stream: output, useStyles: true });
  const headingRow = 4;
  const sheet = workbook.addWorksheet(report.title[language].replace(/[:\\/?*[\]]/g, '').slice(0, 31), {
    views: [{ state: 'frozen', ySplit: headingRow }],
    pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  sheet.columns = report.columns.map(({ key, type }) => ({
    key,
    width: WIDTHS[type],
    style: type === 'rupiah' || type === 'count' ? { numFmt: NUMBER } : {},
  }));
  const add = (cells: Row | readonly string[], bold: boolean) => {
    const row = sheet.addRow(safe(cells));
    if (bold) row.font = { bold: true };
    row.commit();
  };
  add([report.title[language]], true);
  add([Object.values(report.about).join(' · '), 'IDR'], false);
  add([], false);
  add(
    report.columns.map(({ heading }) => heading[language]),
    true,
  );

  const totals = new Totals(report);
  let rows = 0;
  for await (const row of report.rows) {
    totals.add(row);
    add(row, false);
    rows += 1;
    if (rows % ROWS_AT_ONCE === 0) await pace(output);
  }
  const [first] = report.columns;
  if (totals.row && first) add({ [first.key]: 'Total', ...totals.row }, true);
  for (const signature of report.signatures ?? []) {
    add([], false);
    add([`${signature[language]}: ______________________________`], false);
  }
  sheet.commit();
  await workbook.commit();
}

function safe(cells: Row | readonly string[]): Row | string[] {
  if (Array.isArray(cells)) return cells.map(safeCell);
  return Object.fromEntries(Object.entries(cells).map(([key, cell]) => [key, safeCell(cell)]));
}
