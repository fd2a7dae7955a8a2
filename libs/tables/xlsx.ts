import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { type Cell, isBlank, shortened, type TableRecord } from './cell.ts';
import { unsafeCell } from './safe-cell.ts';
import { UnreadableTable } from './unreadable.ts';

/*
 * The visible sheets of a workbook, row by row. Only its texts, which all rows share, are kept in memory. What can
 * make a small file large is bounded: a zip entry is as large as it says or the reading ends.
 */

const PART_BYTES_MAX = 16 * 2 ** 20;
const SHEET_BYTES_MAX = 2 ** 30;
const SHARED_TEXT_LENGTH_MAX = 64 * 2 ** 20;
const WITHOUT_TAG_MAX = 4 * 2 ** 20;
const COLUMNS_MAX = 1_000;
/** A number in a workbook has 15 digits; further ones were lost when it was entered. */
const EXACT_MAX = 1e15;

interface Workbook {
  /** Those that are not hidden, in the order of their tabs. */
  readonly sheets: readonly { readonly name: string; readonly path: string }[];
  readonly texts: readonly string[];
  readonly formats: readonly Format[];
  readonly isSince1904: boolean;
}

type Format = 'date' | 'number' | { readonly digits: number };

/** A sheet of a workbook. Its rows can be read until the next one is asked for. */
export interface XlsxSheet {
  readonly name: string;
  readonly records: AsyncIterable<TableRecord>;
}

/** The rows of the first sheet. @param onSheet is told its name */
export async function* xlsxRecords(
  file: string | Buffer,
  onSheet: (name: string) => void,
  onShare: (share: number) => void,
): AsyncGenerator<TableRecord> {
  for await (const { name, records } of xlsxSheets(file, onShare)) {
    onSheet(name);
    yield* records;
    return;
  }
}

export async function* xlsxSheets(
  file: string | Buffer,
  onShare: (share: number) => void = () => {},
): AsyncGenerator<XlsxSheet> {
  const zip = await open(file);
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    const workbook = await workbookOf(zip, entries);
    for (const { name, path } of workbook.sheets) {
      const entry = entries.get(path);
      yield { name, records: soundly(entry ? rowsOf(zip, entry, workbook, onShare) : []) };
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    zip.close();
  }
}

async function* soundly(records: AsyncIterable<TableRecord> | readonly TableRecord[]): AsyncGenerator<TableRecord> {
  try {
    yield* records;
  } catch (error) {
    throw asUnreadable(error);
  }
}

function asUnreadable(error: unknown): UnreadableTable {
  return error instanceof UnreadableTable ? error : damaged();
}

async function open(file: string | Buffer): Promise<ZipFile> {
  try {
    return await (typeof file === 'string' ? openPromise(file, { autoClose: false }) : fromBufferPromise(file));
  } catch {
    throw damaged();
  }
}

function damaged(): UnreadableTable {
  return new UnreadableTable(
    'The workbook is damaged or none of Excel (.xlsx). Open it in a spreadsheet program and save it anew.',
    'Berkas rusak atau bukan buku kerja Excel (.xlsx). Buka di program spreadsheet lalu simpan ulang.',
  );
}

function tooLarge(): UnreadableTable {
  return new UnreadableTable(
    'The workbook is too large when it is unpacked. Save the sheet as “CSV UTF-8”.',
    'Buku kerja terlalu besar setelah dibuka. Simpan lembarnya sebagai “CSV UTF-8”.',
  );
}

interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Reads a part of the workbook; yields after each piece of it, so that its reader takes what the handlers have found. */
async function* parsed(zip: ZipFile, entry: Entry, bytesMax: number, handlers: XmlHandlers): AsyncGenerator<number> {
  if (entry.uncompressedSize > bytesMax) throw tooLarge();
  const parser = new SaxesParser();
  let withoutTag = 0;
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    withoutTag = 0;
    handlers.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    withoutTag = 0;
    handlers.close?.(localName(name));
  });
  parser.on('doctype', () => {
    throw damaged(); // no program writes one; it could name what is not in the file
  });
  if (handlers.text) parser.on('text', (text) => handlers.text?.(text));
  const decoder = new TextDecoder();
  let bytesRead = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    bytesRead += (chunk as Buffer).length;
    withoutTag += (chunk as Buffer).length;
    parser.write(decoder.decode(chunk as Buffer, { stream: true }));
    if (withoutTag > WITHOUT_TAG_MAX) throw tooLarge();
    yield bytesRead / entry.uncompressedSize;
  }
  parser.close();
}

/** Some programs give every name a prefix: `x:row`. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

async function read(
  zip: ZipFile,
  entry: Entry | undefined,
  handlers: XmlHandlers,
  bytesMax = PART_BYTES_MAX,
): Promise<void> {
  if (!entry) return;
  for await (const _ of parsed(zip, entry, bytesMax, handlers));
}

async function workbookOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<Workbook> {
  const sheets: { name: string; relation: string; isHidden: boolean }[] = [];
  let isSince1904 = false;
  await read(zip, entries.get('xl/workbook.xml'), {
    open(name, attributes) {
      if (name === 'workbookPr') isSince1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => localName(key) === 'id' && key !== 'id')?.[1] ?? '';
      sheets.push({ name: attributes.name ?? '', relation, isHidden: (attributes.state ?? 'visible') !== 'visible' });
    },
  });
  const targets = new Map<string, { path: string; type: string }>();
  await read(zip, entries.get('xl/_rels/workbook.xml.rels'), {
    open(name, { Id = '', Target = '', Type = '' }) {
      if (name !== 'Relationship') return;
      const path = Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`;
      targets.set(Id, { path, type: Type.slice(Type.lastIndexOf('/') + 1) });
    },
  });
  const seen = sheets.filter(({ relation, isHidden }) => !isHidden && targets.get(relation)?.type === 'worksheet');
  if (seen.length === 0) throw damaged();
  const pathOf = (type: string) => [...targets.values()].find((target) => target.type === type)?.path ?? '';
  return {
    sheets: seen.map(({ name, relation }) => ({ name, path: targets.get(relation)?.path ?? '' })),
    texts: await textsOf(zip, entries.get(pathOf('sharedStrings'))),
    formats: await formatsOf(zip, entries.get(pathOf('styles'))),
    isSince1904,
  };
}

/** Texts that cells name by their number. Those of phonetic guides (`rPh`) are not part of them. */
async function textsOf(zip: ZipFile, entry: Entry | undefined): Promise<string[]> {
  const texts: string[] = [];
  let length = 0;
  const text = new TextOfCell();
  const handlers: XmlHandlers = {
    open: (name) => text.open(name),
    text: (part) => text.add(part),
    close(name) {
      text.close(name);
      if (name !== 'si') return;
      const whole = text.take();
      length += whole.length + 1;
      if (length > SHARED_TEXT_LENGTH_MAX) throw tooLarge();
      texts.push(whole);
    },
  };
  await read(zip, entry, handlers, SHEET_BYTES_MAX);
  return texts;
}

/** The text of `t` elements, in one piece or with formats in between. */
class TextOfCell {
  #text = '';
  #isIn = false;
  #guides = 0;

  open(name: string): void {
    if (name === 't') this.#isIn = true;
    if (name === 'rPh') this.#guides += 1;
  }

  add(part: string): void {
    if (this.#isIn && this.#guides === 0) this.#text = shortened(this.#text + part);
  }

  close(name: string): void {
    if (name === 't') this.#isIn = false;
    if (name === 'rPh') this.#guides -= 1;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
  }
}

/** Numbers of the formats for dates and times that need no definition (ECMA-376, 18.8.30). */
const isBuiltInDate = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** By the number that cells name them with. */
async function formatsOf(zip: ZipFile, entry: Entry | undefined): Promise<Format[]> {
  const codes = new Map<number, string>();
  const formats: Format[] = [];
  let isIn = false;
  await read(zip, entry, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') isIn = true;
      if (name !== 'xf' || !isIn) return;
      const id = Number(attributes.numFmtId ?? 0);
      formats.push(isBuiltInDate(id) ? 'date' : formatOf(codes.get(id) ?? ''));
    },
    close(name) {
      if (name === 'cellXfs') isIn = false;
    },
  });
  return formats;
}

function formatOf(code: string): Format {
  if (/^0{2,}$/.test(code)) return { digits: code.length };
  const plain = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '');
  return /[ymdhs]/i.test(plain) && !/[0#?]/.test(plain.replace(/[ymdhs:.\-/ ,0]+/gi, '')) ? 'date' : 'number';
}

/** A cell while it is read. */
interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly format: Format;
  isFormula: boolean;
  value: string | undefined;
}

async function* rowsOf(
  zip: ZipFile,
  entry: Entry,
  { texts, formats, isSince1904 }: Workbook,
  onShare: (share: number) => void,
): AsyncGenerator<TableRecord> {
  const found: TableRecord[] = [];
  let row: { line: number; cells: Cell[] } = { line: 0, cells: [] };
  let cell: OpenCell | undefined;
  let isValue = false;
  let width = 0;
  const inline = new TextOfCell();

  const handlers: XmlHandlers = {
    open(name, attributes) {
      inline.open(name);
      if (name === 'row') row = { line: Number(attributes.r ?? row.line + 1), cells: [] };
      else if (name === 'c') {
        const column = attributes.r === undefined ? row.cells.length : columnOf(attributes.r);
        const format = formats[Number(attributes.s ?? -1)] ?? 'number';
        cell = { column, type: attributes.t ?? 'n', format, isFormula: false, value: undefined };
      } else if (name === 'f' && cell) cell.isFormula = true;
      else if (name === 'v') isValue = true;
    },
    text(text) {
      if (isValue && cell) cell.value = shortened((cell.value ?? '') + text);
      else inline.add(text);
    },
    close(name) {
      inline.close(name);
      if (name === 'v') isValue = false;
      else if (name === 'c' && cell) {
        if (cell.type === 'inlineStr') cell.value = inline.take();
        const value = cellValueOf(cell, texts, isSince1904);
        if (value !== '') {
          if (cell.column >= COLUMNS_MAX) throw tooLarge();
          while (row.cells.length < cell.column) row.cells.push('');
          row.cells[cell.column] = value;
        }
        cell = undefined;
      } else if (name === 'row') {
        if (width === 0 && row.cells.some((each) => !isBlank(each))) width = row.cells.length;
        while (row.cells.length < width) row.cells.push('');
        found.push(row);
      }
    },
  };
  for await (const share of parsed(zip, entry, SHEET_BYTES_MAX, handlers)) {
    onShare(share);
    yield* found.splice(0);
  }
}

/** From 0, of `AB12`. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]+/.exec(reference)?.[0] ?? 'A';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellValueOf(
  { type, format, isFormula, value }: OpenCell,
  texts: readonly string[],
  isSince1904: boolean,
): Cell {
  if (value === undefined) return isFormula ? '#CALC!' : ''; // the program that wrote the formula has not computed it
  switch (type) {
    case 's':
      return unsafeCell(texts[Number(value)] ?? '');
    case 'str':
    case 'inlineStr':
      return unsafeCell(value);
    case 'b':
      return value === '1' ? 'true' : 'false';
    case 'e':
    case 'd':
      return value;
    default:
      return numberOf(value, format, isSince1904);
  }
}

function numberOf(text: string, format: Format, isSince1904: boolean): Cell {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return text;
  if (format === 'date') return dateOf(number, isSince1904);
  if (Math.abs(number) >= EXACT_MAX) return number.toExponential(14).toUpperCase();
  return typeof format === 'object' && Number.isInteger(number) ? String(number).padStart(format.digits, '0') : number;
}

/** `2026-01-31`, or with its time of day where it has one. Workbooks know no zone. */
function dateOf(serial: number, isSince1904: boolean): string {
  const epoch = isSince1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const date = new Date(epoch + Math.round(serial * 86_400) * 1_000);
  if (Number.isNaN(date.getTime())) return String(serial);
  const [day = '', time = ''] = date.toISOString().split('T');
  return Number.isInteger(serial) ? day : `${day}T${time.slice(0, 8)}`;
}
