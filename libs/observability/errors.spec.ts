import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QueryFailedError } from 'typeorm';
import { toldError } from './errors.ts';

const told = (error: unknown): string => JSON.stringify(toldError(error));

/** As a driver's error is: everything at hand. */
function databaseError(message: string, fields: object): Error {
  const error = Object.assign(new Error(message), fields);
  return new QueryFailedError('INSERT INTO maker_person VALUES ($1)', [`Budi`], error);
}

it.each<[string, () => unknown, object]>([
  [
    'a broken constraint',
    () =>
      databaseError('duplicate key value violates unique constraint "person_pkey"', {
        code: '23505',
        constraint: 'person_pkey',
        table: 'person',
        detail: 'Key (name)=(Budi) already exists.',
      }),
    {
      type: 'QueryFailedError',
      code: '23505',
      constraint: 'person_pkey',
      table: 'person',
      message: 'duplicate key value violates unique constraint "person_pkey"',
    },
  ],
  [
    'a value that cannot be read',
    () =>
      databaseError('invalid input syntax for type uuid: "Bu"di"', {
        code: '22P02',
        where: 'unnamed parameter $1: Budi',
      }),
    { code: '22P02', message: 'invalid input syntax for type uuid: …' },
  ],
  [
    'a missing table',
    () => databaseError('relation "nothing" does not exist', { code: '42P01' }),
    { code: '42P01', message: 'relation "nothing" does not exist' },
  ],
  ['faulty JSON', () => caught(() => JSON.parse('{"name": Budi}')), { type: 'SyntaxError' }],
  ['what is no number', () => caught(() => BigInt('Budi')), { type: 'SyntaxError' }],
  ['an argument that Node refuses', () => caught(() => Buffer.from({ name: 'Budi' } as never)), { type: 'TypeError' }],
  [
    'what a client was to send',
    () =>
      Object.assign(new Error('Cannot send'), {
        payload: 'Budi',
        messages: [{ value: 'Budi' }],
        originalError: 'Budi',
      }),
    { message: 'Cannot send' },
  ],
  [
    'a cause',
    () => new Error('cannot import', { cause: new Error('row 1: "Budi"') }),
    { cause: { message: 'row 1: …' } },
  ],
  ['several errors', () => new AggregateError([new Error("'Budi'")], 'all failed'), { errors: [{ message: '…' }] }],
  ['what is no error', () => 'Budi', { type: 'string' }],
  ['a quotation that does not end', () => new Error('unknown name "Budi'), { message: 'unknown name …' }],
])('a log tells %s and not the name in it', (_, provoke, expected) => {
  const error = provoke();
  expect(toldError(error)).toMatchObject(expected);
  expect(told(error)).not.toMatch(/Bu"?di/);
});

it('whatever is quoted, on however many lines, is in neither the message nor the stack', () => {
  const name = fc.stringMatching(/^[a-z"'\n ]{0,20}$/).map((text) => `Budi${text}Budi`);
  fc.assert(
    fc.property(name, fc.constantFrom('"', "'", '`'), (value, mark) => {
      const error = toldError(new RangeError(`the name ${mark}${value}\n    at ${value}${mark} is too long`));
      expect(JSON.stringify(error)).not.toContain('Budi');
      expect(error.stack).toMatch(/at .*errors\.spec\.ts:\d+:\d+/);
    }),
  );
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
