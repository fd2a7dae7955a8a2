import { applyDecorators, type Type as Class, Param, type PipeTransform } from '@nestjs/common';
import { ApiParam, ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested, type ValidationOptions } from 'class-validator';
import type { Judgement, Kind, Scalar } from '#libs/contracts';
import { Problem } from './problem.ts';

/** Decorators that give a field both its check and its documentation, from the kind of value that it is. */

interface Words {
  readonly description?: string;
  readonly example?: unknown;
}

interface FieldOptions extends Words {
  /** It may be left out. `null` is a value, and no text or number. */
  readonly optional?: boolean;
  readonly default?: Scalar;
}

/** A field of a body. */
export function Value<Of extends Scalar>(kind: Kind<Of>, options: FieldOptions = {}): PropertyDecorator {
  return field(kind, options, (value) => kind.judge(value));
}

/** A field of a query or of a path: it comes as text. */
export function Parameter<Of extends Scalar>(kind: Kind<Of>, options: FieldOptions = {}): PropertyDecorator {
  return field(kind, options, (value) => (typeof value === 'string' ? kind.read(value) : kind.judge(value)));
}

function field<Of extends Scalar>(
  kind: Kind<Of>,
  { optional = false, ...words }: FieldOptions,
  read: (value: unknown) => Judgement<Of>,
): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ ...kind.published, ...words, required: !optional } as unknown as ApiPropertyOptions),
    Transform(({ value }) => read(value).value ?? value),
    ...(optional ? [isGiven] : []),
    check(VALUE, holds(kind), { context: { kind, each: false } }),
  );
}

/** A field of a body: a value or, by names, several of it. `800` or `{"A": 800, "B": 575}`. */
export function ValueByName<Of extends Scalar>(
  names: Kind<string>,
  kind: Kind<Of>,
  { optional = false, ...words }: FieldOptions = {},
): PropertyDecorator {
  const isSound = (value: unknown) =>
    isObject(value)
      ? Object.entries(value).every(([name, each]) => holds(names)(name) && holds(kind)(each))
      : holds(kind)(value);
  return applyDecorators(
    ApiProperty({
      oneOf: [kind.published, { type: 'object', additionalProperties: kind.published }],
      ...words,
      required: !optional,
    } as unknown as ApiPropertyOptions),
    ...(optional ? [isGiven] : []),
    check(VALUE, isSound, { context: { kind, names, each: false } }),
  );
}

/** A list of values in a body. */
export function Values<Of extends Scalar>(
  kind: Kind<Of>,
  { optional = false, max, ...words }: FieldOptions & { readonly max: number },
): PropertyDecorator {
  const items = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((each) => kind.judge(each).value ?? each) : value;
  return applyDecorators(
    ApiProperty({
      type: 'array',
      items: kind.published,
      maxItems: max,
      ...words,
      required: !optional,
    } as unknown as ApiPropertyOptions),
    Transform(({ value }) => items(value)),
    ...(optional ? [isGiven] : []),
    isList(0, max),
    check(VALUE, holds(kind), { context: { kind, each: true }, each: true }),
  );
}

/** An object in a body. */
export function Nested(type: Class, { optional = false, ...words }: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type, ...words, required: !optional } as unknown as ApiPropertyOptions),
    ...(optional ? [isGiven] : []),
    check(OBJECT, isObject),
    ValidateNested(),
    Type(() => type),
  );
}

/** A list of objects in a body. */
export function NestedList(
  type: Class,
  { min, max, optional = false, ...words }: FieldOptions & { readonly min: number; readonly max: number },
): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      ...{ type: [type], minItems: min, maxItems: max, ...words },
      required: !optional,
    } as unknown as ApiPropertyOptions),
    ...(optional ? [isGiven] : []),
    isList(min, max),
    check(OBJECT, isObject, { each: true }),
    ValidateNested({ each: true }),
    Type(() => type),
  );
}

/** An object in a body that its service judges by a schema of its own. */
export function JsonObject(words: Words): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'object', additionalProperties: true, ...words }),
    check(OBJECT, isObject),
  );
}

/** A list in a body whose items its service judges. @param items as documents say them */
export function JsonList(items: object, { max, ...words }: Words & { readonly max: number }): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'array', items, maxItems: max, ...words } as ApiPropertyOptions),
    isList(0, max),
  );
}

/** Names of the checks, by which validation.ts finds what to say. */
export const VALUE = 'value';
const OBJECT = 'object';
export const LIST = 'list';

const isGiven = ValidateIf((_: object, value: unknown) => value !== undefined);

/** class-validator gives a check's context only beside a message, which validation.ts puts into words. */
function check(name: string, validate: (value: unknown) => boolean, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: () => name } }, options);
}

function holds(kind: Kind): (value: unknown) => boolean {
  return (value) => kind.judge(value).fault === undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(min: number, max: number): PropertyDecorator {
  const validate = (value: unknown) => Array.isArray(value) && value.length >= min && value.length <= max;
  return check(LIST, validate, { context: { min, max } });
}

/** A part of a route's path: `@PathValue('id', Uuid) id: string`. */
export function PathValue<Of extends Scalar>(name: string, kind: Kind<Of>, words: Words = {}): ParameterDecorator {
  const pipe: PipeTransform<string, Of> = {
    transform(text) {
      const { value, fault } = kind.read(text);
      if (fault) throw new Problem({ status: 400, title: 'Invalid request', errors: [{ field: name, ...fault }] });
      return value;
    },
  };
  return (target, key, index) => {
    Param(name, pipe)(target, key, index);
    const { description, ...schema } = { ...kind.published, ...words };
    const method = Object.getOwnPropertyDescriptor(target, key as string) as PropertyDescriptor;
    ApiParam({ name, schema: schema as object, ...(description !== undefined && { description }) })(
      target,
      key as string,
      method,
    );
  };
}
