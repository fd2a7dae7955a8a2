import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from './message.ts';
import { partsOf } from './relay.ts';

const message = (characters: number): Message => ({
  topic: 't',
  key: null,
  headers: {},
  value: 'x'.repeat(characters),
});

describe('parts of a batch', () => {
  it('are all of its messages in order, none too large unless it is one message', () => {
    const sizes = fc.array(fc.oneof(fc.constantFrom(0, 1, 250_000, 500_000, 500_001), fc.nat(800_000)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(sizes, (sizes) => {
        const messages = sizes.map(message);
        const parts = partsOf(messages);
        expect(parts.flat()).toEqual(messages);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          const characters = part.reduce((sum, { value }) => sum + value.length, 0);
          expect(part.length === 1 || characters <= 500_000).toBe(true);
        }
      }),
    );
  });
});
