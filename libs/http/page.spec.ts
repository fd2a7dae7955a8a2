import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Ordinal, StoredText, Uuid } from '#libs/contracts';
import { decodeCursor, pageOf } from './page.ts';
import { Problem } from './problem.ts';

const cursorTo = (position: string) => pageOf([position, 'more'], 1, (row) => row).nextCursor as string;

function isRefused(cursor: string, kind = StoredText): boolean {
  try {
    decodeCursor(cursor, kind);
    return false;
  } catch (error) {
    return error instanceof Problem && error.problem.status === 400 && error.problem.errors?.[0]?.field === 'cursor';
  }
}

describe('a cursor', () => {
  it('leads to where the page before has ended', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (position) => {
        fc.pre(StoredText.read(position).value === position);
        expect(decodeCursor(cursorTo(position), StoredText)).toBe(position);
      }),
    );
    expect(pageOf(['last'], 1, (row) => row)).toEqual({ items: ['last'] });
    expect(decodeCursor(undefined, StoredText)).toBeUndefined();
  });

  it('that no list has given is refused: any text, what is encoded as ours are, a part of one, one with more behind', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
        fc.string({ minLength: 1 }),
        (text, bytes, position) => {
          const cursor = cursorTo(position);
          for (const other of [
            text,
            Buffer.from(text).toString('base64url'),
            Buffer.from(bytes).toString('base64url'),
            cursor.slice(0, -1),
            `${cursor}A`,
            `${cursor}=`,
          ]) {
            expect(isRefused(other)).toBe(true);
          }
        },
      ),
    );
  });

  it.each([
    ['a list by ids', 'blanja/1001', Uuid],
    ['a list by numbers', '01890a5d-ac96-774b-bcce-b302099a8057', Ordinal],
    ['a list by numbers, beyond what it counts', '99999999999999999999', Ordinal],
  ])('of another list is refused by %s', (_, position, kind) => {
    expect(isRefused(cursorTo(position), kind as typeof StoredText)).toBe(true);
  });
});
