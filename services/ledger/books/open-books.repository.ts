import type { Transaction } from '#libs/database';
import { firstOpenMonth } from './calendar/open-month.repository.ts';
import { postingDate } from './calendar/period.ts';
import { holdRules } from './calendar/rules-lock.repository.ts';
import { type LockedHeads, lockHeads } from './chain/chain-head.repository.ts';

/** The books of some facilities, open to whoever posts to them or reserves in them. */
export class Books {
  readonly transaction: Transaction;
  readonly heads: LockedHeads;
  /** Sales of which nothing is released as long as they are here. */
  withheld: ReadonlySet<string> = new Set();
  readonly #firstOpenMonth: string | null;

  constructor(transaction: Transaction, heads: LockedHeads, firstOpenMonth: string | null) {
    this.transaction = transaction;
    this.heads = heads;
    this.#firstOpenMonth = firstOpenMonth;
  }

  /** The day that something is posted on (golden.md, P1). @param occurredAt ISO 8601 instant */
  dayOf(occurredAt: string): string {
    return postingDate(occurredAt, this.#firstOpenMonth ?? '');
  }

  /** Does it or, if it fails, nothing of it: the books, still open, are as they were. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { ends } = this.heads;
    this.transaction.write('SAVEPOINT attempt');
    try {
      return await work();
    } catch (error) {
      await this.transaction.query('ROLLBACK TO SAVEPOINT attempt');
      this.heads.ends = ends;
      throw error;
    }
  }
}

/**
 * Opens the books of all facilities that a transaction posts for, once and before anything else of theirs is locked:
 * until it ends nobody changes the rules or posts for these facilities. The rules come first, then the ends of the
 * chains in one order, so that no two who do this wait for each other. One round trip.
 */
export async function openBooks(transaction: Transaction, facilityIds: readonly string[]): Promise<Books> {
  const [, heads, month] = await Promise.all([
    holdRules(transaction),
    lockHeads(transaction.query, facilityIds),
    firstOpenMonth(transaction.query),
  ]);
  return new Books(transaction, heads, month);
}
