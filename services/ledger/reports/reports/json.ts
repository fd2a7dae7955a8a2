import type { FilledReport, Language } from './report.ts';
import { Totals } from './report.ts';

/** One JSON object: title, columns with their headings, rows, totals. */
export async function* asJson(report: FilledReport, language: Language): AsyncGenerator<string> {
  const columns = report.columns.map(({ key, heading, type }) => ({ key, heading: heading[language], type }));
  const head = { report: report.name, title: report.title[language], currency: 'IDR', ...report.about, columns };
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  const totals = new Totals(report);
  let separator = '';
  for await (const row of report.rows) {
    totals.add(row);
    yield separator + JSON.stringify(row);
    separator = ',';
  }
  yield `],"totals":${JSON.stringify(totals.row ?? null)}}`;
}
