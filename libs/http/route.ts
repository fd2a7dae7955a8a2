import type { Request, Response } from 'express';

/** Of the router's layers, what it does not declare. */
interface Layer {
  match(path: string): boolean;
  readonly route?: Route;
}

interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}

/** For the log: the pattern, not what stands in its place, which may be a name. */
export function routeOf(request: Request): { method: string; route?: string | undefined } {
  const { method, route } = request;
  return { method, route: route?.path ?? patternOf(request) };
}

/** Of a request that nobody has routed yet. */
function patternOf(request: Request): string | undefined {
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  try {
    return routesAt(request).find(({ methods }) => methods[method])?.path;
  } catch {
    return undefined; // a path that cannot be decoded
  }
}

/** What is told of a request that has no route: that there is nothing, or what can be done there. */
export function unrouted(request: Request, response: Response) {
  const { method, path } = request;
  const methods = new Set(
    routesAt(request).flatMap((route) => Object.keys(route.methods).map((name) => name.toUpperCase())),
  );
  if (methods.size === 0) return { status: 404, title: 'Not found', detail: `There is nothing at ${path}.` };
  if (methods.has('GET')) methods.add('HEAD');
  const allowed = [...methods].join(', ');
  response.setHeader('allow', allowed);
  return { status: 405, title: 'Method not allowed', detail: `${path} takes ${allowed}, not ${method}.` };
}

function routesAt({ app, path }: Request): Route[] {
  const layers = (app.router as unknown as { stack: Layer[] }).stack;
  return layers.flatMap((layer) => (layer.route && layer.match(path) ? [layer.route] : []));
}
