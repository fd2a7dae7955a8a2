import type { Message } from './broker.ts';

/** `max.message.bytes` of our topics: of one partition's batch. An order of 2,000 lines with its makers is below 1 MiB. */
export const BATCH_BYTES_MAX = 4_194_304;

const BATCH_HEADER_BYTES = 61;
/** The length of a record, its attributes, time, place in the batch, and the lengths of key, value and list of headers. */
const RECORD_FRAME_BYTES_MAX = 5 + 1 + 10 + 5 + 5 + 5 + 5;
/** The lengths of a header's name and value. */
const HEADER_FRAME_BYTES_MAX = 5 + 5;

/** What a topic of ours takes, even alone in its batch. */
export const RECORD_BYTES_MAX = BATCH_BYTES_MAX - BATCH_HEADER_BYTES;

/** What a message takes in a broker's batch, whole: key, value, headers and what frames them. At most a few bytes less. */
export function recordBytes({ key, value, headers }: Pick<Message, 'key' | 'value' | 'headers'>): number {
  return Object.entries(headers).reduce(
    (sum, [name, text]) => sum + HEADER_FRAME_BYTES_MAX + Buffer.byteLength(name) + Buffer.byteLength(text),
    RECORD_FRAME_BYTES_MAX + Buffer.byteLength(key ?? '') + Buffer.byteLength(value),
  );
}
