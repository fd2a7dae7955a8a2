import { useWho } from '../api/session.ts';

/** Of a screen that is about one facility: the one that is asked for, else one's own, else the first. */
export function useFacilityChoice(asked: string | undefined): string | undefined {
  const { grants, facilities } = useWho();
  return asked ?? grants.find(({ kind }) => kind === 'facility')?.id ?? facilities[0]?.facilityId;
}
