import { expect, it } from '@jest/globals';
import { type JournalKind, kindOf, type StoredKind } from './kind.ts';

const older: [stored: StoredKind, source: object, kind: JournalKind][] = [
  ['adjustment', { type: 'adjustment', entries: [] }, 'correction'],
  ['adjustment', { type: 'write-off', entries: [] }, 'write-off'],
  ['adjustment', { type: 'obligation', debtor: 'maker:M1', amount: 1 }, 'obligation'],
  ['adjustment', { lineRef: '1', lot: { lotId: 'L1' } }, 'contribution'],
  ['adjustment', { closing: 'variance', month: '2026-01' }, 'variance'],
  ['adjustment', { closing: 'floor', month: '2026-01' }, 'floor-top-up'],
  ['opening', { type: 'opening', entries: [] }, 'opening'],
  ['custody', { type: 'transfer', makerId: 'M1' }, 'transfer'],
  ['custody', { type: 'release', makerId: 'M1' }, 'release-of-savings'],
  ['custody', { type: 'freeze', makerId: 'M1' }, 'freeze'],
  ['custody', { type: 'unfreeze', makerId: 'M1' }, 'unfreeze'],
  ['custody', { type: 'merge', makerId: 'M1', into: 'M2' }, 'merge'],
  ['custody', { type: '__proto__' }, 'correction'],
];

it.each(older)('a journal stored as %s with %j is of the kind %s, parsed or as text', (kind, source, named) => {
  expect(kindOf({ kind, source })).toBe(named);
  expect(kindOf({ kind, source: JSON.stringify(source) })).toBe(named);
  expect(kindOf({ kind: named, source })).toBe(named);
});
