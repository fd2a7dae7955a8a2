import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '#libs/observability';
import type { BatchHandler, ReceivedMessage } from './broker.ts';

/** What one transaction takes: large enough to be cheap per event, small enough to commit in well under a second. */
const BATCH_MESSAGES_MAX = 1_000;
const BATCH_BYTES_MAX = 2 * 1_048_576;
/** What may wait, beside what one fetch brings. */
const WAITING_BYTES_MAX = 4 * 1_048_576;
const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 500;
/** A message costs memory even if it is empty. */
const MESSAGE_BYTES_MIN = 200;

/** What waits of one partition, in its order. */
interface Lane {
  readonly messages: ReceivedMessage[];
  bytes: number;
  /** Failures since the last success: its next batch has no other partition's messages, whose failure it may have been. */
  failures: number;
  /** By the monotonic clock. */
  notBeforeMs: number;
}

/** The beginning of a lane. */
interface Share {
  readonly lane: Lane;
  readonly messages: readonly ReceivedMessage[];
  readonly bytes: number;
}

/**
 * What was fetched and is not handled yet. One handler call at a time takes whatever waits, of all partitions, each in
 * its order: the busier, the more a call takes, and no partition waits for a fetch or a batch of another.
 *
 * A batch that fails comes again: first each of its partitions alone, so that one whose failure lasts keeps no other
 * waiting; it waits a little longer each time, at most RETRY_DELAY_MAX_MS.
 */
export class DeliveryQueue {
  readonly #lanes = new Map<string, Lane>();
  #roomWaiters: (() => void)[] = [];
  #running: Promise<void> | undefined;
  readonly #handle: BatchHandler;
  readonly #onHandled: (messages: readonly ReceivedMessage[]) => void;

  /** `onHandled` is called with what a call has handled and remembers, before the next call. */
  constructor(handle: BatchHandler, onHandled: (messages: readonly ReceivedMessage[]) => void) {
    this.#handle = handle;
    this.#onHandled = onHandled;
  }

  /** Messages of one partition that follow what was put in of it. */
  put(messages: readonly ReceivedMessage[]): void {
    const [first] = messages;
    if (!first) return;
    const name = `${first.topic}/${first.partition}`;
    const lane = this.#lanes.get(name) ?? { messages: [], bytes: 0, failures: 0, notBeforeMs: 0 };
    this.#lanes.set(name, lane);
    for (const message of messages) {
      lane.messages.push(message);
      lane.bytes += bytesOf(message);
    }
    this.#running ??= this.#run();
  }

  /** Whoever fetches only when there is room keeps memory flat, however far it is behind. */
  get hasRoom(): boolean {
    return [...this.#lanes.values()].reduce((sum, { bytes }) => sum + bytes, 0) <= WAITING_BYTES_MAX;
  }

  /** Resolves when there is room again, or when what waits was dropped. */
  room(): Promise<void> {
    return new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  /** Forgets what waits, and resolves when nothing runs any more. */
  async drop(): Promise<void> {
    this.#lanes.clear();
    this.#tellRoom();
    await this.#running;
  }

  async #run(): Promise<void> {
    await sleep(0); // what the same fetch has brought of other partitions is put in first
    try {
      while (this.#lanes.size > 0) {
        const batch = this.#take();
        if (batch.length === 0) await sleep(this.#untilDueMs());
        else await this.#deliver(batch);
      }
    } finally {
      this.#running = undefined;
    }
  }

  /** The next batch: of a partition that has failed, if its time has come, else of all others what there is room for. */
  #take(): Share[] {
    const now = performance.now();
    const due = [...this.#lanes.values()].filter(({ notBeforeMs }) => notBeforeMs <= now);
    const failed = due.find(({ failures }) => failures > 0);
    const lanes = failed ? [failed] : due;
    const batch: Share[] = [];
    let [messagesLeft, bytesLeft] = [BATCH_MESSAGES_MAX, BATCH_BYTES_MAX];
    for (const [index, lane] of lanes.entries()) {
      const share = Math.ceil(messagesLeft / (lanes.length - index));
      let [count, bytes] = [0, 0];
      while (count < Math.min(share, lane.messages.length) && (bytes < bytesLeft || batch.length + count === 0)) {
        bytes += bytesOf(lane.messages[count] as ReceivedMessage);
        count += 1;
      }
      messagesLeft -= count;
      bytesLeft -= bytes;
      if (count > 0) batch.push({ lane, messages: lane.messages.slice(0, count), bytes });
    }
    return batch;
  }

  async #deliver(batch: readonly Share[]): Promise<void> {
    const messages = batch.flatMap((share) => share.messages);
    let isRemembered: unknown;
    try {
      isRemembered = await this.#handle(messages);
    } catch (error) {
      log.warn({ err: error, messages: messages.length, partitions: batch.length }, 'batch failed, trying again');
      for (const { lane } of batch) {
        lane.failures += 1;
        if (batch.length > 1) continue;
        const delayMs = Math.min(RETRY_DELAY_MS * 2 ** (lane.failures - 1), RETRY_DELAY_MAX_MS);
        lane.notBeforeMs = performance.now() + delayMs;
      }
      return;
    }
    if (isRemembered !== false) this.#onHandled(messages);
    for (const { lane, messages: handled, bytes } of batch) {
      lane.messages.splice(0, handled.length);
      lane.bytes -= bytes;
      lane.failures = 0;
    }
    for (const [name, { messages }] of this.#lanes) if (messages.length === 0) this.#lanes.delete(name);
    if (this.hasRoom) this.#tellRoom();
  }

  #untilDueMs(): number {
    const dueMs = Math.min(...[...this.#lanes.values()].map(({ notBeforeMs }) => notBeforeMs));
    return Math.max(dueMs - performance.now(), 1);
  }

  #tellRoom(): void {
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
  }
}

function bytesOf({ key, value, headers }: ReceivedMessage): number {
  const ofHeaders = headers.reduce((sum, [name, header]) => sum + name.length + header.length, 0);
  return MESSAGE_BYTES_MIN + (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders;
}
