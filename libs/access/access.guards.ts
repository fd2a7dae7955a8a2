import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { rowAccess } from '#libs/database';
import { Problem } from '#libs/http';
import { Approvers } from './approvers.ts';
import { type Allowance, doorOf, type Place } from './policy.ts';
import { personNeeded } from './principal.ts';
import { grantsFor, Reach } from './reach.ts';
import type { Grant } from './roles.ts';
import type { Scope } from './scope.ts';
import { NO_TOKEN, unauthorized } from './token.verifier.ts';

declare global {
  namespace Express {
    interface Request {
      /** Of the grants of who asks, those that let him in. */
      letIn?: readonly Grant[];
    }
  }
}

/** Before a body is read: whether who asks may do this at all, somewhere. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(private readonly approvers: Approvers) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const door = doorOf(context.getHandler());
    if (!door) throw new Error('a route that nobody is allowed');
    if (door === 'public' || door === 'signed') return true;
    if (typeof door === 'object' && door.permission.demo && process.env.PASINDO_DEMO !== 'on') throw notThere();
    const request = context.switchToHttp().getRequest<Request>();
    const { principal } = request;
    if (!principal) throw unauthorized(NO_TOKEN, 'Send Authorization: Bearer and an access token.');
    await this.approvers.meet(principal);
    if (door === 'open') return true;
    const { permission, name } = door;
    request.letIn = grantsFor(permission, principal);
    if (request.letIn.length === 0) throw forbidden(name, 'no-permission');
    if (permission.person && principal.person === undefined) throw personNeeded();
    if (permission.secondPerson) this.approvers.require(principal);
    return true;
  }
}

/** When it is known what a request is about: whether it is within what who asks is there for. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reach: Reach) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const request = context.switchToHttp().getRequest<Request>();
    const door = doorOf(context.getHandler());
    const scope = door === undefined || typeof door === 'string' ? EVERYWHERE : await this.#scopeOf(request, door);
    request.scope = scope;
    const rows = rowAccess.getStore();
    const [maker] = scope.makers;
    if (rows)
      rows.scope = scope.national ? 'all' : { facilities: scope.facilities, ...(maker !== undefined && { maker }) };
    return true;
  }

  async #scopeOf(request: Request, { places, name }: Allowance): Promise<Scope> {
    const { letIn: grants = [] } = request;
    const reached = await this.reach.of(grants);
    const covers = (kind: Place['kind']): boolean => {
      const about = places.filter((place) => place.kind === kind);
      const isGranted = grants.some((grant) => kind === (grant.kind === 'region' ? 'facility' : grant.kind));
      return isGranted && about.length > 0 && about.every((place) => isWithin(place, request, reached[kind]));
    };
    const covered = (['facility', 'channel', 'maker'] as const).filter(covers);
    if (!reached.national && covered.length === 0) throw forbidden(name, 'out-of-scope');
    const within = (kind: Place['kind']) => (covered.includes(kind) ? reached[kind] : []);
    return {
      national: reached.national,
      facilities: within('facility'),
      channels: within('channel'),
      makers: within('maker'),
    };
  }
}

const EVERYWHERE: Scope = { national: true, facilities: [], channels: [], makers: [] };

/** What is left to the database is: what it does not let through is not there. */
function isWithin(place: Place, request: Request, ids: readonly string[]): boolean {
  if (!('field' in place)) return true;
  const { of, field, kind } = place;
  const values: Readonly<Record<string, unknown>> =
    { body: request.body, query: request.query, param: request.params }[of] ?? {};
  const value = values[field];
  if (typeof value !== 'string') return false;
  const [, maker = ''] = /^maker:([^:]+)/.exec(value) ?? [];
  return ids.includes(kind === 'maker' && field !== 'makerId' ? maker : value);
}

function notThere(): Problem {
  return new Problem({ status: 404, title: 'Not found', detail: 'There is nothing here.' });
}

function forbidden(permission: string, reason: string): Problem {
  return new Problem({
    status: 403,
    title: 'Not allowed',
    reason,
    detail: `This token does not allow ${permission} here (docs/ACCESS.md says who may).`,
  });
}
