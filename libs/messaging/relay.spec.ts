import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordBytes } from './record-size.ts';
import { partsOf } from './relay.ts';

const row = (bytes: number) => ({ message: { topic: 't', key: null, headers: {}, value: 'x'.repeat(bytes) } });

describe('parts of a batch', () => {
  it('are all of its messages in order, none too large unless it is one message', () => {
    const sizes = fc.array(fc.oneof(fc.constantFrom(0, 1, 249_964, 499_964, 500_001), fc.nat(800_000)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, (sizes) => {
        const rows = sizes.map(row);
        const parts = partsOf(rows);
        expect(parts.flat()).toEqual(rows);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          const bytes = part.reduce((sum, { message }) => sum + recordBytes(message), 0);
          expect(part.length === 1 || bytes <= 500_000).toBe(true);
        }
      }),
    );
  });
});
