import { applyDecorators, type CustomDecorator, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { Role, ScopeKind } from './roles.ts';

/** What a route lets people do: who, and how. A service's `policy.ts` lists them all. */
export interface Permission {
  /** `drafter`: wherever he is one; `drafter@national`: only who is one everywhere; `drafter@facility`: of a facility. */
  readonly roles: readonly (Role | `${Role}@national` | `${Role}@facility`)[];
  /** A program may not: who it was is kept with what was done. */
  readonly person?: true;
  /** It decides about what another person did: signed in lately, and as strongly as the installation wants. */
  readonly secondPerson?: true;
  /** Only a demo has it: elsewhere it is not there. */
  readonly demo?: true;
}

/**
 * Where a request says what it is about; grants of a facility, region, channel or maker have to cover it.
 * `row`, `list`: the database lets through what is in scope, and the rest is not there.
 */
export type Place = Named | Left;

interface Named {
  readonly of: 'body' | 'query' | 'param';
  readonly field: Subject;
  readonly kind: PlaceKind;
}

interface Left {
  readonly of: 'row' | 'list';
  readonly kind: PlaceKind;
}

/** Regions are sets of facilities. */
export type PlaceKind = Exclude<ScopeKind, 'national' | 'region'>;

type Subject = 'facilityId' | 'channel' | 'makerId' | 'owner' | 'account' | 'debtor';

const KIND_OF: Readonly<Record<Subject, PlaceKind>> = {
  facilityId: 'facility',
  channel: 'channel',
  makerId: 'maker',
  owner: 'maker',
  account: 'maker',
  debtor: 'maker',
};

const named =
  (of: 'body' | 'query' | 'param') =>
  (field: Subject): Place => ({ of, field, kind: KIND_OF[field] });
export const body = named('body');
export const query = named('query');
export const param = named('param');
/** One row of facilities, or a maker's or channel's own. */
export const row: Place = { of: 'row', kind: 'facility' };
export const list: Place = { of: 'list', kind: 'facility' };
export const channelList: Place = { of: 'list', kind: 'channel' };

export interface Allowance {
  /** Its name in the policy of its service. */
  readonly name: string;
  readonly permission: Permission;
  readonly places: readonly Place[];
}

/** `open`: whoever is signed in. `public`: anybody. `signed`: whoever has signed what he sends, which its route judges. */
export type Door = Allowance | 'open' | 'public' | 'signed';

const DOOR = 'pasindo:door';

export function doorOf(handler: object): Door | undefined {
  return Reflect.getMetadata(DOOR, handler);
}

const door = (value: Door): CustomDecorator => SetMetadata(DOOR, value);

/** Nothing that is about anybody: also without a token. */
export const Public = (): MethodDecorator => door('public');

/** Without a token: the route judges who has signed the body, and with what. */
export const Signed = (): MethodDecorator => door('signed');

const signedIn = [ApiBearerAuth(), ApiUnauthorizedResponse({ description: 'no valid token' })];

/** What everybody may know who is signed in at all. */
export const Open = (): MethodDecorator => applyDecorators(door('open'), ...signedIn);

export type Policy = Readonly<Record<string, Permission>>;

/** For the routes of a service: `@Allow('payout.propose', body('facilityId'))`. */
export function allowanceOf<Of extends Policy>(policy: Of) {
  return (name: keyof Of & string, ...places: Place[]): MethodDecorator => {
    const permission = policy[name] as Permission;
    const description = `not one of: ${permission.roles.join(', ')}; or beyond what this token is for`;
    return applyDecorators(door({ name, permission, places }), ...signedIn, ApiForbiddenResponse({ description }));
  };
}
