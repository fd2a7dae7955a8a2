import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBadRequestResponse, ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { oneOf, REQUIRED } from '#libs/contracts';
import { Problem } from '#libs/http';
import { personNeeded } from '../principal.ts';
import type { PersonalRead } from './personal-read.ts';
import { purposes } from './purpose.ts';

/** Who reads what is somebody's own, and what for. */
export type Reader = Omit<PersonalRead, 'makerIds'>;

const Purpose = oneOf(purposes);

/** @throws Problem (400) without a purpose, (403) if it is no person */
export function readerOf(request: Request, purpose: string = statedPurpose(request)): Reader {
  const { person, client } = request.principal ?? {};
  if (person === undefined || client === undefined) throw personNeeded();
  return { person, client, purpose, route: `${request.method} ${request.route.path}` };
}

function statedPurpose(request: Request): string {
  const { value, fault = REQUIRED } = Purpose.judge(request.header('x-purpose'));
  if (value !== undefined) return value;
  throw new Problem({ status: 400, title: 'Invalid request', errors: [{ field: 'X-Purpose', ...fault }] });
}

/** `@ReadToRepair() reader: Reader`: of a message that failed, for which there is one purpose. */
export const ReadToRepair = createParamDecorator(
  (_: unknown, context: ExecutionContext): Reader => readerOf(context.switchToHttp().getRequest<Request>(), 'repair'),
);

/** `@ReadBy() reader: Reader | undefined`; undefined: a maker reads what is his or her own, and needs no purpose. */
export const ReadBy = createParamDecorator((_: unknown, context: ExecutionContext): Reader | undefined => {
  const request = context.switchToHttp().getRequest<Request>();
  return request.scope?.makers.length ? undefined : readerOf(request);
});

/** A route about makers: whom it tells of them, and what for, is written down before it answers. */
export const TellsOfMakers = ({ own = false } = {}): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'X-Purpose',
      required: !own,
      schema: { type: 'string', enum: purposes },
      ...(own && { description: 'needed by whoever is not the maker' }),
    }),
    ApiBadRequestResponse({ description: 'no purpose, or none of the list' }),
  );
