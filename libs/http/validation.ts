import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type Fault, fault, type Kind, REQUIRED } from '#libs/contracts';
import { type FieldError, Problem } from './problem.ts';
import { isObject, LIST, VALUE } from './value.ts';

/** Bodies and queries are DTO classes; unknown fields are refused, and every fault is named by its field. */
export const validation = new ValidationPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  transform: true,
  exceptionFactory: (errors) =>
    new Problem({
      status: 400,
      title: 'Invalid request',
      errors: errors.flatMap((error) => fieldErrors(error)),
    }),
});

function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const { property = '', children = [] } = error;
  const field = parent ? `${parent}.${property}` : property;
  return [
    ...faultsOf(error).map((found) => ({ ...found, field: field + found.field })),
    ...children.flatMap((child) => fieldErrors(child, field)),
  ];
}

/** What is wrong with a field; `field` is what comes behind its name: `.2` of a list. */
function faultsOf({ value, constraints, contexts = {} }: ValidationError): FieldError[] {
  if (constraints === undefined) return [];
  const only = (found: Fault) => [{ field: '', ...found }];
  if ('whitelistValidation' in constraints) {
    return only(fault('unknown-field', 'is not a field of this request', 'bukan bagian dari permintaan ini'));
  }
  if (value === undefined && !('unknownValue' in constraints)) return only(REQUIRED);
  if (LIST in constraints) {
    const { min, max } = contexts[LIST] as { min: number; max: number };
    return only(
      fault('not-a-list', `must be a list of ${min} to ${max}`, `harus berupa daftar ${min} sampai ${max} isi`, {
        min,
        max,
      }),
    );
  }
  if (VALUE in constraints) {
    const { kind, names, each } = contexts[VALUE] as { kind: Kind; names?: Kind; each: boolean };
    const at = (field: string, found?: Fault) => (found ? [{ field, ...found }] : []);
    if (names && isObject(value)) {
      return Object.entries(value).flatMap(([name, one]) =>
        at(`.${name}`, names.judge(name).fault ?? kind.judge(one).fault),
      );
    }
    return (each ? (value as unknown[]) : [value]).flatMap((one, index) =>
      at(each ? `.${index}` : '', kind.judge(one).fault),
    );
  }
  return only(fault('not-an-object', 'must be an object', 'harus berupa objek'));
}
