import { fault, patterned } from '#libs/contracts';
import type { PostedJournal } from './journal.repository.ts';

/** Where a journal stands among all: its facility, and its number there. */
export type Place = Pick<PostedJournal, 'facilityId' | 'number'>;

/** As a cursor has it. */
export const PlaceText = patterned(
  { pattern: '^[1-9]\\d{0,15} .+$', lengthMax: 1_000, description: 'number and facility' },
  fault('not-a-position', 'is no position', 'bukan posisi'),
);

export function placeOf({ number, facilityId }: Place): string {
  return `${number} ${facilityId}`;
}

export function placeAt(text: string | undefined): Place | undefined {
  const [, number, facilityId = ''] = /^(\d+) (.+)$/.exec(text ?? '') ?? [];
  return number === undefined ? undefined : { number: Number(number), facilityId };
}
