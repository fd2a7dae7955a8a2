import { hash } from 'node:crypto';
import { fault, type Kind, type Scalar, sought, textKind, whole } from '#libs/contracts';
import { Problem } from './problem.ts';
import { Parameter } from './value.ts';

const LIMIT_DEFAULT = 100;
const CHECK_BYTES = 6;

const Cursor = sought('`nextCursor` of the page before');
const Limit = whole({ min: 1, max: 1_000, description: 'how many' });

/** Query of a list: pages by cursor stay right while rows are added. */
export class PageQuery {
  @Parameter(Cursor, { optional: true })
  readonly cursor?: string;

  @Parameter(Limit, { optional: true, default: LIMIT_DEFAULT })
  readonly limit: number = LIMIT_DEFAULT;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** A page from `limit + 1` rows in order; `positionOf` says after which position the next page begins. */
export function pageOf<Item>(rows: readonly Item[], limit: number, positionOf: (row: Item) => string): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor(positionOf(last)) } : { items };
}

/**
 * The position of a cursor that pageOf made, as `kind` has positions; undefined without one. Throws a problem if it is
 * none of this list.
 */
export function decodeCursor<Of extends Scalar>(cursor: string | undefined, kind: Kind<Of>): Of | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').subarray(CHECK_BYTES).toString();
  const { value } = kind.read(text);
  if (value === undefined || encodeCursor(text) !== cursor) {
    const wrong = fault('not-a-cursor', 'is not a cursor of this list', 'bukan penunjuk halaman daftar ini');
    throw new Problem({ status: 400, title: 'Invalid request', errors: [{ field: 'cursor', ...wrong }] });
  }
  return value;
}

/** Positions that are JSON, of several values. @param isPosition whether what the text holds is one */
export function jsonPosition(isPosition: (value: unknown) => boolean): Kind<string> {
  const isOne = (text: string): boolean => {
    try {
      return isPosition(JSON.parse(text));
    } catch {
      return false;
    }
  };
  return textKind({}, (text) => (isOne(text) ? undefined : fault('not-a-position', 'is no position', 'bukan posisi')));
}

/** With a check before it, by which what somebody else has encoded is told apart. */
export function encodeCursor(position: string): string {
  const check = hash('sha256', position, 'buffer').subarray(0, CHECK_BYTES);
  return Buffer.concat([check, Buffer.from(position)]).toString('base64url');
}
