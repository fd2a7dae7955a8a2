import type { Request, Response } from 'express';

/** Of the router's layers, what it does not declare. */
interface Layer {
  match(path: string): boolean;
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
}

/** What is told of a request that has no route: that there is nothing, or what can be done there. */
export function unrouted(request: Request, response: Response) {
  const { method, path } = request;
  const layers = (request.app.router as unknown as { stack: Layer[] }).stack;
  const there = layers.filter((layer) => layer.route && layer.match(path));
  const methods = new Set(
    there.flatMap(({ route }) => Object.keys(route?.methods ?? {}).map((name) => name.toUpperCase())),
  );
  if (methods.size === 0) return { status: 404, title: 'Not found', detail: `There is nothing at ${path}.` };
  if (methods.has('GET')) methods.add('HEAD');
  const allowed = [...methods].join(', ');
  response.setHeader('allow', allowed);
  return { status: 405, title: 'Method not allowed', detail: `${path} takes ${allowed}, not ${method}.` };
}
