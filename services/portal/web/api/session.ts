import { useQuery } from '@tanstack/react-query';
import type { Words } from './answers.ts';
import { get } from './api.ts';

export type Role =
  | 'officer'
  | 'overseer'
  | 'drafter'
  | 'approver'
  | 'auditor'
  | 'privacy'
  | 'operator'
  | 'administrator'
  | 'marketplace'
  | 'maker';

export interface Grant {
  readonly role: Role;
  readonly kind: 'facility' | 'region' | 'national' | 'channel' | 'maker';
  readonly id?: string | null;
}

export interface Facility {
  readonly facilityId: string;
  readonly name: string;
  readonly kind: string;
  readonly region: string;
}

export interface SignedIn {
  readonly signedIn: true;
  readonly person: string;
  readonly title: Words | null;
  readonly grants: readonly Grant[];
  /** Within the scope of the grants. */
  readonly facilities: readonly Facility[];
  readonly demo: boolean;
  readonly locale: 'id' | 'en';
}

export interface DemoPerson {
  readonly id: string;
  readonly title: Words;
  readonly grants: readonly string[];
}

export interface SignedOut {
  readonly signedIn: false;
  readonly demo: boolean;
  /** Of a demo: who one may be. */
  readonly persons?: readonly DemoPerson[];
}

export const SESSION = ['session'] as const;

export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: ({ signal }) => get<SignedIn | SignedOut>('/api/session', signal),
    staleTime: 60_000,
  });
}

/** Of a screen, which is shown only to somebody who is signed in. */
export function useWho(): SignedIn {
  const { data } = useSession();
  if (!data?.signedIn) throw new Error('a screen is shown to nobody');
  return data;
}

export function has(who: SignedIn, ...roles: readonly Role[]): boolean {
  return who.grants.some(({ role }) => roles.includes(role));
}

/** Who drafts what is of the nation, not of a facility. */
export function draftsNationally(who: SignedIn): boolean {
  return who.grants.some(({ role, kind }) => role === 'drafter' && kind === 'national');
}

export function isNational(who: SignedIn): boolean {
  return who.grants.some(({ kind }) => kind === 'national');
}
