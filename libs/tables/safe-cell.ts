import type { Cell } from './cell.ts';

/*
 * A spreadsheet computes a text that begins like a formula, also behind a separator, as each country's programs take
 * another one. An apostrophe before it keeps it a text. Numbers stay numbers.
 */

const COMPUTED = '=+\\-@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20';
const BEFORE = `(?<=^|[;,|\\t\\r\\n])`;
const dangerous = new RegExp(`${BEFORE}(?='*[${COMPUTED}])`, 'g');
const guarded = new RegExp(`${BEFORE}'(?='*[${COMPUTED}])`, 'g');

/** A cell that may be written into a CSV or XLSX file. */
export function safeCell<Of extends Cell | null | undefined>(cell: Of): Of | string {
  return typeof cell === 'string' ? cell.replace(dangerous, "'") : cell;
}

/** The cell that safeCell made safe. */
export function unsafeCell(text: string): string {
  return text.replace(guarded, '');
}
