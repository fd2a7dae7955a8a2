import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Session } from './session.ts';
import { notSignedIn } from './sessions.service.ts';

/** Who asks: `@SignedIn() session: Session`. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const { session } = context.switchToHttp().getRequest<Request>();
  if (!session) throw notSignedIn();
  return session;
});
