import type { Principal } from '#libs/access';
import type { Origin } from './step.ts';

/** Over HTTP it is a person, or the program of the channel. */
export function askedBy({ person, grants }: Principal, channel: string, cause: Origin): Origin {
  if (person !== undefined) return { ...cause, person };
  return grants.some(({ role }) => role === 'marketplace') ? { ...cause, sender: channel } : cause;
}
