import { PassThrough, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
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
/** Of a row that somebody signs in. */
const SIGNED_LINE = 28;
const GAP = 8;
const SIGNATURE = { width: 220, height: 90 };

const color = { text: '#1b1f24', muted: '#66707b', rule: '#d5dae0', negative: '#9c2f24' };

/** Parts of the page's width that columns ask for. */
const WEIGHTS: Record<Column['type'], number> = { text: 3, date: 1.4, count: 1.2, rupiah: 1.8, blank: 2.4 };

const font = (weight: string) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/source-sans-3/${weight}/SourceSans3_${weight}.ttf`));

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
  document.registerFont('text', font('400Regular')).registerFont('strong', font('600SemiBold'));
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
  const line = (cells: Row, weight: 'text' | 'strong') => {
    if (y + height > BOTTOM) turn();
    for (const { key, x, width, type } of columns)
      cell(document, cells[key] ?? null, type, { x, y, width }, language, weight);
    y += height;
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
  document.font('text').fontSize(9).fillColor(color.muted);
  const about = [...Object.values(report.about), language === 'id' ? 'dalam rupiah' : 'in rupiah'].join(' · ');
  document.text(about, margin, margin + 20, { width: WIDTH, lineBreak: false });
  document.text(String(page), margin, PAGE.height - margin, { width: WIDTH, align: 'right', lineBreak: false });

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

function cell(
  document: PDFKit.PDFDocument,
  value: Cell,
  type: Column['type'],
  { x, y, width }: { x: number; y: number; width: number },
  language: Language,
  weight: 'text' | 'strong',
): void {
  if (value === null || type === 'blank') return;
  const written = typeof value === 'number' ? value.toLocaleString(language === 'id' ? 'id-ID' : 'en') : value;
  document
    .font(weight)
    .fontSize(9)
    .fillColor(typeof value === 'number' && value < 0 ? color.negative : color.text);
  const options = { width, height: LINE, ellipsis: true, lineBreak: false };
  document.text(written, x, y, { ...options, align: isNumber(type) ? 'right' : 'left' });
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
