import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import { fingerprint } from '../seals/seal.ts';
import { codeText, digestOf, type IssuedStatement, type Line } from '../statements/maker-statement.ts';
import { ATTACHMENT } from './attachment.ts';
import { drawText, heightOfText, registerFonts } from './paper-text.ts';
import { dayText, rupiahText, type Words, wordsOfAccount, wordsOfKind } from './words.ts';

/*
 * A maker's statement on paper: A4, Indonesian first and English below it. The same statement as JSON is attached
 * (PDF/A-3b: to be kept for years), and a code at the end ties the paper to it. All measures are points.
 */

const PAGE = { width: 595.28, height: 841.89, margin: 48, footer: 36 };
const WIDTH = PAGE.width - 2 * PAGE.margin;
const BOTTOM = PAGE.height - PAGE.margin - PAGE.footer;
const CODE_SIZE = 132;

const color = {
  text: '#1b1f24',
  muted: '#66707b',
  rule: '#d5dae0',
  band: '#f2f4f7',
  accent: '#0b5c57',
  debit: '#9c2f24',
};

const columns = [
  { title: { id: 'Tanggal', en: 'Date' }, x: 0, width: 64, align: 'left' },
  { title: { id: 'Uraian', en: 'Description' }, x: 70, width: 200, align: 'left' },
  { title: { id: 'Rekening', en: 'Account' }, x: 276, width: 84, align: 'left' },
  { title: { id: 'Jumlah', en: 'Amount' }, x: 360, width: 64, align: 'right' },
  { title: { id: 'Jumlah hak', en: 'Owed in all' }, x: 428, width: WIDTH - 428, align: 'right' },
] as const;

type Document = InstanceType<typeof PDFDocument>;

export async function statementPdf(issued: IssuedStatement): Promise<Buffer> {
  const { statement } = issued;
  const document = new PDFDocument({
    size: 'A4',
    margin: PAGE.margin,
    bufferPages: true,
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    lang: 'id',
    displayTitle: true,
    info: {
      Title: `Laporan premi ${statement.makerId}`,
      Creator: 'Pasindo',
      CreationDate: new Date(statement.issuedAt),
    },
  } as PDFKit.PDFDocumentOptions);
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject));

  registerFonts(document);
  document.file(Buffer.from(JSON.stringify(issued)), {
    name: ATTACHMENT,
    type: 'application/json',
    description: 'The statement with its proofs',
    relationship: 'Data',
    creationDate: new Date(statement.issuedAt),
    modifiedDate: new Date(statement.issuedAt),
  } as PDFKit.Mixins.PDFAttachmentOptions);

  heading(document, issued);
  summary(document, issued);
  table(document, statement.lines);
  proof(document, issued);
  footers(document, issued);
  document.end();
  await ended;
  return Buffer.concat(parts);
}

function heading(document: Document, { statement }: IssuedStatement): void {
  const { makerId, from, to, issuedAt } = statement;
  document.rect(0, 0, PAGE.width, 6).fill(color.accent);
  document.fill(color.accent).font('strong').fontSize(10).text('PASINDO', PAGE.margin, 40, { characterSpacing: 2 });
  document.fill(color.text).fontSize(20).text('Laporan hak premi', PAGE.margin, 58);
  document.fill(color.muted).font('text').fontSize(11).text('Statement of premi owed to the maker', PAGE.margin, 84);

  const first = from === null ? 'awal / the beginning' : dayText(from);
  const facts: [Words, string][] = [
    [{ id: 'Nama samaran', en: 'Pseudonym' }, makerId],
    [{ id: 'Masa', en: 'Period' }, `${first} – ${dayText(to)}`],
    [{ id: 'Dibuat', en: 'Issued' }, issuedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
  ];
  const width = WIDTH / facts.length;
  for (const [index, [label, value]] of facts.entries()) {
    const x = PAGE.margin + index * width;
    document.fill(color.muted).font('text').fontSize(8).text(`${label.id} · ${label.en}`, x, 112, { width });
    document
      .fill(color.text)
      .font('strong')
      .fontSize(10.5)
      .text(value, x, 124, { width: width - 12 });
  }
  document.y = Math.max(document.y, 138) + 14;
}

function summary(document: Document, { statement }: IssuedStatement): void {
  const { opening, closing, lines } = statement;
  const change = (account: string): number =>
    lines.filter((line) => line.account === account).reduce((sum, { amount }) => sum + amount, 0);
  const rows: { label: Words; values: number[]; strong?: boolean }[] = [
    ...Object.keys(closing.accounts).map((account) => ({
      label: wordsOfAccount(account),
      values: [opening.accounts[account] ?? 0, change(account), closing.accounts[account] ?? 0],
    })),
    {
      label: { id: 'Jumlah hak', en: 'Owed in all' },
      values: [opening.total, closing.total - opening.total, closing.total],
      strong: true,
    },
  ];
  const titles: Words[] = [
    { id: 'Awal', en: 'Opening' },
    { id: 'Perubahan', en: 'Change' },
    { id: 'Akhir', en: 'Closing' },
  ];
  const x = (index: number): number => PAGE.margin + 200 + index * 100;
  let { y } = document;
  document.rect(PAGE.margin, y, WIDTH, 20).fill(color.band);
  for (const [index, title] of titles.entries()) both(document, title, x(index), y + 5, 92, 'right');
  document
    .fill(color.muted)
    .font('text')
    .fontSize(8)
    .text('Rupiah (IDR)', PAGE.margin + 8, y + 6);
  y += 25;
  for (const { label, values, strong } of rows) {
    if (strong)
      document
        .moveTo(PAGE.margin, y - 1)
        .lineTo(PAGE.margin + WIDTH, y - 1)
        .lineWidth(0.7)
        .stroke(color.text);
    both(document, label, PAGE.margin + 8, y + 2, 200, 'left', strong);
    for (const [index, value] of values.entries()) money(document, value, x(index), y + 2, 92, strong ?? false);
    y += 17;
  }
  document.y = y + 16;
}

function table(document: Document, lines: readonly Line[]): void {
  tableHead(document);
  if (lines.length === 0) {
    const nothing = 'Tidak ada perubahan pada masa ini · Nothing moved in this period';
    document
      .fill(color.muted)
      .font('text')
      .fontSize(9)
      .text(nothing, PAGE.margin, document.y + 6);
  }
  for (const line of lines) {
    const description = `${line.reference}${line.lineRef === null ? '' : `, ${line.lineRef}`}`;
    const [date, what, account, amount, total] = columns;
    const height = 12 + heightOfText(document, description, { size: 8, width: what.width }) + 5;
    if (document.y + height > BOTTOM) {
      document.addPage();
      document.y = PAGE.margin;
      tableHead(document);
    }
    const { y } = document;
    document
      .fill(color.text)
      .font('text')
      .fontSize(9)
      .text(dayText(line.postedOn), PAGE.margin + date.x, y + 2, date);
    both(document, wordsOfKind(line.kind), PAGE.margin + what.x, y + 2, what.width, 'left');
    document.fill(color.muted);
    drawText(document, description, PAGE.margin + what.x, y + 13, { size: 8, width: what.width });
    const { id, en } = wordsOfAccount(line.account);
    document
      .fill(color.text)
      .font('text')
      .fontSize(9)
      .text(id, PAGE.margin + account.x, y + 2, account);
    document
      .fill(color.muted)
      .fontSize(8)
      .text(en, PAGE.margin + account.x, y + 13, account);
    money(document, line.amount, PAGE.margin + amount.x, y + 2, amount.width, true);
    money(document, line.total, PAGE.margin + total.x, y + 2, total.width, false);
    document
      .moveTo(PAGE.margin, y + height)
      .lineTo(PAGE.margin + WIDTH, y + height)
      .lineWidth(0.5)
      .stroke(color.rule);
    document.y = y + height;
  }
}

function tableHead(document: Document): void {
  const { y } = document;
  for (const { title, x, width, align } of columns) {
    document
      .fill(color.text)
      .font('strong')
      .fontSize(8.5)
      .text(title.id, PAGE.margin + x, y, { width, align });
    document
      .fill(color.muted)
      .font('text')
      .fontSize(8)
      .text(title.en, PAGE.margin + x, y + 11, { width, align });
  }
  document
    .moveTo(PAGE.margin, y + 24)
    .lineTo(PAGE.margin + WIDTH, y + 24)
    .lineWidth(0.7)
    .stroke(color.text);
  document.y = y + 26;
}

/** The code, and in two languages how whoever doubts the paper can check it. */
function proof(document: Document, issued: IssuedStatement): void {
  const { journals, seals } = issued.statement;
  if (document.y + CODE_SIZE + 48 > BOTTOM) {
    document.addPage();
    document.y = PAGE.margin;
  }
  const top = document.y + 24;
  code(document, codeText(issued), PAGE.margin, top);
  const x = PAGE.margin + CODE_SIZE + 20;
  const width = WIDTH - CODE_SIZE - 20;
  const open = journals.filter((journal) => journal.proof === null).length;
  document.fill(color.text).font('strong').fontSize(10.5).text('Bukti · Proof', x, top, { width });
  document.font('text').fontSize(8.5).fill(color.text);
  document
    .moveDown(0.3)
    .text(
      'Setiap baris dapat dibuktikan terhadap segel harian pembukuan: simpan berkas PDF ini (laporan lengkap terlampir di ' +
        'dalamnya) dan periksa dengan kunci publik pembukuan. Kode ini memuat sidik laporan dan segel terakhirnya.',
      { width },
    );
  document.fill(color.muted).moveDown(0.3);
  document.text(
    'Every line can be proven against the daily seals of the books: keep this PDF file (the whole statement is attached to ' +
      'it) and check it with the public key of the books. The code holds the statement’s digest and its latest seal.',
    { width },
  );
  const figures = [
    `SHA-256 ${digestOf(issued)}`,
    `${journals.length - open} / ${journals.length} jurnal disegel · journals sealed, ${seals.length} segel · seals`,
    `Kunci · Key ${fingerprint(issued.publicKey)}`,
  ];
  document.moveDown(0.5).fontSize(7.5).text(figures.join('\n'), { width, lineGap: 1.5 });
}

function code(document: Document, text: string, x: number, y: number): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const size = CODE_SIZE / modules.size;
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) document.rect(x + column * size, y + row * size, size, size);
    }
  }
  document.fill('#000000');
}

function footers(document: Document, issued: IssuedStatement): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(start + page);
    document.page.margins.bottom = 0; // else a text below it would open another page
    const y = PAGE.height - PAGE.margin - 8;
    document.fill(color.muted).font('text').fontSize(7.5);
    document.text(`${issued.statement.makerId} · SHA-256 ${digestOf(issued).slice(0, 16)}`, PAGE.margin, y, {
      width: WIDTH / 2,
    });
    const number = `Halaman ${page + 1} dari ${count} · Page ${page + 1} of ${count}`;
    document.text(number, PAGE.margin + WIDTH / 2, y, { width: WIDTH / 2, align: 'right' });
  }
}

function both(
  document: Document,
  { id, en }: Words,
  x: number,
  y: number,
  width: number,
  align: 'left' | 'right',
  strong = false,
): void {
  document.font(strong ? 'strong' : 'text').fontSize(9);
  const rest = id === en ? '' : ` · ${en}`;
  const start =
    align === 'left' ? x : x + width - document.widthOfString(id) - document.fontSize(8).widthOfString(rest);
  document.fontSize(9).fill(color.text).text(id, start, y, { lineBreak: false });
  const after = start + document.widthOfString(id);
  document
    .font('text')
    .fontSize(8)
    .fill(color.muted)
    .text(rest, after, y + 0.9, { lineBreak: false });
}

function money(document: Document, amount: number, x: number, y: number, width: number, strong: boolean): void {
  document
    .font(strong ? 'strong' : 'text')
    .fontSize(9)
    .fill(amount < 0 ? color.debit : color.text);
  document.text(rupiahText(amount), x, y, { width, align: 'right', lineBreak: false });
}
