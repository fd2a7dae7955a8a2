import { PassThrough, type Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { drawText, heightOfText, registerFonts, type Weight } from '../../proof/documents/paper-text.ts';
import { pace } from './pace.ts';
import { type Cell, type Column, type FilledReport, type Language, type Row, Totals } from './report.ts';

/*
 * A report on paper: A4 across, headings on every page, totals, and room to sign. Pages leave as they are full. All
 * measures are points.
 */

const PAGE = { width: 841.89, height: 595.28, margin: 40, footer: 24 };
const WIDTH = PAGE.width - 2 * PAGE.margin;
const BOTTOM = PAGE.height - PAGE.margin - PAGE.footer;
const LINE = 15;
const TEXT_SIZE = 9;
/** Between a text of many lines and the next row. */
const ROW_GAP = 3;
/** Of a row that somebody signs in. */
const SIGNED_LINE = 28;
const GAP = 8;
const SIGNATURE = { width: 220, height: 90 };

const color = { text: '#1b1f24', muted: '#66707b', rule: '#d5dae0', negative: '#9c2f24' };

/** Parts of the page's width that columns ask for. */
const WEIGHTS: Record<Column['type'], number> = { text: 3, date: 1.4, count: 1.2, rupiah: 1.8, blank: 2.4 };

export function asPdf(report: FilledReport, language: Language): Readable {
  const document = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margins: { top: PAGE.margin, left: PAGE.margin, right: PAGE.margin, bottom: 0 }, // what is left is ours to judge
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: language,
    displayTitle: true,
    info: { Title: report.title[language], Creator: 'Pasindo' },
  });
  registerFonts(document);
  const output = document.pipe(new PassThrough());
  write(document, report, language, output).then(
    () => document.end(),
    (error: Error) => output.destroy(error),
  );
  return output;
}

async function write(
  document: PDFKit.PDFDocument,
  report: FilledReport,
  language: Language,
  output: PassThrough,
): Promise<void> {
  const columns = laidOut(report.columns);
  const height = report.columns.some(({ type }) => type === 'blank') ? SIGNED_LINE : LINE;
  let page = 0;
  let y = 0;
  const turn = () => {
    page += 1;
    y = startPage(document, report, columns, language, page);
  };
  const line = (cells: Row, weight: Weight) => {
    const written = columns.map(({ key, type, x, width }) => {
      const value = cells[key] ?? null;
      const align = isNumber(type) ? ('right' as const) : ('left' as const);
      const isNegative = typeof value === 'number' && value < 0;
      return { x, isNegative, text: textOf(value, type, language), options: { size: TEXT_SIZE, weight, width, align } };
    });
    const heights = written.map(({ text, options }) => heightOfText(document, text, options) + ROW_GAP);
    const taken = Math.max(height, ...heights);
    if (y + taken > BOTTOM) turn();
    for (const { x, isNegative, text, options } of written) {
      document.fillColor(isNegative ? color.negative : color.text);
      drawText(document, text, x, y, options);
    }
    y += taken;
    rule(document, y - 3);
  };

  turn();
  const totals = new Totals(report);
  for await (const row of report.rows) {
    totals.add(row);
    const before = page;
    line(row, 'text');
    if (page > before) await pace(output);
  }
  const [first] = report.columns;
  if (totals.row && first) line({ [first.key]: 'Total', ...totals.row }, 'strong');

  const { signatures = [] } = report;
  if (signatures.length > 0 && y + SIGNATURE.height > BOTTOM) turn();
  for (const [index, signature] of signatures.entries()) {
    const x = PAGE.margin + index * (SIGNATURE.width + 60);
    document.font('text').fontSize(9).fillColor(color.text);
    document.text(signature[language], x, y + LINE, { width: SIGNATURE.width, lineBreak: false });
    document.moveTo(x, y + SIGNATURE.height - 8).lineTo(x + SIGNATURE.width, y + SIGNATURE.height - 8);
    document.lineWidth(0.7).stroke(color.text);
  }
}

/** Title, what it is about, headings and the page's number. @returns where the first row begins */
function startPage(
  document: PDFKit.PDFDocument,
  report: FilledReport,
  columns: readonly PlacedColumn[],
  language: Language,
  page: number,
): number {
  document.addPage();
  const { margin } = PAGE;
  document.font('strong').fontSize(15).fillColor(color.text);
  document.text(report.title[language], margin, margin, { width: WIDTH, lineBreak: false });
  document.fillColor(color.muted);
  const about = [...Object.values(report.about), language === 'id' ? 'dalam rupiah' : 'in rupiah'].join(' · ');
  drawText(document, about, margin, margin + 20, { size: TEXT_SIZE, width: WIDTH });
  document
    .font('text')
    .fontSize(TEXT_SIZE)
    .text(String(page), margin, PAGE.height - margin, { width: WIDTH, align: 'right', lineBreak: false });

  document.font('strong').fontSize(8);
  const heights = columns.map(({ heading, width }) => document.heightOfString(heading[language], { width }));
  const bottom = margin + 44 + Math.max(...heights);
  for (const [index, { heading, x, width, type }] of columns.entries()) {
    const y = bottom - (heights[index] ?? 0);
    document.text(heading[language], x, y, { width, align: isNumber(type) ? 'right' : 'left' });
  }
  rule(document, bottom + 3, color.text);
  return bottom + 8;
}

function textOf(value: Cell, type: Column['type'], language: Language): string {
  if (value === null || type === 'blank') return '';
  return typeof value === 'number' ? value.toLocaleString(language === 'id' ? 'id-ID' : 'en') : value;
}

type PlacedColumn = Column & { readonly x: number; readonly width: number };

/** Columns side by side over the whole width. */
function laidOut(columns: readonly Column[]): PlacedColumn[] {
  const room = WIDTH - GAP * (columns.length - 1);
  const weights = columns.reduce((sum, { type }) => sum + WEIGHTS[type], 0);
  let x = PAGE.margin;
  return columns.map((column) => {
    const width = (room * WEIGHTS[column.type]) / weights;
    const placed = { ...column, x, width };
    x += width + GAP;
    return placed;
  });
}

function isNumber(type: Column['type']): boolean {
  return type === 'rupiah' || type === 'count';
}

function rule(document: PDFKit.PDFDocument, y: number, stroke = color.rule): void {
  document
    .moveTo(PAGE.margin, y)
    .lineTo(PAGE.width - PAGE.margin, y)
    .lineWidth(0.5)
    .stroke(stroke);
}
