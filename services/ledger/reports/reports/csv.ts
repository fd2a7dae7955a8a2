import { stringify } from 'csv-stringify/sync';
import { safeCell } from '#libs/tables';
import type { FilledReport, Language } from './report.ts';

/** One header, one record a row, nothing else: what a program reads. Totals are left to it. */
export async function* asCsv(report: FilledReport, language: Language): AsyncGenerator<string> {
  const columns = report.columns.filter(({ type }) => type !== 'blank');
  yield stringify([columns.map(({ heading }) => heading[language])]);
  for await (const row of report.rows) yield stringify([columns.map(({ key }) => safeCell(row[key]))]);
}
