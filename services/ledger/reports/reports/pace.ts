import { once } from 'node:events';
import type { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/**
 * Lets others have the event loop, and waits while the reader is slower than the writer: so that a report of any length
 * takes little memory, and holds up nobody for longer than what is written between two calls.
 * @throws Error if the reader has gone away
 */
export async function pace(output: PassThrough): Promise<void> {
  await setImmediate();
  if (output.writableNeedDrain && !output.destroyed) await Promise.race([once(output, 'drain'), once(output, 'close')]);
  if (output.destroyed) throw Object.assign(new Error('the reader went away'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}
