import { type Fault, fault, quoted, type Sentence } from '#libs/contracts';
import { type Cell, isBlank, type TableRecord } from './cell.ts';
import type { Column } from './column.ts';

/** Files of one kind: their columns by name, which a file may have in any order. */
export type Columns = Readonly<Record<string, Column>>;

/** A data row, whose cells are found by their column; undefined: the file is without the column, or the row ended before. */
export interface TableRow {
  /** n-th data row, from 1. */
  readonly number: number;
  /** The row as a spreadsheet numbers it, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, Cell | undefined>>;
  /** What is wrong with the row as a whole. */
  readonly fault?: Fault;
}

export interface HeaderFault extends Fault {
  readonly column: string;
}

/** A row that is no data: it describes the columns, or shows by an example how to fill them in. */
export interface PassedOver {
  readonly line: number;
  readonly as: 'description' | 'example';
}

export interface Table {
  readonly headerFaults: readonly HeaderFault[];
  readonly rows: AsyncIterable<TableRow>;
  /** Told row by row while they are read. Blank rows are not. */
  readonly passedOver: readonly PassedOver[];
}

/** Stands in the example row of a template where a real row has an id. */
export const EXAMPLE_ID = 'CONTOH-EXAMPLE';

/** The table that a file's rows are: the first row that is not blank names the columns. */
export async function openTable(records: AsyncIterable<TableRecord>, columns: Columns): Promise<Table> {
  const rest = records[Symbol.asyncIterator]();
  let header: readonly string[] = [];
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    if (next.value.cells.every(isBlank)) continue;
    header = namesOf(next.value.cells);
    break;
  }
  const passedOver: PassedOver[] = [];
  return { headerFaults: headerFaults(header, columns), rows: rowsOf(rest, header, columns, passedOver), passedOver };
}

async function* rowsOf(
  records: AsyncIterator<TableRecord>,
  header: readonly string[],
  columns: Columns,
  passedOver: PassedOver[],
): AsyncGenerator<TableRow> {
  let number = 0;
  let isFirst = true;
  try {
    for (let next = await records.next(); !next.done; next = await records.next()) {
      const { line, cells: all } = next.value;
      if (all.every(isBlank)) continue;
      const cells = Object.fromEntries(header.map((name, index) => [name, all[index]]));
      const as = isFirst && isDescription(cells, columns) ? 'description' : isExample(all) ? 'example' : undefined;
      isFirst = false;
      if (as !== undefined) {
        passedOver.push({ line, as });
        continue;
      }
      number += 1;
      const found = faultOfLength(all, header.length);
      yield { number, line, cells, ...(found && { fault: found }) };
    }
  } finally {
    await records.return?.();
  }
}

/** Names are told apart by their letters: how they are spaced and what invisible marks they carry is the program's. */
function namesOf(cells: readonly Cell[]): string[] {
  const names = cells.map((cell) =>
    String(cell)
      .replace(/[\p{Cf}\p{Cc}]/gu, '')
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

function headerFaults(header: readonly string[], columns: Columns): HeaderFault[] {
  const missing = Object.entries(columns)
    .filter(([name, { isOptional }]) => !isOptional && !header.includes(name))
    .map(([name]) => headerFault(name, 'missing-column', 'is missing', 'tidak ada'));
  const others = header.flatMap((name, index): HeaderFault[] => {
    const place = index + 1;
    if (!Object.hasOwn(columns, name)) {
      return [
        headerFault(name, 'unknown-column', `(column ${place}) is not known`, `(kolom ke-${place}) tidak dikenal`),
      ];
    }
    return header.indexOf(name) === index
      ? []
      : [headerFault(name, 'double-column', 'stands there twice', 'ada dua kali')];
  });
  return [...missing, ...others];
}

function headerFault(name: string, code: string, en: string, id: string): HeaderFault {
  const shown = quoted(name);
  return { column: name, ...fault(code, `${shown} ${en}`, `${shown} ${id}`) };
}

const WORDS = /\p{L}{2,}[\s,;:]+\p{L}{2,}/u;

/**
 * Whether the row behind the header tells of the columns in words, as exports of marketplaces and our templates do:
 * wherever a column takes no sentence, one stands.
 */
function isDescription(cells: TableRow['cells'], columns: Columns): boolean {
  const told = Object.entries(columns).flatMap(([name, column]) => {
    const cell = cells[name];
    return cell === undefined || isBlank(cell) || !column.read('dua kata').fault ? [] : [{ cell, column }];
  });
  return told.length >= 2 && told.every(({ cell, column }) => WORDS.test(String(cell)) && column.read(cell).fault);
}

function isExample(cells: readonly Cell[]): boolean {
  return cells.some((cell) => cell === EXAMPLE_ID);
}

/** Blank cells behind the last column are a program's. */
function faultOfLength(cells: readonly Cell[], columns: number): Fault | undefined {
  const length = Math.max(cells.findLastIndex((cell) => !isBlank(cell)) + 1, Math.min(cells.length, columns));
  if (length === columns) return undefined;
  return fault(
    'not-as-wide-as-the-header',
    `has ${length} cells where the header has ${columns}; is a separator missing, or one too many?`,
    `memiliki ${length} sel sedangkan judul kolom ${columns}; apakah ada pemisah yang kurang atau berlebih?`,
    { cells: length, columns },
  );
}

/** `baris 3, kolom quantity: … / row 3, column quantity: …` */
export function inBothLanguages({ id, en }: Sentence): string {
  return id === en ? en : `${id} / ${en}`;
}
