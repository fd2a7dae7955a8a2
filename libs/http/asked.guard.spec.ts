import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal';
import { AskedGuard } from './asked.guard.ts';

class Route {
  handle(): void {}
}

function contextOf(taken: Record<string, object>, query: Record<string, unknown>): ExecutionContext {
  Reflect.defineMetadata(ROUTE_ARGS_METADATA, taken, Route, 'handle');
  return {
    getClass: () => Route,
    getHandler: () => Route.prototype.handle,
    switchToHttp: () => ({ getRequest: () => ({ query, headers: {} }) }),
  } as unknown as ExecutionContext;
}

it('a route that takes a query takes its parameters', () => {
  const context = contextOf({ [`${RouteParamtypes.QUERY}:0`]: {} }, { limit: '1' });
  expect(new AskedGuard().canActivate(context)).toBe(true);
});

it.each(['a', `${RouteParamtypes.QUERY}`, `${RouteParamtypes.QUERY}f`])(
  'what a decorator of our own gives is no query, whatever its random name is: %s',
  (name) => {
    const context = contextOf({ [`${name}__customRouteArgs__:0`]: {} }, { limit: '1' });
    expect(() => new AskedGuard().canActivate(context)).toThrow('Invalid request');
  },
);
