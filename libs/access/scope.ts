import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** What a request reaches: of the grants that let it in, all together. */
export interface Scope {
  readonly national: boolean;
  readonly facilities: readonly string[];
  readonly channels: readonly string[];
  readonly makers: readonly string[];
}

declare global {
  namespace Express {
    interface Request {
      scope?: Scope;
    }
  }
}

/** For what the database does not confine by itself: `@InScope() { channels }: Scope`. */
export const InScope = createParamDecorator((_: unknown, context: ExecutionContext): Scope => {
  const { scope } = context.switchToHttp().getRequest<Request>();
  if (!scope) throw new Error('this route has no scope');
  return scope;
});

/** For lists of orders: the channels of the scope, or the one of them that is asked for; null: all. */
export function channelsOf({ national, channels }: Scope, asked?: string): readonly string[] | null {
  if (asked === undefined) return national ? null : channels;
  return [asked].filter((channel) => national || channels.includes(channel));
}
