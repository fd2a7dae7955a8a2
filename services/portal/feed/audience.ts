import type { Grant } from '#libs/access';
import { type Facility, inScope } from '../facilities/scope.ts';
import type { Change } from './change.ts';

/** Who reads the books at all. */
const READERS: readonly Grant['role'][] = ['officer', 'overseer', 'drafter', 'approver', 'auditor'];

/** Whether a change is somebody's to hear of: of what he may read, of the facilities that he is there for. */
export function audienceOf(grants: readonly Grant[], facilities: readonly Facility[]): (change: Change) => boolean {
  const reading = grants.filter(({ role }) => READERS.includes(role));
  if (reading.some(({ kind }) => kind === 'national')) return () => true;
  const ids = new Set([
    ...reading.filter(({ kind }) => kind === 'facility').map(({ id }) => id),
    ...inScope(facilities, reading).map(({ facilityId }) => facilityId),
  ]);
  return ({ facilityId }) => facilityId !== null && ids.has(facilityId);
}
