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

  /** Each letter in a transaction of its own: the key stays blocked until its last letter is resolved. */
  async #resume({ id, message }: KeptDeadLetter, decision: Omit<Resolution, 'at'>): Promise<RedriveOutcome> {
    for (let resolved = 0; ; resolved += 1) {
      const step = await this.#resolveFirst(message, (first) => {
        if (resolved > 0) return { ...decision, action: 'redriven' };
        if (first !== id) throw new NotFirstOfKey(first);
        return decision;
      });
      if (step === 'none') return { resolved };
      if (step !== 'resolved') return { resolved, stoppedAt: step };
    }
  }

  async #resolveFirst(
    message: ReceivedMessage,
    decide: (id: string) => Omit<Resolution, 'at'>,
  ): Promise<'none' | 'resolved' | { id: string; cause: string }> {
    let tried: string | undefined;
    try {
      return await this.database.transaction(async (transaction) => {
        const first = await lockFirstOfKey(transaction, this.consumer, message);
        if (!first) return 'none';
        const decision = decide(first.id);
        tried = first.id;
        if (decision.action === 'redriven') await this.processor.perform(transaction, [toEvent(first.message)]);
        await resolve(transaction, first.id, decision);
        log.info({ deadLetter: first.id, ...decision }, 'dead letter resolved');
        return 'resolved';
      });
    } catch (error) {
      if (tried === undefined || isTransient(error)) throw error;
      const id = tried;
      const cause = causeOf(error);
      await this.database.transaction((transaction) => markPoison(transaction, id, cause));
      return { id, cause };
    }
  }
}
