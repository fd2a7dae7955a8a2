import { expect, it } from '@jest/globals';
import { type Allowed, allowedPath } from './patterns.ts';

const ALLOWED: Allowed = { catalogue: [], orders: [], payments: [], ledger: ['payouts', 'payouts/:id/approval'] };

it.each<[string[], string]>([
  [['payouts'], 'payouts'],
  [['payouts', 'a b/c', 'approval'], 'payouts/a%20b%2Fc/approval'],
])('%j is a call', (segments, path) => {
  expect(allowedPath(ALLOWED, 'ledger', segments)).toEqual({ service: 'ledger', path });
});

it.each<[string, string[]]>([
  ['ledger', []],
  ['ledger', ['journals']],
  ['ledger', ['payouts', '1']],
  ['ledger', ['payouts', '', 'approval']],
  ['ledger', ['payouts', '.', 'approval']],
  ['ledger', ['payouts', '..', 'approval']],
  ['orders', ['payouts']],
  ['constructor', ['payouts']],
])('%s %j is none', (service, segments) => {
  expect(allowedPath(ALLOWED, service, segments)).toBeUndefined();
});
