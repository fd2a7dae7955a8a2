import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Problem } from '#libs/http';
import type { Grant } from './roles.ts';

/** Who asks, as the token says. */
export interface Identity {
  /** Person id; a client that acts for itself has none. */
  readonly person: string | undefined;
  readonly client: string;
  /** When the person last proved who it is, and how, in the issuer's words. */
  readonly authenticatedAt: Date | undefined;
  readonly authenticatedBy: string | undefined;
}

export interface Principal extends Identity {
  readonly grants: readonly Grant[];
}

declare global {
  namespace Express {
    interface Request {
      principal?: Principal;
    }
  }
}

/** The person who asks: `@By() by: string`. Its route's permission wants one. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const person = context.switchToHttp().getRequest<Request>().principal?.person;
  if (person === undefined) throw personNeeded();
  return person;
});

/** Who asks, as the token says: `@Asking() principal: Principal`. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<Request>();
  if (!principal) throw new Error('nobody is known to ask');
  return principal;
});

export function personNeeded(): Problem {
  return new Problem({
    status: 403,
    title: 'A person is needed',
    detail: 'Who decides is kept with what is decided: sign in as a person, not as a program.',
  });
}
