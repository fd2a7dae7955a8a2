import { describe, expect, it } from '@jest/globals';
import { makersIn } from './makers-in.ts';
import { faultsOf, filled, parametersOf } from './request.ts';
import { CALLS_MAX, callsOf } from './screen.ts';
import { SCREENS } from './screens.ts';

const GIVEN = { month: '2026-02', year: '2026', channel: 'blanja', ref: 'A/1 &2' };

describe.each(Object.entries(SCREENS))('the screen %s', (name, screen) => {
  it('asks eight times at most, names included', () => {
    expect(callsOf(screen)).toBeLessThanOrEqual(CALLS_MAX);
    expect(callsOf(screen)).toBeGreaterThan(0);
    expect(screen.sections).not.toHaveProperty('names'); // that is what names are under
  });

  it('is asked for by its own parameters, and nothing of a table is left in an address', () => {
    const values = Object.fromEntries([...parametersOf(screen)].map((each) => [each, `a/${each}`]));
    const given = { ...values, ...Object.fromEntries(Object.entries(GIVEN).filter(([each]) => each in values)) };
    expect(faultsOf(screen, given)).toEqual({ unknown: [], malformed: [], missing: [] });
    for (const { path } of Object.values(screen.sections)) {
      expect(filled(path, given)).toMatch(/^[a-z][\w/%.:-]*(\?[\w=&%.:-]+)?$/);
    }
    expect(name).toMatch(/^[a-z-]+$/);
  });

  it('tells everything that changes seldom from what is about money or persons', () => {
    for (const { path, kept } of Object.values(screen.sections)) {
      expect([path, kept === true]).toEqual([path, /^(?:channels|products|reports)(?:\?[^{]*)?$/.test(path)]);
    }
  });
});

describe('a path', () => {
  it('holds values so that they stay values', () => {
    expect(filled('orders/{channel}/{ref}', GIVEN)).toBe('orders/blanja/A%2F1%20%262');
    expect(filled('flows?orderId={order}', GIVEN)).toBe('flows?orderId=blanja%2FA%2F1%20%262');
  });

  it('leaves out what is not given', () => {
    expect(filled('entries?facilityId={facility}&limit=50&kind={kind}', { kind: 'sale', facility: '' })).toBe(
      'entries?limit=50&kind=sale',
    );
    expect(filled('entries?facilityId={facility}', {})).toBe('entries');
  });

  it.each([
    ['2026-02', '2026-02-01 2026-02-28 2025-03-01'],
    ['2028-02', '2028-02-01 2028-02-29 2027-03-01'],
    ['2026-12', '2026-12-01 2026-12-31 2026-01-01'],
    ['2026-01', '2026-01-01 2026-01-31 2025-02-01'],
  ])('knows the days of %s', (month, days) => {
    expect(filled('x?d={month.first} {month.last} {month.yearAgo}', { month })).toBe(
      `x?d=${days.replaceAll(' ', ' ')}`,
    );
  });
});

describe('makers', () => {
  it('are found wherever answers speak of them, each once', () => {
    const data = {
      items: [
        { makerId: 'M-1', name: 'maker' },
        { account: 'maker:M-2:wages', payee: 'maker:M-1' },
        { owner: 'facility:F1', about: null, amounts: [1, 2] },
      ],
    };
    expect([...makersIn([data, undefined])]).toEqual(['M-1', 'M-2']);
  });
});
