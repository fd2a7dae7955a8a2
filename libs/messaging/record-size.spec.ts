import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BATCH_BYTES_MAX, RECORD_BYTES_MAX, recordBytes } from './record-size.ts';

/** What kafkajs writes, which is what the broker judges. */
const encoding = (file: string) => createRequire(import.meta.url)(`../../node_modules/kafkajs/src/protocol/${file}`);
const { RecordBatch } = encoding('recordBatch/v0/index.js');
const Record = encoding('recordBatch/record/v0/index.js');

interface Sized {
  key: string | null;
  value: string;
  headers: Record<string, string>;
}

async function batchBytes({ key, value, headers }: Sized): Promise<number> {
  const timestamp = Date.now();
  const record = Record({ key, value, headers, timestamp, offsetDelta: 0, timestampDelta: 0 });
  const batch = await RecordBatch({ records: [record], firstTimestamp: timestamp, maxTimestamp: timestamp });
  return batch.size();
}

const text = fc.string({ unit: 'binary', maxLength: 300 });

it('is never less than what the broker counts, and hardly more', async () => {
  const messages = fc.record({ key: fc.option(text), value: text, headers: fc.dictionary(text, text, { maxKeys: 8 }) });
  await fc.assert(
    fc.asyncProperty(messages, async (message) => {
      const counted = await batchBytes(message);
      const allowed = recordBytes(message) + BATCH_BYTES_MAX - RECORD_BYTES_MAX;
      expect(allowed).toBeGreaterThanOrEqual(counted);
      expect(allowed - counted).toBeLessThanOrEqual(40 + 10 * Object.keys(message.headers).length);
    }),
  );
});
