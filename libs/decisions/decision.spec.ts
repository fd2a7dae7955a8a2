import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '#libs/http';
import { type Decision, isSamePerson, isToDo, type Step } from './decision.ts';

/** The same person, as people and forms write ids. */
const spellings = ['P-17', 'p-17', ' P-17', 'P-17 ', 'P-17\u00a0', '\u3000P-17\t', 'Ｐ-１７', 'p-17\n'];

it.each(spellings)('%j is P-17, and no second person', (other) => {
  const draft: Decision = { status: 'draft', draftedBy: 'P-17', decidedBy: null };
  expect(isSamePerson('P-17', other)).toBe(true);
  expect(() => isToDo(draft, 'approval', other)).toThrow('Another person');
  expect(() => isToDo({ ...draft, draftedBy: other }, 'approval', 'P-17')).toThrow('Another person');
  expect(isToDo(draft, 'withdrawal', other)).toBe(true);
  expect(isToDo({ ...draft, status: 'approved', decidedBy: 'P-17', draftedBy: 'P-1' }, 'approval', other)).toBe(false);
});

it.each(['P-18', 'P17', 'P-1 7', 'P-17x', ''])('%j is another', (other) => {
  const draft: Decision = { status: 'draft', draftedBy: 'P-17', decidedBy: null };
  expect(isSamePerson('P-17', other)).toBe(false);
  expect(isToDo(draft, 'approval', other)).toBe(true);
  expect(() => isToDo(draft, 'withdrawal', other)).toThrow('Others may refuse');
});

it('blanks around it and the case of letters make nobody another', () => {
  const blank = fc.string({ unit: fc.constantFrom(' ', '\t', '\u00a0', '\u2003', '\u3000'), maxLength: 3 });
  const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
  fc.assert(
    fc.property(id, blank, blank, (person, before, behind) => {
      expect(isSamePerson(person, before + person.toUpperCase() + behind)).toBe(true);
    }),
  );
});

/** What each step of each person comes to: `drafter`, who `reviewed` or `decided`, and `other`. */
const of = { draftedBy: 'drafter', reviewedBy: 'reviewer', decidedBy: 'decider' };
const draft: Decision = { ...of, status: 'draft', reviewedBy: null, decidedBy: null };
const reviewed: Decision = { ...of, status: 'reviewed', decidedBy: null };
const approved: Decision = { ...of, status: 'approved' };
const rejected: Decision = { ...of, status: 'rejected' };
const withdrawn: Decision = { ...of, status: 'withdrawn', decidedBy: null };

function outcome(decision: Decision, step: Step, by: string, from?: readonly Decision['status'][]) {
  try {
    return isToDo(decision, step, by, from) ? 'to do' : 'done before';
  } catch (error) {
    return (error as Problem).problem.status;
  }
}

it.each<[decision: Decision, step: Step, by: string, outcome: string | number]>([
  [draft, 'approval', 'other', 'to do'],
  [draft, 'approval', 'drafter', 403],
  [draft, 'rejection', 'other', 'to do'],
  [draft, 'withdrawal', 'drafter', 'to do'],
  [draft, 'withdrawal', 'other', 403],
  [draft, 'review', 'other', 'to do'],
  [reviewed, 'review', 'reviewer', 'done before'],
  [reviewed, 'review', 'other', 409],
  [approved, 'approval', 'decider', 'done before'],
  [approved, 'approval', 'other', 409],
  [approved, 'approval', 'drafter', 409],
  [approved, 'rejection', 'decider', 409],
  [approved, 'withdrawal', 'drafter', 409],
  [rejected, 'rejection', 'decider', 'done before'],
  [rejected, 'rejection', 'other', 409],
  [rejected, 'approval', 'other', 409],
  [withdrawn, 'withdrawal', 'drafter', 'done before'],
  [withdrawn, 'withdrawal', 'other', 409],
  [withdrawn, 'approval', 'other', 409],
])('of %j, %s by %s: %s', (decision, step, by, expected) => {
  expect(outcome(decision, step, by)).toBe(expected);
});

it.each<[decision: Decision, by: string, outcome: string | number]>([
  [draft, 'other', 409],
  [reviewed, 'other', 'to do'],
  [reviewed, 'reviewer', 403],
  [reviewed, 'drafter', 403],
])('where it has to be reviewed before, of %j, approval by %s: %s', (decision, by, expected) => {
  expect(outcome(decision, 'approval', by, ['reviewed'])).toBe(expected);
});
