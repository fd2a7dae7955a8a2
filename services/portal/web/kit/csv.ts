/** Rows as their service answered them: amounts in whole rupiah, pseudonyms, instants as they are. */
export function csvOf(rows: readonly object[]): string {
  const flat = rows.map((row) => new Map(cellsOf(row)));
  const columns = [...new Set(flat.flatMap((row) => [...row.keys()]))];
  const lines = [columns, ...flat.map((row) => columns.map((column) => row.get(column) ?? ''))];
  return lines.map((cells) => `${cells.map(written).join(',')}\r\n`).join('');
}

/** What may be done about a row is nothing that a file says. */
const OMITTED = 'actions';

function cellsOf(row: object, of = ''): [column: string, value: string | number][] {
  return Object.entries(row).flatMap(([key, value]): [string, string | number][] => {
    const column = `${of}${key}`;
    if (key === OMITTED || value === null || value === undefined) return [];
    if (Array.isArray(value)) return [[column, JSON.stringify(value)]];
    if (typeof value === 'object') return cellsOf(value, `${column}.`);
    return [[column, typeof value === 'number' ? value : String(value)]];
  });
}

/** A text that a spreadsheet would compute begins with an apostrophe, as in the files of the services. */
function written(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const safe = cell.replace(/(^|[;,|\t\r\n])(?='*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
