import { expect, it } from '@jest/globals';
import type { ChannelSet, TermsVersion } from '../api/answers.ts';
import { nextVersion, setInForce, storeChanges, termsAfter, termsAt } from './versions.ts';

const terms = (version: number, status: string, effectiveFrom: string) =>
  ({ version, status, effectiveFrom }) as TermsVersion;
const versions = [
  terms(1, 'approved', '2026-01-01T00:00:00.000Z'),
  terms(2, 'approved', '2026-03-01T00:00:00.000Z'),
  terms(3, 'rejected', '2026-01-02T00:00:00.000Z'),
  terms(4, 'approved', '2026-02-01T00:00:00.000Z'),
  terms(5, 'approved', '2026-02-01T00:00:00.000Z'),
  terms(6, 'draft', '2026-01-03T00:00:00.000Z'),
];

it.each([
  ['2025-12-31T00:00:00.000Z', undefined, [1, 4, 5, 2]],
  ['2026-01-31T00:00:00.000Z', 1, [4, 5, 2]],
  ['2026-02-01T00:00:00.000Z', 5, [2]],
  ['2026-04-01T00:00:00.000Z', 2, []],
])('at %s version %s is in force, and %j are to come', (at, version, later) => {
  expect(termsAt(versions, at)?.version).toBe(version);
  expect(termsAfter(versions, at).map((each) => each.version)).toEqual(later);
});

it('of sets the one approved last is in force; the next version is behind all', () => {
  const set = (version: number, status: string) => ({ version, status }) as ChannelSet;
  expect(setInForce([set(1, 'approved'), set(2, 'approved'), set(3, 'rejected')])?.version).toBe(2);
  expect(setInForce([set(1, 'draft')])).toBeUndefined();
  expect([nextVersion(versions), nextVersion([])]).toEqual([7, 1]);
});

it('of stores it is said which are new, of another facility, and gone', () => {
  const [kept, moved, gone] = [
    { store: 'kept', facilityId: 'F1' },
    { store: 'moved', facilityId: 'F1' },
    { store: 'gone', facilityId: 'F1' },
  ];
  const fresh = { store: '*', facilityId: 'F2' };
  expect(storeChanges([kept, moved, gone], [fresh, { ...moved, facilityId: 'F2' }, kept])).toEqual([
    { store: 'moved', change: 'changed', before: 'F1', after: 'F2' },
    { store: 'gone', change: 'removed', before: 'F1' },
    { store: '*', change: 'added', after: 'F2' },
  ]);
  expect(storeChanges([kept], [kept])).toEqual([]);
});
