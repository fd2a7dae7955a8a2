import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { v7, validate } from 'uuid';
import { correlation } from '#libs/observability';

const HEADER = 'x-correlation-id';
/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Gives every request a correlation id (its own `X-Correlation-Id`, a UUID, or a new one) and answers with it. */
export function correlate(request: Request, response: Response, next: NextFunction): void {
  const given = request.header(HEADER);
  const correlationId = given && validate(given) ? given.toLowerCase() : v7();
  response.setHeader(HEADER, correlationId);
  correlation.run({ correlationId }, next);
}

/** What a request's events are caused by: `{ correlationId, traceparent? }`. */
export const Correlation = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const traceparent = context.switchToHttp().getRequest<Request>().header('traceparent');
  const { correlationId } = correlation.getStore() ?? { correlationId: v7() };
  return { correlationId, ...(traceparent !== undefined && TRACEPARENT.test(traceparent) && { traceparent }) };
});
