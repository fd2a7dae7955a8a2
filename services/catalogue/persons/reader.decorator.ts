import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { type Reader, readerOf } from '#libs/access';

/** Who reads names, what for, and whose. */
export interface NameReader extends Reader {
  /** Of these facilities all, children included. */
  readonly officerOf: readonly string[];
  /** Of these facilities adults; null: of all. */
  readonly adultsOf: readonly string[] | null;
}

/** `@ReadsNames() reader: NameReader`. @throws Problem (400) without a purpose */
export const ReadsNames = createParamDecorator((_: unknown, context: ExecutionContext): NameReader => {
  const request = context.switchToHttp().getRequest<Request>();
  const reader = readerOf(request);
  const grants = request.principal?.grants ?? [];
  const facilitiesAs = (wanted: 'officer' | 'drafter') =>
    grants.filter(({ role, kind }) => role === wanted && kind === 'facility').map(({ id }) => id);
  const officerOf = facilitiesAs('officer');
  const adultsOf = grants.some(({ role }) => role === 'privacy') ? null : [...officerOf, ...facilitiesAs('drafter')];
  return { ...reader, officerOf, adultsOf };
});
