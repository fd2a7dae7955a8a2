import { applyDecorators, HttpCode, Post, type Type } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Takes } from './actions.ts';
import type { Step } from './decision.ts';

const forbidden: Readonly<Record<Step, string | undefined>> = {
  review: undefined,
  approval: 'by who drafted or reviewed it',
  rejection: undefined,
  withdrawal: 'by another than who drafted it',
};

/**
 * A route that takes a step of a decision: `POST {path}/approval` and the like, by who asks. The same person may say it
 * again.
 * @param path of what is decided about: `:id`
 * @param also why else it cannot be: what the books or the sale of a draft forbid
 */
export function Decides(
  step: Step,
  path: string,
  view: Type,
  also: { readonly conflict?: string; readonly unprocessable?: string } = {},
): MethodDecorator {
  const by = forbidden[step];
  return applyDecorators(
    Takes(step),
    Post(`${path}/${step}`),
    HttpCode(200),
    ApiOkResponse({ type: view }),
    ApiNotFoundResponse(),
    ...(by ? [ApiForbiddenResponse({ description: by })] : []),
    ApiConflictResponse({ description: ['decided already', also.conflict].filter(Boolean).join(', or ') }),
    ...(also.unprocessable ? [ApiUnprocessableEntityResponse({ description: also.unprocessable })] : []),
  );
}
