import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { journalFaults, type StoredJournal, startOfChain } from './verification.ts';

const amounts = fc
  .array(fc.maxSafeInteger(), { minLength: 1, maxLength: 10 })
  .chain((some) => fc.shuffledSubarray([...some, ...some.map((amount) => -amount)], { minLength: 2 * some.length }));

function journalOf(sums: readonly number[]): StoredJournal {
  const entry = {
    account: 'suspense@F1',
    lineRef: null,
    step: null,
    version: 1,
    postedOn: '2026-01-05',
    facilityId: 'F1',
  };
  return {
    ...{ journalId: 'J', facilityId: 'F1', kind: 'adjustment', number: 1, hash: '', reverses: null, agreement: null },
    ...{ postedOn: '2026-01-05', occurredAt: '2026-01-05T03:00:00Z', occurredAtMs: '0', recordedAtMs: '0' },
    ...{ sourceEventId: '', sourceReference: '', correlationId: '', source: '{}', entryCount: sums.length },
    entries: sums.map((amount) => ({ ...entry, amount })),
  };
}
const sumFaults = (sums: readonly number[]) =>
  [...journalFaults(journalOf(sums), startOfChain)].filter(({ says }) => says.includes('sum to'));

it('whatever the amounts and their order, entries that sum to zero are no fault, and others are', () => {
  fc.assert(fc.property(amounts, (sums) => expect(sumFaults(sums)).toEqual([])));
  fc.assert(fc.property(amounts, (sums) => expect(sumFaults([...sums, 1])).toHaveLength(1)));
});
