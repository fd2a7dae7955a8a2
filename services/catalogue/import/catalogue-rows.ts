import type { Sentence } from '#libs/contracts';
import {
  type Columns,
  openFile,
  openTable,
  type PassedOver,
  sentenceAbout,
  type TableRow,
  UnreadableTable,
} from '#libs/tables';
import {
  type CatalogueFile,
  catalogueFileNames,
  catalogueFiles,
  contributionOf,
  type RowOf,
} from './catalogue-files.ts';

export type Facility = RowOf<'facilities.csv'>;
export type Maker = RowOf<'makers.csv'>;
export type Product = RowOf<'products.csv'>;
export type Lot = RowOf<'lots.csv'>;
export type Contribution = RowOf<'contributions.csv'>;

/** A row as its file gives it: a field that could not be read is undefined and stands in the errors. */
export interface Row<Values> {
  /** n-th data row of its file, from 1. */
  readonly number: number;
  /** The row as a spreadsheet numbers it. */
  readonly line: number;
  readonly values: { readonly [Column in keyof Values]: Values[Column] | undefined };
}

/** A lot with who made it: exact decimals by maker, in their shortest writing; none where nobody is recorded. */
export interface RecordedLot extends Lot {
  readonly measure: Contribution['measure'];
  readonly contributions: ReadonlyMap<string, string>;
}

/** The rows of the files that are there; a file that is not says nothing about its kind. */
export type ImportedRows = { readonly [File in CatalogueFile]?: readonly Row<RowOf<File>>[] };

/** Of a maker's person only its fingerprint; null: nothing is kept of it. */
export interface StoredMaker {
  readonly facility_id: string;
  readonly fingerprint: string | null;
  readonly is_child: boolean | null;
}

/** What is stored under the keys that the rows name. */
export interface Stored {
  readonly facilities: ReadonlyMap<string, Facility>;
  readonly makers: ReadonlyMap<string, StoredMaker>;
  /** All that there are. */
  readonly categories: ReadonlySet<string>;
  readonly products: ReadonlyMap<string, Product & { readonly has_lots: boolean }>;
  readonly lots: ReadonlyMap<string, RecordedLot>;
  /** Keys of the makers that are imported; `erased`: who must not come back. */
  readonly persons: {
    readonly keys: ReadonlyMap<string, { fingerprintOf(maker: Maker): string }>;
    readonly erased: ReadonlySet<string>;
  };
}

export interface ImportFault {
  readonly file: CatalogueFile;
  /** n-th data row of the file, from 1; absent where the header or the file is meant. */
  readonly row?: number;
  /** Absent where the row as a whole is meant. */
  readonly column?: string;
  readonly reason:
    | 'malformed'
    | 'missing-column'
    | 'unknown-column'
    | 'invalid'
    | 'duplicate'
    | 'unknown-facility'
    | 'unknown-category'
    | 'unknown-maker'
    | 'unknown-sku'
    | 'unknown-lot'
    | 'other-facility'
    | 'other-measure'
    | 'product-has-lots'
    | 'lot-changed'
    | 'reserved'
    | 'erased';
  /** Begins with the value, in quotation marks, where one is at fault. */
  readonly message: Sentence;
}

/** A row that is no data, and was therefore not read. */
export interface PassedOverRow extends PassedOver {
  readonly file: CatalogueFile;
}

export interface ReadCatalogue {
  readonly rows: ImportedRows;
  readonly faults: ImportFault[];
  readonly passedOver: readonly PassedOverRow[];
}

/** Reads every file that is there, CSV or XLSX, with everything that cannot be read in it. */
export async function readCatalogue(files: { readonly [File in CatalogueFile]?: Buffer }): Promise<ReadCatalogue> {
  const faults: ImportFault[] = [];
  const passedOver: PassedOverRow[] = [];
  const rows: { [File in CatalogueFile]?: readonly Row<unknown>[] } = {};
  for (const file of catalogueFileNames) {
    const bytes = files[file];
    if (bytes === undefined) continue;
    try {
      const { records } = await openFile(bytes);
      const table = await openTable(records, catalogueFiles[file]);
      for (const { column, code, message } of table.headerFaults) {
        const reason = code === 'missing-column' || code === 'unknown-column' ? code : 'malformed';
        faults.push({ file, column, reason, message });
      }
      rows[file] = [];
      const read: Row<unknown>[] = [];
      for await (const row of table.rows) read.push(readRow(file, row, faults));
      rows[file] = read;
      passedOver.push(...table.passedOver.map((each) => ({ file, ...each })));
    } catch (error) {
      if (!(error instanceof UnreadableTable)) throw error;
      faults.push({ file, reason: 'malformed', message: error.sentence });
    }
  }
  return { rows: rows as ImportedRows, faults, passedOver };
}

function readRow(file: CatalogueFile, { number, line, cells, fault }: TableRow, faults: ImportFault[]): Row<unknown> {
  const values: Record<string, unknown> = {};
  if (fault) {
    faults.push({ file, row: number, reason: 'malformed', message: fault.message });
    return { number, line, values };
  }
  const columns: Columns = catalogueFiles[file];
  for (const [name, column] of Object.entries(columns)) {
    const cell = cells[name];
    if (cell === undefined) continue;
    const reader = name === 'value' ? contributionOf(String(cells.measure).trim()) : column;
    const { value, fault: found } = reader.read(cell);
    if (found)
      faults.push({ file, row: number, column: name, reason: 'invalid', message: sentenceAbout(cell, found.message) });
    else values[name] = value;
  }
  return { number, line, values };
}
