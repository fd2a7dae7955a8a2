import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, type Filters, readCursor, readFilters, withFilter } from './filters.ts';

const names = ['facility', 'owner', 'kind', 'from'] as const;

describe('filters and their address', () => {
  it('an address says all that is set, in one order, and nothing else', () => {
    expect(addressOf('/ledger', names, { kind: 'sale', facility: 'LP-MOJOKERTO' })).toBe(
      '/ledger?facility=LP-MOJOKERTO&kind=sale',
    );
    expect(addressOf('/ledger', names, {})).toBe('/ledger');
  });

  it('whatever is set comes back from its address', () => {
    const filters = fc.record(Object.fromEntries(names.map((name) => [name, fc.string({ minLength: 1 })])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(filters, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (set, cursor) => {
        const search = new URL(addressOf('/ledger', names, set, cursor), 'http://portal.invalid').search;
        expect(readFilters(search, names)).toEqual(set);
        expect(readCursor(search)).toBe(cursor);
      }),
    );
  });

  it('what the list does not know is not a filter, and an empty value is none', () => {
    expect(readFilters('?kind=&facility=A&color=red', names)).toEqual({ facility: 'A' });
  });

  it('a filter is set and taken away', () => {
    const one: Filters<'facility' | 'kind'> = { facility: 'A' };
    const both = withFilter(one, 'kind', 'sale');
    expect(both).toEqual({ facility: 'A', kind: 'sale' });
    expect(withFilter(both, 'kind', undefined)).toEqual({ facility: 'A' });
    expect(withFilter(both, 'kind', '')).toEqual({ facility: 'A' });
  });
});
