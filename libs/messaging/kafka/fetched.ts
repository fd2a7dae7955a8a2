import { createRequire } from 'node:module';
import type { Header } from '../broker.ts';
import { decompressed } from './compression.ts';

/** A message as the broker handed it over. */
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  /** Why the batch that stands for its messages here cannot be taken apart; then `value` is the batch. */
  readonly damage?: string;
  /** What kafkajs tells messages of transactions by. */
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

/** The newest version that kafkajs speaks, and every broker since 2.3. */
const FETCH_RESPONSE = 'kafkajs/src/protocol/requests/fetch/v11/response.js';

/**
 * Makes kafkajs understand every batch of messages. Left to itself, kafkajs 2.2.4 crashes, again and again, at one that
 * is compressed by anything but gzip, or that holds more messages than a call can have arguments (some 100,000); copies
 * all headers of a message for each of them, which takes minutes for 100,000; and hides which came without a value.
 */
export function readFetchesOurselves(): void {
  const response = createRequire(import.meta.url)(FETCH_RESPONSE) as { decode(answer: Buffer): Promise<unknown> };
  response.decode = fetchResponseOf;
}

/** https://kafka.apache.org/protocol: FetchResponse version 11, in the names that kafkajs gives it. */
async function fetchResponseOf(answer: Buffer) {
  const reader = new Reader(answer);
  const head = { throttleTime: 0, clientSideThrottleTime: reader.int32(), errorCode: reader.int16() };
  const sessionId = reader.int32();
  const responses = reader.array(() => ({
    topicName: reader.bytes(reader.int16()).toString(),
    partitions: reader.array(() => ({
      partition: reader.int32(),
      errorCode: reader.int16(),
      highWatermark: reader.int64().toString(),
      lastStableOffset: reader.int64().toString(),
      lastStartOffset: reader.int64().toString(),
      abortedTransactions: reader.array(() => ({
        producerId: reader.int64().toString(),
        firstOffset: reader.int64().toString(),
      })),
      preferredReadReplica: reader.int32(),
      batches: reader.bytes(Math.max(reader.int32(), 0)),
    })),
  }));
  return {
    ...head,
    sessionId,
    responses: await Promise.all(
      responses.map(async ({ topicName, partitions }) => ({
        topicName,
        partitions: await Promise.all(
          partitions.map(async ({ batches, ...partition }) => ({ ...partition, messages: await messagesOf(batches) })),
        ),
      })),
    ),
  };
}

/** Offset and size of a batch, before everything else in it. */
const PREFIX_BYTES = 12;
const MAGIC = 2;

const COMPRESSION_BITS = 0x07;
const APPEND_TIME_BIT = 0x08;
const TRANSACTION_BIT = 0x10;
const CONTROL_BIT = 0x20;

/** All messages of whole batches; a broker cuts the last one off where it has no more room for it. */
export async function messagesOf(batches: Buffer): Promise<FetchedMessage[]> {
  const messages: FetchedMessage[] = [];
  for (let at = 0; at + PREFIX_BYTES <= batches.length; ) {
    const end = at + PREFIX_BYTES + batches.readInt32BE(at + 8);
    if (end > batches.length) break;
    const batch = batches.subarray(at, end);
    try {
      for (const message of await messagesIn(batch)) messages.push(message);
    } catch (error) {
      messages.push(damagedBatch(batch, error));
    }
    at = end;
  }
  return messages;
}

async function messagesIn(batch: Buffer): Promise<FetchedMessage[]> {
  const head = new Reader(batch);
  const baseOffset = head.int64();
  head.bytes(4 + 4); // size, epoch of the leader
  const magic = head.int8();
  if (magic !== MAGIC) throw new RangeError(`format ${magic} is older than Kafka 0.11`);
  head.bytes(4); // checksum: the broker's and TCP's have been enough so far
  const attributes = head.int16();
  head.bytes(4); // last offset
  const [firstTimestamp, maxTimestamp] = [head.int64(), head.int64()];
  const context = { producerId: head.int64().toString(), inTransaction: (attributes & TRANSACTION_BIT) > 0 };
  head.bytes(2 + 4); // epoch and first sequence number of the producer
  const count = head.int32();
  if (count === 0) return [];

  const records = new Reader(await decompressed(attributes & COMPRESSION_BITS, head.rest()));
  const messages: FetchedMessage[] = [];
  for (let index = 0; index < count; index += 1) {
    const record = new Reader(records.bytes(records.varint()));
    record.int8(); // attributes: none yet
    const timestamp = firstTimestamp + BigInt(record.varint());
    messages.push({
      timestamp: String(attributes & APPEND_TIME_BIT ? maxTimestamp : timestamp),
      offset: String(baseOffset + BigInt(record.varint())),
      key: record.varbytes(),
      value: record.varbytes(),
      headers: headersIn(record),
      isControlRecord: (attributes & CONTROL_BIT) > 0,
      batchContext: context,
    });
  }
  return messages;
}

function headersIn(record: Reader): Header[] {
  const headers: Header[] = [];
  for (let left = record.varint(); left > 0; left -= 1) {
    const name = record.bytes(record.varint()).toString();
    const value = record.varbytes();
    if (value) headers.push([name, value]);
  }
  return headers;
}

/** Stands for all messages of a batch, where the last of them stands: so the next fetch goes on behind it. */
function damagedBatch(batch: Buffer, error: unknown): FetchedMessage {
  const lastOffsetDelta = batch[16] === MAGIC && batch.length > 27 ? batch.readInt32BE(23) : 0;
  return {
    offset: String(batch.readBigInt64BE(0) + BigInt(lastOffsetDelta)),
    timestamp: '-1',
    key: null,
    value: batch,
    headers: [],
    damage: `a batch of ${lastOffsetDelta + 1} messages that cannot be taken apart: ${(error as Error).message}`,
    isControlRecord: false,
    batchContext: { producerId: '-1', inTransaction: false },
  };
}

/** Reads the protocol's types one after the other; throws a RangeError where there is too little left. */
class Reader {
  readonly buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  int8(): number {
    return this.#advance(1, this.buffer.readInt8(this.#at));
  }

  int16(): number {
    return this.#advance(2, this.buffer.readInt16BE(this.#at));
  }

  int32(): number {
    return this.#advance(4, this.buffer.readInt32BE(this.#at));
  }

  int64(): bigint {
    return this.#advance(8, this.buffer.readBigInt64BE(this.#at));
  }

  /** Seven bits a byte, the lowest first; the lowest bit of all is the sign. */
  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.buffer.readUInt8(this.#at);
      this.#at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  /** Null: there are none, which is not the same as bytes of no length. */
  varbytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.bytes(length);
  }

  bytes(length: number): Buffer {
    if (!(length >= 0 && length <= this.buffer.length - this.#at))
      throw new RangeError(`${length} bytes are not there`);
    return this.#advance(length, this.buffer.subarray(this.#at, this.#at + length));
  }

  rest(): Buffer {
    return this.bytes(this.buffer.length - this.#at);
  }

  array<Item>(read: () => Item): Item[] {
    return Array.from({ length: Math.max(this.int32(), 0) }, read);
  }

  #advance<Value>(bytes: number, value: Value): Value {
    this.#at += bytes;
    return value;
  }
}
