import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { AccumulatorRepository } from './accumulator.repository.ts';
import { type AccumulatorChange, memoryFrom } from './accumulator.ts';
import { keysOfPersons, type Memory, type MemoryKeys, makerIn, together } from './memory.ts';

/** What a journal changes of what is remembered. */
export interface Remembering {
  readonly journalId: string;
  readonly changes: readonly AccumulatorChange[];
}

/** What sharing remembers from sale to sale. A batch that needs none of it costs no statement. */
@Injectable()
export class MemoryService {
  constructor(
    private readonly accumulators: AccumulatorRepository,
    private readonly balanceRows: BalanceRepository,
  ) {}

  /**
   * The memory of a batch. Until the transaction ends nobody else who depends on any of it gets it. Whoever moves the
   * balance of a ceiling without depending on it may do so meanwhile: that counts as later. Whoever calls holds the ends of
   * the chains, and no account yet.
   */
  async hold(transaction: Transaction, needed: readonly MemoryKeys[]): Promise<Memory> {
    const { keys, persons } = await this.#ofPersons(transaction, together(needed));
    const rows = await this.accumulators.hold(transaction, Object.values(keys).flat());
    const pots = await this.balanceRows.pots(transaction, keys.pots);
    return { ...memoryFrom(keys, rows, pots), persons };
  }

  /** What is owed, and what ceilings are on, as it stands; holds nothing. */
  async balances(reader: Pick<Transaction, 'query'>, needed: readonly MemoryKeys[]): Promise<Memory> {
    const all = together(needed.map((each) => ({ ...each, counters: [] })));
    const { keys, persons } = await this.#ofPersons(reader, all);
    const rows = await this.accumulators.find(reader, keys.owed);
    return { ...memoryFrom(keys, rows, await this.balanceRows.pots(reader, keys.pots)), persons };
  }

  async #ofPersons(reader: Pick<Transaction, 'query'>, all: MemoryKeys) {
    const makers = Object.values(all).flatMap((keys) => keys.flatMap((key) => makerIn(key) ?? []));
    const persons = await this.accumulators.persons(reader, makers);
    return { keys: keysOfPersons(all, persons), persons };
  }

  /** Of journals that are posted, in their order. */
  async keep(transaction: Transaction, journals: readonly Remembering[]): Promise<void> {
    await this.accumulators.add(
      transaction,
      journals.flatMap(({ journalId, changes }) => changes.map((change) => ({ ...change, journalId }))),
    );
  }
}
