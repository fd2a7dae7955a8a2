import { describe, expect, it } from '@jest/globals';
import type { Grant } from '#libs/access';
import { audienceOf } from './audience.ts';
import { changeByDecision, changeByJournal } from './change.ts';

const journal = { facilityId: 'F1', kind: 'sale', sourceReference: 'blanja/1@F1', part: 1 };

describe('a change', () => {
  it('says where, what and which, and nothing that the event says besides', () => {
    const entries = [{ account: 'maker:M1:wages', amount: -5 }];
    expect(changeByJournal({ ...journal, entries } as never)).toEqual([
      { facilityId: 'F1', kind: 'sale', reference: 'blanja/1@F1' },
    ]);
    expect(changeByDecision({ kind: 'agreement', id: 'ID-1990', draftedBy: 'p-1' } as never)).toEqual([
      { facilityId: null, kind: 'agreement', reference: 'ID-1990' },
    ]);
  });

  it('is one, however many parts its journal comes in', () => {
    expect(changeByJournal({ ...journal, part: 2 } as never)).toEqual([]);
  });
});

const FACILITIES = [
  { facilityId: 'F1', name: 'One', kind: 'lapas', region: 'East' },
  { facilityId: 'F2', name: 'Two', kind: 'lapas', region: 'West' },
];
const grant = (text: string): Grant => {
  const [, role, kind, id = ''] = /^(\w+)@(\w+)(?::(.+))?$/.exec(text) ?? [];
  return { role, kind, id } as Grant;
};

it.each<[string[], string]>([
  [['officer@facility:F1'], 'F1'],
  [['drafter@facility:F1', 'officer@facility:F2'], 'F1 F2'],
  [['overseer@region:West'], 'F2'],
  [['overseer@national'], 'F1 F2 *'],
  [['auditor@national'], 'F1 F2 *'],
  [['operator@national'], ''],
  [['privacy@national', 'officer@facility:F2'], 'F2'],
  [['maker@maker:M1'], ''],
  [['marketplace@channel:blanja'], ''],
  [['approver@facility:F3'], ''],
  [[], ''],
])('who is %j hears of %s', (grants, heard) => {
  const isHisToHear = audienceOf(grants.map(grant), FACILITIES);
  const changes = ['F1', 'F2', null].filter((facilityId) => isHisToHear({ facilityId, kind: 'sale', reference: '1' }));
  expect(changes.map((facilityId) => facilityId ?? '*').join(' ')).toBe(heard);
});
