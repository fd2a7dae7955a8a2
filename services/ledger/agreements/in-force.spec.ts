import { describe, expect, it } from '@jest/globals';
import { id1990 } from './id-1990.ts';
import { type ApprovedAgreement, agreementInForce } from './in-force.ts';

const approved = (id: string, from: string, until: string | null, facilityId?: string): ApprovedAgreement => ({
  agreement: { ...id1990, id },
  scopeLevel: facilityId ? 'facility' : 'national',
  scopeId: facilityId ?? null,
  effectiveFrom: new Date(from),
  effectiveUntil: until === null ? null : new Date(until),
});

const version = (number: number, from: string, until: string | null): ApprovedAgreement => ({
  ...approved('A', from, until),
  agreement: { ...id1990, id: 'A', version: number },
});

const agreements = [
  approved('BANGLI', '2026-01-01T00:00:00+07:00', '2026-07-01T00:00:00+07:00', 'bangli'),
  approved('OLD', '1990-01-01T00:00:00+07:00', '2025-01-01T00:00:00+07:00'),
  approved('NEW', '2025-01-01T00:00:00+07:00', null),
];

describe('agreementInForce', () => {
  it.each([
    ['the last instant of the old version', 'ngawi', '2024-12-31T16:59:59.999Z', 'OLD'],
    ['the first instant of the new version', 'ngawi', '2024-12-31T17:00:00Z', 'NEW'],
    ['the same instant in another zone', 'ngawi', '2025-01-01T02:00:00+09:00', 'NEW'],
    ['a facility with an agreement of its own', 'bangli', '2026-03-01T00:00:00Z', 'BANGLI'],
    ['that facility before it was in force', 'bangli', '2025-12-31T16:59:59Z', 'NEW'],
    ['that facility after it ended', 'bangli', '2026-06-30T17:00:00Z', 'NEW'],
    ['another facility', 'ngawi', '2026-03-01T00:00:00Z', 'NEW'],
  ])('%s', (_, facilityId, placedAt, id) => {
    expect(agreementInForce(agreements, { facilityId, placedAt })?.id).toBe(id);
    expect(agreementInForce([...agreements].reverse(), { facilityId, placedAt })?.id).toBe(id);
  });

  it('is none before the first', () => {
    expect(agreementInForce(agreements, { facilityId: 'ngawi', placedAt: '1989-12-31T16:59:59Z' })).toBeUndefined();
  });

  it.each([
    ['the first, before the second begins', '2025-06-01T00:00:00Z', 1],
    ['the second, from its first instant on', '2026-01-01T00:00:00Z', 2],
    ['none when the second has ended: the first does not come back', '2027-01-01T00:00:00Z', undefined],
  ])('of the versions of one agreement is %s', (_, placedAt, expected) => {
    const versions = [
      version(1, '2025-01-01T00:00:00Z', null),
      version(2, '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
    ];
    expect(agreementInForce(versions, { facilityId: 'any', placedAt })?.version).toBe(expected);
  });

  it('is never a version that a later one began before', () => {
    const versions = [version(2, '2027-01-01T00:00:00Z', null), version(3, '2026-01-01T00:00:00Z', null)];
    expect(agreementInForce(versions, { facilityId: 'any', placedAt: '2027-06-01T00:00:00Z' })?.version).toBe(3);
  });
});
