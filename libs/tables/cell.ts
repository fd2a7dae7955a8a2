/** What a cell holds: a text, or a number where the file says that it is one (XLSX). Dates and flags are texts. */
export type Cell = string | number;

/** A row of a file. */
export interface TableRecord {
  /** The row as a spreadsheet numbers it, from 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** No value of ours is as long: what is beyond can only be refused and is not carried on. */
const CELL_LENGTH_MAX = 1_000;

export function shortened(text: string): string {
  return text.length > CELL_LENGTH_MAX ? `${text.slice(0, CELL_LENGTH_MAX)}…` : text;
}

export function isBlank(cell: Cell): boolean {
  return typeof cell === 'string' && cell.trim() === '';
}
