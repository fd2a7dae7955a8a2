import { CsvError, parse } from 'csv-parse/sync';

/** Reads the text of one field, or throws Unreadable with what it must be. `row`: the texts of the whole row. */
export type Reader<Value = unknown> = (field: string, row: { readonly [column: string]: string }) => Value;

/** A column that a file need not have. Blank: null. Without it: nothing is said, and nothing is read. */
export function optional<Value>(read: Reader<Value>): Reader<Value | null> & { readonly isOptional: true } {
  const readOrNull: Reader<Value | null> = (field, row) => (field === '' ? null : read(field, row));
  return Object.assign(readOrNull, { isOptional: true as const });
}

export class Unreadable extends Error {}

/** A row as its file gives it: a field that could not be read is undefined and stands in the errors. */
export interface Row<Values> {
  /** n-th data row of its file, from 1. */
  readonly number: number;
  readonly values: { readonly [Column in keyof Values]: Values[Column] | undefined };
}

export type ValuesOf<Readers extends Record<string, Reader>> = {
  [Column in keyof Readers]: ReturnType<Readers[Column]>;
};

export interface CsvFault {
  /** n-th data row of the file, from 1; absent where the header is meant. */
  readonly row?: number;
  /** Absent where the row as a whole is meant. */
  readonly column?: string;
  readonly reason: 'malformed' | 'missing-column' | 'unknown-column' | 'invalid';
  readonly message: string;
}

/** Reads a CSV file with a header: columns by name in any order, each field by its reader, every fault at once. */
export function readCsv<Readers extends Record<string, Reader>>(
  text: string,
  readers: Readers,
): { rows: Row<ValuesOf<Readers>>[]; faults: CsvFault[] } {
  let records: string[][];
  try {
    records = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser counts the header too, so its count is the number of the row that it could not read.
    const row = (error as { records?: number }).records ?? 0;
    return { rows: [], faults: [{ row, reason: 'malformed', message: error.message }] };
  }
  const [header = [], ...data] = records;
  const faults = headerFaults(header, readers);
  const rows = data.map((fields, index): Row<ValuesOf<Readers>> => {
    const number = index + 1;
    const values: Record<string, unknown> = {};
    if (fields.length !== header.length) {
      const message = `has ${fields.length} fields where the header has ${header.length}`;
      faults.push({ row: number, reason: 'malformed', message });
    } else {
      const row = Object.fromEntries(header.map((column, position) => [column, fields[position] ?? '']));
      for (const [column, read] of Object.entries(readers)) {
        const field = row[column];
        if (field === undefined) continue;
        try {
          values[column] = read(field, row);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          faults.push({ row: number, column, reason: 'invalid', message: error.message });
        }
      }
    }
    return { number, values: values as Row<ValuesOf<Readers>>['values'] };
  });
  return { rows, faults };
}

function headerFaults(header: string[], readers: Record<string, Reader>): CsvFault[] {
  const faults: CsvFault[] = [];
  for (const [column, read] of Object.entries(readers)) {
    if (!header.includes(column) && !('isOptional' in read))
      faults.push({ column, reason: 'missing-column', message: 'is missing' });
  }
  header.forEach((column, index) => {
    if (!Object.hasOwn(readers, column)) faults.push({ column, reason: 'unknown-column', message: 'is not a column' });
    else if (header.indexOf(column) < index)
      faults.push({ column, reason: 'malformed', message: 'stands there twice' });
  });
  return faults;
}
