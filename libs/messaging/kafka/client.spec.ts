import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inWholeAnswers } from './client.ts';

const answer = fc.uint8Array({ maxLength: 40 }).map((payload) => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(payload.length);
  return Buffer.concat([size, payload]);
});

describe('a connection that ends within an answer', () => {
  it('leaves no part of it with kafkajs, however the answers were cut into packets', () => {
    const packets = fc.record({
      answers: fc.array(answer, { maxLength: 8 }),
      sizes: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      received: fc.nat(),
    });
    fc.assert(
      fc.property(packets, ({ answers, sizes, received }) => {
        const sent = Buffer.concat(answers);
        const arrives = sent.subarray(0, received % (sent.length + 1));
        const heard: Buffer[] = [];
        const hear = inWholeAnswers((data) => void heard.push(Buffer.from(data)));
        for (let at = 0, packet = 0; at < arrives.length; packet += 1) {
          const size = sizes[packet % sizes.length] as number;
          hear(arrives.subarray(at, at + size));
          at += size;
        }
        let whole = 0;
        for (const { length } of answers) {
          if (whole + length > arrives.length) break;
          whole += length;
        }
        expect(Buffer.concat(heard)).toEqual(sent.subarray(0, whole));
      }),
    );
  });
});
