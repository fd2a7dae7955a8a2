import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import { type Principal, Reach } from '#libs/access';
import { actionsOf, type From, type Judged, stepsOf } from './actions.ts';

interface Judging {
  judged(view: object): Judged;
  readonly from: From;
}

const JUDGING = 'pasindo:judging';

/** Adds to each view that a controller answers, alone or in a list, what whoever asks may do with it. */
@Injectable()
class ActionsInterceptor implements NestInterceptor {
  constructor(private readonly reach: Reach) {}

  async intercept(context: ExecutionContext, handler: CallHandler): Promise<Observable<unknown>> {
    const controller = context.getClass();
    const principal = context.switchToHttp().getRequest<Request>().principal as Principal;
    const { judged, from }: Judging = Reflect.getMetadata(JUDGING, controller);
    const steps = await stepsOf(controller, this.reach, principal);
    const withActions = (view: object) =>
      'createdBy' in view ? { ...view, actions: actionsOf(steps, judged(view), from, principal) } : view;
    return handler.handle().pipe(
      map((answer: object | undefined) => {
        if (answer === undefined) return answer; // the route has sent it itself
        if (Array.isArray(answer)) return answer.map(withActions);
        return 'items' in answer && !('createdBy' in answer)
          ? { ...answer, items: (answer.items as object[]).map(withActions) }
          : withActions(answer);
      }),
    );
  }
}

/**
 * A controller of what people decide about.
 * @param judged by what a view of its own is judged
 * @param from of what each step can be taken, where that is not a draft
 */
export function Decidable<View extends object>(judged: (view: View) => Judged, from: From = {}): ClassDecorator {
  return applyDecorators(
    SetMetadata(JUDGING, { judged: judged as Judging['judged'], from } satisfies Judging),
    UseInterceptors(ActionsInterceptor),
  );
}
