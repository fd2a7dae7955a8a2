import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import { finalize, type Observable } from 'rxjs';
import { Problem } from './problem.ts';

/**
 * For what takes an instance its time: whoever comes meanwhile is told to come again. Routes that share the decorator
 * share the turn.
 * @param isCostly whether what a query asks for is; else it has no turn to wait for
 */
export function OneAtATime(isCostly: (query: Request['query']) => boolean = () => true): MethodDecorator {
  class Turn implements NestInterceptor {
    #isTaken = false;

    intercept(context: ExecutionContext, handler: CallHandler): Observable<unknown> {
      if (!isCostly(context.switchToHttp().getRequest<Request>().query)) return handler.handle();
      if (this.#isTaken) throw oneAtATime();
      this.#isTaken = true;
      return handler.handle().pipe(finalize(() => (this.#isTaken = false)));
    }
  }
  return UseInterceptors(new Turn());
}

export function oneAtATime(): Problem {
  const detail = 'Somebody else has such a thing made. Ask again in a few seconds.';
  return new Problem({ status: 429, title: 'One at a time', detail, headers: { 'retry-after': '5' } });
}
