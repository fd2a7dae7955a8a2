import { fault, type Judgement, type Kind, quoted, REQUIRED, type Scalar, type Sentence } from '#libs/contracts';
import type { Cell } from './cell.ts';
import type { Writing } from './numbers.ts';

/** A column of a file: what its cells hold, and how a template describes it. */
export interface Column<Value extends Scalar | null = Scalar | null> {
  /** The value of a cell, or what is wrong with it. */
  read(cell: Cell): Judgement<Value>;
  /** A file may be without it. */
  readonly isOptional: boolean;
  readonly description: Sentence;
  readonly example: string;
  /** A template keeps its cells as they are typed, so that no spreadsheet shortens a long number. */
  readonly isText: boolean;
}

/** What a spreadsheet shows in place of a result. */
const SPREADSHEET_ERROR = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|CALC!|SPILL!|#+)$/;

/** @param writing of numbers: how people may write them */
export function column<Of extends Scalar>(
  kind: Kind<Of>,
  description: Sentence,
  example: string,
  writing?: Writing,
): Column<Of> {
  const read = (cell: Cell): Judgement<Of> => {
    // Blanks around a cell, and the kinds of them that nobody sees, are slips of the keyboard.
    const text = String(cell).trim();
    if (text === '') return { fault: REQUIRED };
    if (SPREADSHEET_ERROR.test(text)) return { fault: faultOfFormula };
    if (typeof cell === 'number' || !writing) return kind.read(text);
    const written = writing(text);
    return written.fault ? { fault: written.fault } : kind.read(written.value);
  };
  return { read, isOptional: false, description, example, isText: writing === undefined };
}

const faultOfFormula = fault(
  'spreadsheet-error',
  'is what a spreadsheet shows in place of a result; correct the formula, or write the value itself',
  'adalah tanda spreadsheet bahwa hasilnya tidak ada; perbaiki rumusnya, atau tulis nilainya',
);

/** A column that a file need not have; a blank cell, or none, is null. */
export function optional<Of extends Scalar>(of: Column<Of>): Column<Of | null> {
  const read = (cell: Cell): Judgement<Of | null> => (String(cell).trim() === '' ? { value: null } : of.read(cell));
  return { ...of, read, isOptional: true };
}

export type ValuesOf<Of extends Readonly<Record<string, Column>>> = {
  [Name in keyof Of]: Of[Name] extends Column<infer Value> ? Value : never;
};

/** `"1.250" harus …` and `"1.250" must …`: the value as it stands there, and what would be right. */
export function sentenceAbout(cell: Cell, { id, en }: Sentence): Sentence {
  const shown = quoted(String(cell));
  return { id: `${shown} ${id}`, en: `${shown} ${en}` };
}
