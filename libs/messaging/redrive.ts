import { Database, isTransient } from '#libs/database';
import { log } from '#libs/observability';
import type { BatchProcessor } from './batch-processor.ts';
import { type Reading, read } from './cloud-events.ts';
import type {
  CommonCause,
  DeadLetterSummary,
  DeadLetters,
  KeptDeadLetter,
  ListedDeadLetter,
  Resolution,
} from './dead-letters.ts';
import { UnreadableMessage } from './envelope.ts';
import { listReusedEventIds, type ReusedEventId } from './inbox.ts';
import { causeOf, HANDFUL } from './systemic-failure.ts';

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

export interface RedriveOfCauseOutcome {
  /** Letters that are done, those that were parked behind them included. */
  readonly resolved: number;
  /** Letters of the cause that were tried in vain. After a handful in a row nothing more is tried. */
  readonly failed: { readonly id: string; readonly cause: string }[];
}

/** Which letter is meant, and of which key. */
type Place = Pick<ListedDeadLetter, 'id' | 'message'>;

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
    private readonly letters: DeadLetters,
    private readonly processor: BatchProcessor,
  ) {}

  list(selection: { all: boolean; after: string | undefined; limit: number }): Promise<ListedDeadLetter[]> {
    return this.database.session((query) => this.letters.list(query, selection));
  }

  summary(): Promise<DeadLetterSummary> {
    return this.database.session((query) => this.letters.summary(query));
  }

  causes(): Promise<CommonCause[]> {
    return this.database.session((query) => this.letters.causes(query));
  }

  find(id: string): Promise<KeptDeadLetter | undefined> {
    return this.database.session((query) => this.letters.find(query, id));
  }

  reusedEventIds(page: { before: string | undefined; limit: number }): Promise<ReusedEventId[]> {
    return this.database.session((query) => listReusedEventIds(query, page));
  }

  /** Processes the message as if it had just come, then those parked behind it, in order, until one fails. */
  redrive(letter: Place, decision: Decision): Promise<RedriveOutcome> {
    return this.#resume(letter, { action: 'redriven', ...decision });
  }

  /** Redrives all poison of one cause, in the order of its arrival. */
  async redriveCause(cause: string, decision: Decision): Promise<RedriveOfCauseOutcome> {
    let resolved = 0;
    let inARow = 0;
    const failed: { id: string; cause: string }[] = [];
    const ids = await this.database.session((query) => this.letters.idsOfCause(query, cause));
    for (const id of ids) {
      const letter = await this.find(id);
      if (!letter || letter.resolution) continue; // it stood behind another one
      const outcome = await this.redrive(letter, decision);
      resolved += outcome.resolved;
      if (outcome.resolved > 0) inARow = 0;
      else if (outcome.stoppedAt) {
        failed.push(outcome.stoppedAt);
        inARow += 1;
        if (inARow === HANDFUL) break;
      }
    }
    return { resolved, failed };
  }

  /**
   * Gives the message up, for good: its sender's repetition of it too. Then processes those parked behind it, in order,
   * until one fails. The first who wants it only asks for it: another person has to say so as well.
   */
  async discard(
    letter: Place,
    decision: Decision,
  ): Promise<RedriveOutcome | { readonly resolved: 0; readonly askedBy: string }> {
    const { by } = decision;
    const askedBy = await this.database.transaction((transaction) =>
      this.letters.askDiscard(transaction, letter.id, by),
    );
    if (askedBy === by) return { resolved: 0, askedBy };
    return this.#resume(letter, { action: 'discarded', ...decision });
  }

  /** The letter in a transaction of its own, its followers many at once, one by one from where that fails. */
  async #resume(letter: Place, decision: Omit<Resolution, 'at'>): Promise<RedriveOutcome> {
    let atOnce = 1;
    for (let resolved = 0; ; ) {
      const step = await this.#resolveFirst(letter, atOnce, (first) => {
        if (resolved > 0) return { ...decision, action: 'redriven' };
        if (first !== letter.id) throw new NotFirstOfKey(first);
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
    letter: Place,
    atOnce: number,
    decide: (id: string) => Omit<Resolution, 'at'>,
  ): Promise<number | 'several failed' | { id: string; cause: string }> {
    const tried: string[] = [];
    try {
      return await this.database.transaction(async (transaction) => {
        const letters = await this.letters.lockFirstOfKey(transaction, letter, atOnce);
        const [first] = letters;
        if (!first) return 0;
        const decision = decide(first.id);
        tried.push(...letters.map(({ id }) => id));
        if (decision.action === 'redriven') {
          await this.processor.perform(transaction, letters.map(readWhole));
        }
        await this.letters.resolve(transaction, tried, decision);
        log.info({ deadLetters: tried, ...decision }, 'dead letters resolved');
        return letters.length;
      });
    } catch (error) {
      const [id, ...others] = tried;
      if (id === undefined || isTransient(error)) throw error;
      if (others.length > 0) return 'several failed';
      const cause = causeOf(error);
      await this.database.transaction((transaction) => this.letters.markPoison(transaction, id, cause));
      return { id, cause };
    }
  }
}

function readWhole({ message, isWhole, bytes }: KeptDeadLetter): Reading {
  if (!isWhole) throw new UnreadableMessage(`only a part was kept of its ${bytes} bytes`);
  return read(message);
}
