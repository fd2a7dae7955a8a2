import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { shortened, type TableRecord } from './cell.ts';
import { unsafeCell } from './safe-cell.ts';
import { UnreadableTable } from './unreadable.ts';

export const encodings = ['utf-8', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

const SEPARATORS = [',', ';', '\t'];
const RECORD_LENGTH_MAX = 100_000;

/** The rows of a CSV file: comma, semicolon or tab, whatever its line ends and marks at the beginning are. */
export async function* csvRecords(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<TableRecord> {
  const texts = decoded(bytes, encoding);
  let head = '';
  for (let next = await texts.next(); !next.done; next = await texts.next()) {
    head += next.value;
    if (firstLineOf(head) !== undefined || head.length > RECORD_LENGTH_MAX) break;
  }
  const [named, separator = separatorOf(firstLineOf(head) ?? head)] =
    /^"?sep=([,;\t])"?(?:\r\n|\n|\r)/i.exec(head) ?? [];
  const parser = parse({
    delimiter: separator,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: RECORD_LENGTH_MAX,
  });
  const source = Readable.from(joined(head.slice(named?.length ?? 0), texts));
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  const linesBefore = named === undefined ? 0 : 1;
  let line = linesBefore;
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      line += 1;
      yield { line, cells: fields.map((field) => shortened(unsafeCell(field))) };
    }
  } catch (error) {
    // Rows that were read before it may not have come here yet.
    throw error instanceof CsvError
      ? unreadable(error, linesBefore + Number((error as { records?: number }).records) + 1)
      : error;
  } finally {
    source.destroy();
  }
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (head !== '') yield head;
  yield* rest;
}

/** The first line that is not empty, if it is complete. */
function firstLineOf(text: string): string | undefined {
  return /^[\r\n]*([^\r\n]+)[\r\n]/.exec(text)?.[1];
}

/** The one that stands most often in the header. */
function separatorOf(header: string): string {
  const counts = SEPARATORS.map((separator) => header.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] as string;
}

function unreadable({ code }: CsvError, line: number): UnreadableTable {
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return new UnreadableTable(
      `Row ${line} has more than ${RECORD_LENGTH_MAX} characters; is a quotation mark (") in it not closed?`,
      `Baris ${line} lebih dari ${RECORD_LENGTH_MAX} karakter; apakah ada tanda kutip (") yang tidak ditutup?`,
    );
  }
  return new UnreadableTable(
    `Row ${line} has a quotation mark (") without its counterpart, so where its cells end cannot be told. A cell that ` +
      'holds quotation marks stands in quotation marks, each one in it doubled: "Tas 12"" hitam".',
    `Baris ${line} memuat tanda kutip (") tanpa pasangannya, sehingga batas selnya tidak jelas. Sel yang memuat tanda ` +
      'kutip ditulis di antara tanda kutip, dan setiap tanda kutip di dalamnya digandakan: "Tas 12"" hitam".',
  );
}

/** The text of a CSV file. */
export async function textOf(path: string, encoding: Encoding): Promise<string> {
  return text(decoded(createReadStream(path), encoding));
}

/** The texts of a file; its marks of byte order, be there one or two, tell the encoding and are no part of it. */
async function* decoded(source: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = { of: undefined as TextDecoder | undefined };
  let isStart = true;
  const clean = (text: string): string => {
    const rest = isStart ? text.replace(/^\uFEFF+/, '') : text;
    isStart &&= rest === '';
    if (!rest.includes('\0')) return rest;
    throw new UnreadableTable(
      'The file holds bytes of zero: it is no CSV file, or it is UTF-16 without a mark. Save it as “CSV UTF-8”.',
      'Berkas memuat byte nol: bukan CSV, atau UTF-16 tanpa tanda. Simpan sebagai “CSV UTF-8”.',
    );
  };
  try {
    for await (const chunk of withFullHead(source)) {
      decoder.of ??= new TextDecoder(encodingOf(chunk) ?? encoding, { fatal: true, ignoreBOM: true });
      yield clean(decoder.of.decode(chunk, { stream: true }));
    }
    yield clean(decoder.of?.decode() ?? '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new UnreadableTable(
      'The file is not UTF-8. If a Windows program wrote it, say so with --encoding windows-1252, or save it as “CSV UTF-8”.',
      'Berkas ini bukan UTF-8. Jika ditulis oleh program Windows, nyatakan dengan --encoding windows-1252, atau simpan sebagai “CSV UTF-8”.',
    );
  }
}

function encodingOf(head: Buffer): string | undefined {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && head[2] === 0xbf ? 'utf-8' : undefined;
}

/** Chunks as they come, the first one long enough for a mark of byte order. */
async function* withFullHead(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of source) {
    head = Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    yield head;
    head = Buffer.alloc(0);
  }
  if (head.length > 0) yield head;
}
