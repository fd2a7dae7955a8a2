import { RequestMethod, type Type } from '@nestjs/common';
import { type Door, doorOf, type Policy } from './policy.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly door: Door | undefined;
}

/** All routes of the controllers of a module and of those that it imports. */
export function routesOf(module: Type): Route[] {
  return [...controllersOf(module, new Set())].flatMap((controller) => {
    const prefix: string = Reflect.getMetadata('path', controller) ?? '';
    const { prototype } = controller;
    const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
    return names.flatMap((name): Route[] => {
      const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      const path: unknown = typeof handler === 'function' ? Reflect.getMetadata('path', handler) : undefined;
      if (typeof handler !== 'function' || typeof path !== 'string') return [];
      const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
      return [
        { method, path: `/${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'), door: doorOf(handler) },
      ];
    });
  });
}

function controllersOf(module: unknown, seen: Set<unknown>): Set<Type> {
  const found = new Set<Type>();
  const isDynamic = typeof module === 'object' && module !== null && 'module' in module;
  const type = isDynamic ? module.module : module;
  if (typeof type !== 'function' || seen.has(type)) return found;
  seen.add(type);
  const said = (what: 'controllers' | 'imports'): unknown[] => [
    ...(Reflect.getMetadata(what, type) ?? []),
    ...(isDynamic ? ((module as Record<string, unknown[]>)[what] ?? []) : []),
  ];
  for (const controller of said('controllers')) found.add(controller as Type);
  for (const imported of said('imports')) for (const each of controllersOf(imported, seen)) found.add(each);
  return found;
}

/** @throws Error if a route says not who may use it, or a policy has a permission that no route asks for */
export function requireDoors(routes: readonly Route[], policies: readonly Policy[]): void {
  const open = routes.filter(({ door }) => door === undefined).map(({ method, path }) => `${method} ${path}`);
  if (open.length > 0) throw new Error(`nobody says who may use ${open.join(', ')}`);
  const used = new Set(routes.map(({ door }) => (typeof door === 'object' ? door.permission : undefined)));
  const unused = policies.flatMap((policy) => Object.entries(policy).filter(([, permission]) => !used.has(permission)));
  if (unused.length > 0) throw new Error(`no route asks for ${unused.map(([name]) => name).join(', ')}`);
}
