import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refundIdOf } from './orders.ts';

describe('the id of a refund', () => {
  it('is what its parts look like', () => {
    expect(refundIdOf('blanja/539826', '25', 'C539827-1')).toBe('blanja/539826/25#C539827-1');
  });

  it('tells any two refunds apart, whatever characters a marketplace uses', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '/', '#', '%', '2', 'F'), minLength: 1, maxLength: 5 });
    const refund = fc.tuple(
      part.map((orderRef) => `blanja/${orderRef}`),
      part,
      part,
    );
    fc.assert(
      fc.property(refund, refund, (one, other) => {
        expect(refundIdOf(...one) === refundIdOf(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2_000 },
    );
  });
});
