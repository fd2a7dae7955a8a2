import { createRequire } from 'node:module';
import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { produceRequestOf } from './produced.ts';

const kafkajs = createRequire(import.meta.url);
const { protocol } = kafkajs('kafkajs/src/protocol/requests/produce/index.js');
const NOW = 1_764_000_000_000;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array().map(Buffer.from),
  fc.string({ minLength: 20_000 }),
);
const message = fc.record(
  {
    key: fc.option(text),
    value: fc.option(text),
    headers: fc.dictionary(fc.string(), fc.oneof(text, fc.array(text, { maxLength: 3 })), { maxKeys: 4 }),
  },
  { requiredKeys: ['value'] },
);
const request = fc.record({
  acks: fc.constantFrom(-1, 0, 1),
  timeout: fc.nat(),
  transactionalId: fc.option(fc.string()),
  producerId: fc.bigInt(0n, 2n ** 63n - 1n),
  producerEpoch: fc.nat(32_767),
  topicData: fc.array(
    fc.record({
      topic: fc.string(),
      partitions: fc.array(
        fc.record({
          partition: fc.nat(),
          firstSequence: fc.nat(),
          messages: fc.array(message, { minLength: 1, maxLength: 80 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
});

it('what is sent is written as kafkajs writes it, byte by byte', async () => {
  jest.useFakeTimers({ now: NOW });
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      const theirs = await protocol({ version: 7 })(sent).request.encode();
      expect(produceRequestOf(sent, NOW).equals(theirs.buffer)).toBe(true);
    }),
  );
});

it('messages may have times of their own', () => {
  const partitions = [
    {
      partition: 0,
      messages: [
        { value: 'a', timestamp: NOW },
        { value: 'b', timestamp: `${NOW - 5}` },
      ],
    },
  ];
  const bytes = produceRequestOf({ acks: -1, timeout: 1, topicData: [{ topic: 't', partitions }] }, 0);
  expect(
    bytes.indexOf(
      Buffer.from(
        BigInt(NOW - 5)
          .toString(16)
          .padStart(16, '0'),
        'hex',
      ),
    ),
  ).toBeGreaterThan(0); // first
  expect(bytes.indexOf(Buffer.from(BigInt(NOW).toString(16).padStart(16, '0'), 'hex'))).toBeGreaterThan(0); // last
});
