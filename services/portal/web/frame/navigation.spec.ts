import { describe, expect, it } from '@jest/globals';
import type { Grant, Role } from '../api/session.ts';
import { navigationOf, PATHS } from './navigation.ts';

const at = (role: Role, kind: Grant['kind'] = 'facility'): Grant => ({ role, kind, id: 'LP-MOJOKERTO' });

describe('navigation', () => {
  it('an officer finds the workshop, and no books', () => {
    expect(navigationOf([at('officer')])).toEqual(['home', 'sales', 'lots', 'makers']);
  });

  it('months are closed by national persons only', () => {
    expect(navigationOf([at('drafter')])).not.toContain('months');
    expect(navigationOf([at('drafter', 'national')])).toContain('months');
  });

  it('what is shared everywhere is agreed by national persons, what is paid out by those of a facility', () => {
    expect(navigationOf([at('drafter')])).toEqual(expect.arrayContaining(['premi']));
    expect(navigationOf([at('approver', 'national')])).toContain('agreements');
    expect(navigationOf([at('approver', 'national')])).not.toContain('premi');
  });

  it('a marketplace finds its own orders, and what was refused of them', () => {
    expect(navigationOf([at('marketplace', 'channel')])).toEqual(['orders', 'rejected', 'settlements']);
  });

  it('an operator finds why goods are not known: by what their channel calls them', () => {
    expect(navigationOf([at('operator', 'national')])).toEqual(['operations', 'rejected', 'exceptions', 'channels']);
  });

  it('who sees many facilities begins with all of them', () => {
    expect(navigationOf([at('drafter', 'national')])[0]).toBe('overview');
    expect(navigationOf([at('overseer', 'region')])[0]).toBe('overview');
    expect(navigationOf([at('drafter')])[0]).toBe('home');
  });

  it('an approver begins with what awaits a decision', () => {
    expect(navigationOf([at('approver')])[0]).toBe('decisions');
  });

  it('two roles are one navigation, without repetition', () => {
    const both = navigationOf([at('officer'), at('drafter')]);
    expect(new Set(both).size).toBe(both.length);
    expect(both).toEqual(expect.arrayContaining(['lots', 'ledger']));
  });

  it('no role has more than eight entries, and every entry has an address of its own', () => {
    const roles: Role[] = [
      'officer',
      'overseer',
      'drafter',
      'approver',
      'auditor',
      'privacy',
      'operator',
      'administrator',
      'marketplace',
      'maker',
    ];
    for (const role of roles) expect(navigationOf([at(role, 'national')]).length).toBeLessThanOrEqual(8);
    expect(new Set(Object.values(PATHS)).size).toBe(Object.values(PATHS).length);
  });
});
