import { expect, it } from '@jest/globals';
import { faultsOf } from './adjustment.ts';

const entries = (accounts: Record<string, number>) =>
  Object.entries(accounts).map(([account, amount]) => ({ account, amount }));

it('a balanced adjustment in the chart and the facility is postable', () => {
  expect(faultsOf('adjustment', 'F1', entries({ 'facility:F1:earnings': 5, 'maker:M1:wages': -5 }))).toEqual([]);
  expect(faultsOf('write-off', 'F1', entries({ 'facility:F1:earnings': 5, 'maker:M1:receivable': -5 }))).toEqual([]);
});

it.each([
  ['unbalanced', { 'facility:F1:earnings': 5, 'maker:M1:wages': -4 }, 'the entries sum to 1, not to 0'],
  ['another facility’s', { 'facility:F2:earnings': 5, 'maker:M1:wages': -5 }, 'belongs to another facility'],
  ['pending money of sales', { 'facility:F1:earnings': 5, 'maker:M1:wages-pending': -5 }, 'pending money'],
])('%s is not', (_, accounts, message) => {
  expect(faultsOf('adjustment', 'F1', entries(accounts))).toMatchObject([
    { message: { en: expect.stringContaining(message) } },
  ]);
});

it('a write-off lowers what is owed to us', () => {
  const growing = { 'maker:M1:receivable': 5, 'facility:F1:earnings': -5 };
  expect(faultsOf('write-off', 'F1', entries(growing))).toMatchObject([{ entry: 0 }]);
  const nothingOwed = { 'maker:M1:wages': 5, 'facility:F1:earnings': -5 };
  expect(faultsOf('write-off', 'F1', entries(nothingOwed))).toMatchObject([
    { message: { en: 'a write-off lowers a receivable' } },
  ]);
});

it('an account twice is a slip', () => {
  const twice = [...entries({ 'maker:M1:wages': 5, 'facility:F1:earnings': -10 }), ...entries({ 'maker:M1:wages': 5 })];
  expect(faultsOf('adjustment', 'F1', twice)).toMatchObject([
    { entry: 2, message: { en: 'maker:M1:wages occurs twice' } },
  ]);
});
