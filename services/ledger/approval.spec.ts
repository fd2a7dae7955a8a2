import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isApprovedBy, isSamePerson, requireDrafter, requireSecondPerson, requireWithdrawable } from './approval.ts';

/** The same person, as people and forms write ids. */
const spellings = ['P-17', 'p-17', ' P-17', 'P-17 ', 'P-17\u00a0', '\u3000P-17\t', 'Ｐ-１７', 'p-17\n'];

it.each(spellings)('%j is P-17, and no second person', (other) => {
  expect(isSamePerson('P-17', other)).toBe(true);
  expect(() => requireSecondPerson('P-17', other)).toThrow('Another person');
  expect(() => requireSecondPerson(other, 'P-17')).toThrow('Another person');
  expect(isApprovedBy(other, 'P-17')).toBe(true);
  expect(() => requireDrafter(other, 'P-17')).not.toThrow();
  expect(() => requireWithdrawable({ createdBy: 'P-17', approvedBy: null }, other)).not.toThrow();
});

it.each(['P-18', 'P17', 'P-1 7', 'P-17x', ''])('%j is another', (other) => {
  expect(isSamePerson('P-17', other)).toBe(false);
  expect(() => requireSecondPerson('P-17', other)).not.toThrow();
  expect(() => isApprovedBy('P-17', other)).toThrow('by P-17');
  expect(() => requireDrafter('P-17', other)).toThrow('Others may refuse');
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
