import { log, toldMessage } from '#libs/observability';
import { stoppedTypes } from './metrics.ts';

/** So many messages of a type in a row, none of them processed in between, and all for the same reason. */
export const HANDFUL = 5;
const RETRY_INTERVAL_MS = 5_000;
/** So long a reason that others were spared counts as the messages' own. */
const SPARED_MS = 60_000;

/** What fails for everybody is no poison: the messages are not at fault, and wait. */
export class SystemicFailure extends Error {
  override readonly name = 'SystemicFailure';
}

/** What a failure that is not the messages' own comes from, as it may be told everybody. */
type Because = 'fails for everybody' | 'is of a type that this version does not know' | 'meets a newer schema';

interface Run {
  readonly reason: string;
  readonly because: Because;
  readonly messages: Set<string>;
  stopped: boolean;
}

/**
 * Tells what is wrong with messages from what is wrong with us: a table that is missing, a bug of a new version, a
 * permission that is gone. Events of a type that fail one after another for the same reason stop this consumer where they
 * stand. They are tried again every few seconds; the first that is processed ends it, be it because it was mended, or
 * because it was not everybody's failure after all: then those that still fail are poison.
 */
export class SystemicFailures {
  readonly #runs = new Map<string, Run>();
  /** Until when a reason is no sign of anything: by type and reason. */
  readonly #spared = new Map<string, number>();
  readonly #nextTries = new Map<string, number>();
  /** How often events of a type have been stopped. */
  stops = 0;

  /** Types of events that wait for something to be mended, and for what. */
  get waiting(): string[] {
    return [...this.#runs].flatMap(([type, { because, stopped }]) => (stopped ? [`${type} ${because}`] : []));
  }

  /** Throws if this partition holds events of a type that waits, and has been tried just now. */
  awaitTurn(partition: string, types: Iterable<string>): void {
    const stopped = [...types].find((type) => this.#runs.get(type)?.stopped);
    if (stopped === undefined) return;
    const now = performance.now();
    if (now < (this.#nextTries.get(partition) ?? 0)) throw this.#failure(stopped);
    this.#nextTries.set(partition, now + RETRY_INTERVAL_MS);
  }

  /** True: it is the last of a handful, so the messages seem not to be at fault. `reason` undefined: it surely is. */
  failed(type: string, message: string, reason: string | undefined): boolean {
    if (reason === undefined || performance.now() < (this.#spared.get(`${type} ${reason}`) ?? 0)) return false;
    let run = this.#runs.get(type);
    if (run?.reason !== reason) {
      run = { reason, because: 'fails for everybody', messages: new Set(), stopped: run?.stopped ?? false };
      this.#runs.set(type, run);
    }
    run.messages.add(message);
    return this.suspects(type);
  }

  /** A handful has failed, and none was processed since. */
  suspects(type: string): boolean {
    return (this.#runs.get(type)?.messages.size ?? 0) >= HANDFUL;
  }

  succeeded(types: Iterable<string>): void {
    if (this.#runs.size === 0) return;
    for (const type of types) {
      const run = this.#runs.get(type);
      if (run && this.suspects(type)) this.#spared.set(`${type} ${run.reason}`, performance.now() + SPARED_MS);
      this.#runs.delete(type);
      if (!run?.stopped) continue;
      stoppedTypes.set({ type }, 0);
      log.warn({ type }, 'events are processed again');
    }
  }

  /** What is told apart at once: a later version knows what to do about it. */
  defer(type: string, because: Because, reason: string): SystemicFailure {
    if (!this.#runs.get(type)?.stopped) this.#runs.set(type, { reason, because, messages: new Set(), stopped: false });
    return this.stop(type);
  }

  stop(type: string): SystemicFailure {
    const run = this.#runs.get(type);
    if (run && !run.stopped) {
      run.stopped = true;
      this.stops += 1;
      stoppedTypes.set({ type }, 1);
      log.fatal(
        { type, reason: run.reason },
        'events cannot be processed, and are not at fault: stopped, none is buried',
      );
    }
    return this.#failure(type);
  }

  #failure(type: string): SystemicFailure {
    const { because, reason } = this.#runs.get(type) ?? {};
    return new SystemicFailure(`${type} ${because}: ${reason}`);
  }
}

/** SQLSTATEs of a statement that is older than the schema: it gives a column no value, or asks for one that is gone. */
const OF_OLDER_VERSION = ['23502', '42703'];

/** The schema is newer than we are. */
export function isOfNewerSchema(error: unknown): boolean {
  return error instanceof Error && OF_OLDER_VERSION.includes(sqlState(error) ?? '');
}

/** SQLSTATE classes of what is wrong with a value: the message's own. */
const OF_VALUES = ['22', '23'];

/** What makes two failures the same. Undefined: one of a message's own, whoever else has it too. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return 'not an error';
  const code = sqlState(error);
  if (code !== undefined) return OF_VALUES.includes(code.slice(0, 2)) ? undefined : `${code} ${error.message}`;
  const [, place = ''] = error.stack?.split('\n    at ') ?? [];
  return `${error.name} at ${place}`;
}

/** One line for an operator, without a value of the message. */
export function causeOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${toldMessage(error)}` : 'not an error';
}

function sqlState(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.length === 5 ? code : undefined;
}
