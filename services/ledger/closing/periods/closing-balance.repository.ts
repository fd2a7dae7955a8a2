import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type ChainEnds, columnsOf, journalsAfter } from '../../books/chain/chain-ends.repository.ts';

/** What accounts hold at the end of a month. */
@Injectable()
export class ClosingBalanceRepository {
  /** Writes them all: work of the whole month. */
  async write(transaction: Transaction, lastDay: string): Promise<void> {
    await transaction.query('SELECT carry_balances($1, NULL)', [lastDay]);
  }

  /** Writes again those of accounts to which journals after these ends of chains have posted. */
  async carryOn(transaction: Transaction, lastDay: string, after: ChainEnds): Promise<void> {
    await transaction.query(
      `SELECT carry_balances($1, ARRAY (
         SELECT DISTINCT account_id FROM ${journalsAfter('$2', '$3')}
          CROSS JOIN LATERAL (SELECT account_id FROM entry WHERE entry.journal_id = journal.journal_id OFFSET 0) AS moved))`,
      [lastDay, ...columnsOf(after)],
    );
  }

  /** The month is open again. */
  async remove(transaction: Transaction, lastDay: string): Promise<void> {
    await transaction.query('DELETE FROM closing_balance WHERE closed_on = $1', [lastDay]);
  }
}
