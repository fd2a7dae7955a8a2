import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { oneOf, REQUIRED } from '#libs/contracts';
import { Problem } from '#libs/http';
import type { PersonalRead } from '../personal-reads/personal-read.ts';
import { purposes } from './purpose.ts';

/** Who reads names, what for, and whose. */
export interface Reader extends Omit<PersonalRead, 'makerIds'> {
  /** Of these facilities all, children included. */
  readonly officerOf: readonly string[];
  /** Of these facilities adults; null: of all. */
  readonly adultsOf: readonly string[] | null;
}

const Purpose = oneOf(purposes);

/** `@ReadsNames() reader: Reader`. @throws Problem (400) without a purpose */
export const ReadsNames = createParamDecorator((_: unknown, context: ExecutionContext): Reader => {
  const request = context.switchToHttp().getRequest<Request>();
  const { principal } = request;
  const { value: purpose, fault = REQUIRED } = Purpose.judge(request.header('x-purpose'));
  if (purpose === undefined) {
    throw new Problem({ status: 400, title: 'Invalid request', errors: [{ field: 'X-Purpose', ...fault }] });
  }
  const { person, client, grants = [] } = principal ?? {};
  const facilitiesAs = (wanted: 'officer' | 'drafter') =>
    grants.filter(({ role, kind }) => role === wanted && kind === 'facility').map(({ id }) => id);
  const officerOf = facilitiesAs('officer');
  const adultsOf = grants.some(({ role }) => role === 'privacy') ? null : [...officerOf, ...facilitiesAs('drafter')];
  if (person === undefined || client === undefined) throw new Error('names are read by persons');
  return { person, client, purpose, route: `${request.method} ${request.route.path}`, officerOf, adultsOf };
});
