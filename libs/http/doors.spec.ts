import { describe, expect, it } from '@jest/globals';
import type { ArgumentMetadata } from '@nestjs/common';
import fc from 'fast-check';
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import * as contracts from '#libs/contracts';
import { type FieldError, Parameter, Problem, Value } from './index.ts';
import { validation } from './validation.ts';

/** Every kind of value that the contracts have. */
const kinds = Object.entries(contracts as Record<string, unknown>).filter(isKind);

function isKind(entry: [string, unknown]): entry is [string, contracts.Kind] {
  return typeof (entry[1] as Partial<contracts.Kind> | undefined)?.judge === 'function';
}

/** What people, spreadsheets and attackers write. */
const adversarial = [
  '',
  ' ',
  'TAS ',
  '\u00a0TAS',
  'TAS\u200b',
  'TA\u200dS',
  'Cafe\u0301',
  '\ud83d',
  '\ud83d\ude00',
  '\0',
  'x'.repeat(61),
  'x'.repeat(101),
  '5.77E+17',
  "'577",
  '=1+1',
  'beneficiary:restitution',
  'maker:M1',
  'facility:F1',
  'P-17',
  'P-17 ',
  'ID-1990',
  'blanja',
  '2026-01-31',
  '2026-02-30',
  '2026-01',
  '2026',
  '0000-01-01T00:00:00Z',
  '2026-01-31T23:40:00',
  '2026-01-31T23:40:00+07:00',
  '2026-01-31T23:59:60Z',
  '2062-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '0',
  '-0',
  '1',
  '-1',
  '007',
  '1.5',
  '1,5',
  '1e3',
  '1.250',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740991',
  '99999999999999999999',
  'NaN',
  'Infinity',
  'true',
  'false',
  'null',
  '01890a5d-ac96-774b-bcce-b302099a8057',
  'Asia/Jakarta',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
]; // prettier-ignore

const text = fc.oneof(
  fc.constantFrom(...adversarial),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,62}$/),
  fc.stringMatching(/^-?\d{1,20}(\.\d{1,4})?$/),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
);
const json = fc.oneof(
  text,
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, 1, 2 ** 31, 2 ** 53, -(2 ** 53), 1.5, true, false, null, Number.NaN),
  fc.jsonValue({ maxDepth: 2 }),
);

async function errorsOf(
  metatype: new () => object,
  type: ArgumentMetadata['type'],
  body: object,
): Promise<FieldError[]> {
  try {
    await validation.transform(body, { type, metatype });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [...(error.problem.errors ?? [])];
  }
}

describe.each(kinds)('the doors of %s', (_, kind) => {
  class Body {
    @Value(kind)
    value!: unknown;
  }
  class Query {
    @Parameter(kind)
    value!: unknown;
  }
  const violations = contracts.violationsOf(Type.Object({ value: contracts.schemaOf(kind) }));
  const published = Compile(JSON.parse(JSON.stringify(kind.published)) as TSchema);

  it('judge what comes as JSON alike: schema and body, with the same fault', async () => {
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const { fault } = kind.judge(value);
        const expected = fault ? [{ field: 'value', ...fault }] : [];
        expect(violations({ value })).toEqual(expected);
        expect(await errorsOf(Body, 'body', { value })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('judge what comes as text alike: cell and query, with the same fault', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { fault } = kind.read(value);
        expect(await errorsOf(Query, 'query', { value })).toEqual(fault ? [{ field: 'value', ...fault }] : []);
      }),
      { numRuns: 300 },
    );
  });

  it('judge a text and the JSON that it stands for alike, in one normal form', () => {
    fc.assert(
      fc.property(text, (value) => {
        const read = kind.read(value);
        if (read.fault) return;
        expect(kind.judge(read.value)).toEqual(read);
        expect(kind.read(String(read.value))).toEqual(read);
      }),
      { numRuns: 300 },
    );
  });

  it('are what OpenAPI says of them', () => {
    for (const type of [Body, Query]) {
      const documented = Reflect.getMetadata('swagger/apiModelProperties', type.prototype, 'value');
      expect(documented).toMatchObject(kind.published);
    }
  });

  it('take nothing that the documents refuse', () => {
    fc.assert(
      fc.property(json, (value) => {
        const { fault } = kind.judge(value);
        if (fault === undefined) expect(published.Check(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
