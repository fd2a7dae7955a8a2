import { SetMetadata, type Type } from '@nestjs/common';
import { type Allowed, doorOf, type Principal, type Reach } from '#libs/access';
import type { Fault } from '#libs/contracts';
import type { ActionView } from './action.dto.ts';
import { type Decision, objectionTo, type Step } from './decision.ts';

/** What the steps of a thing that is decided about are judged by. */
export interface Judged {
  readonly decision: Decision;
  /** Of a facility; null: of the nation. */
  readonly facilityId: string | null;
  /** What besides forbids its approval. */
  readonly obstacle?: Fault | undefined;
}

/** Of what each step can be taken, where that is not a draft. */
export type From = Partial<Readonly<Record<Step, readonly Decision['status'][]>>>;

interface Taken {
  readonly step: Step;
  readonly name: string;
}

const STEP = 'pasindo:step';

/** A route that takes a step of a decision. @param name the end of its path */
export const Takes = (step: Step, name: string = step): MethodDecorator =>
  SetMetadata(STEP, { step, name } satisfies Taken);

/** A step of what a controller decides about, with how far whoever asks may take it. */
export interface AllowedStep extends Taken {
  readonly allowed: Allowed;
}

/** The steps that a controller's routes take, as far as whoever asks may take them: by the policy of these routes. */
export function stepsOf(controller: Type, reach: Reach, principal: Principal): Promise<AllowedStep[]> {
  const handlers = Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler: unknown = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value;
    const taken: Taken | undefined = typeof handler === 'function' ? Reflect.getMetadata(STEP, handler) : undefined;
    const door = taken && doorOf(handler as object);
    return taken && typeof door === 'object' ? [{ ...taken, permission: door.permission }] : [];
  });
  return Promise.all(
    handlers.map(async ({ permission, ...taken }) => ({
      ...taken,
      allowed: await reach.allowed(permission, principal),
    })),
  );
}

/** What whoever asks may do, by policy, by who has done what before, and as it stands. */
export function actionsOf(
  steps: readonly AllowedStep[],
  { decision, facilityId, obstacle }: Judged,
  from: From,
  { person = '' }: Principal,
): ActionView[] {
  return steps.map(({ step, name, allowed }) => {
    const objection =
      allowed.objection(facilityId) ??
      objectionTo(decision, step, person, from[step]) ??
      (step === 'approval' ? obstacle : undefined);
    const why = objection ? { code: objection.code, message: objection.message } : null;
    return { name, allowed: why === null, why };
  });
}
