import { type CatalogueFile, catalogueFileNames, catalogueFiles, type RowOf } from './catalogue-files.ts';
import { type CsvFault, type Row, readCsv } from './csv.ts';

export type Facility = RowOf<'facilities.csv'>;
export type Maker = RowOf<'makers.csv'>;
export type Product = RowOf<'products.csv'>;
export type Lot = RowOf<'lots.csv'>;
export type Contribution = RowOf<'contributions.csv'>;

/** A lot with who made it: exact decimals by maker, in their shortest writing; none where nobody is recorded. */
export interface RecordedLot extends Lot {
  readonly measure: Contribution['measure'];
  readonly contributions: ReadonlyMap<string, string>;
}

/** The rows of the files that are there; a file that is not says nothing about its kind. */
export type ImportedRows = { readonly [File in CatalogueFile]?: readonly Row<RowOf<File>>[] };

/** What is stored under the keys that the rows name; of a maker's person only its fingerprint. */
export interface Stored {
  readonly facilities: ReadonlyMap<string, Facility>;
  readonly makers: ReadonlyMap<string, { readonly facility_id: string; readonly fingerprint: string }>;
  readonly products: ReadonlyMap<string, Product & { readonly has_lots: boolean }>;
  readonly lots: ReadonlyMap<string, RecordedLot>;
}

export interface ImportFault extends Omit<CsvFault, 'reason'> {
  readonly file: CatalogueFile;
  readonly reason:
    | CsvFault['reason']
    | 'duplicate'
    | 'unknown-facility'
    | 'unknown-maker'
    | 'unknown-sku'
    | 'unknown-lot'
    | 'other-facility'
    | 'other-measure'
    | 'product-has-lots'
    | 'lot-changed';
}

/** Reads every file that is there, with everything that cannot be read in it. */
export function readCatalogue(files: { readonly [File in CatalogueFile]?: string }): {
  rows: ImportedRows;
  faults: ImportFault[];
} {
  const faults: ImportFault[] = [];
  const rows: { [File in CatalogueFile]?: readonly Row<unknown>[] } = {};
  for (const file of catalogueFileNames) {
    const text = files[file];
    if (text === undefined) continue;
    const table = readCsv(text, catalogueFiles[file]);
    rows[file] = table.rows;
    for (const fault of table.faults) faults.push({ file, ...fault });
  }
  return { rows: rows as ImportedRows, faults };
}
