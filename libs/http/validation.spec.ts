import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  EntryAmount,
  FacilityId,
  Flag,
  Instant,
  type Kind,
  LocalDate,
  Money,
  Name,
  oneOf,
  PersonId,
  Sku,
  Uuid,
  Weight,
} from '#libs/contracts';
import { type FieldError, Problem, typeOf } from './problem.ts';
import { validation } from './validation.ts';
import { Nested, NestedList, Value, ValueByName, Values } from './value.ts';

/** The faults that a body of one field is told. */
async function errorsOf(decorate: PropertyDecorator, body: object): Promise<readonly FieldError[]> {
  class Body {}
  decorate(Body.prototype, 'field');
  const told = await validation.transform(body, { type: 'body', metatype: Body }).catch((error: unknown) => error);
  return told instanceof Problem ? (told.problem.errors ?? []) : [];
}

class Inner {
  @Value(Money)
  amount!: number;
}

const MAX = Number.MAX_SAFE_INTEGER;

describe('what is wrong with a field is told by its code, with what a sentence of one’s own needs', () => {
  it.each<[kind: Kind, value: unknown, code: string, params: object | undefined]>([
    [Money, -1, 'not-a-whole-number', { min: 0, max: MAX }],
    [Money, 1.5, 'not-a-whole-number', { min: 0, max: MAX }],
    [EntryAmount, 0, 'not-a-whole-number', { min: -MAX, max: MAX }],
    [Name, '', 'blank', undefined],
    [Name, 'x'.repeat(301), 'too-long', { max: 300, unit: 'characters' }],
    [Name, '🧵'.repeat(300), 'too-long', { max: 900, unit: 'bytes' }],
    [Name, 7, 'not-text', undefined],
    [Sku, ' x', 'blank-around', { character: 'U+0020' }],
    [Sku, 'a\u0009b', 'control-character', { character: 'U+0009' }],
    [Sku, 'a\u00a0b', 'strange-blank', { character: 'U+00A0' }],
    [Sku, 'a\u200bb', 'invisible-character', { character: 'U+200B' }],
    [oneOf(['red', 'blue']), 'green', 'not-a-choice', { choices: ['red', 'blue'] }],
    [FacilityId, 'F 1', 'not-an-id', { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', lengthMax: 60 }],
    [PersonId, 'P 1', 'not-a-person-id', undefined],
    [Uuid, 'x', 'not-a-uuid', undefined],
    [Flag, 'yes', 'not-a-flag', undefined],
    [Weight, '1e3', 'not-a-decimal', undefined],
    [LocalDate, '2026-02-30', 'not-a-date', undefined],
    [LocalDate, '1800-01-01', 'out-of-range', { min: 1900, max: 2999 }],
    [Instant, '2026-02-01T10:00:00', 'no-offset', undefined],
  ])('%#: %j is %s', async (kind, value, code, params) => {
    const [error, ...others] = await errorsOf(Value(kind), { field: value });
    expect(others).toEqual([]);
    expect(error).toMatchObject({ field: 'field', code, message: { en: expect.any(String), id: expect.any(String) } });
    expect(error?.params).toEqual(params);
    for (const varies of Object.values(params ?? {}).flat()) {
      if (code !== 'not-an-id' && varies !== 'bytes' && varies !== 'characters')
        for (const sentence of Object.values(error?.message ?? {})) expect(sentence).toContain(String(varies));
    }
  });

  it.each<[what: string, decorate: PropertyDecorator, body: object, error: object]>([
    ['what is missing', Value(Money), {}, { field: 'field', code: 'required' }],
    ['what nobody asked for', Value(Money), { field: 1, more: 1 }, { field: 'more', code: 'unknown-field' }],
    ['no object', Nested(Inner), { field: 1 }, { field: 'field', code: 'not-an-object' }],
    [
      'one of several by name',
      ValueByName(Sku, Money),
      { field: { A: 1, B: -1 } },
      { field: 'field.B', code: 'not-a-whole-number' },
    ],
    ['a name', ValueByName(Sku, Money), { field: { ' A': 1 } }, { field: 'field. A', code: 'blank-around' }],
    ['neither', ValueByName(Sku, Money), { field: [1] }, { field: 'field', code: 'not-a-whole-number' }],
    [
      'within an object',
      Nested(Inner),
      { field: { amount: -1 } },
      { field: 'field.amount', code: 'not-a-whole-number' },
    ],
    [
      'too few',
      NestedList(Inner, { min: 1, max: 5 }),
      { field: [] },
      { field: 'field', code: 'not-a-list', params: { min: 1, max: 5 } },
    ],
    [
      'within a list of objects',
      NestedList(Inner, { min: 1, max: 5 }),
      { field: [{ amount: 1 }, { amount: 'x' }] },
      { field: 'field.1.amount', code: 'not-a-whole-number', params: { min: 0, max: MAX } },
    ],
    ['within a list', Values(Flag, { max: 5 }), { field: [true, 'x'] }, { field: 'field.1', code: 'not-a-flag' }],
  ])('%s', async (_, decorate, body, error) => {
    expect(await errorsOf(decorate, body)).toEqual([expect.objectContaining(error)]);
  });
});

it('the type of a problem is its title, as a name that stays', () => {
  expect(typeOf({ status: 404, title: 'Payout not found' })).toBe('urn:pasindo:problem:payout-not-found');
  expect(typeOf({ status: 422, title: 'Idempotency-Key used for another request' })).toBe(
    'urn:pasindo:problem:idempotency-key-used-for-another-request',
  );
  expect(typeOf({ status: 413, title: 'Payload Too Large' })).toBe('about:blank');
});
