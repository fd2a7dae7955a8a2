import { expect, it } from '@jest/globals';
import { monthAfter, obstacle } from './month.ts';

it.each([
  ['2026-01', '2026-02'],
  ['2026-12', '2027-01'],
])('after %s comes %s', (month, next) => expect(monthAfter(month)).toBe(next));

it.each([
  ['close', '2025-11', null, undefined],
  ['close', '2026-03', '2026-03', undefined],
  ['close', '2026-05', '2026-05', '2026-05 is not over'],
  ['close', '2026-02', '2026-03', '2026-02 is closed'],
  ['close', '2026-04', '2026-03', '2026-03 comes first'],
  ['reopen', '2026-02', '2026-03', undefined],
  ['reopen', '2026-01', '2026-03', '2026-01 is not the last closed month'],
  ['reopen', '2026-03', '2026-03', '2026-03 is not the last closed month'],
  ['reopen', '2026-01', null, '2026-01 is not the last closed month'],
] as const)('to %s %s when %s is the first open month, in May', (action, month, firstOpen, expected) => {
  expect(obstacle({ action, month }, firstOpen, '2026-05')).toBe(expected);
});
