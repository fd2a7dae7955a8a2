import { describe, expect, it } from '@jest/globals';
import { id1990 } from './id-1990.ts';
import { type ApprovedAgreement, agreementInForce, type ScopeLevel } from './in-force.ts';

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

  describe('of five scopes in force at once is the most specific that a line is in', () => {
    const since = '2026-01-01T00:00:00+07:00';
    const scoped = (scopeLevel: ScopeLevel, scopeId: string | null, from = since): ApprovedAgreement => ({
      ...approved(scopeLevel.toUpperCase(), from, '2027-01-01T00:00:00+07:00'),
      scopeLevel,
      scopeId,
    });
    const scopes = [
      scoped('national', null, '1990-01-01T00:00:00+07:00'),
      scoped('region', 'Jawa Tengah'),
      scoped('facility', 'ambarawa'),
      scoped('programme', 'meubelair'),
      scoped('product', 'KURSI-01'),
    ];
    const javanese = { facilityId: 'kendal', region: 'Jawa Tengah' };
    const ambarawa = { ...javanese, facilityId: 'ambarawa' };
    const chair = { sku: 'KURSI-01', programme: 'meubelair' };
    const at = (sale: { facilityId: string; region?: string }, line: object, placedAt = '2026-06-01T00:00:00Z') =>
      agreementInForce(scopes, { ...sale, placedAt }, line)?.id;

    it.each([
      ['a line of none', { facilityId: 'bangli', region: 'Bali' }, { sku: 'X', programme: 'batik' }, 'NATIONAL'],
      ['of the region', javanese, { sku: 'X' }, 'REGION'],
      ['of the facility, which is in the region', ambarawa, { sku: 'X', programme: 'batik' }, 'FACILITY'],
      ['of the programme, at any facility', ambarawa, { sku: 'X', programme: 'meubelair' }, 'PROGRAMME'],
      ['of the product', ambarawa, chair, 'PRODUCT'],
      ['of an old event, which says its facility alone', { facilityId: 'ambarawa' }, {}, 'FACILITY'],
      ['of an old event of another facility', { facilityId: 'kendal' }, {}, 'NATIONAL'],
      ['whose facility bears the name of a region', { facilityId: 'Jawa Tengah' }, {}, 'NATIONAL'],
    ])('%s', (_, sale, line, id) => {
      expect(at(sale, line)).toBe(id);
    });

    it('from the very instant on at which it begins, until just before the one at which it ends', () => {
      expect(at(ambarawa, chair, '2025-12-31T23:59:59.999+07:00')).toBe('NATIONAL');
      expect(at(ambarawa, chair, '2026-01-01T00:00:00.000+07:00')).toBe('PRODUCT');
      expect(at(ambarawa, chair, '2026-12-31T16:59:59.999Z')).toBe('PRODUCT');
      expect(at(ambarawa, chair, '2026-12-31T17:00:00.000Z')).toBeUndefined();
    });
  });

  it('is never a version that a later one began before', () => {
    const versions = [version(2, '2027-01-01T00:00:00Z', null), version(3, '2026-01-01T00:00:00Z', null)];
    expect(agreementInForce(versions, { facilityId: 'any', placedAt: '2027-06-01T00:00:00Z' })?.version).toBe(3);
  });
});
