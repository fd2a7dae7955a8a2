import { Database, isTransient } from '#libs/database';
import { log } from '#libs/observability';
import { type BatchProcessor, causeOf } from './batch-processor.ts';
import { toEvent } from './cloud-events.ts';
import {
  findLetter,
  type KeptDeadLetter,
  listLetters,
  lockFirstOfKey,
  markPoison,
  type Resolution,
  resolve,
} from './dead-letters.ts';
import type { ReceivedMessage } from './message.ts';

/** Parked letters that follow in one transaction: else a busy key would be parked faster than it is redriven. */
const FOLLOWERS_AT_ONCE = 500;

export interface Decision {
  readonly by: string;
  readonly reason: string;
}

export interface RedriveOutcome {
  /** Letters that are done: the one that was asked for, and those that were parked behind it. */
  readonly resolved: number;
  /** The letter at which it stopped, tried in vain. */
  readonly stoppedAt?: { readonly id: string; readonly cause: string };
}

/** Another letter of the key comes first. */
export class NotFirstOfKey extends Error {
  override readonly name = 'NotFirstOfKey';
  constructor(readonly first: string) {
    super(`stands behind dead letter ${first} of the same key`);
  }
}

/** What an operator does about dead letters. Each decision is kept with who took it and why. */
export class DeadLetterDesk {
  constructor(
    private readonly database: Database,
    private readonly consumer: string,
    private readonly processor: BatchProcessor,
  ) {}

  list(selection: { all: boolean; after: string | undefined; limit: number }): Promise<KeptDeadLetter[]> {
    return this.database.session((query) => listLetters(query, selection));
  }

  find(id: string): Promise<KeptDeadLetter | undefined> {
    return this.database.session((query) => findLetter(query, id));
  }

  /** Processes the message as if it had just come, then those parked behind it, in order, until one fails. */
  redrive(letter: KeptDeadLetter, decision: Decision): Promise<RedriveOutcome> {
    return this.#resume(letter, { action: 'redriven', ...decision });
  }

  /** Gives the message up, then processes those parked behind it, in order, until one fails. */
  discard(letter: KeptDeadLetter, decision: Decision): Promise<RedriveOutcome> {
    return this.#resume(letter, { action: 'discarded', ...decision });
  }

  /** The letter in a transaction of its own, its followers many at once, one by one from where that fails. */
  async #resume({ id, message }: KeptDeadLetter, decision: Omit<Resolution, 'at'>): Promise<RedriveOutcome> {
    let atOnce = 1;
    for (let resolved = 0; ; ) {
      const step = await this.#resolveFirst(message, atOnce, (first) => {
        if (resolved > 0) return { ...decision, action: 'redriven' };
        if (first !== id) throw new NotFirstOfKey(first);
        return decision;
      });
      if (step === 'several failed') {
        atOnce = 1;
        continue;
      }
      if (typeof step === 'object') return { resolved, stoppedAt: step };
      if (step === 0) return { resolved };
      if (resolved === 0) atOnce = FOLLOWERS_AT_ONCE;
      resolved += step;
    }
  }

  /** How many are resolved now, none if there are none left; or what failed. The key is blocked until its last is. */
  async #resolveFirst(
    message: ReceivedMessage,
    atOnce: number,
    decide: (id: string) => Omit<Resolution, 'at'>,
  ): Promise<number | 'several failed' | { id: string; cause: string }> {
    const tried: string[] = [];
    try {
      return await this.database.transaction(async (transaction) => {
        const letters = await lockFirstOfKey(transaction, this.consumer, message, atOnce);
        const [first] = letters;
        if (!first) return 0;
        const decision = decide(first.id);
        tried.push(...letters.map(({ id }) => id));
        if (decision.action === 'redriven') {
          await this.processor.perform(
            transaction,
            letters.map((letter) => toEvent(letter.message)),
          );
        }
        await resolve(transaction, tried, decision);
        log.info({ deadLetters: tried, ...decision }, 'dead letters resolved');
        return letters.length;
      });
    } catch (error) {
      const [id, ...others] = tried;
      if (id === undefined || isTransient(error)) throw error;
      if (others.length > 0) return 'several failed';
      const cause = causeOf(error);
      await this.database.transaction((transaction) => markPoison(transaction, id, cause));
      return { id, cause };
    }
  }
}
