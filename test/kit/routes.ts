import { type INestApplication, RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** How a handler is called, without what stands before it: parameters, guards and pipes. */
export type Call = (...parameters: unknown[]) => Promise<unknown>;

/** The handlers of a running service by `Controller.method`, of its own controllers. */
export function handlersOf(
  app: INestApplication,
  method: 'GET' | 'POST',
  ofService: readonly string[],
): Map<string, Call> {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) =>
    ofService.includes(module.name) ? [...module.controllers.values()] : [],
  );
  const handlers = controllers.flatMap(({ name, instance }) => {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(instance));
    return names
      .filter(
        (key) =>
          Reflect.getMetadata('method', (instance as Record<string, Call>)[key] as Call) === RequestMethod[method],
      )
      .map((key): [string, Call] => [
        `${name}.${key}`,
        (...given) => (instance as Record<string, Call>)[key]?.(...given) as Promise<unknown>,
      ]);
  });
  return new Map(handlers);
}
