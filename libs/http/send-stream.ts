import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';

/** Held back: what fails before so much is there, or in so long, is told as a problem; what is shorter is sent whole. */
const HELD_BYTES_MAX = 65_536;
const HELD_MS_MAX = 1_000;
/** A reader who takes nothing for so long has gone away: a snapshot of the books waits for nobody. */
const READER_MS_MAX = 60_000;

/**
 * Sends a file as it comes. Throws what the source throws: behind the first byte the filter of problems breaks the
 * connection off, so that what was sent is not taken for the whole. Ends quietly when the reader goes away.
 */
export async function sendStream(
  response: Response,
  { name, type }: { readonly name: string; readonly type: string },
  source: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  response.on('error', () => {}); // that the reader went away: it is closed then
  const parts = source[Symbol.asyncIterator]();
  try {
    const held: Buffer[] = [];
    const late = sleep(HELD_MS_MAX, undefined, { ref: false });
    let next = parts.next();
    for (let bytes = 0; bytes < HELD_BYTES_MAX; next = parts.next()) {
      const part = await Promise.race([next, late]);
      if (part === undefined) break;
      if (part.done) {
        response.attachment(name).type(type).send(Buffer.concat(held));
        return;
      }
      bytes += held[held.push(Buffer.from(part.value as Uint8Array)) - 1]?.length ?? 0;
    }
    next.catch(() => {}); // judged below, if its reader is there to be told
    response.attachment(name).type(type);
    if (!(await isTaken(response, Buffer.concat(held)))) return;
    for (let part = await next; !part.done; part = await parts.next()) {
      if (!(await isTaken(response, part.value))) return;
    }
    response.end();
  } finally {
    await parts.return?.();
  }
}

/** @returns false when the reader has gone away */
async function isTaken(response: Response, bytes: string | Uint8Array): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(bytes)) return true;
  const waiting = new AbortController();
  const { signal } = waiting;
  const events = [once(response, 'drain', { signal }), once(response, 'close', { signal })];
  await Promise.race([...events, sleep(READER_MS_MAX, undefined, { signal })]).catch(() => {});
  waiting.abort();
  if (response.writableNeedDrain) response.socket?.resetAndDestroy();
  return !response.destroyed;
}
