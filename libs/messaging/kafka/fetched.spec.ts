import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { DECOMPRESSED_BYTES_MAX } from './compression.ts';
import { messagesOf } from './fetched.ts';

interface Sent {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, Buffer | null])[];
}

const TIME = 1_767_582_000_000n;
const HEAD_BYTES = 61;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

const varbytes = (bytes: Buffer | null) => (bytes ? Buffer.concat([varint(bytes.length), bytes]) : varint(-1));

function recordOf({ key, value, headers }: Sent, index: number): Buffer {
  const pairs = headers.flatMap(([name, bytes]) => [varbytes(Buffer.from(name)), varbytes(bytes)]);
  const parts = [varint(0), varint(index), varbytes(key), varbytes(value), varint(headers.length), ...pairs];
  return varbytes(Buffer.concat([Buffer.from([0]), ...parts]));
}

/** A batch as a broker keeps it (https://kafka.apache.org/documentation/#recordbatch). */
function batchOf(records: Buffer, count: number, compression = 0, baseOffset = 0n): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeBigInt64BE(baseOffset, 0);
  head.writeInt32BE(HEAD_BYTES - 12 + records.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(compression, 21);
  head.writeInt32BE(count - 1, 23);
  head.writeBigInt64BE(TIME, 27);
  head.writeInt32BE(count, 57);
  return Buffer.concat([head, records]);
}

/** Java's blocks of snappy: the magic, two versions, then each block behind its size. */
function xerial(bytes: Buffer): Buffer {
  const blocks = [bytes.subarray(0, 100), bytes.subarray(100)].map((block) => compressSync(block));
  const size = (block: Buffer) => Buffer.from(Uint32Array.of(block.length).buffer).swap32();
  const magic = Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1');
  return Buffer.concat([magic, ...blocks.flatMap((block) => [size(block), block])]);
}

const COMPRESSIONS: readonly (readonly [string, number, (bytes: Buffer) => Buffer])[] = [
  ['none', 0, (bytes) => bytes],
  ['gzip', 1, gzipSync],
  ['snappy', 2, (bytes) => compressSync(bytes)],
  ['snappy as Java writes it', 2, xerial],
  ['lz4', 3, (bytes) => compressFrameSync(bytes)],
  ['lz4 with checksums', 3, (bytes) => compressFrameSync(bytes, { blockChecksums: true, contentChecksum: true })],
  ['zstd', 4, zstdCompressSync],
];

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const optional: fc.Arbitrary<Buffer | null> = fc.option(bytes);
const header: fc.Arbitrary<Sent['headers'][number]> = fc.tuple(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'ce_id')),
  optional,
);
const sent: fc.Arbitrary<Sent> = fc.record({
  key: optional,
  value: optional,
  headers: fc.array(header, { maxLength: 5 }),
});

describe.each(COMPRESSIONS)('a batch, compressed by %s', (_, compression, compress) => {
  it('is its messages, whatever they are made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 20 }), async (messages) => {
        const records = compress(Buffer.concat(messages.map(recordOf)));
        const fetched = await messagesOf(batchOf(records, messages.length, compression, 40n));
        expect(fetched).toEqual(
          messages.map(({ key, value, headers }, index) => ({
            offset: String(40 + index),
            timestamp: String(TIME),
            key,
            value,
            headers: headers.flatMap(([name, bytes]) => (bytes ? [[Buffer.from(name).toString(), bytes]] : [])),
            isControlRecord: false,
            batchContext: { producerId: '0', inTransaction: false },
          })),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('that is broken stands for its messages as one, and those of the next batch are read', async () => {
    const whole = batchOf(
      compress(recordOf({ key: null, value: Buffer.from('whole'), headers: [] }, 0)),
      1,
      compression,
      9n,
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (garbage, count) => {
        const fetched = await messagesOf(Buffer.concat([batchOf(garbage, count, compression), whole]));
        expect(fetched.at(-1)?.value?.toString()).toBe('whole');
        for (const { damage, offset, value } of fetched.slice(0, -1)) {
          if (damage)
            expect({ offset, value }).toEqual({
              offset: String(count - 1),
              value: batchOf(garbage, count, compression),
            });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('that would become larger than memory is none that is opened', async () => {
    if (compression === 0) return;
    const bomb = Buffer.alloc(DECOMPRESSED_BYTES_MAX + 1_000_000);
    const [message, ...others] = await messagesOf(batchOf(compress(bomb), 3, compression));
    expect(others).toEqual([]);
    expect(message).toMatchObject({ offset: '2', damage: expect.stringContaining('a batch of 3 messages') });
  });
});

it('a batch of hundreds of thousands of messages is read: no call takes so many arguments', async () => {
  const record = (index: number) => recordOf({ key: null, value: null, headers: [] }, index);
  const records = Buffer.concat(Array.from({ length: 300_000 }, (_, index) => record(index)));
  expect(await messagesOf(batchOf(records, 300_000))).toHaveLength(300_000);
});

it('a message of a hundred thousand headers is read in no time', async () => {
  const headers = Array.from({ length: 100_000 }, () => ['a', Buffer.from('b')] as const);
  const started = performance.now();
  const [message] = await messagesOf(batchOf(recordOf({ key: null, value: null, headers }, 0), 1));
  expect(message?.headers).toHaveLength(100_000);
  expect(performance.now() - started).toBeLessThan(5_000);
});

it('a batch that was cut off by the broker is left for the next fetch; one of an older format is set aside', async () => {
  const batch = batchOf(recordOf({ key: null, value: null, headers: [] }, 0), 1);
  expect(await messagesOf(Buffer.concat([batch, batch.subarray(0, -1)]))).toHaveLength(1);
  const old = Buffer.from(batch);
  old.writeInt8(1, 16);
  const setAside = [{ offset: '0', damage: expect.stringContaining('format 1') }];
  await expect(messagesOf(old)).resolves.toMatchObject(setAside);
});
