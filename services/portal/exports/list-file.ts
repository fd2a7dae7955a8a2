import { stringify } from 'csv-stringify/sync';
import { safeCell } from '#libs/tables';

/** Else Excel takes it for Latin letters. */
const MARK = '\uFEFF';

export function headOf(columns: readonly string[]): string {
  return MARK + written([columns]);
}

/** Rows as their service answered them: whole rupiah, pseudonyms, instants; nothing that a spreadsheet would compute. */
export function linesOf(columns: readonly string[], rows: readonly object[]): string {
  return written(rows.map((row) => columns.map((column) => cellOf(row, column))));
}

function written(rows: readonly (readonly unknown[])[]): string {
  return stringify(
    rows.map((cells) => [...cells]),
    { record_delimiter: 'windows' },
  );
}

/** @param column a path: `note.by` */
function cellOf(row: object, column: string): string | number | null {
  const found = column
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], row);
  if (found === null || found === undefined || typeof found === 'number') return found ?? null;
  return safeCell(typeof found === 'object' ? JSON.stringify(found) : String(found));
}
