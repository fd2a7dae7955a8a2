import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import { finalize, type Observable } from 'rxjs';
import { Problem } from './problem.ts';

/** For what takes an instance its minutes: whoever comes meanwhile is told to come again. */
export function OneAtATime(): MethodDecorator {
  class Turn implements NestInterceptor {
    #isTaken = false;

    intercept(_: ExecutionContext, handler: CallHandler): Observable<unknown> {
      if (this.#isTaken) {
        const detail = 'Somebody else’s is being made. Ask again in a few seconds.';
        throw new Problem({ status: 429, title: 'One at a time', detail, headers: { 'retry-after': '5' } });
      }
      this.#isTaken = true;
      return handler.handle().pipe(finalize(() => (this.#isTaken = false)));
    }
  }
  return UseInterceptors(new Turn());
}
