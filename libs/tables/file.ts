import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { TableRecord } from './cell.ts';
import { csvRecords, type Encoding } from './csv.ts';
import { UnreadableTable } from './unreadable.ts';
import { xlsxRecords, xlsxSheets } from './xlsx.ts';

export { type Cell, isBlank, type TableRecord } from './cell.ts';
export { type Encoding, encodings, textOf } from './csv.ts';
export { UnreadableTable } from './unreadable.ts';

/** A file as it is read: CSV or XLSX, which its first bytes tell and not its name. */
export interface TableFile {
  readonly records: AsyncIterable<TableRecord>;
  /** How much of it has been read, 0 to 1. */
  share(): number;
  /** Of a workbook, once reading has begun: the first sheet that is not hidden. */
  sheet(): string | undefined;
}

/** A sheet of a file, by its name; of a CSV file the only one, which has none. */
export interface Sheet {
  readonly name: string | undefined;
  /** To be read before the next sheet is. */
  readonly records: AsyncIterable<TableRecord>;
}

/** All sheets of a file that are not hidden, in the order of their tabs. @param file its path, or its bytes */
export async function* openSheets(file: string | Buffer, encoding: Encoding = 'utf-8'): AsyncGenerator<Sheet> {
  if (await isWorkbook(file)) yield* xlsxSheets(file);
  else yield { name: undefined, records: (await openFile(file, encoding)).records };
}

/** @throws UnreadableTable of a workbook of another time */
async function isWorkbook(file: string | Buffer): Promise<boolean> {
  const head = typeof file === 'string' ? await headOf(file) : file.subarray(0, 4);
  if (head.equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw new UnreadableTable(
      'The file is an old Excel workbook (.xls) or has a password. Save it as .xlsx without a password, or as “CSV UTF-8”.',
      'Berkas ini buku kerja Excel lama (.xls) atau berkata sandi. Simpan sebagai .xlsx tanpa kata sandi, atau sebagai “CSV UTF-8”.',
    );
  }
  return head.equals(Buffer.from('PK\u0003\u0004'));
}

/** @param file its path, or its bytes */
export async function openFile(file: string | Buffer, encoding: Encoding = 'utf-8'): Promise<TableFile> {
  let share = 0;
  let sheet: string | undefined;
  const report = { share: () => share, sheet: () => sheet };
  if (await isWorkbook(file)) {
    const onSheet = (name: string) => {
      sheet = name;
    };
    const onShare = (read: number) => {
      share = read;
    };
    return { records: xlsxRecords(file, onSheet, onShare), ...report };
  }
  if (typeof file !== 'string') return { records: csvRecords(only(file), encoding), ...report };
  const { size } = await stat(file);
  const source = createReadStream(file);
  return { ...report, records: csvRecords(source, encoding), share: () => (size === 0 ? 1 : source.bytesRead / size) };
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.subarray(0, bytesRead);
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
