import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal';
import type { Request } from 'express';
import { fault } from '#libs/contracts';
import { type FieldError, Problem } from './problem.ts';

/** What a request asks is what its route takes: nothing of it is passed over. */
export class AskedGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>();
    const taken = takenBy(context);
    const isTaken = taken.has(RouteParamtypes.BODY) || Buffer.isBuffer(request.body);
    const told: object = isTaken ? {} : (request.body ?? {});
    const queried = Object.entries(request.query).flatMap(([field, value]): FieldError[] => {
      if (Array.isArray(value)) {
        return [{ field, ...fault('repeated', 'was given more than once', 'diberikan lebih dari sekali') }];
      }
      return taken.has(RouteParamtypes.QUERY) && !(field in Object.prototype) ? [] : [unknown(field)];
    });
    const errors = [...queried, ...Object.keys(told).map(unknown)];
    if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });
    if (taken.has(RouteParamtypes.BODY) && request.body === undefined && hasContent(request)) {
      throw new Problem({
        status: 415,
        title: 'Unsupported media type',
        detail: 'This request takes a body with Content-Type: application/json.',
      });
    }
    return true;
  }
}

function unknown(field: string): FieldError {
  return {
    field,
    ...fault('unknown-field', 'is not a parameter of this request', 'bukan parameter permintaan ini'),
  };
}

/** Kinds of what a handler takes. A decorator of our own has a random name, which may begin with any digit. */
function takenBy(context: ExecutionContext): Set<number> {
  const taken: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};
  return new Set(Object.keys(taken).flatMap((key) => (/^\d+:/.test(key) ? [Number.parseInt(key, 10)] : [])));
}

function hasContent({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
