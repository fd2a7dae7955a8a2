import { isService, type Service } from './service.ts';

/** A path by its segments: `payouts/:id/approval`. */
export type Pattern = string;

export type Allowed = Readonly<Record<Service, readonly Pattern[]>>;

/** What a service is asked. */
export interface Call {
  readonly service: Service;
  /** Behind `/v1/`. */
  readonly path: string;
}

/** The call that these segments name, if it is allowed. */
export function allowedPath(allowed: Allowed, service: string, segments: readonly string[]): Call | undefined {
  if (!isService(service) || !allowed[service].some((pattern) => fits(pattern, segments))) return undefined;
  return { service, path: segments.map(encodeURIComponent).join('/') };
}

function fits(pattern: Pattern, segments: readonly string[]): boolean {
  const wanted = pattern.split('/');
  return (
    wanted.length === segments.length &&
    wanted.every((part, index) => (part.startsWith(':') ? isValue(segments[index]) : part === segments[index]))
  );
}

/** What would lead out of the path is none. */
function isValue(segment: string | undefined): boolean {
  return segment !== undefined && segment !== '' && segment !== '.' && segment !== '..';
}
