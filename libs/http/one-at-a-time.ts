import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { Request, Response } from 'express';
import { finalize, type Observable } from 'rxjs';
import { Problem } from './problem.ts';

/**
 * For what takes an instance its time: whoever comes meanwhile is told to come again. Routes that share the decorator
 * share the turn. It ends with the answer: whoever has it whole may ask for the next one at once.
 * @param isCostly whether what a query asks for is; else it has no turn to wait for
 */
export function OneAtATime(isCostly: (query: Request['query']) => boolean = () => true): MethodDecorator {
  class Turn implements NestInterceptor {
    #takenBy: Request | undefined;

    intercept(context: ExecutionContext, handler: CallHandler): Observable<unknown> {
      const http = context.switchToHttp();
      const request = http.getRequest<Request>();
      if (!isCostly(request.query)) return handler.handle();
      if (this.#takenBy) throw oneAtATime();
      this.#takenBy = request;
      const end = (): void => {
        if (this.#takenBy === request) this.#takenBy = undefined;
      };
      http.getResponse<Response>().once('finish', end); // a handler still ends its transaction then
      return handler.handle().pipe(finalize(end));
    }
  }
  return UseInterceptors(new Turn());
}

export function oneAtATime(): Problem {
  const detail = 'Somebody else has such a thing made. Ask again in a few seconds.';
  return new Problem({ status: 429, title: 'One at a time', detail, headers: { 'retry-after': '5' } });
}
